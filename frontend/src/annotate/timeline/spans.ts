/** Stretches of the episode on the timeline: failures, from avoidance to correction, and subtasks. */

import type { Signals } from "@/shared/types";
import type { Document } from "../document";
import type { Times } from "../times";

/** Frames `begin` to `end`, both within. */
export interface Span {
  begin: number;
  end: number;
}

export interface FailureSpan extends Span {
  event: string;
  /** From 1, as the failures are counted on the page. */
  number: number;
}

export interface SubtaskSpan extends Span {
  /** From 1. */
  subtask: number;
}

/** The name of the signal that says which subtask is under way, counted from 1. */
export const SUBTASK = "subtask";

/** Of each failure that has both keyframes, whichever way round they are. */
export function failuresOf({ events }: Document): FailureSpan[] {
  return events.flatMap(({ id, avoidance, correction }, i) => {
    if (avoidance.frame === null || correction.frame === null) return [];
    const [begin, end] = [avoidance.frame, correction.frame].sort((a, b) => a - b);
    return [{ event: id, number: i + 1, begin: begin!, end: end! }];
  });
}

/** Runs of rows with one value; a row without a value ends a run. */
function runs(values: readonly (number | null)[]): { value: number; first: number; last: number }[] {
  const found: { value: number; first: number; last: number }[] = [];
  values.forEach((value, row) => {
    const run = found.at(-1);
    if (run && run.value === value && run.last === row - 1) run.last = row;
    else if (value !== null) found.push({ value, first: row, last: row });
  });
  return found;
}

/** Where the recording says which subtask is under way. */
export function subtasksOf({ seconds, columns }: Signals, times: Times): SubtaskSpan[] {
  const told = columns.find(({ name }) => name.toLowerCase() === SUBTASK)?.values ?? [];
  return runs(told).map(({ value, first, last }) => ({
    subtask: value,
    begin: times.nearest(seconds[first]!),
    end: times.nearest(seconds[last + 1] ?? seconds[last]!),
  }));
}
