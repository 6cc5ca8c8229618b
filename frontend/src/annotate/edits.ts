/** What a person does to the document, as operations. */

import { uuid } from "@/shared/uuid";
import type { Change, DrawnSymbol, FailureEvent, Guidance, Outcome, Side } from "./document";
import type { Workspace } from "./workspace";

function push(workspace: Workspace, ...changes: Change[]): void {
  if (workspace.editable.peek()) workspace.outbox.push(...changes);
}

const addition = (id: string): Change => ({ op: "add_event", path: ["events"], value: { id } });

/** Say how the episode went; a failed one has at least one failure to describe. */
export function setOutcome(workspace: Workspace, outcome: Outcome): void {
  const lacksEvent = outcome === "failed" && workspace.document.peek().events.length === 0;
  push(workspace, { op: "set", path: ["outcome"], value: outcome }, ...(lacksEvent ? [addition(uuid())] : []));
}

export const setNote = (workspace: Workspace, note: string): void =>
  push(workspace, { op: "set", path: ["note"], value: note });

export function addEvent(workspace: Workspace): void {
  const id = uuid();
  push(workspace, addition(id));
  workspace.openEvent(id);
}

export const removeEvent = (workspace: Workspace, id: string): void =>
  push(workspace, { op: "remove_event", path: ["events", id] });

type EventField = "subtask" | "failure_type" | "reason";
type GuidanceField = "frame" | "command" | "high_level";

export function setEventField<F extends EventField>(workspace: Workspace, field: F, value: FailureEvent[F]): void {
  const event = workspace.event.peek();
  if (event) push(workspace, { op: "set", path: ["events", event.id, field], value });
}

export function setGuidance<F extends GuidanceField>(
  workspace: Workspace,
  side: Side,
  field: F,
  value: Guidance[F],
): void {
  const event = workspace.event.peek();
  if (event) push(workspace, { op: "set", path: ["events", event.id, side, field], value });
}

/** Make the current frame a keyframe of the event at hand. */
export const setKeyframe = (workspace: Workspace, side: Side): void =>
  setGuidance(workspace, side, "frame", workspace.position.number.peek());

export function putSymbol(workspace: Workspace, symbol: DrawnSymbol): void {
  const event = workspace.event.peek();
  if (!event || !workspace.canDraw.peek()) return;
  const path = ["events", event.id, workspace.side.peek(), "symbols"];
  push(workspace, { op: "put_symbol", path, value: symbol });
}

export function removeSymbol(workspace: Workspace, id: string): void {
  const event = workspace.event.peek();
  if (!event || !workspace.canDraw.peek()) return;
  push(workspace, { op: "remove_symbol", path: ["events", event.id, workspace.side.peek(), "symbols", id] });
}
