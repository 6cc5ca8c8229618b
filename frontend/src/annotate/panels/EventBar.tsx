/** The failure events of the episode: switch, add, remove. */

import { useSignal } from "@preact/signals";
import { messages } from "@/shared/messages";
import { Button, Glyph } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import { addEvent, removeEvent } from "../edits";
import { useWorkspace } from "../workspace";

const text = messages.events;

function Removal({ id, number }: { id: string; number: number }) {
  const workspace = useWorkspace();
  const asking = useSignal(false);
  const ask = (value: boolean) => () => {
    asking.value = value;
  };
  if (!asking.value) {
    return (
      <Button
        label={text.remove(number)}
        keys={keyOfCommand("event.remove")}
        disabled={!workspace.editable.value}
        onClick={ask(true)}
      >
        <Glyph>✕</Glyph>
      </Button>
    );
  }
  return (
    <div class="confirm" role="alertdialog" aria-label={text.confirm(number)}>
      <span>{text.confirm(number)}</span>
      <Button onClick={() => removeEvent(workspace, id)}>{text.yes}</Button>
      <Button onClick={ask(false)}>{text.no}</Button>
    </div>
  );
}

export function EventBar() {
  const workspace = useWorkspace();
  const { document, event, editable } = workspace;
  const { events } = document.value;
  const current = event.value;
  return (
    <div class="seg" role="group" aria-label={text.label} data-field="events" tabIndex={-1}>
      {events.map(({ id }, i) => (
        <Button key={id} pressed={id === current?.id} onClick={() => workspace.openEvent(id)}>
          {text.name(i + 1)}
        </Button>
      ))}
      <Button disabled={!editable.value} keys={keyOfCommand("event.add")} onClick={() => addEvent(workspace)}>
        + {text.add}
      </Button>
      {current && <Removal key={current.id} id={current.id} number={events.indexOf(current) + 1} />}
    </div>
  );
}
