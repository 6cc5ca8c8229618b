/** Tools of the canvas: pure. A tool answers a press with a gesture; a gesture says, for every place the pointer
 * goes to, what the symbol would be if it were let go there. */

import type { Color, Point, RawSymbol, Rotation, Size } from "@/symbols";
import type { DrawnSymbol } from "../document";
import { distance, handleAt, shifted, symbolAt, withPoint } from "./points";

export const TOOLS = ["select", "arrow", "rotate", "crosshair", "dual", "on", "off", "lock", "rewind"] as const;
export type ToolId = (typeof TOOLS)[number];

/** What the tools read from the page and what they tell it. */
export interface Surface {
  readonly size: Size;
  readonly symbols: readonly DrawnSymbol[];
  readonly selected: DrawnSymbol | null;
  readonly colors: readonly Color[];
  readonly turn: Rotation;
  /** How far from a thing a press still touches it, in source pixels. */
  readonly tolerance: number;
  newId(): string;
  /** Show what a press would place under the pointer; null shows nothing. */
  hover(symbol: DrawnSymbol | null): void;
  /** Show a symbol as it would be; null shows what is stored. */
  preview(symbol: DrawnSymbol | null): void;
  put(symbol: DrawnSymbol): void;
  select(id: string | null): void;
}

/** The symbol for a pointer at `point`; null where there would be none. */
export type Gesture = (point: Point) => DrawnSymbol | null;
export type Tool = (surface: Surface, start: Point) => Gesture | null;

const drawn = (id: string, symbol: RawSymbol): DrawnSymbol => ({ ...symbol, id });

/** A press and release this near to each other, in source pixels, are a click. */
const CLICK = 3;

type TwoPoints = (surface: Surface, start: Point, end: Point) => RawSymbol;

const dragged =
  (symbol: TwoPoints): Tool =>
  (surface, start) => {
    const id = surface.newId();
    return (end) => (distance(start, end) < CLICK ? null : drawn(id, symbol(surface, start, end)));
  };

const placed =
  (symbol: (position: Point) => RawSymbol): Tool =>
  (surface) => {
    const id = surface.newId();
    return (position) => drawn(id, symbol(position));
  };

/** Dragging to the right turns clockwise, to the left counter-clockwise; a click takes the turn last used. */
function turnOf(surface: Surface, center: Point, point: Point): Rotation {
  const dx = point[0] - center[0];
  if (Math.abs(dx) < CLICK) return surface.turn;
  return dx > 0 ? "clockwise" : "counter-clockwise";
}

const rotate: Tool = (surface, center) => {
  const id = surface.newId();
  return (point) => drawn(id, { type: "rotate_arrow", center, direction: turnOf(surface, center, point) });
};

/** Take a symbol's end by its handle. */
export const reshape = (surface: Surface, start: Point): Gesture | null => {
  const symbol = surface.selected;
  const handle = symbol && handleAt(symbol, start, surface.tolerance);
  return symbol && handle ? (point) => withPoint(symbol, handle, point, surface.size) : null;
};

export const move: Tool = (surface, start) => {
  const symbol = symbolAt(surface.symbols, start, surface.size, surface.tolerance);
  return symbol && ((point) => shifted(symbol, [point[0] - start[0], point[1] - start[1]], surface.size));
};

export const DRAWING: Record<Exclude<ToolId, "select">, Tool> = {
  arrow: dragged(({ colors }, start, end) => ({ type: "move_arrow", start, end, colors: [...colors] })),
  dual: dragged((_surface, p1, p2) => ({ type: "dual_crosshair", p1, p2 })),
  rotate,
  crosshair: placed((pos) => ({ type: "crosshair", pos })),
  on: placed((pos) => ({ type: "state", pos, text: "ON" })),
  off: placed((pos) => ({ type: "state", pos, text: "OFF" })),
  lock: placed((pos) => ({ type: "lock", pos })),
  rewind: placed((pos) => ({ type: "rewind", pos })),
};

/** The tools whose symbol is there at a touch; it is seen on the pointer before. */
const AT_A_TOUCH: readonly ToolId[] = ["rotate", "crosshair", "on", "off", "lock", "rewind"];

/** What a press here would place; null for tools that are dragged, and where the press would take a handle. */
export function underPointer(tool: ToolId, surface: Surface, point: Point): DrawnSymbol | null {
  if (tool === "select" || !AT_A_TOUCH.includes(tool) || reshape(surface, point)) return null;
  return DRAWING[tool](surface, point)?.(point) ?? null;
}

/** Colors in the order they were pressed; the last one cannot be taken away. */
export function toggleColor(colors: readonly Color[], color: Color): Color[] {
  if (!colors.includes(color)) return [...colors, color];
  return colors.length === 1 ? [...colors] : colors.filter((other) => other !== color);
}

export const opposite = (turn: Rotation): Rotation => (turn === "clockwise" ? "counter-clockwise" : "clockwise");
