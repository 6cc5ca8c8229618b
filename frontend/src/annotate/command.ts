/** What the command panel's buttons do to a command: pure, one function a button. */

import { type ArmCommand, AXES, type Command, type Direction, type Grasp, type Move, type Rotation } from "@/symbols";

/** As the buttons stand: forward above backward, left and right beside. */
export const DIRECTIONS: readonly Direction[] = ["left", "forward", "right", "upward", "backward", "downward"];

const MAGNITUDES: readonly Move["magnitude"][] = [null, "slightly", "significantly"];

export const idle = (arm: string): ArmCommand => ({ arm, move: [], rotate: null, grasp: null, hold: false, back: false });

const acts = (arm: ArmCommand): boolean =>
  arm.move.length > 0 || arm.rotate !== null || arm.grasp !== null || arm.hold || arm.back;

/** The place of a direction's axis in the canonical order: y, x, z. */
export const axisOf = (direction: Direction): number => AXES.findIndex(({ directions }) => directions.includes(direction));

/** What the command asks of one arm; all blank when it asks nothing. */
export const armOf = (command: Command | null, arm: string): ArmCommand =>
  command?.arms.find((part) => part.arm === arm) ?? idle(arm);

/** The command with one arm's part replaced; arms in the order given, arms that do nothing left out. */
function withArm(command: Command | null, part: ArmCommand, order: readonly string[]): Command | null {
  const arms = order.map((name) => (name === part.arm ? part : armOf(command, name))).filter(acts);
  return arms.length === 0 ? null : { hold: false, arms };
}

export type Press = (part: ArmCommand) => ArmCommand;

/** Press a button of one arm; gives null when nothing is left of the command. */
export function press(command: Command | null, arm: string, button: Press, order: readonly string[]): Command | null {
  return withArm(command, button(armOf(command, arm)), order);
}

export const freed = (part: ArmCommand): ArmCommand => ({ ...part, hold: false, back: false });

/** Plain, then each magnitude, then not at all. */
function nextMove(current: Move | undefined, direction: Direction): Move[] {
  if (current?.direction !== direction) return [{ direction, magnitude: null }];
  const following = MAGNITUDES.indexOf(current.magnitude) + 1;
  return following < MAGNITUDES.length ? [{ direction, magnitude: MAGNITUDES[following]! }] : [];
}

/** A direction pressed again grows, then goes; its opposite takes its place. */
export const cycleMove =
  (direction: Direction): Press =>
  (part) => {
    const axis = axisOf(direction);
    const others = part.move.filter((move) => axisOf(move.direction) !== axis);
    const current = part.move.find((move) => axisOf(move.direction) === axis);
    const move = [...others, ...nextMove(current, direction)];
    return { ...freed(part), move: move.sort((a, b) => axisOf(a.direction) - axisOf(b.direction)) };
  };

/** Say a direction; on its axis it takes the place of what was said, with the same magnitude. */
export const sayMove =
  (direction: Direction): Press =>
  (part) => {
    const onAxis = (move: Move): boolean => axisOf(move.direction) === axisOf(direction);
    const magnitude = part.move.find(onAxis)?.magnitude ?? null;
    const move = [...part.move.filter((other) => !onAxis(other)), { direction, magnitude }];
    return { ...freed(part), move: move.sort((a, b) => axisOf(a.direction) - axisOf(b.direction)) };
  };

export const toggleRotate =
  (rotate: Rotation): Press =>
  (part) => ({ ...freed(part), rotate: part.rotate === rotate ? null : rotate });

export const toggleGrasp =
  (grasp: Grasp): Press =>
  (part) => ({ ...freed(part), grasp: part.grasp === grasp ? null : grasp });

/** Holding still and going back to an earlier pose each stand alone. */
export const toggleHold: Press = (part) => ({ ...idle(part.arm), hold: !part.hold });
export const toggleBack: Press = (part) => ({ ...idle(part.arm), back: !part.back });

/** Everything holds still: in place of whatever was asked, and off again. */
export const toggleHoldAll = (command: Command | null): Command | null =>
  command?.hold ? null : { hold: true, arms: [] };
