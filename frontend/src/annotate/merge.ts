/** Two documents that grew from one, put together again field by field: pure. */

import type { Path } from "@/shared/types";
import { type Change, type Document, type FailureEvent, type Guidance, SIDES } from "./document";
import { additionOf, valueAt } from "./inverse";

export type Choice = "yours" | "theirs";

/** A field, a symbol or a whole failure that the two have differently; undefined is what one does not have. */
export interface Row {
  path: Path;
  yours: unknown;
  theirs: unknown;
  /** Who made it other than it was. */
  changedBy: Choice | "both";
}

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Whether two values are the same as JSON; the order of an object's keys does not count. */
export const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a, sorted) === JSON.stringify(b, sorted);

const idsOf = (...lists: (readonly { id: string }[])[]): string[] => [...new Set(lists.flat().map(({ id }) => id))];

const fields = (path: Path, names: readonly string[]): Path[] => names.map((name) => [...path, name]);

const guidancePaths = (path: Path, yours: Guidance, theirs: Guidance): Path[] => [
  ...fields(path, ["frame", "command", "high_level"]),
  ...fields([...path, "symbols"], idsOf(yours.symbols, theirs.symbols)),
];

/** An event that only one of the two has is one thing to choose. */
function eventPaths(path: Path, yours: FailureEvent | undefined, theirs: FailureEvent | undefined): Path[] {
  if (!yours || !theirs) return [path];
  const sides = SIDES.flatMap((side) => guidancePaths([...path, side], yours[side], theirs[side]));
  return [...fields(path, ["subtask", "failure_type", "reason"]), ...sides];
}

function pathsOf(yours: Document, theirs: Document): Path[] {
  const event = (document: Document, id: string) => document.events.find((one) => one.id === id);
  const events = idsOf(yours.events, theirs.events);
  const inside = events.flatMap((id) => eventPaths(["events", id], event(yours, id), event(theirs, id)));
  return [["outcome"], ["note"], ...inside];
}

/** Where the two differ, and who changed it from `base`, which both began with. */
export function rowsOf(base: Document, yours: Document, theirs: Document): Row[] {
  return pathsOf(yours, theirs)
    .map((path) => ({ path, yours: valueAt(yours, path), theirs: valueAt(theirs, path), was: valueAt(base, path) }))
    .filter((row) => !equal(row.yours, row.theirs))
    .map(({ was, ...row }) => {
      if (equal(was, row.yours)) return { ...row, changedBy: "theirs" };
      return { ...row, changedBy: equal(was, row.theirs) ? "yours" : "both" };
    });
}

/** What stands unless somebody chooses otherwise: the change; of two changes yours, which is in front of you. */
export const proposal = ({ changedBy }: Row): Choice => (changedBy === "theirs" ? "theirs" : "yours");

/** The changes that bring your side of a row into their document. */
export function yoursOnto({ path, yours }: Row, theirs: Document): Change[] {
  if (path.length === 2) {
    if (yours === undefined) return [{ op: "remove_event", path }];
    return additionOf(yours as FailureEvent, theirs.events.length);
  }
  if (path[3] !== "symbols") return [{ op: "set", path, value: yours }];
  if (yours === undefined) return [{ op: "remove_symbol", path }];
  return [{ op: "put_symbol", path: path.slice(0, 4), value: yours }];
}
