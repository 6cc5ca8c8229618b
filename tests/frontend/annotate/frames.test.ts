import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { capacityFor, Frames, REST } from "@/annotate/frames";
import { Position } from "@/annotate/position";
import { Times } from "@/annotate/times";
import { ApiError } from "@/shared/api";
import type { Still } from "@/shared/types";

const still = (number: number): Still => ({ number, seconds: number / 25, sha256: "", url: `/still/${number}` });
const SAMPLES = [0, 25, 50, 60].map(still);

/** Pictures that carry the address they came from. */
function source() {
  return {
    still: vi.fn(async (number: number) => still(number)),
    picture: vi.fn(async (url: string) => ({ url, close: vi.fn() }) as unknown as ImageBitmap),
  };
}

const shownBy = ({ shown }: Frames) => {
  const { number, picture } = shown.value!;
  return [number, (picture as unknown as { url: string }).url];
};

describe("frames", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const loaded = async () => {
    const from = source();
    const frames = new Frames(SAMPLES, from, 8);
    await frames.preload();
    return { frames, from };
  };

  it("asks nothing of the server when stepping over preloaded samples", async () => {
    const { frames, from } = await loaded();
    expect(from.picture).toHaveBeenCalledTimes(SAMPLES.length);
    await frames.show(50);
    expect(shownBy(frames)).toEqual([50, "/still/50"]);
    expect(from.picture).toHaveBeenCalledTimes(SAMPLES.length);
    expect(from.still).not.toHaveBeenCalled();
  });

  it("shows the nearest sample under its own number until the exact frame is there", async () => {
    const { frames } = await loaded();
    const done = frames.show(40);
    expect(shownBy(frames)).toEqual([50, "/still/50"]);
    await vi.advanceTimersByTimeAsync(REST);
    await done;
    expect(shownBy(frames)).toEqual([40, "/still/40"]);
  });

  it("fetches only the frame where the pointer rests, and each once", async () => {
    const { frames, from } = await loaded();
    for (const number of [31, 32, 33]) {
      void frames.show(number);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(REST);
    void frames.show(0);
    void frames.show(33);
    await vi.advanceTimersByTimeAsync(REST);
    expect(from.still.mock.calls).toEqual([[33]]);
    expect(shownBy(frames)).toEqual([33, "/still/33"]);
  });

  it("never puts a late picture over the one that is wanted now", async () => {
    const from = source();
    let arrive = (_picture: ImageBitmap): void => undefined;
    from.picture.mockImplementationOnce(() => new Promise((resolve) => (arrive = resolve)));
    const frames = new Frames(SAMPLES, from, 8);
    const late = frames.show(25);
    await frames.show(60);
    arrive({ url: "/still/25" } as unknown as ImageBitmap);
    await late;
    expect(shownBy(frames)).toEqual([60, "/still/60"]);
  });

  it("says why a frame could not be had, and gets it at the next try", async () => {
    const from = source();
    from.picture.mockRejectedValueOnce(new ApiError("network", "The server cannot be reached."));
    const frames = new Frames(SAMPLES, from, 8);
    await frames.show(25);
    expect(frames.trouble.value).toBe("The server cannot be reached.");
    await frames.show(25);
    expect(frames.trouble.value).toBeNull();
    expect(shownBy(frames)).toEqual([25, "/still/25"]);
  });

  it("does not keep every frame that was ever looked at", async () => {
    const { frames, from } = await loaded();
    for (let number = 100; number < 120; number++) {
      void frames.show(number);
      await vi.advanceTimersByTimeAsync(REST);
    }
    const pictures = await Promise.all(from.picture.mock.results.map(({ value }) => value as Promise<ImageBitmap>));
    const closed = pictures.filter(({ close }) => vi.mocked(close).mock.calls.length > 0);
    expect(pictures.length - closed.length).toBe(8);
    expect(closed).not.toContain(frames.shown.value!.picture);
    void frames.show(100);
    await vi.advanceTimersByTimeAsync(REST);
    expect(shownBy(frames)).toEqual([100, "/still/100"]);
  });

  it("has a few samples on their way at once, and each fetched once", async () => {
    const from = source();
    let underway = 0;
    let most = 0;
    from.picture.mockImplementation(async (url: string) => {
      most = Math.max(most, ++underway);
      await new Promise((resolve) => setTimeout(resolve, 10));
      underway -= 1;
      return { url, close: vi.fn() } as unknown as ImageBitmap;
    });
    const frames = new Frames(Array.from({ length: 20 }, (_, n) => still(n)), from, 30);
    const done = frames.preload();
    await vi.advanceTimersByTimeAsync(1000);
    await done;
    expect(most).toBe(5);
    expect(from.picture).toHaveBeenCalledTimes(20);
  });

  it("fetches keyframes ahead, so that work goes on where the network does not", async () => {
    const from = source();
    const frames = new Frames(SAMPLES, from, 8);
    await frames.preload();
    await frames.preload([25, 33]);
    expect(from.picture).toHaveBeenCalledTimes(SAMPLES.length + 1);
    await frames.show(33);
    expect(shownBy(frames)?.[0]).toBe(33);
    expect(from.picture).toHaveBeenCalledTimes(SAMPLES.length + 1);
  });

  it("gives a picture to whoever waits for it, before or after it came", async () => {
    const from = source();
    const frames = new Frames(SAMPLES, from, 8);
    const use = vi.fn();
    frames.whenReady(25, use);
    expect(use).not.toHaveBeenCalled();
    await frames.preload();
    frames.whenReady(50, use);
    expect(use.mock.calls.map(([picture]) => picture.url)).toEqual(["/still/25", "/still/50"]);
  });

  it("fetches nothing at a glance, and shows what is ready", async () => {
    const { frames, from } = await loaded();
    frames.glance(50);
    expect(shownBy(frames)).toEqual([50, "/still/50"]);
    frames.glance(51);
    await vi.advanceTimersByTimeAsync(1000);
    expect(shownBy(frames)).toEqual([50, "/still/50"]);
    expect(from.still).not.toHaveBeenCalled();
  });

  it("keeps fewer pictures the larger they are", () => {
    expect(capacityFor({ width: 640, height: 480 })).toBe(218);
    expect(capacityFor({ width: 4096, height: 2304 })).toBe(24);
  });
});

describe("position", () => {
  const index = { time_base: [1, 90_000] as [number, number], pts: Array.from({ length: 61 }, (_, n) => n * 3600) };
  const position = () => new Position(61, [0, 25, 50, 60], new Times(index));

  it("steps to the samples on either side, from wherever it stands", () => {
    const here = position();
    here.go(30);
    here.stepSample(1);
    expect(here.number.value).toBe(50);
    here.go(30);
    here.stepSample(-1);
    expect(here.number.value).toBe(25);
    here.stepSample(-1);
    here.stepSample(-1);
    expect(here.number.value).toBe(0);
  });

  it("steps by one source frame and stays inside the episode", () => {
    const here = position();
    here.stepFrame(-1);
    expect(here.number.value).toBe(0);
    here.go(1000);
    expect(here.number.value).toBe(60);
    here.stepFrame(-1);
    expect(here.number.value).toBe(59);
  });

  it("takes seconds from the index and guesses none without it", () => {
    const here = position();
    here.go(25);
    expect(here.seconds.value).toBe(1);
    expect(new Position(61, [0], null).seconds.value).toBeNull();
  });
});
