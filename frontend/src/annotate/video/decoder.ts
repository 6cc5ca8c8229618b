/** Frames of a proxy from one decoder that is kept: a frame ahead costs what lies between, any other its group. */

import type { Size } from "@/symbols";
import type { Demuxed } from "./demux";
import type { FrameReader } from "./reader";

/** So many frames further on, it is a run and not a jump: playback, or stepping. */
const RUN = 3;
/** A decoder may hold a frame back until it is told that no more come, after which it has to begin at a keyframe.
 * After a jump it is told at once; in a run only when a frame has not come for so many milliseconds. */
const PATIENCE = 60;

interface Waiting {
  number: number;
  take: (frame: VideoFrame) => void;
  fail: (error: unknown) => void;
}

export class DecoderReader implements FrameReader {
  private decoder: VideoDecoder | null = null;
  /** The frame decoded last; from another one on it has to begin at a keyframe. */
  private last: number | null = null;
  private asked = -Infinity;
  private waiting: Waiting | null = null;

  constructor(
    private readonly film: Demuxed,
    private readonly size: Size,
  ) {}

  /** Frame `number`; ask for one at a time. Rejects where the decoder gives up; the next one begins anew. */
  async read(number: number): Promise<ImageBitmap> {
    const frame = await this.decode(number);
    try {
      // A proxy's sizes are even: an odd recording has a column or row more there.
      return await createImageBitmap(frame, 0, 0, this.size.width, this.size.height);
    } finally {
      frame.close();
    }
  }

  close(): void {
    if (this.decoder?.state === "configured") this.decoder.close();
  }

  private decode(number: number): Promise<VideoFrame> {
    const decoder = this.ready();
    return new Promise<VideoFrame>((take, fail) => {
      this.waiting = { number, take, fail };
      for (let next = this.begin(number); next <= number; next++) decoder.decode(this.film.chunks[next]!);
      this.last = number;
      const ahead = number - this.asked;
      this.asked = number;
      if (ahead > 0 && ahead <= RUN) setTimeout(() => this.push(number), PATIENCE);
      else this.push(number);
    });
  }

  /** The decoder; a browser takes it away from a page that has not used it for a while. */
  private ready(): VideoDecoder {
    if (this.decoder?.state === "configured") return this.decoder;
    this.last = null;
    this.decoder = new VideoDecoder({ output: (frame) => this.output(frame), error: (error) => this.failed(error) });
    this.decoder.configure({ ...this.film.config, optimizeForLatency: true });
    return this.decoder;
  }

  /** The first frame to decode for `number`: what follows the last one, where no keyframe is nearer. */
  private begin(number: number): number {
    let key = number;
    while (this.film.chunks[key]?.type === "delta") key -= 1;
    return this.last !== null && this.last < number ? Math.max(this.last + 1, key) : key;
  }

  private output(frame: VideoFrame): void {
    if (frame.timestamp !== this.waiting?.number) return frame.close();
    this.waiting.take(frame);
    this.waiting = null;
  }

  private push(number: number): void {
    if (this.waiting?.number !== number || this.decoder?.state !== "configured") return;
    this.last = null;
    this.decoder.flush().catch((error: unknown) => this.failed(error));
  }

  private failed(error: unknown): void {
    this.waiting?.fail(error);
    this.waiting = null;
  }
}
