/** Comments where they are pinned: those of earlier rounds, and those that go with this verdict. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { useItem } from "./page";
import { isAt, type Pin } from "./remarks";

const text = messages.review;

export function RemarksAt({ pin }: { pin: Pin }) {
  const { page } = useItem();
  const mine = page.remarks.written.value.filter((remark) => isAt(remark, pin));
  if (mine.length === 0) return null;
  return (
    <ul class="remarks">
      {mine.map((remark) => (
        <li key={remark.text} class="mine">
          <span>{remark.text}</span>
          <Button class="link" onClick={() => page.remarks.remove(remark)} label={text.removeComment(remark.text)}>
            {text.remove}
          </Button>
        </li>
      ))}
    </ul>
  );
}
