/** Pressing the command's buttons, by hand or by key. */

import type { Command } from "@/symbols";
import { armOf, press, type Press, toggleHoldAll } from "./command";
import { setGuidance } from "./edits";
import { handRotation } from "./settle";
import type { Workspace } from "./workspace";

/** The keyframe's command; undefined where no keyframe is chosen that could have one. */
function commandHere({ guidance }: Workspace): Command | null | undefined {
  const here = guidance.peek();
  return here && here.frame !== null ? here.command : undefined;
}

const say = (workspace: Workspace, command: Command | null): void =>
  setGuidance(workspace, workspace.side.peek(), "command", command);

/** Press a button of the arm at hand; a rotation that comes of it is on the pointer as a symbol. */
export function pressHere(workspace: Workspace, button: Press): void {
  const command = commandHere(workspace);
  if (command === undefined) return;
  const arm = workspace.arm.peek();
  const next = press(command, arm, button, workspace.project.embodiment.arms);
  say(workspace, next);
  if (armOf(next, arm).rotate !== armOf(command, arm).rotate) handRotation(workspace, next, arm);
}

export function pressHoldAll(workspace: Workspace): void {
  const command = commandHere(workspace);
  if (command !== undefined) say(workspace, toggleHoldAll(command));
}

export function nextArm({ project, arm, chosenArm }: Workspace): void {
  const { arms } = project.embodiment;
  chosenArm.value = arms[(arms.indexOf(arm.peek()) + 1) % arms.length] ?? null;
}
