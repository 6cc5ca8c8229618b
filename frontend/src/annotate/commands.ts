/** What the commands of the key table do. */

import type { Context } from "./bindings";
import { TOOLS } from "./canvas/tools";
import { OUTCOMES, SIDES } from "./document";
import { setKeyframe, setOutcome } from "./edits";
import { STAGES, type Stage, stagesOf } from "./stages";
import { submit } from "./submit";
import type { Workspace } from "./workspace";

type Command = (workspace: Workspace) => void;

const CONTEXTS: Record<Stage, Context> = { 1: "diagnose", 2: "guide", 3: "explain" };

/** The contexts whose keys count now. */
export const contextsOf = (workspace: Workspace): Context[] => ["global", CONTEXTS[workspace.stage.peek()]];

/** Go to the stage before or after, where there is one. */
export function stepStage(workspace: Workspace, by: 1 | -1): void {
  const next = (workspace.stage.peek() + by) as Stage;
  if (STAGES.includes(next) && stagesOf(workspace.document.peek()).includes(next)) workspace.openStage(next);
}

const table = <T extends string>(prefix: string, names: readonly T[], command: (name: T) => Command) =>
  Object.fromEntries(names.map((name) => [`${prefix}.${name}`, command(name)]));

export const COMMANDS: Record<string, Command> = {
  "sample.previous": ({ position }) => position.stepSample(-1),
  "sample.next": ({ position }) => position.stepSample(1),
  "frame.previous": ({ position }) => position.stepFrame(-1),
  "frame.next": ({ position }) => position.stepFrame(1),
  "frame.first": ({ position }) => position.go(0),
  "frame.last": ({ position }) => position.go(position.last),
  "stage.next": (workspace) => stepStage(workspace, 1),
  "stage.previous": (workspace) => stepStage(workspace, -1),
  submit: (workspace) => void submit(workspace),
  help: ({ help }) => {
    help.value = !help.value;
  },
  turn: ({ drawing }) => drawing.toggleTurn(),
  cancel: ({ drawing }) => drawing.cancel(),
  "symbol.remove": ({ drawing }) => drawing.removeSelected(),
  ...table("outcome", OUTCOMES, (outcome) => (workspace) => setOutcome(workspace, outcome)),
  ...table("keyframe.set", SIDES, (side) => (workspace) => {
    if (workspace.document.peek().outcome === "failed") setKeyframe(workspace, side);
  }),
  ...table("keyframe.open", SIDES, (side) => (workspace) => workspace.openSide(side)),
  ...table("tool", TOOLS, (tool) => ({ drawing }) => drawing.use(tool)),
  ...table("color", ["red", "green", "blue"] as const, (color) => ({ drawing }) => drawing.toggleColor(color)),
};
