/** Proposals of models and robots for stages 1 and 2: ghosts until a person takes them, one part at a time.
 *
 * The server hears of each decision before the page acts on it: a part may be wrong on purpose, and is then not taken.
 */

import { sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Decided, Proposal } from "@/shared/types";
import { type Document, type DrawnSymbol, type FailureEvent, type Outcome, type Side, SIDES } from "./document";
import { setOutcome, takeProposed } from "./edits";
import { equal } from "./merge";
import { isSide, stageOf } from "./stages";
import type { Workspace } from "./workspace";

/** One thing that is proposed and not decided. */
export interface Part {
  proposal: Proposal;
  /** Its path in the proposal, joined by `/`. */
  name: string;
  /** The failure that it is about, counted from 0; null for the outcome. */
  number: number | null;
  /** The path within the failure. */
  path: string[];
  value: unknown;
}

export async function loadProposals(workspace: Workspace): Promise<void> {
  const address = `annotations/${workspace.annotation.peek().id}/proposals/`;
  // Without them the page is as it would be on a project that has none.
  workspace.proposals.value = await workspace.api.get<Proposal[]>(address).catch(() => []);
}

const symbolOf = (event: FailureEvent, [side, , id]: string[]): DrawnSymbol | undefined =>
  event[side as Side].symbols.find((symbol) => symbol.id === id);

/** What stands at a path within a failure. */
function valueAt(event: FailureEvent, path: string[]): unknown {
  if (path[1] === "symbols") return symbolOf(event, path);
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], event);
}

function partOf(proposal: Proposal, name: string): Part {
  const [first, id, ...path] = name.split("/");
  if (first !== "events") return { proposal, name, number: null, path: [first!], value: proposal.document.outcome };
  const number = proposal.document.events.findIndex((event) => event.id === id);
  return { proposal, name, number, path, value: valueAt(proposal.document.events[number]!, path) };
}

/** Whether the annotation says so already; symbols are the same whatever their ids. */
function isSaid({ number, path, value }: Part, document: Document): boolean {
  if (number === null) return document.outcome === value;
  const event = document.events[number];
  if (!event) return false;
  if (path[1] !== "symbols") return equal(valueAt(event, path), value);
  return event[path[0] as Side].symbols.some((symbol) => equal({ ...symbol, id: "" }, { ...(value as DrawnSymbol), id: "" }));
}

/** All that is neither decided nor said already. What hangs on the outcome waits until the episode is a failure. */
function undecided(workspace: Workspace): Part[] {
  const document = workspace.document.value;
  return workspace.proposals.value
    .flatMap((proposal) => proposal.parts.filter((name) => !(name in proposal.decided)).map((name) => partOf(proposal, name)))
    .filter((part) => part.number === null || document.outcome === "failed")
    .filter((part) => !isSaid(part, document));
}

const sideOf = ({ path }: Part): Side | null => (isSide(path[0]) ? path[0] : null);

/** What can be decided at this place of the page: of the stage, the failure and the keyframe at hand. */
export function partsHere(workspace: Workspace): Part[] {
  const { events } = workspace.document.value;
  const at = Math.max(0, events.findIndex(({ id }) => id === workspace.event.value?.id));
  const stage = workspace.stage.value;
  return undecided(workspace).filter(
    (part) =>
      (part.number ?? at) === at &&
      stageOf(part.number === null ? part.path : ["events", "", ...part.path]) === stage &&
      (stage === 1 || sideOf(part) === workspace.side.value),
  );
}

/** The symbols to be drawn as ghosts: those of the keyframe at hand, on its own frame. */
export function ghostsHere(workspace: Workspace): DrawnSymbol[] {
  if (workspace.stage.value !== 2 || workspace.sideHere.value !== workspace.side.value) return [];
  return partsHere(workspace)
    .filter(({ path }) => path[1] === "symbols")
    .map(({ value }) => value as DrawnSymbol);
}

/** The keyframes that are proposed for the failure at hand, for the time line. */
export const ghostFrames = (workspace: Workspace): { side: Side; frame: number }[] =>
  SIDES.flatMap((side) =>
    partsHere(workspace)
      .filter(({ path }) => path[0] === side && path[1] === "frame")
      .map(({ value }) => ({ side, frame: value as number })),
  );

function take(workspace: Workspace, { number, path, value }: Part): void {
  if (number === null) setOutcome(workspace, value as Outcome);
  else takeProposed(workspace, number, path, value);
}

const withDecision = (proposals: readonly Proposal[], { proposal, name }: Part, accepted: boolean): Proposal[] =>
  proposals.map((each) => (each.id === proposal.id ? { ...each, decided: { ...each.decided, [name]: accepted } } : each));

/** Take a part or turn it down, once the server has written that down. */
export async function decide(workspace: Workspace, part: Part, accepted: boolean): Promise<void> {
  const { busy, trouble } = workspace.proposing;
  if (busy.peek() || !workspace.editable.peek()) return;
  busy.value = true;
  trouble.value = "";
  const body = { proposal: part.proposal.id, part: part.name, accepted };
  try {
    const decided = await workspace.api.post<Decided>(`annotations/${workspace.annotation.peek().id}/decisions/`, body);
    workspace.proposals.value = withDecision(workspace.proposals.peek(), part, decided.accepted);
    if (decided.accepted && decided.was_wrong) trouble.value = messages.proposals.wrong;
    else if (accepted && decided.accepted) take(workspace, part);
  } catch (error) {
    trouble.value = sentence(error);
  } finally {
    busy.value = false;
  }
}

/** The same for the part that comes next on this place of the page. */
export async function decideNext(workspace: Workspace, accepted: boolean): Promise<void> {
  const [next] = partsHere(workspace);
  if (next) await decide(workspace, next, accepted);
}
