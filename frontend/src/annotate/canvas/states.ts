/** What the canvas is doing: idle, drawing, moving a symbol, or pulling one of its handles. Every state has what
 * happens when it is entered, left (what was made is kept) and cancelled (all is as it was before). */

import { displayList, type Point } from "@/symbols";
import type { DrawnSymbol } from "../document";
import { clamp, symbolAt } from "./points";
import { DRAWING, type Gesture, move, reshape, type Surface, type ToolId, underPointer } from "./tools";

export interface State {
  readonly name: "idle" | "drawing" | "moving" | "handle";
  enter(): void;
  /** The pointer is here now. */
  point(point: Point): void;
  exit(): void;
  cancel(): void;
}

/** Nothing is under way: what a press would place shows on the pointer. */
class Idle implements State {
  readonly name = "idle";

  constructor(
    private readonly surface: Surface,
    private readonly tool: ToolId,
  ) {}

  enter(): void {
    this.surface.hover(null);
  }

  point(point: Point): void {
    this.surface.hover(underPointer(this.tool, this.surface, point));
  }

  exit(): void {
    this.surface.hover(null);
  }

  cancel(): void {
    this.exit();
  }
}

const same = (a: DrawnSymbol | undefined, b: DrawnSymbol): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A symbol follows the pointer. */
class Holding implements State {
  private here: Point;

  constructor(
    readonly name: "drawing" | "moving" | "handle",
    private readonly surface: Surface,
    private readonly start: Point,
    private readonly gesture: Gesture,
  ) {
    this.here = start;
  }

  enter(): void {
    this.point(this.start);
  }

  point(point: Point): void {
    this.here = point;
    this.surface.preview(this.gesture(point));
  }

  exit(): void {
    const symbol = this.gesture(this.here);
    this.cancel();
    if (symbol) this.keep(symbol);
    else this.selectStart();
  }

  cancel(): void {
    this.surface.preview(null);
  }

  /** What would draw nothing (an arrow shorter than its head) is not kept. */
  private keep(symbol: DrawnSymbol): void {
    if (displayList([symbol], this.surface.size).length === 0) return;
    const stored = this.surface.symbols.find(({ id }) => id === symbol.id);
    if (!same(stored, symbol)) this.surface.put(symbol);
    this.surface.select(symbol.id);
  }

  private selectStart(): void {
    const { symbols, size, tolerance } = this.surface;
    this.surface.select(symbolAt(symbols, this.start, size, tolerance)?.id ?? null);
  }
}

/** The state that a press with a tool leads to; null where it takes nothing. */
function pressed(surface: Surface, tool: ToolId, start: Point): State | null {
  const pull = reshape(surface, start);
  if (pull) return new Holding("handle", surface, start, pull);
  const gesture = tool === "select" ? move(surface, start) : DRAWING[tool](surface, start);
  return gesture && new Holding(tool === "select" ? "moving" : "drawing", surface, start, gesture);
}

/** The tool in hand and the state of the canvas. */
export class Toolbox {
  private state: State;

  constructor(
    private readonly surface: Surface,
    public tool: ToolId = "select",
  ) {
    this.state = new Idle(surface, tool);
  }

  get doing(): State["name"] {
    return this.state.name;
  }

  get busy(): boolean {
    return this.doing !== "idle";
  }

  private go(state: State): void {
    this.state = state;
    state.enter();
  }

  /** Take another tool; what is under way is dropped. */
  use(tool: ToolId): void {
    this.tool = tool;
    this.cancel();
  }

  press(point: Point): void {
    const next = pressed(this.surface, this.tool, clamp(point, this.surface.size));
    this.state.exit();
    if (next) this.go(next);
    else this.surface.select(null);
  }

  drag(point: Point): void {
    this.state.point(clamp(point, this.surface.size));
  }

  release(point: Point): void {
    if (!this.busy) return;
    this.drag(point);
    this.finish();
  }

  /** End what is under way as if the pointer were let go where it is. */
  finish(): void {
    this.state.exit();
    this.go(new Idle(this.surface, this.tool));
  }

  /** Leave everything as it was before the press. */
  cancel(): void {
    this.state.cancel();
    this.go(new Idle(this.surface, this.tool));
  }
}
