/** Where in the episode the page stands: a frame number of the head camera. */

import { computed, signal } from "@preact/signals";
import type { Times } from "./times";

export class Position {
  readonly number = signal(0);
  readonly seconds = computed(() => this.secondsOf(this.number.value));
  /** The sample at or nearest before the current frame. */
  readonly sample = computed(() => this.samples.findLast((number) => number <= this.number.value));

  /**
   * @param samples frame numbers of the 1 fps list, ascending.
   * @param times the time of every frame; without it no seconds are shown.
   */
  constructor(
    readonly frameCount: number,
    readonly samples: readonly number[],
    readonly times: Times | null,
  ) {}

  get last(): number {
    return this.frameCount - 1;
  }

  secondsOf(number: number): number | null {
    return this.times?.secondsOf(number) ?? null;
  }

  go(number: number): void {
    this.number.value = Math.min(Math.max(Math.round(number), 0), this.last);
  }

  stepFrame(by: 1 | -1): void {
    this.go(this.number.value + by);
  }

  /** To the next sample in a direction, from wherever between samples. */
  stepSample(by: 1 | -1): void {
    const here = this.number.value;
    const next = by > 0 ? this.samples.find((n) => n > here) : this.samples.findLast((n) => n < here);
    if (next !== undefined) this.go(next);
  }
}

/** Seconds as `3.48 s`. */
export const inSeconds = (seconds: number | null): string => (seconds === null ? "" : `${seconds.toFixed(2)} s`);
