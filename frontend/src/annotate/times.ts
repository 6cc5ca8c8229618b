/** The times of one camera's frames, from its index; nothing is guessed from a frame rate. */

import type { FrameIndex } from "@/shared/types";

/** The last place of ascending numbers whose number is not above `value`; -1 where all are. */
function lastBy(ascending: ArrayLike<number>, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The place of ascending numbers that is nearest to `value`; of two as near, the earlier. */
export function nearestTo(ascending: ArrayLike<number>, value: number): number {
  const before = Math.max(lastBy(ascending, value), 0);
  const [here, next] = [ascending[before], ascending[before + 1]];
  return here !== undefined && next !== undefined && next - value < value - here ? before + 1 : before;
}

export class Times {
  /** Seconds from the first frame, of every frame. */
  private readonly seconds: Float64Array;

  constructor({ time_base: [numerator, denominator], pts }: FrameIndex) {
    this.seconds = Float64Array.from(pts, (tick) => (tick * numerator) / denominator);
  }

  get count(): number {
    return this.seconds.length;
  }

  secondsOf(number: number): number | null {
    return this.seconds[number] ?? null;
  }

  /** The frame that is on screen at a time: the last one that began by then. */
  at(seconds: number): number {
    return Math.max(lastBy(this.seconds, seconds), 0);
  }

  /** The frame whose time is nearest; of two as near, the earlier. */
  nearest(seconds: number): number {
    return nearestTo(this.seconds, seconds);
  }

  /** Where between the frames a time lies: 2.5 is half way from frame 2 to frame 3. Ends at both ends. */
  place(seconds: number): number {
    const before = this.at(seconds);
    const [begin, end] = [this.seconds[before] ?? 0, this.seconds[before + 1]];
    return end === undefined ? before : before + Math.max(seconds - begin, 0) / (end - begin);
  }

  /** A time at which this frame alone is on screen, whichever way a player rounds. */
  middle(number: number): number {
    const begin = this.seconds[number] ?? 0;
    const step = begin - (this.seconds[number - 1] ?? begin);
    return (begin + (this.seconds[number + 1] ?? begin + step)) / 2;
  }
}
