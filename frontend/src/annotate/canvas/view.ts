/** How the frame lies on the page: fitted at first, zoomed to the pointer, moved about. */

import { computed, signal } from "@preact/signals";
import type { Point, Size } from "@/symbols";
import { type Fit, fit, panned, zoomed } from "./fit";

/** What one press of a key zooms by. */
const STEP = 1.5;

export class View {
  private readonly area = signal<Size>({ width: 1, height: 1 });
  /** Null as long as the frame is fitted. */
  private readonly chosen = signal<Fit | null>(null);
  readonly fit = computed(() => this.chosen.value ?? fit(this.frame, this.area.value));
  readonly isZoomed = computed(() => this.chosen.value !== null);
  /** Where keys zoom to; null for the middle. */
  pointer: Point | null = null;

  constructor(private readonly frame: Size) {}

  /** The room that there is; what is zoomed stays so. */
  resize(area: Size): void {
    this.area.value = area;
    if (this.chosen.peek()) this.zoom(1);
  }

  private get middle(): Point {
    const { width, height } = this.area.peek();
    return [width / 2, height / 2];
  }

  /** Larger by a factor (smaller below 1), with the place `at` of the area, in CSS pixels, kept where it is. */
  zoom(factor: number, at: Point = this.pointer ?? this.middle): void {
    const area = this.area.peek();
    const next = zoomed(this.fit.peek(), factor, at, this.frame, area);
    this.chosen.value = next.scale > fit(this.frame, area).scale ? next : null;
  }

  zoomIn(): void {
    this.zoom(STEP);
  }

  zoomOut(): void {
    this.zoom(1 / STEP);
  }

  /** Move the frame by so many CSS pixels. */
  pan(by: Point): void {
    if (this.chosen.peek()) this.chosen.value = panned(this.fit.peek(), by, this.frame, this.area.peek());
  }

  reset(): void {
    this.chosen.value = null;
  }
}
