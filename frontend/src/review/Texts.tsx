/** The texts as they will be exported; of those that began as a draft, what was changed of it, word by word. */

import type { FailureEvent } from "@/annotate/document";
import { messages } from "@/shared/messages";
import type { Draft } from "@/shared/types";
import { Button } from "@/shared/ui";
import { keyOf } from "./bindings";
import { FieldBox } from "./FieldBox";
import type { Field } from "./fields";
import { useItem } from "./page";
import { keptShare, type Piece, wordChanges } from "./words";

const text = messages.review;

const writtenIn = (event: FailureEvent, { side }: Field): string => (side ? event[side].high_level : event.reason);
const draftedFor = ({ texts }: Draft, { side }: Field): string => texts[side ?? "reason"] ?? "";

function Words({ piece }: { piece: Piece }) {
  if (piece.change === "added") return <ins>{piece.text}</ins>;
  return piece.change === "removed" ? <del>{piece.text}</del> : <>{piece.text}</>;
}

function Changes({ draft, written, from }: { draft: string; written: string; from: Draft }) {
  const pieces = wordChanges(draft, written);
  return (
    <>
      <p class="final" data-testid="changes">
        {pieces.map((piece, place) => (
          <Words key={place} piece={piece} />
        ))}
      </p>
      <small class="muted">{text.kept(Math.round(100 * keptShare(pieces)), from.provider)}</small>
    </>
  );
}

function Text({ field }: { field: Field }) {
  const { page, item } = useItem();
  const event = item.event.value;
  if (!event) return null;
  const written = writtenIn(event, field);
  const draft = item.draftOf(event.id);
  return (
    <FieldBox field={field}>
      {draft && page.showChanges.value && draftedFor(draft, field) ? (
        <Changes draft={draftedFor(draft, field)} written={written} from={draft} />
      ) : (
        <p class="final">{written || text.notSaid}</p>
      )}
    </FieldBox>
  );
}

function DraftSwitch() {
  const { page, item } = useItem();
  const event = item.event.value;
  if (!event || !item.draftOf(event.id)) return <p class="muted">{text.noDraft}</p>;
  return (
    <Button
      pressed={page.showChanges.value}
      keys={keyOf("differences")}
      onClick={() => {
        page.showChanges.value = !page.showChanges.value;
      }}
    >
      {text.showChanges}
    </Button>
  );
}

export function Texts() {
  const { page, item } = useItem();
  return (
    <section class="column texts" aria-label={text.texts} tabIndex={0}>
      <h2 class="unseen">{text.texts}</h2>
      {page.texts.value.length > 0 && <DraftSwitch />}
      {page.texts.value.map((field) => (
        <Text key={field.key} field={field} />
      ))}
      {item.verdicts.length > 0 && (
        <div class="earlier">
          <h3>{text.earlier}</h3>
          <ul class="plain">
            {item.verdicts.map(({ reviewer, decision, comment, created }) => (
              <li key={created}>
                <b>{reviewer}</b>: {text.decisions[decision] ?? decision}
                {comment && ` · ${comment}`}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
