/** Tools of the canvas. A tool answers a press with a gesture; a gesture says, for every place the pointer
 * goes to, what the symbol would be if it were let go there. All of it is pure but `Toolbox`, which holds
 * the gesture under way. */

import { type Color, displayList, type Point, type RawSymbol, type Rotation, type Size } from "@/symbols";
import type { DrawnSymbol } from "../document";
import { clamp, distance, handleAt, shifted, symbolAt, withPoint } from "./points";

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
  /** Show a symbol as it would be; null shows what is stored. */
  preview(symbol: DrawnSymbol | null): void;
  put(symbol: DrawnSymbol): void;
  select(id: string | null): void;
}

/** The symbol for a pointer at `point`; null where there would be none. */
export type Gesture = (point: Point) => DrawnSymbol | null;
type Tool = (surface: Surface, start: Point) => Gesture | null;

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
const reshape = (surface: Surface, start: Point): Gesture | null => {
  const symbol = surface.selected;
  const handle = symbol && handleAt(symbol, start, surface.tolerance);
  return symbol && handle ? (point) => withPoint(symbol, handle, point, surface.size) : null;
};

const move: Tool = (surface, start) => {
  const symbol = symbolAt(surface.symbols, start, surface.size, surface.tolerance);
  return symbol && ((point) => shifted(symbol, [point[0] - start[0], point[1] - start[1]], surface.size));
};

const GESTURES: Record<ToolId, Tool> = {
  select: move,
  arrow: dragged(({ colors }, start, end) => ({ type: "move_arrow", start, end, colors: [...colors] })),
  dual: dragged((_surface, p1, p2) => ({ type: "dual_crosshair", p1, p2 })),
  rotate,
  crosshair: placed((pos) => ({ type: "crosshair", pos })),
  on: placed((pos) => ({ type: "state", pos, text: "ON" })),
  off: placed((pos) => ({ type: "state", pos, text: "OFF" })),
  lock: placed((pos) => ({ type: "lock", pos })),
  rewind: placed((pos) => ({ type: "rewind", pos })),
};

const same = (a: DrawnSymbol | undefined, b: DrawnSymbol): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The tool in hand and the gesture it is in, if any. */
export class Toolbox {
  private gesture: Gesture | null = null;
  private start: Point = [0, 0];

  constructor(
    private readonly surface: Surface,
    public tool: ToolId = "select",
  ) {}

  get busy(): boolean {
    return this.gesture !== null;
  }

  /** Take another tool; a gesture under way is dropped. */
  use(tool: ToolId): void {
    this.cancel();
    this.tool = tool;
  }

  press(point: Point): void {
    this.start = clamp(point, this.surface.size);
    this.gesture = reshape(this.surface, this.start) ?? GESTURES[this.tool](this.surface, this.start);
    if (this.gesture === null) this.surface.select(null);
    this.drag(point);
  }

  drag(point: Point): void {
    if (this.gesture) this.surface.preview(this.gesture(clamp(point, this.surface.size)));
  }

  release(point: Point): void {
    const symbol = this.gesture?.(clamp(point, this.surface.size)) ?? null;
    if (!this.gesture) return;
    this.cancel();
    if (symbol === null) this.selectAt(this.start);
    else this.keep(symbol);
  }

  /** Leave everything as it was before the press. */
  cancel(): void {
    this.gesture = null;
    this.surface.preview(null);
  }

  /** What would draw nothing (an arrow shorter than its head) is not kept. */
  private keep(symbol: DrawnSymbol): void {
    if (displayList([symbol], this.surface.size).length === 0) return;
    const stored = this.surface.symbols.find(({ id }) => id === symbol.id);
    if (!same(stored, symbol)) this.surface.put(symbol);
    this.surface.select(symbol.id);
  }

  private selectAt(point: Point): void {
    const { symbols, size, tolerance } = this.surface;
    this.surface.select(symbolAt(symbols, point, size, tolerance)?.id ?? null);
  }
}

/** Colors in the order they were pressed; the last one cannot be taken away. */
export function toggleColor(colors: readonly Color[], color: Color): Color[] {
  if (!colors.includes(color)) return [...colors, color];
  return colors.length === 1 ? [...colors] : colors.filter((other) => other !== color);
}

export const opposite = (turn: Rotation): Rotation => (turn === "clockwise" ? "counter-clockwise" : "clockwise");
