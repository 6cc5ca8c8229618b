/** What the commands of the key table do. */

import { prefer, preferences } from "@/shared/preferences";
import { sessionEnded } from "@/shared/session";
import type { Context } from "./bindings";
import { TOOLS } from "./canvas/tools";
import { cycleMove, DIRECTIONS, toggleBack, toggleGrasp, toggleHold, toggleRotate } from "./command";
import { OUTCOMES, SIDES } from "./document";
import { askDraft, CONTROLS, TEXT_FIELDS, useDraft } from "./draft";
import { addEvent, copySymbols, setEventField, setKeyframe, setOutcome, step } from "./edits";
import { jump } from "./jump";
import { nextArm, pressHere, pressHoldAll } from "./pad";
import { decideNext } from "./proposals";
import { amendSymbol, sayWord } from "./settle";
import { STAGES, type Stage, stagesOf } from "./stages";
import { submit } from "./submit";
import type { Workspace } from "./workspace";

type Command = (workspace: Workspace) => void;

const CONTEXTS: Record<Stage, Context> = { 1: "diagnose", 2: "guide", 3: "explain" };

/** The contexts whose keys count now. */
export function contextsOf({ stage, drawing, canDraw, help }: Workspace): Context[] {
  if (sessionEnded.peek() || help.peek()) return [];
  const selected = canDraw.peek() && drawing.selected !== null;
  const gesture: Context[] = drawing.toolbox.busy ? ["gesture"] : [];
  return ["global", CONTEXTS[stage.peek()], selected ? "symbol" : "frames", ...gesture];
}

/** Go to the stage before or after, where there is one. */
export function stepStage(workspace: Workspace, by: 1 | -1): void {
  const next = (workspace.stage.peek() + by) as Stage;
  if (STAGES.includes(next) && stagesOf(workspace.document.peek()).includes(next)) workspace.openStage(next);
}

/** Say that the failed subtask is the next one in a direction; the ends meet. */
function stepSubtask(workspace: Workspace, by: 1 | -1): void {
  const { length } = workspace.episode.task.subtasks;
  const chosen = workspace.event.peek()?.subtask ?? (by > 0 ? 0 : 1);
  if (length > 0) setEventField(workspace, "subtask", ((chosen - 1 + by + length) % length) + 1);
}

function nextEvent(workspace: Workspace): void {
  const { events } = workspace.document.peek();
  const here = events.findIndex(({ id }) => id === workspace.event.peek()?.id);
  const next = events[(here + 1) % events.length];
  if (next) workspace.openEvent(next.id);
}

const table = <T extends string>(prefix: string, names: readonly T[], command: (name: T) => Command) =>
  Object.fromEntries(names.map((name) => [`${prefix}.${name}`, command(name)]));

const WAYS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const;

/** The commands that move the selected symbol by so many pixels of the frame. */
const nudges = (prefix: string, by: number): Record<string, Command> =>
  table(prefix, ["left", "right", "up", "down"], (way) => ({ drawing }) => drawing.nudge(by * WAYS[way][0], by * WAYS[way][1]));

export const COMMANDS: Record<string, Command> = {
  "sample.previous": ({ position }) => position.stepSample(-1),
  "sample.next": ({ position }) => position.stepSample(1),
  "frame.previous": ({ position }) => position.stepFrame(-1),
  "frame.next": ({ position }) => position.stepFrame(1),
  "frame.first": ({ position }) => position.go(0),
  "frame.last": ({ position }) => position.go(position.last),
  play: ({ playback }) => playback.toggle(),
  speed: ({ playback }) => playback.nextSpeed(),
  "camera.1": ({ sides }) => sides[0]?.toggle(),
  "camera.2": ({ sides }) => sides[1]?.toggle(),
  "keyframe.previous": (workspace) => jump(workspace, -1),
  "keyframe.next": (workspace) => jump(workspace, 1),
  "stage.next": (workspace) => stepStage(workspace, 1),
  "stage.previous": (workspace) => stepStage(workspace, -1),
  undo: (workspace) => step(workspace, "undo"),
  redo: (workspace) => step(workspace, "redo"),
  submit: (workspace) => void submit(workspace),
  "event.add": (workspace) => {
    if (workspace.document.peek().outcome === "failed") addEvent(workspace);
  },
  "event.next": nextEvent,
  "subtask.next": (workspace) => stepSubtask(workspace, 1),
  "subtask.previous": (workspace) => stepSubtask(workspace, -1),
  ...table("type", ["1", "2", "3", "4"], (place) => (workspace) => {
    const type = workspace.annotation.peek().taxonomy.failure_types[Number(place) - 1];
    if (type) setEventField(workspace, "failure_type", type.id);
  }),
  "arm.next": nextArm,
  ...table("move", DIRECTIONS, (direction) => (workspace) => pressHere(workspace, cycleMove(direction))),
  ...table("rotate", ["clockwise", "counter-clockwise"], (turn) => (workspace) => pressHere(workspace, toggleRotate(turn))),
  ...table("grasp", ["open", "close"], (grasp) => (workspace) => pressHere(workspace, toggleGrasp(grasp))),
  hold: (workspace) => pressHere(workspace, toggleHold),
  back: (workspace) => pressHere(workspace, toggleBack),
  "hold.all": pressHoldAll,
  "symbol.next": ({ drawing, canDraw }) => {
    if (canDraw.peek()) drawing.selectNext();
  },
  "proposal.take": (workspace) => void decideNext(workspace, true),
  "proposal.refuse": (workspace) => void decideNext(workspace, false),
  draft: (workspace) => void askDraft(workspace),
  ...table("draft.use", TEXT_FIELDS, (field) => (workspace) => {
    if (workspace.editable.peek()) useDraft(workspace, field);
  }),
  ...table("write", TEXT_FIELDS, (field) => ({ target }) => {
    target.value = CONTROLS[field];
  }),
  "write.note": ({ target }) => {
    target.value = "note";
  },
  guideline: () => void prefer({ guideline: !preferences.peek().guideline }).catch(() => undefined),
  help: ({ help }) => {
    help.value = !help.value;
  },
  turn: ({ drawing }) => drawing.toggleTurn(),
  cancel: ({ drawing }) => drawing.cancel(),
  finish: ({ drawing }) => drawing.toolbox.finish(),
  "symbol.duplicate": ({ drawing }) => drawing.duplicate(),
  "symbols.copy": (workspace) => copySymbols(workspace),
  "word.use": (workspace) => sayWord(workspace),
  "symbol.amend": (workspace) => amendSymbol(workspace),
  "zoom.in": ({ view }) => view.zoomIn(),
  "zoom.out": ({ view }) => view.zoomOut(),
  "zoom.reset": ({ view }) => view.reset(),
  ...nudges("nudge", 1),
  ...nudges("nudge.far", 10),
  "symbol.remove": ({ drawing }) => drawing.removeSelected(),
  ...table("outcome", OUTCOMES, (outcome) => (workspace) => setOutcome(workspace, outcome)),
  ...table("keyframe.set", SIDES, (side) => (workspace) => {
    if (workspace.document.peek().outcome === "failed") setKeyframe(workspace, side);
  }),
  ...table("keyframe.open", SIDES, (side) => (workspace) => workspace.openSide(side)),
  ...table("tool", TOOLS, (tool) => ({ drawing }) => drawing.use(tool)),
  ...table("color", ["red", "green", "blue"] as const, (color) => ({ drawing }) => drawing.toggleColor(color)),
};
