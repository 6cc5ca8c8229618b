/** What a camera's proxy shows: the frame asked for last, and nothing that was asked for on the way. */

import { signal } from "@preact/signals";
import type { Shown } from "../frames";
import type { Means, Opened } from "./reader";

export class Film {
  /** Not for annotating: these pictures went through the proxy's encoder. Closed when the next one is here. */
  readonly shown = signal<Shown | null>(null);
  /** Null until it is known. */
  readonly means = signal<Means | null>(null);
  private reader: Opened["reader"] = null;
  private wanted: number | null = null;
  private reading = false;

  /** Begin to read; what was wanted meanwhile comes first. */
  begin({ means, reader }: Opened): void {
    this.reader = reader;
    this.means.value = means;
    this.want(this.wanted);
  }

  want(number: number | null): void {
    this.wanted = number;
    if (!this.reading) void this.follow();
  }

  end(): void {
    this.wanted = null;
    this.reader?.close();
    this.reader = null;
    this.put(null);
  }

  /** Read until the frame on the page is the one wanted now. */
  private async follow(): Promise<void> {
    this.reading = true;
    while (this.reader && this.wanted !== null && this.wanted !== this.shown.peek()?.number) {
      await this.read(this.reader, this.wanted);
    }
    this.reading = false;
  }

  private async read(reader: NonNullable<Opened["reader"]>, number: number): Promise<void> {
    // A frame that cannot be read is left out: at rest its still comes, and the next one is tried afresh.
    const picture = await reader.read(number).catch(() => null);
    if (this.reader !== reader) return picture?.close();
    if (picture) this.put({ number, picture });
    else if (this.wanted === number) this.wanted = null;
  }

  private put(shown: Shown | null): void {
    const before = this.shown.peek();
    this.shown.value = shown;
    before?.picture.close();
  }
}

/** Of the still and the film's frame the one nearer to the frame wanted; of two as near, the still. */
export function nearer(wanted: number, still: Shown | null, film: Shown | null): Shown | null {
  if (!still || !film) return still ?? film;
  return Math.abs(film.number - wanted) < Math.abs(still.number - wanted) ? film : still;
}
