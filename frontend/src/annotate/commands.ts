/** What the commands of the key table do. */

import { sessionEnded } from "@/shared/session";
import type { Context } from "./bindings";
import { TOOLS } from "./canvas/tools";
import { OUTCOMES, SIDES } from "./document";
import { copySymbols, setKeyframe, setOutcome, step } from "./edits";
import { jump } from "./jump";
import { amendSymbol, sayWord } from "./settle";
import { STAGES, type Stage, stagesOf } from "./stages";
import { submit } from "./submit";
import type { Workspace } from "./workspace";

type Command = (workspace: Workspace) => void;

const CONTEXTS: Record<Stage, Context> = { 1: "diagnose", 2: "guide", 3: "explain" };

/** The contexts whose keys count now. */
export function contextsOf({ stage, drawing, canDraw }: Workspace): Context[] {
  if (sessionEnded.peek()) return [];
  const selected = canDraw.peek() && drawing.selected !== null;
  const gesture: Context[] = drawing.toolbox.busy ? ["gesture"] : [];
  return ["global", CONTEXTS[stage.peek()], selected ? "symbol" : "frames", ...gesture];
}

/** Go to the stage before or after, where there is one. */
export function stepStage(workspace: Workspace, by: 1 | -1): void {
  const next = (workspace.stage.peek() + by) as Stage;
  if (STAGES.includes(next) && stagesOf(workspace.document.peek()).includes(next)) workspace.openStage(next);
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
