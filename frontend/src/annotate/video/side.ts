/** A camera beside the head camera: its frame nearest in time, read from its proxy while it is on the page. */

import { effect, signal } from "@preact/signals";
import type { Camera, FrameIndex } from "@/shared/types";
import { Times } from "../times";
import { Film } from "./film";
import { type Opened, openReader } from "./reader";

/** What a side camera needs from outside. */
export interface SideSource {
  index(): Promise<FrameIndex>;
  open(times: Times): Promise<Opened>;
}

export class SideCamera {
  readonly film = new Film();
  readonly visible = signal(true);
  private readonly times = signal<Times | null>(null);
  private begun = false;

  constructor(
    readonly camera: Camera,
    /** The head camera's time in seconds from its first frame. */
    private readonly seconds: () => number | null,
    private readonly source: SideSource,
  ) {}

  /** Follow the head camera for as long as this one is on the page. Gives the function that ends it. */
  start(): () => void {
    const stop = effect(() => {
      if (!this.visible.value) return;
      if (!this.begun) void this.begin();
      this.film.want(this.wanted());
    });
    return () => {
      stop();
      this.film.end();
    };
  }

  toggle(): void {
    this.visible.value = !this.visible.peek();
  }

  secondsOf(number: number): number | null {
    return this.times.value?.secondsOf(number) ?? null;
  }

  private wanted(): number | null {
    const seconds = this.seconds();
    return seconds === null ? null : (this.times.value?.nearest(seconds) ?? null);
  }

  private async begin(): Promise<void> {
    this.begun = true;
    const index = await this.source.index().catch(() => null);
    // Without its index there are this camera's samples alone.
    if (!index) return;
    const times = new Times(index);
    this.film.begin(await this.source.open(times));
    this.times.value = times;
  }
}

export const sideSource = (camera: Camera, index: SideSource["index"]): SideSource => ({
  index,
  open: (times) => openReader(camera, times),
});
