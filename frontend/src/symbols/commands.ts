/** Low-level commands in their stored JSON form, and their canonical text as ml/symbols writes it. */

import type { Color, Rotation } from "./types";

export type Axis = "x" | "y" | "z";
export type Direction = "left" | "right" | "forward" | "backward" | "upward" | "downward";
export type Magnitude = "slightly" | "significantly";
export type Grasp = "open" | "close";

export interface Move {
  readonly direction: Direction;
  readonly magnitude: Magnitude | null;
}

export interface ArmCommand {
  readonly arm: string;
  readonly move: readonly Move[];
  readonly rotate: Rotation | null;
  readonly grasp: Grasp | null;
  readonly hold: boolean;
  readonly back: boolean;
}

export interface Command {
  readonly hold: boolean;
  readonly arms: readonly ArmCommand[];
}

export interface AxisChoice {
  readonly axis: Axis;
  readonly color: Color;
  readonly directions: readonly [Direction, Direction];
}

/** The axes in the order of canonical text; the first direction of each is the axis's positive one. */
export const AXES: readonly AxisChoice[] = [
  { axis: "y", color: "green", directions: ["left", "right"] },
  { axis: "x", color: "red", directions: ["forward", "backward"] },
  { axis: "z", color: "blue", directions: ["upward", "downward"] },
];

const axisOrder = ({ direction }: Move): number => AXES.findIndex(({ directions }) => directions.includes(direction));

/** The command's one sentence: arms named in `arms` first and in that order, the others as the command has them. */
export function commandText(command: Command, arms: readonly string[] = []): string {
  if (command.hold) return "Hold still.";
  const rank = ({ arm }: ArmCommand): number => [...arms, arm].indexOf(arm);
  const parts = [...command.arms].sort((one, other) => rank(one) - rank(other));
  const sentence = parts.map(armText).join("; ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function armText({ arm, move, rotate, grasp, hold, back }: ArmCommand): string {
  const gripper = `the ${arm} gripper`;
  if (hold) return `hold ${gripper} still`;
  if (back) return `move ${gripper} back to its previous pose`;
  const clauses: string[] = [];
  const moves = [...move].sort((one, other) => axisOrder(one) - axisOrder(other));
  if (moves.length > 0) clauses.push(`move ${gripper} ${listed(moves.map(moveText))}`);
  if (rotate) clauses.push(`rotate ${gripper} ${rotate}`);
  if (grasp) clauses.push(`${grasp} ${gripper}`);
  return clauses.map((clause, index) => (index > 0 && index === clauses.length - 1 ? `and ${clause}` : clause)).join(", ");
}

function moveText({ direction, magnitude }: Move): string {
  const way = direction === "left" || direction === "right" ? `to the ${direction}` : direction;
  return magnitude ? `${way} ${magnitude}` : way;
}

function listed(words: readonly string[]): string {
  return words.length < 3 ? words.join(" and ") : `${words.slice(0, -1).join(", ")}, and ${words.at(-1)}`;
}
