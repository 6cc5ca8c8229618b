/** What is proposed at this place of the page; the first is taken by one key. */

import { messages } from "@/shared/messages";
import { Alert, Button } from "@/shared/ui";
import { type Command, commandText, printCode } from "@/symbols";
import { keyOfCommand } from "../bindings";
import type { DrawnSymbol, Outcome } from "../document";
import { inSeconds } from "../position";
import { decide, type Part, partsHere } from "../proposals";
import { isSide } from "../stages";
import { useWorkspace, type Workspace } from "../workspace";

const text = messages.proposals;
type Fact = keyof typeof text.parts;

function nameOf({ path }: Part): string {
  const [first, second] = path;
  if (isSide(first) && second === "frame") return text.keyframe(messages.sides[first]);
  return text.parts[(isSide(first) ? second : first) as Fact];
}

function failureType(workspace: Workspace, id: string): string {
  const known = workspace.annotation.value.taxonomy.failure_types.find((type) => type.id === id);
  return messages.diagnose.types[id] ?? known?.label ?? id;
}

/** A part's value in the words of the page. */
function valueText(workspace: Workspace, { path, value }: Part): string {
  const { position, episode, project, drawing } = workspace;
  switch (isSide(path[0]) ? path[1] : path[0]) {
    case "outcome":
      return messages.diagnose.outcomes[value as Outcome];
    case "frame":
      return messages.frame.badge(value as number, inSeconds(position.secondsOf(value as number)));
    case "subtask":
      return `${value as number} ${episode.task.subtasks[(value as number) - 1] ?? ""}`;
    case "failure_type":
      return failureType(workspace, value as string);
    case "command":
      return commandText(value as Command, project.embodiment.arms);
    default:
      return printCode(value as DrawnSymbol, drawing.size);
  }
}

function Item({ part, first }: { part: Part; first: boolean }) {
  const workspace = useWorkspace();
  const { proposing, editable, position } = workspace;
  const blocked = proposing.busy.value || !editable.value;
  const { origin, source } = part.proposal;
  return (
    <li class="proposed">
      <b>{nameOf(part)}</b> <span>{valueText(workspace, part)}</span>
      <small>{text.origins[origin](source).trim()}</small>
      <div class="seg">
        <Button
          disabled={blocked}
          keys={first ? keyOfCommand("proposal.take") : undefined}
          onClick={() => void decide(workspace, part, true)}
        >
          {text.take}
        </Button>
        <Button
          disabled={blocked}
          keys={first ? keyOfCommand("proposal.refuse") : undefined}
          onClick={() => void decide(workspace, part, false)}
        >
          {text.refuse}
        </Button>
        {part.path[1] === "frame" && <Button onClick={() => position.go(part.value as number)}>{text.look}</Button>}
      </div>
    </li>
  );
}

export function Proposed() {
  const workspace = useWorkspace();
  const parts = workspace.editable.value ? partsHere(workspace) : [];
  const { trouble } = workspace.proposing;
  return (
    <>
      {trouble.value && <Alert>{trouble.value}</Alert>}
      {parts.length > 0 && (
        <section class="offer" aria-label={text.title}>
          <h3>{text.title}</h3>
          <small>{text.help}</small>
          <ul>
            {parts.map((part, i) => (
              <Item key={`${part.proposal.id}/${part.name}`} part={part} first={i === 0} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
