/** The annotation's document and the one way to change it: `apply(document, operation)`.
 *
 * Pure, and the twin of `apps/annotation/document.py`; `tests/cases/document/*.json` hold the two together.
 * Only the shape of an operation matters here; values are checked against the episode by the server.
 */

import type { Command, RawSymbol } from "@/symbols";
import type { Path } from "@/shared/types";

export const OUTCOMES = ["successful", "failed", "cannot_tell"] as const;
export const SIDES = ["avoidance", "correction"] as const;

export type Outcome = (typeof OUTCOMES)[number];
export type Side = (typeof SIDES)[number];

/** A symbol on a keyframe: the release's raw form in source pixels, with an id of its own. */
export type DrawnSymbol = RawSymbol & { id: string };

export interface Guidance {
  frame: number | null;
  command: Command | null;
  symbols: DrawnSymbol[];
  high_level: string;
}

export interface FailureEvent {
  id: string;
  /** Counts from 1 in the task's list. */
  subtask: number | null;
  failure_type: string | null;
  reason: string;
  avoidance: Guidance;
  correction: Guidance;
}

export interface Document {
  outcome: Outcome | null;
  note: string;
  events: FailureEvent[];
}

export type OperationName = "set" | "add_event" | "remove_event" | "put_symbol" | "remove_symbol";

export interface Operation {
  id: string;
  op: OperationName;
  path: Path;
  value?: unknown;
  /** Where `put_symbol` inserts a new symbol; at the end without it. */
  index?: number;
}

/** What an operation does, before it is given its id. */
export type Change = Omit<Operation, "id">;

export class InvalidOperation extends Error {
  readonly code = "invalid_operation";
}

const emptyGuidance = (): Guidance => ({ frame: null, command: null, symbols: [], high_level: "" });

export const emptyDocument = (): Document => ({ outcome: null, note: "", events: [] });

export const emptyEvent = (id: string): FailureEvent => ({
  id,
  subtask: null,
  failure_type: null,
  reason: "",
  avoidance: emptyGuidance(),
  correction: emptyGuidance(),
});

const DOCUMENT_FIELDS = ["outcome", "note"];
const EVENT_FIELDS = ["subtask", "failure_type", "reason"];
const GUIDANCE_FIELDS = ["frame", "command", "high_level"];

const isPosition = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

const hasId = (value: unknown): value is { id: string } => {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" && id !== "";
};

function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvalidOperation(message);
}

/** The object with one of the fields set that can be. */
function withField<T extends object>(target: T, fields: readonly string[], { path, value }: Operation): T {
  const name = String(path.at(-1));
  demand(fields.includes(name), `Here one of ${fields.join(", ")} can be set.`);
  demand(value !== undefined, "set needs a value.");
  return { ...target, [name]: value };
}

function place<T>(list: T[], item: T, index: unknown): T[] {
  const position = index ?? list.length;
  demand(isPosition(position) && position <= list.length, `index is a position from 0 to ${list.length}.`);
  return list.toSpliced(position, 0, item);
}

function positionOf(list: { id: string }[], id: unknown): number {
  const position = list.findIndex((item) => item.id === id);
  demand(position >= 0, `There is no ${String(id)} here.`);
  return position;
}

function changeEvent(document: Document, id: unknown, change: (event: FailureEvent) => FailureEvent): Document {
  const position = positionOf(document.events, id);
  return { ...document, events: document.events.with(position, change(document.events[position]!)) };
}

function changeGuidance(document: Document, path: Path, change: (guidance: Guidance) => Guidance): Document {
  const side = path[2] as Side;
  demand(path[0] === "events" && SIDES.includes(side), `The path ${path.join("/")} leads to no keyframe.`);
  return changeEvent(document, path[1], (event) => ({ ...event, [side]: change(event[side]) }));
}

function set(document: Document, operation: Operation): Document {
  const { path } = operation;
  if (path.length === 1) return withField(document, DOCUMENT_FIELDS, operation);
  demand(path[0] === "events" && [3, 4].includes(path.length), `Nothing can be set at ${path.join("/")}.`);
  if (path.length === 4) return changeGuidance(document, path, (side) => withField(side, GUIDANCE_FIELDS, operation));
  return changeEvent(document, path[1], (event) => withField(event, EVENT_FIELDS, operation));
}

function addEvent(document: Document, { path, value }: Operation): Document {
  demand(path.length === 1 && path[0] === "events", "An event is added to events.");
  demand(hasId(value), "A new event has an id, a text that is not empty.");
  const { id, index } = value as { id: string; index?: unknown };
  demand(!document.events.some((event) => event.id === id), `There is an event ${id} already.`);
  return { ...document, events: place(document.events, emptyEvent(id), index) };
}

function removeEvent(document: Document, { path }: Operation): Document {
  demand(path.length === 2 && path[0] === "events", "An event is removed by its path.");
  return { ...document, events: document.events.toSpliced(positionOf(document.events, path[1]), 1) };
}

function putSymbol(document: Document, { path, value, index }: Operation): Document {
  demand(path.length === 4 && path[3] === "symbols", "A symbol is put into the symbols of a keyframe.");
  demand(hasId(value), "A symbol has an id, a text that is not empty.");
  const symbol = value as DrawnSymbol;
  return changeGuidance(document, path, (guidance) => {
    const position = guidance.symbols.findIndex((known) => known.id === symbol.id);
    const symbols = position < 0 ? place(guidance.symbols, symbol, index) : guidance.symbols.with(position, symbol);
    return { ...guidance, symbols };
  });
}

function removeSymbol(document: Document, { path }: Operation): Document {
  demand(path.length === 5 && path[3] === "symbols", "A symbol is removed by its path.");
  return changeGuidance(document, path, (guidance) => ({
    ...guidance,
    symbols: guidance.symbols.toSpliced(positionOf(guidance.symbols, path[4]), 1),
  }));
}

const OPERATIONS: Record<OperationName, (document: Document, operation: Operation) => Document> = {
  set,
  add_event: addEvent,
  remove_event: removeEvent,
  put_symbol: putSymbol,
  remove_symbol: removeSymbol,
};

/** The document after the operation; the one given is left as it is.
 *
 * @throws InvalidOperation when its path leads nowhere or something is missing.
 */
export function apply(document: Document, operation: Operation): Document {
  demand(Object.hasOwn(OPERATIONS, operation.op), `An operation is one of ${Object.keys(OPERATIONS).join(", ")}.`);
  demand(Array.isArray(operation.path), "An operation's path is a list of names.");
  return OPERATIONS[operation.op](document, operation);
}

/** Apply operations in order, leaving out those that do not fit any more. */
export function replay(document: Document, operations: readonly Operation[]): { document: Document; refused: Operation[] } {
  const refused: Operation[] = [];
  const step = (current: Document, operation: Operation): Document => {
    try {
      return apply(current, operation);
    } catch (error) {
      if (!(error instanceof InvalidOperation)) throw error;
      refused.push(operation);
      return current;
    }
  };
  return { document: operations.reduce(step, document), refused };
}
