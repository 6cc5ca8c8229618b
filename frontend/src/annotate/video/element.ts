/** Frames of a proxy from a `<video>` that is sought in: slower, and there in every browser. */

import type { Size } from "@/symbols";
import type { Times } from "../times";
import type { FrameReader } from "./reader";

/** One of these events, whichever comes first. */
const first = (video: HTMLVideoElement, good: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = new AbortController();
    const on = (name: string, then: () => void): void =>
      video.addEventListener(name, () => (stop.abort(), then()), { signal: stop.signal });
    on(good, resolve);
    on("error", () => reject(new Error(video.error?.message)));
  });

/** Milliseconds for a frame that was sought to be presented. */
const PATIENCE = 1000;

export class ElementReader implements FrameReader {
  private constructor(
    private readonly video: HTMLVideoElement,
    private readonly times: Times,
    private readonly size: Size,
  ) {}

  /** Rejects where the browser does not play the file. */
  static async open(file: Blob, times: Times, size: Size): Promise<ElementReader> {
    const video = document.createElement("video");
    Object.assign(video, { muted: true, playsInline: true, preload: "auto", src: URL.createObjectURL(file) });
    await first(video, "loadeddata");
    return new ElementReader(video, times, size);
  }

  async read(number: number): Promise<ImageBitmap> {
    const there = Promise.all([first(this.video, "seeked"), this.presented(number)]);
    this.video.currentTime = this.times.middle(number);
    await there;
    return createImageBitmap(this.video, 0, 0, this.size.width, this.size.height);
  }

  /** Until this very frame is the picture: a busy browser says "seeked" while it is still the last one. */
  private presented(number: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const look: VideoFrameRequestCallback = (_now, { mediaTime }) => {
        if (this.times.nearest(mediaTime) === number) resolve();
        else asked = this.video.requestVideoFrameCallback(look);
      };
      let asked = this.video.requestVideoFrameCallback(look);
      setTimeout(() => (this.video.cancelVideoFrameCallback(asked), reject(new Error("late"))), PATIENCE);
    });
  }

  close(): void {
    URL.revokeObjectURL(this.video.src);
    this.video.removeAttribute("src");
    this.video.load();
  }
}
