/** Making symbols and command of the keyframe at hand agree, by one key either way. */

import type { Command } from "@/symbols";
import { armOf } from "./command";
import { putSymbol, removeSymbol, setGuidance } from "./edits";
import { contradictions, offer, type Scene, settledBySymbol, settledByWord } from "./hints";
import type { Workspace } from "./workspace";

/** The keyframe at hand; null where none is chosen. */
export function sceneOf({ guidance, project, arm, drawing }: Workspace): Scene | null {
  const here = guidance.value;
  if (!here || here.frame === null) return null;
  const { arms, view } = project.embodiment;
  return { symbols: here.symbols, command: here.command, arms, arm: arm.value, view, size: drawing.size };
}

/** What `sayWord` would make of the command: the first contradiction settled, else what the selected symbol offers. */
export function wordAtHand(workspace: Workspace): Command | null {
  const scene = sceneOf(workspace);
  if (!scene) return null;
  const [first] = contradictions(scene);
  if (first) return settledByWord(scene, first);
  const selected = scene.symbols.find(({ id }) => id === workspace.drawing.selectedId.value);
  return selected ? offer(scene, selected) : null;
}

/** Let the command say what the symbol shows. */
export function sayWord(workspace: Workspace): void {
  const command = wordAtHand(workspace);
  if (command) setGuidance(workspace, workspace.side.peek(), "command", command);
}

/** Let the symbol show what the command says; where it cannot, take it away. */
export function amendSymbol(workspace: Workspace): void {
  const scene = sceneOf(workspace);
  const [first] = scene ? contradictions(scene) : [];
  if (!scene || !first) return;
  const redrawn = settledBySymbol(scene, first);
  if (redrawn) putSymbol(workspace, redrawn);
  else removeSymbol(workspace, first.symbol.id);
}

/** After a rotation was chosen: the arrow that shows it is on the pointer, unless one is drawn. */
export function handRotation({ drawing, guidance, canDraw }: Workspace, command: Command | null, arm: string): void {
  const { rotate } = armOf(command, arm);
  const drawn = guidance.peek()?.symbols.some(({ type }) => type === "rotate_arrow");
  if (!rotate || drawn || !canDraw.peek()) return;
  drawing.chosenTurn.value = rotate;
  drawing.use("rotate");
}
