/** Undo and redo without limit. Every keyframe has a history of its own for each stage, so that taking
 * something back on one never touches another; so have the fields of a failure and those of the episode. */

import { signal } from "@preact/signals";
import type { Path } from "@/shared/types";
import type { Change, Document, Side } from "./document";
import { fitting, inverse, inverseOfAll, applyChange } from "./inverse";
import { isSide, type Stage, stageOf } from "./stages";

export type Way = "undo" | "redo";

/** Names a history: `2/e1/avoidance`, `3/e1`, `1`. */
export type Scope = string;

/** Changes that go one step, and when in the order of all steps they were put down. */
interface Step {
  changes: Change[];
  order: number;
}

/** Letters that follow each other within this many milliseconds are one step. */
const TYPING_PAUSE = 1000;

const other: Record<Way, Way> = { undo: "redo", redo: "undo" };

function scopeOf(path: Path): Scope {
  const inside = path.length > 2 ? [path[1], ...(isSide(path[2]) ? [path[2]] : [])] : [];
  return [stageOf(path), ...inside].join("/");
}

/** The histories that undo and redo go through: in the second stage that of the keyframe at hand alone, in the
 * others, where both keyframes and their failure are in view, the latest of them all. */
export function scopesAt(stage: Stage, event: string | null, side: Side): Scope[] {
  if (stage === 2) return [`2/${event}/${side}`];
  return [`${stage}`, `${stage}/${event}`, `${stage}/${event}/avoidance`, `${stage}/${event}/correction`];
}

const isText = ({ op, value }: Change): boolean => op === "set" && typeof value === "string";

export class History {
  private readonly steps: Record<Way, Map<Scope, Step[]>> = { undo: new Map(), redo: new Map() };
  private readonly version = signal(0);
  private typing: { place: string; at: number } | null = null;

  private stack(way: Way, scope: Scope): Step[] {
    const found = this.steps[way].get(scope) ?? [];
    this.steps[way].set(scope, found);
    return found;
  }

  private put(way: Way, scope: Scope, changes: Change[]): void {
    this.version.value += 1;
    this.stack(way, scope).push({ changes, order: this.version.peek() });
  }

  /** Remember how to take back changes that are about to be made on the document. */
  record(document: Document, changes: readonly Change[]): void {
    if (this.goesOnTyping(changes)) return;
    let current = document;
    const back = new Map<Scope, Change[]>();
    for (const change of changes) {
      const scope = scopeOf(change.path);
      back.set(scope, [...inverse(current, change), ...(back.get(scope) ?? [])]);
      current = applyChange(current, change);
    }
    for (const [scope, taken] of back) {
      this.stack("redo", scope).length = 0;
      this.put("undo", scope, taken);
    }
  }

  private goesOnTyping(changes: readonly Change[]): boolean {
    const before = this.typing;
    const [change] = changes;
    const typed = changes.length === 1 && change !== undefined && isText(change);
    this.typing = typed ? { place: JSON.stringify(change.path), at: Date.now() } : null;
    return before !== null && before.place === this.typing?.place && this.typing.at - before.at < TYPING_PAUSE;
  }

  /** Whether there is something to take back, or to bring again, in these histories. */
  can(way: Way, scopes: readonly Scope[]): boolean {
    return this.version.value > 0 && this.latest(way, scopes) !== undefined;
  }

  private latest(way: Way, scopes: readonly Scope[]): Scope | undefined {
    const order = (scope: Scope): number => this.steps[way].get(scope)?.at(-1)?.order ?? 0;
    return scopes.filter((scope) => order(scope) > 0).sort((a, b) => order(b) - order(a))[0];
  }

  /** One step in these histories, as the changes to make on the document; none when there is no step.
   * A step that does not fit any more (what it was about is gone) is passed over. */
  take(way: Way, scopes: readonly Scope[], document: Document): Change[] {
    this.typing = null;
    const scope = this.latest(way, scopes);
    const step = scope && this.stack(way, scope).pop();
    if (!step) return [];
    const changes = fitting(document, step.changes);
    if (changes.length === 0) return this.take(way, scopes, document);
    this.put(other[way], scope!, inverseOfAll(document, changes));
    return changes;
  }
}
