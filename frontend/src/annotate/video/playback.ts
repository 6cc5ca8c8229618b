/** Playing: the clock runs on and the page stands at the frame whose time it is. */

import { signal } from "@preact/signals";
import type { Position } from "../position";

export const SPEEDS = [1, 0.5, 0.25] as const;
export type Speed = (typeof SPEEDS)[number];

/** A page that was not drawn for a while goes on where it stood. Milliseconds. */
const LONGEST = 100;

/** Calls back before the next drawing with the time in milliseconds. */
export type NextDrawing = (call: (now: number) => void) => void;

export class Playback {
  readonly playing = signal(false);
  readonly speed = signal<Speed>(1);
  private seconds = 0;
  private drawn: number | null = null;
  private number = 0;

  constructor(
    private readonly position: Position,
    private readonly nextDrawing: NextDrawing = (call) => void requestAnimationFrame(call),
  ) {}

  /** Play from here, at the end from the beginning; or stop. */
  toggle(): void {
    if (this.playing.peek()) this.stop();
    else this.start();
  }

  nextSpeed(): void {
    this.speed.value = SPEEDS[(SPEEDS.indexOf(this.speed.peek()) + 1) % SPEEDS.length]!;
  }

  stop(): void {
    this.playing.value = false;
  }

  private start(): void {
    if (!this.position.times) return;
    this.playing.value = true;
    if (this.position.number.peek() >= this.position.last) this.position.go(0);
    this.stand();
    this.drawn = null;
    this.nextDrawing((now) => this.draw(now));
  }

  private stand(): void {
    this.number = this.position.number.peek();
    this.seconds = this.position.secondsOf(this.number) ?? 0;
  }

  private draw(now: number): void {
    // Whoever goes elsewhere by hand wants to look there.
    if (this.position.number.peek() !== this.number) this.stop();
    if (!this.playing.peek()) return;
    const passed = Math.min(now - (this.drawn ?? now), LONGEST);
    this.drawn = now;
    this.advance((passed / 1000) * this.speed.peek());
    if (this.number >= this.position.last) this.stop();
    else this.nextDrawing((next) => this.draw(next));
  }

  private advance(seconds: number): void {
    this.seconds += seconds;
    this.position.go(this.position.times!.at(this.seconds));
    this.number = this.position.number.peek();
  }
}
