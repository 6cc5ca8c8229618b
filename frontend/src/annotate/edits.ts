/** What a person does to the document, as operations. */

import { uuid } from "@/shared/uuid";
import type { Change, DrawnSymbol, FailureEvent, Guidance, Outcome, Side } from "./document";
import type { Way } from "./history";
import { equal } from "./merge";
import type { Workspace } from "./workspace";

function push(workspace: Workspace, ...changes: Change[]): void {
  if (!workspace.editable.peek()) return;
  workspace.history.record(workspace.document.peek(), changes);
  workspace.outbox.push(...changes);
}

/** Take back the last step of what is in view, or bring it again; a gesture under way is only dropped. */
export function step(workspace: Workspace, way: Way): void {
  const { drawing, history, outbox, stage, side, sideHere } = workspace;
  if (!workspace.editable.peek()) return;
  if (drawing.toolbox.busy) return drawing.toolbox.cancel();
  if (stage.peek() === 2 && sideHere.peek() !== side.peek()) workspace.openSide(side.peek());
  outbox.push(...history.take(way, workspace.scopes.peek(), workspace.document.peek()));
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

/** Take one part of what is proposed for the failure that has this number, from 0; one that is not there is added. */
export function takeProposed(workspace: Workspace, number: number, path: readonly string[], value: unknown): void {
  const { events } = workspace.document.peek();
  const id = events[number]?.id ?? uuid();
  const missing = events[number] ? [] : [addition(id)];
  const here = ["events", id, ...path];
  const symbol = path[1] === "symbols";
  const change: Change = symbol
    ? { op: "put_symbol", path: here.slice(0, 4), value: { ...(value as DrawnSymbol), id: uuid() } }
    : { op: "set", path: here, value };
  push(workspace, ...missing, change);
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

/** Whether two symbols are the same but for their ids. */
const alike = (a: DrawnSymbol, b: DrawnSymbol): boolean => equal({ ...a, id: "" }, { ...b, id: "" });

/** Put what is drawn on the other keyframe on this one too; what is here already is not put twice. */
export function copySymbols(workspace: Workspace): void {
  const event = workspace.event.peek();
  if (!event || !workspace.canDraw.peek()) return;
  const side = workspace.side.peek();
  const there = event[side === "avoidance" ? "correction" : "avoidance"].symbols;
  const missing = there.filter((symbol) => !event[side].symbols.some((known) => alike(known, symbol)));
  const path = ["events", event.id, side, "symbols"];
  push(workspace, ...missing.map((symbol): Change => ({ op: "put_symbol", path, value: { ...symbol, id: uuid() } })));
}
