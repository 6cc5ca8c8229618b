/** Whether the symbols and the command of one correction say the same: ml/symbols/agreement.py in the browser. */

import { type ArmCommand, AXES, type AxisChoice, type Command, type Direction } from "./commands";
import type { RawSymbol, StraightArrow } from "./types";

export type ImageDirection = "up" | "down" | "left" | "right";
export type Result = "agrees" | "undetermined" | "contradicts";

/** Which way on the image a camera sees forward, left and up; null where it cannot tell. */
export interface View {
  readonly forward: ImageDirection | null;
  readonly left: ImageDirection | null;
  readonly up: ImageDirection | null;
}

/** One finding; `suggestion` is the word that the symbol shows instead of the command's `direction`. */
export interface Reason {
  readonly result: Result;
  readonly symbol: number | null;
  readonly arm: string | null;
  readonly part: "move" | "rotate" | "grasp" | "hold" | "back";
  readonly direction: string | null;
  readonly suggestion: string | null;
  readonly message: string;
}

export interface Agreement {
  readonly result: Result;
  readonly reasons: readonly Reason[];
}

type Part = Reason["part"];

/** The paper's head camera. */
export const DEFAULT_VIEW: View = { forward: "up", left: "left", up: "up" };

const RANKS: readonly Result[] = ["agrees", "undetermined", "contradicts"];
const VECTORS: Readonly<Record<ImageDirection, readonly [number, number]>> = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
};
const WHOLE_ROBOT_HOLDS: ArmCommand = { arm: "", move: [], rotate: null, grasp: null, hold: true, back: false };

/** Compare symbols, in pixels of the frame, with a command; the rules are those of `ml.symbols.agreement`. */
export function agreement(symbols: readonly RawSymbol[], command: Command, view: View = DEFAULT_VIEW): Agreement {
  const parts = command.arms.length > 0 ? command.arms : [WHOLE_ROBOT_HOLDS];
  const reasons: Reason[] = [];
  symbols.forEach((symbol, index) => {
    const shown = new Set(shownKeys(reasons));
    const readings = parts.map((part) => new Reading(index, part, view).reasons(symbol));
    reasons.push(...best(readings, shown));
  });
  reasons.push(...unshown(parts, new Set(shownKeys(reasons))));
  return { result: RANKS[worst(reasons)]!, reasons };
}

const worst = (reasons: readonly Reason[]): number => Math.max(0, ...reasons.map(({ result }) => RANKS.indexOf(result)));

const key = (arm: string | null, part: Part, direction: string | null): string => JSON.stringify([arm, part, direction]);

function shownKeys(reasons: readonly Reason[]): string[] {
  return reasons.filter(({ result }) => result === "agrees").map((r) => key(r.arm, r.part, r.direction));
}

/** The reading that fits best; of equal ones, the one that shows most of what no earlier symbol has shown. */
function best(readings: readonly Reason[][], shown: ReadonlySet<string>): Reason[] {
  const news = (reading: Reason[]): number => new Set(shownKeys(reading).filter((one) => !shown.has(one))).size;
  return readings.reduce((chosen, reading) => {
    const gap = worst(reading) - worst(chosen) || news(chosen) - news(reading);
    return gap < 0 ? reading : chosen;
  });
}

function unshown(parts: readonly ArmCommand[], shown: ReadonlySet<string>): Reason[] {
  return parts.flatMap((part) =>
    asked(part)
      .filter(([name, word]) => !shown.has(key(part.arm || null, name, word)))
      .map(([name, word]): Reason => ({
        result: "undetermined",
        symbol: null,
        arm: part.arm || null,
        part: name,
        direction: word,
        suggestion: null,
        message: `no symbol shows the command's ${word ?? name}`,
      })),
  );
}

function asked({ move, rotate, grasp, hold, back }: ArmCommand): [Part, string | null][] {
  const found: [Part, string | null][] = move.map(({ direction }) => ["move", direction]);
  if (rotate) found.push(["rotate", rotate]);
  if (grasp) found.push(["grasp", grasp]);
  if (hold) found.push(["hold", null]);
  if (back) found.push(["back", null]);
  return found;
}

/** One symbol read as being about one arm's part of the command. */
class Reading {
  constructor(
    private readonly index: number,
    private readonly part: ArmCommand,
    private readonly view: View,
  ) {}

  /** What the symbol says about the part; crosshairs only point at things and say nothing. */
  reasons(symbol: RawSymbol): Reason[] {
    switch (symbol.type) {
      case "move_arrow":
        return this.arrow(symbol);
      case "rotate_arrow":
        return [this.word("rotate", this.part.rotate, symbol.direction)];
      case "state":
        return [this.word("grasp", this.part.grasp, symbol.text === "ON" ? "open" : "close")];
      case "lock":
        return [this.sign("hold", this.part.hold, "the lock says hold still")];
      case "rewind":
        return [this.sign("back", this.part.back, "the rewind sign says go back")];
      default:
        return [];
    }
  }

  private reason(
    result: Result,
    message: string,
    part: Part,
    direction: string | null = null,
    suggestion: string | null = null,
  ): Reason {
    return { result, symbol: this.index, arm: this.part.arm || null, part, direction, suggestion, message };
  }

  private word(name: Part, said: string | null, shown: string): Reason {
    if (said === shown) return this.reason("agrees", `both say ${shown}`, name, said);
    if (said) return this.reason("contradicts", `the symbol says ${shown}, the command ${said}`, name, said, shown);
    if (this.part.hold && name === "rotate") {
      return this.reason("contradicts", `the symbol says ${shown}, the command hold still`, "hold", null, shown);
    }
    return this.reason("undetermined", `the symbol says ${shown}, the command nothing about that`, name, null, shown);
  }

  /** A lock or rewind sign; on an object or another arm it opposes only a robot that holds. */
  private sign(name: Part, said: boolean, meaning: string): Reason {
    if (said) return this.reason("agrees", `${meaning}, as the command`, name);
    if (this.part.hold && !this.part.arm) {
      return this.reason("contradicts", `${meaning}, the command hold still`, "hold", null, name);
    }
    return this.reason("undetermined", `${meaning}, the command does not`, name, null, name);
  }

  private arrow(arrow: StraightArrow): Reason[] {
    if (this.part.hold) {
      return [this.reason("contradicts", "the arrow says move, the command hold still", "hold", null, "move")];
    }
    if (this.part.move.length === 0) {
      return [this.reason("undetermined", "the arrow says move, the command does not", "move")];
    }
    return axesOf(arrow).map((axis) => this.axis(arrow, axis));
  }

  /** One color of an arrow against the move along that color's axis. */
  private axis(arrow: StraightArrow, axis: AxisChoice): Reason {
    const { color, directions } = axis;
    const points = pointsTo(arrow, axis, this.view);
    const sharing = axesOf(arrow).filter((other) => other === axis || sameLine(axis, other, this.view));
    const word = this.said(axis);
    if (!word) {
      const message = `${color} means ${directions.join(" or ")}, which the command does not say`;
      return this.reason("contradicts", message, "move", null, sharing.length === 1 ? points : null);
    }
    if (points === word && sharing.length === 1) {
      return this.reason("agrees", `the arrow's ${color} points ${word}`, "move", word);
    }
    if (points && sharing.every((other) => this.opposes(arrow, other))) {
      return this.reason("contradicts", `the arrow's ${color} points ${points}, the command says ${word}`, "move", word, points);
    }
    return this.reason("undetermined", `the arrow's ${color} does not tell ${directions.join(" from ")}`, "move", word);
  }

  private said({ directions }: AxisChoice): Direction | null {
    return this.part.move.find(({ direction }) => directions.includes(direction))?.direction ?? null;
  }

  private opposes(arrow: StraightArrow, axis: AxisChoice): boolean {
    const word = this.said(axis);
    return word !== null && word !== pointsTo(arrow, axis, this.view);
  }
}

const axesOf = (arrow: StraightArrow): AxisChoice[] => AXES.filter(({ color }) => arrow.colors.includes(color));

const towards = ({ axis }: AxisChoice, view: View): ImageDirection | null =>
  ({ x: view.forward, y: view.left, z: view.up })[axis];

/** Whether two axes lie on one line of the image, so that an arrow cannot part them. */
function sameLine(one: AxisChoice, other: AxisChoice, view: View): boolean {
  const [first, second] = [towards(one, view), towards(other, view)];
  return first !== null && second !== null && (VECTORS[first][0] === 0) === (VECTORS[second][0] === 0);
}

/** The direction of the arrow's component along an axis; null under 15 % of the arrow's length. */
function pointsTo({ start, end }: StraightArrow, axis: AxisChoice, view: View): Direction | null {
  const way = towards(axis, view);
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const component = way ? VECTORS[way][0] * dx + VECTORS[way][1] * dy : 0;
  if (component === 0 || 400 * component ** 2 < 9 * (dx * dx + dy * dy)) return null;
  return axis.directions[component > 0 ? 0 : 1];
}

/** The directions that an arrow shows without doubt: not those of colors that share a line of the image. */
export function directionsOf(arrow: StraightArrow, view: View = DEFAULT_VIEW): Direction[] {
  const axes = axesOf(arrow);
  const alone = axes.filter((axis) => !axes.some((other) => other !== axis && sameLine(axis, other, view)));
  return alone.map((axis) => pointsTo(arrow, axis, view)).filter((direction) => direction !== null);
}
