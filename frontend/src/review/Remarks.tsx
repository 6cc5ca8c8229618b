/** Comments where they are pinned, those of earlier rounds too. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { useItem } from "./page";
import { isAt, type Pin } from "./remarks";

const text = messages.review;

export function RemarksAt({ pin }: { pin: Pin }) {
  const { page, item } = useItem();
  const here = item.remarks.comments.value.filter((comment) => isAt(comment, pin));
  if (here.length === 0) return null;
  return (
    <ul class="remarks">
      {here.map((comment) => (
        <li key={comment.id} class={comment.resolved ? "resolved" : ""}>
          <span>
            <b>{comment.by}</b>: {comment.text}
          </span>
          {comment.by === page.place.user && !comment.resolved && (
            <Button class="link" onClick={() => void page.removeComment(comment)} label={text.removeComment(comment.text)}>
              {text.remove}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
