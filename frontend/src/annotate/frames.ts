/** Pictures of one camera by frame number: the samples held ready, any other frame fetched when it is wanted. */

import { signal } from "@preact/signals";
import { sentence } from "@/shared/api";
import type { Still } from "@/shared/types";
import type { Size } from "@/symbols";

/** While the pointer runs along the rail, only the frame where it rests is asked for: the server has to decode it. In
 * milliseconds, longer than a slow hand takes from one frame to the next. */
export const REST = 120;
/** Decoded pictures take four bytes a pixel; so many bytes of them are kept. What falls out is in the browser's
 * own cache still, for stills never change. */
const MEMORY = 256 * 2 ** 20;
const FEWEST = 24;
/** So many stills of the list are on their way at once: enough to fill a slow line, and the browser's six
 * connections keep one for what the page saves. */
const AT_ONCE = 5;

export interface Shown {
  number: number;
  picture: ImageBitmap;
}

export interface FrameSource {
  /** Have the still of a frame made, if it is not there, and say where it is. */
  still(number: number): Promise<Still>;
  picture(url: string): Promise<ImageBitmap>;
}

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, REST));

/** How many pictures of a size are kept decoded. */
export const capacityFor = ({ width, height }: Size): number =>
  Math.max(FEWEST, Math.floor(MEMORY / (4 * width * height)));

export class Frames {
  /** What is on the page: while the wanted frame is on its way, the sample next to it. */
  readonly shown = signal<Shown | null>(null);
  readonly trouble = signal<string | null>(null);
  /** Least recently used first. */
  private readonly ready = new Map<number, ImageBitmap>();
  private readonly coming = new Map<number, Promise<void>>();
  private readonly awaited = new Map<number, (picture: ImageBitmap) => void>();
  private readonly urls: Map<number, string>;
  private wanted = 0;

  constructor(
    samples: readonly Still[],
    private readonly source: FrameSource,
    private readonly capacity: number,
  ) {
    this.urls = new Map(samples.map(({ number, url }) => [number, url]));
  }

  /** Fetch frames ahead, in order, a few at once; all samples where none are named. One that fails is fetched
   * again when it is wanted. */
  async preload(numbers: Iterable<number> = this.urls.keys()): Promise<void> {
    const left = new Set(numbers).values();
    const take = async (): Promise<void> => {
      for (const number of left) await this.load(number).catch(() => undefined);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, take));
  }

  /** Give `use` the picture of a frame once: now, or when it has come. It is not to be kept. */
  whenReady(number: number, use: (picture: ImageBitmap) => void): void {
    const picture = this.ready.get(number);
    if (picture) use(picture);
    else this.awaited.set(number, use);
  }

  /** Put frame `number` on the page where it is ready, and fetch nothing. */
  glance(number: number): void {
    this.wanted = number;
    this.put(number);
  }

  /**
   * Put frame `number` on the page as soon as it is there, unless another was wanted meanwhile.
   *
   * @param standIn show the nearest sample until then.
   */
  async show(number: number, standIn = true): Promise<void> {
    this.wanted = number;
    this.trouble.value = null;
    if (this.put(number)) return;
    if (standIn) this.standIn(number);
    if (!this.urls.has(number)) await rest();
    if (this.wanted !== number) return;
    try {
      await this.load(number);
      if (this.wanted === number) this.put(number);
    } catch (error) {
      if (this.wanted === number) this.trouble.value = sentence(error);
    }
  }

  private put(number: number): boolean {
    const picture = this.ready.get(number);
    if (!picture) return false;
    this.ready.delete(number);
    this.ready.set(number, picture);
    this.shown.value = { number, picture };
    return true;
  }

  private standIn(number: number): void {
    const near = [...this.ready.keys()].filter((ready) => this.urls.has(ready));
    if (near.length === 0) return;
    this.put(near.reduce((best, other) => (Math.abs(other - number) < Math.abs(best - number) ? other : best)));
  }

  /** Have a frame ready; asked for twice, it is fetched once. */
  private load(number: number): Promise<void> {
    if (this.ready.has(number)) return Promise.resolve();
    const known = this.coming.get(number);
    if (known) return known;
    const coming = this.fetch(number).finally(() => this.coming.delete(number));
    this.coming.set(number, coming);
    return coming;
  }

  private async fetch(number: number): Promise<void> {
    const url = this.urls.get(number) ?? (await this.source.still(number)).url;
    const picture = await this.source.picture(url);
    this.ready.set(number, picture);
    this.awaited.get(number)?.(picture);
    this.awaited.delete(number);
    this.forgetOldest();
  }

  private forgetOldest(): void {
    for (const [number, picture] of this.ready) {
      if (this.ready.size <= this.capacity) return;
      if (number === this.shown.value?.number || number === this.wanted) continue;
      this.ready.delete(number);
      picture.close();
    }
  }
}
