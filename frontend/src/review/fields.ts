/** What a reviewer judges one by one, in the order of the page: pure. */

import { type Document, type FailureEvent, type Side, SIDES } from "@/annotate/document";
import { messages } from "@/shared/messages";
import type { Path } from "@/shared/types";

export interface Field {
  /** The path, joined: `events/e1/reason`. */
  key: string;
  path: Path;
  label: string;
  /** The keyframe that it is about. */
  side: Side | null;
}

const text = messages.review;

const field = (path: Path, label: string, side: Side | null = null): Field => ({ key: path.join("/"), path, label, side });

const keyframeFields = (event: FailureEvent, side: Side): Field[] =>
  (["frame", "command", "symbols"] as const).map((name) =>
    field(["events", event.id, side, name], text.fieldOf(text.sides[side], text.fields[name]), side),
  );

export function factsOf(document: Document, event: FailureEvent | null): Field[] {
  const outcome = [field(["outcome"], text.fields.outcome)];
  if (document.note !== "") outcome.push(field(["note"], text.fields.note));
  if (!event || document.outcome !== "failed") return outcome;
  return [
    ...outcome,
    field(["events", event.id, "failure_type"], text.fields.failure_type),
    field(["events", event.id, "subtask"], text.fields.subtask),
    ...SIDES.flatMap((side) => keyframeFields(event, side)),
  ];
}

export function textsOf(document: Document, event: FailureEvent | null): Field[] {
  if (!event || document.outcome !== "failed") return [];
  return [
    field(["events", event.id, "reason"], messages.explain.fields.reason),
    ...SIDES.map((side) => field(["events", event.id, side, "high_level"], messages.explain.fields[side], side)),
  ];
}

/** A short name for a place in the document, wherever it is. */
export function labelAt(path: Path, document: Document): string {
  const event = document.events.find(({ id }) => id === path[1]) ?? null;
  const known = [...factsOf(document, event), ...textsOf(document, event)];
  return known.find(({ key }) => key === path.join("/"))?.label ?? path.join(" ");
}
