import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { Film, nearer } from "@/annotate/video/film";
import type { FrameReader } from "@/annotate/video/reader";

type Picture = ImageBitmap & { number: number };

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A reader whose frames come when the test says so. */
class HeldReader implements FrameReader {
  readonly asked: number[] = [];
  readonly made: Picture[] = [];
  close = vi.fn();
  private settle = { take: (_: ImageBitmap): void => undefined, fail: (_: Error): void => undefined };

  read(number: number): Promise<ImageBitmap> {
    this.asked.push(number);
    return new Promise((take, fail) => (this.settle = { take, fail }));
  }

  async come(): Promise<void> {
    const picture = { number: this.asked.at(-1)!, close: vi.fn() } as unknown as Picture;
    this.made.push(picture);
    this.settle.take(picture);
    await settled();
  }

  async fail(): Promise<void> {
    this.settle.fail(new Error("reclaimed"));
    await settled();
  }
}

function rolling() {
  const [film, reader] = [new Film(), new HeldReader()];
  film.begin({ means: "decoder", reader });
  return { film, reader };
}

describe("a film", () => {
  it("reads the frame wanted last and skips those on the way", async () => {
    const { film, reader } = rolling();
    for (const number of [10, 11, 12, 13]) film.want(number);
    await reader.come();
    expect(film.shown.value?.number).toBe(10);
    await reader.come();
    expect(film.shown.value?.number).toBe(13);
    expect(reader.asked).toEqual([10, 13]);
  });

  it("keeps one picture and closes the others", async () => {
    const { film, reader } = rolling();
    for (const number of [1, 2, 3]) {
      film.want(number);
      await reader.come();
    }
    const open = reader.made.filter(({ close }) => vi.mocked(close).mock.calls.length === 0);
    expect(open).toEqual([film.shown.value?.picture]);
    film.end();
    expect(reader.made.map(({ close }) => vi.mocked(close).mock.calls.length)).toEqual([1, 1, 1]);
    expect(reader.close).toHaveBeenCalledOnce();
  });

  it("reads at once what was wanted before it could", () => {
    const [film, reader] = [new Film(), new HeldReader()];
    film.want(7);
    film.begin({ means: "decoder", reader });
    expect(reader.asked).toEqual([7]);
  });

  it("leaves out a frame that cannot be read, and reads the next", async () => {
    const { film, reader } = rolling();
    film.want(5);
    await reader.fail();
    expect(reader.asked).toEqual([5]);
    film.want(6);
    await reader.come();
    expect(film.shown.value?.number).toBe(6);
  });

  it("closes a picture that comes after the end", async () => {
    const { film, reader } = rolling();
    film.want(5);
    film.end();
    await reader.come();
    expect(film.shown.value).toBeNull();
    expect(reader.made[0]!.close).toHaveBeenCalledOnce();
  });
});

describe("the picture on the page", () => {
  const numbers = fc.integer({ min: 0, max: 99 });
  const shown = fc.option(numbers.map((number) => ({ number, picture: {} as ImageBitmap })));

  it("is never farther from the frame wanted than the other one, and at the frame itself the still", () => {
    fc.assert(
      fc.property(numbers, shown, shown, (wanted, still, film) => {
        const away = (each: typeof still): number => (each ? Math.abs(each.number - wanted) : Infinity);
        const chosen = nearer(wanted, still, film);
        expect(away(chosen)).toBe(Math.min(away(still), away(film)));
        if (still?.number === wanted) expect(chosen).toBe(still);
      }),
    );
  });
});
