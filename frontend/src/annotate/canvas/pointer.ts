/** Mouse, pen and fingers on the canvas: one draws, two zoom and move, and so do the wheel, space and the middle
 * button. Places are in CSS pixels of the canvas until a tool gets them. */

import { isTextField } from "../keys";
import type { Point } from "@/symbols";
import type { Board } from "./board";
import { toSource } from "./fit";
import { distance } from "./points";

const MIDDLE_BUTTON = 1;
/** How much a wheel's pixel zooms, and how many pixels a wheel's line is. */
const WHEEL = 0.0015;
const LINE = 16;

const between = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1]];

type Mode = "none" | "tool" | "pan" | "pinch";

export class PointerInput {
  private readonly down = new Map<number, Point>();
  private mode: Mode = "none";
  private space = false;

  constructor(
    private readonly container: HTMLElement,
    private readonly board: Board,
  ) {}

  /** Begin to listen. Gives the function that stops it. */
  listen(): () => void {
    const stop = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(type: K, handle: (event: HTMLElementEventMap[K]) => void): void =>
      this.container.addEventListener(type, handle, { signal: stop.signal, passive: false });
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.lift(event));
    on("pointercancel", (event) => this.drop(event));
    on("pointerleave", () => this.leave());
    on("wheel", (event) => this.wheel(event));
    // Before the table of keys: over a zoomed picture the space bar is a hand.
    const options = { signal: stop.signal, capture: true };
    window.addEventListener("keydown", (event) => this.holdSpace(event, true), options);
    window.addEventListener("keyup", (event) => this.holdSpace(event, false), options);
    return () => stop.abort();
  }

  private at(event: MouseEvent): Point {
    const box = this.container.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private source([x, y]: Point): Point {
    return toSource(this.board.view.fit.peek(), x, y);
  }

  private modeOf(event: PointerEvent): Mode {
    if (this.down.size === 2) return "pinch";
    if (event.button === MIDDLE_BUTTON || this.space) return "pan";
    return event.button === 0 && this.board.canDraw.peek() ? "tool" : "none";
  }

  private press(event: PointerEvent): void {
    const place = this.at(event);
    const { toolbox } = this.board.drawing;
    this.down.set(event.pointerId, place);
    this.mode = this.modeOf(event);
    this.container.setPointerCapture(event.pointerId);
    if (event.button === MIDDLE_BUTTON) event.preventDefault();
    if (this.mode === "tool") toolbox.press(this.source(place));
    else toolbox.cancel();
  }

  private move(event: PointerEvent): void {
    const { drawing, view, canDraw } = this.board;
    const place = this.at(event);
    const before = this.down.get(event.pointerId);
    view.pointer = place;
    if (this.mode === "pinch" && before) this.pinch(event.pointerId, before, place);
    else if (this.mode === "pan" && before) view.pan(minus(place, before));
    else if (this.mode === "tool" || (before === undefined && canDraw.peek())) drawing.toolbox.drag(this.source(place));
    if (before) this.down.set(event.pointerId, place);
  }

  /** One of two fingers moved: the picture stays under both. */
  private pinch(id: number, before: Point, place: Point): void {
    const other = [...this.down].find(([one]) => one !== id)?.[1];
    if (!other) return;
    const { view } = this.board;
    view.zoom(distance(place, other) / Math.max(distance(before, other), 1), between(before, other));
    view.pan(minus(between(place, other), between(before, other)));
  }

  private lift(event: PointerEvent): void {
    if (this.mode === "tool") this.board.drawing.toolbox.release(this.source(this.at(event)));
    this.forget(event);
  }

  private drop(event: PointerEvent): void {
    this.board.drawing.toolbox.cancel();
    this.forget(event);
  }

  /** A finger that stays after a pinch draws nothing. */
  private forget(event: PointerEvent): void {
    this.down.delete(event.pointerId);
    this.mode = "none";
  }

  private leave(): void {
    const { view, drawing } = this.board;
    view.pointer = null;
    if (!drawing.toolbox.busy) drawing.hover(null);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
    this.board.view.zoom(Math.exp(-pixels * WHEEL), this.at(event));
  }

  private holdSpace(event: KeyboardEvent, pressed: boolean): void {
    const { view } = this.board;
    if (event.key !== " " || isTextField(event.target) || (!this.space && !pressed)) return;
    const over = view.pointer !== null && view.isZoomed.peek();
    if (!this.space && !over) return;
    event.preventDefault();
    this.space = pressed;
    this.container.classList.toggle("grab", pressed);
  }
}
