/** The three stages and what belongs to which. */

import type { Path, Problem } from "@/shared/types";
import { type Document, type Side, SIDES } from "./document";

export type Stage = 1 | 2 | 3;
export const STAGES: readonly Stage[] = [1, 2, 3];

/** Where a field is found on the page. */
export interface Place {
  path: Path;
  stage: Stage;
  event: string | null;
  side: Side | null;
  /** The `data-field` of the control. */
  field: string;
}

export const isSide = (step: unknown): step is Side => SIDES.includes(step as Side);

/** The stage in which a field is filled in. */
export function stageOf(path: Path): Stage {
  const field = path.at(-1);
  if (field === "reason" || field === "high_level") return 3;
  return isSide(path[2]) && field !== "frame" ? 2 : 1;
}

/** The control's name: fields of both sides stand side by side in stages 1 and 3, one at a time in stage 2. */
function fieldOf(path: Path, side: Side | null, stage: Stage): string {
  const name = String(path.at(-1));
  if (!side) return name;
  return stage === 2 ? "command" : `${side}-${name}`;
}

/** The id of the event that a path leads into; a list index is taken too. */
function eventOf(path: Path, document: Document): string | null {
  if (path[0] !== "events" || path[1] === undefined) return null;
  return typeof path[1] === "number" ? (document.events[path[1]]?.id ?? null) : path[1];
}

/** Where on the page a problem's path leads. */
export function locate(path: Path, document: Document): Place {
  const side = isSide(path[2]) ? path[2] : null;
  const stage = stageOf(path);
  return { path, stage, side, event: eventOf(path, document), field: fieldOf(path, side, stage) };
}

/** The stages that a document with this outcome goes through. */
export const stagesOf = (document: Document): readonly Stage[] => (document.outcome === "failed" ? STAGES : [1]);

/** Whether nothing of a stage is missing. */
export function isDone(stage: Stage, document: Document, problems: readonly Problem[]): boolean {
  return stagesOf(document).includes(stage) && !problems.some(({ path }) => stageOf(path) === stage);
}
