/** What takes a change back: pure, and made of the same changes that everything else is written with. */

import { apply, type Change, type Document, type FailureEvent, type Guidance, replay, type Side, SIDES } from "./document";
import type { Path } from "@/shared/types";

type Fields = Record<string, unknown>;

/** What stands at a path; the members of lists go by their ids. Undefined where the path leads nowhere. */
export const valueAt = (document: Document, path: Path): unknown =>
  path.reduce<unknown>((here, step) => {
    if (Array.isArray(here)) return (here as { id?: unknown }[]).find(({ id }) => id === step);
    return (here as Fields | null | undefined)?.[step];
  }, document);

const isBlank = ({ frame, command, symbols, high_level }: Guidance): boolean =>
  frame === null && command === null && symbols.length === 0 && high_level === "";

const setting = (path: Path, from: Fields, names: readonly string[]): Change[] =>
  names.map((name) => ({ op: "set", path: [...path, name], value: from[name] }));

function guidanceOf(event: FailureEvent, side: Side): Change[] {
  const path = ["events", event.id, side];
  const symbols = event[side].symbols.map((value): Change => ({ op: "put_symbol", path: [...path, "symbols"], value }));
  return [...setting(path, { ...event[side] }, ["frame", "command", "high_level"]), ...symbols];
}

/** The changes that put a whole event, with everything in it, at a place in the list. */
export const additionOf = (event: FailureEvent, index: number): Change[] => [
  { op: "add_event", path: ["events"], value: { id: event.id, index } },
  ...setting(["events", event.id], { ...event }, ["subtask", "failure_type", "reason"]),
  ...SIDES.flatMap((side) => guidanceOf(event, side)),
];

const indexOf = (list: readonly { id: string }[], id: unknown): number => list.findIndex((item) => item.id === id);

function inverseOfPut(document: Document, { path, value }: Change): Change {
  const { id } = value as { id: string };
  const known = valueAt(document, [...path, id]);
  return known ? { op: "put_symbol", path, value: known } : { op: "remove_symbol", path: [...path, id] };
}

function inverseOfRemoval(document: Document, { path }: Change): Change {
  const symbols = path.slice(0, -1);
  const index = indexOf(valueAt(document, symbols) as { id: string }[], path.at(-1));
  return { op: "put_symbol", path: symbols, value: valueAt(document, path), index };
}

/** What brings back the document as it is when the change is made on it. */
export function inverse(document: Document, change: Change): Change[] {
  const { op, path, value } = change;
  switch (op) {
    case "set":
      return [{ op, path, value: valueAt(document, path) }];
    case "put_symbol":
      return [inverseOfPut(document, change)];
    case "remove_symbol":
      return [inverseOfRemoval(document, change)];
    case "add_event":
      return [{ op: "remove_event", path: ["events", (value as { id: string }).id] }];
    case "remove_event":
      return additionOf(valueAt(document, path) as FailureEvent, indexOf(document.events, path[1]));
  }
}

export const applyChange = (document: Document, change: Change): Document => apply(document, { id: "", ...change });

/** What takes back several changes made one after the other. */
export function inverseOfAll(document: Document, changes: readonly Change[]): Change[] {
  let current = document;
  return changes.reduce<Change[]>((back, change) => {
    const taken = inverse(current, change);
    current = applyChange(current, change);
    return [...taken, ...back];
  }, []);
}

/** Whether the change would take away a failure on whose keyframes something was said. */
function takesKeyframes(document: Document, { op, path }: Change): boolean {
  const event = op === "remove_event" ? (valueAt(document, path) as FailureEvent | undefined) : undefined;
  return event !== undefined && !SIDES.every((side) => isBlank(event[side]));
}

/** Those of the changes that fit the document as it is by now, and take no keyframe with them. */
export function fitting(document: Document, changes: readonly Change[]): Change[] {
  const harmless = changes.filter((change) => !takesKeyframes(document, change)).map((change) => ({ id: "", ...change }));
  const { refused } = replay(document, harmless);
  return harmless.filter((operation) => !refused.includes(operation)).map(({ id: _, ...change }) => change);
}
