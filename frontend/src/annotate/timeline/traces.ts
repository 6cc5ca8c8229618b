/** Signals as lanes under the rail: which columns go together, and their lines. */

import type { SignalColumn, Signals } from "@/shared/types";
import { nearestTo, type Times } from "../times";

export const KINDS = ["gripper", "effort", "action"] as const;
export type Kind = (typeof KINDS)[number];

export interface Lane {
  kind: Kind;
  columns: SignalColumn[];
  /** Least and greatest value of all its columns. */
  range: [number, number];
}

/** An action that moves a gripper is an action; its name says both. */
const kindOf = ({ name }: SignalColumn): Kind | undefined =>
  (["action", "effort", "gripper"] as const).find((kind) => name.toLowerCase().includes(kind));

function rangeOf(columns: readonly SignalColumn[]): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const { values } of columns) {
    for (const value of values) {
      if (value === null) continue;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  }
  return [least, greatest];
}

/** The lanes that the episode has columns for; a column that holds nothing is left out. */
export function lanesOf({ columns }: Signals): Lane[] {
  const told = columns.filter(({ values }) => values.some((value) => value !== null));
  return KINDS.map((kind) => {
    const its = told.filter((column) => kindOf(column) === kind);
    return { kind, columns: its, range: rangeOf(its) };
  }).filter((lane) => lane.columns.length > 0);
}

/** The row whose time is nearest to that of a frame. */
export const rowAt = ({ seconds }: Signals, times: Times, frame: number): number =>
  nearestTo(seconds, times.secondsOf(frame) ?? 0);

/** The place of each row along the rail, 0 to 1: frames are spread evenly there. */
export function placesOf({ seconds }: Signals, times: Times): Float64Array {
  const last = Math.max(times.count - 1, 1);
  return Float64Array.from(seconds, (each) => times.place(each) / last);
}

/** How high a value stands in its lane, 0 to 1; what never changes stands in the middle. */
export const heightOf = (value: number, [least, greatest]: Lane["range"]): number =>
  greatest > least ? (value - least) / (greatest - least) : 0.5;
