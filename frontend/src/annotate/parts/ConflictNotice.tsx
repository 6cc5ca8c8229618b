/** Two sides of one annotation, field by field: each is chosen on its own. */

import { useComputed, useSignal } from "@preact/signals";
import { messages } from "@/shared/messages";
import { Alert, Button } from "@/shared/ui";
import { type Choice, proposal, type Row, rowsOf, yoursOnto } from "../merge";
import type { Conflict } from "../outbox";
import { placeName, valueText } from "../places";
import { useWorkspace } from "../workspace";

const text = messages.conflict;

interface RowProps {
  row: Row;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}

function Side({ row, choice, side, onChoose }: RowProps & { side: Choice }) {
  const { drawing, project } = useWorkspace();
  const value = valueText(row[side], drawing.size, project.embodiment.arms);
  return (
    <Button pressed={choice === side} onClick={() => onChoose(side)}>
      <small>{text[side]}</small> {value}
    </Button>
  );
}

function RowChoice(props: RowProps) {
  const { document } = useWorkspace();
  const { row } = props;
  const place = placeName(row.path, document.value);
  return (
    <div role="group" aria-label={place} class="difference">
      <b>{place}</b> {row.changedBy === "both" && <span class="badge">{text.both}</span>}
      <div class="sides">
        <Side {...props} side="yours" />
        <Side {...props} side="theirs" />
      </div>
    </div>
  );
}

const keyOf = ({ path }: Row): string => path.join("/");

export function ConflictNotice({ conflict }: { conflict: Conflict }) {
  const { outbox } = useWorkspace();
  const rows = useComputed(() => rowsOf(outbox.confirmed.value.document, outbox.document.value, conflict.document));
  const chosen = useSignal<Record<string, Choice>>({});
  const choiceOf = (row: Row): Choice => chosen.value[keyOf(row)] ?? proposal(row);
  const choose = (row: Row, choice: Choice): void => {
    chosen.value = { ...chosen.value, [keyOf(row)]: choice };
  };
  const goOn = (): void => {
    const yours = rows.value.filter((row) => choiceOf(row) === "yours");
    outbox.resolve(yours.flatMap((row) => yoursOnto(row, conflict.document)));
  };
  return (
    <Alert>
      <b>{text.title}</b>
      <p>{text.explain}</p>
      {rows.value.map((row) => (
        <RowChoice key={keyOf(row)} row={row} choice={choiceOf(row)} onChoose={(choice) => choose(row, choice)} />
      ))}
      <Button primary onClick={goOn}>
        {text.goOn}
      </Button>
    </Alert>
  );
}
