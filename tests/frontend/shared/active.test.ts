// @vitest-environment happy-dom

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ActiveTime, type WorkStage } from "@/shared/active";
import { ApiError } from "@/shared/api";

let post: ReturnType<typeof vi.fn>;
let time: ActiveTime;
let stage: WorkStage;
let playing: boolean;
let visibility: DocumentVisibilityState;

const after = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
const act = () => document.dispatchEvent(new Event("pointermove"));
const told = () => post.mock.lastCall?.[1].seconds;

beforeEach(async () => {
  vi.useFakeTimers({ now: 0 });
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  [stage, playing, visibility] = ["diagnosis", false, "visible"];
  post = vi.fn(async () => ({ seconds: 0 }));
  time = new ActiveTime({ post } as never, 5, () => stage, () => playing);
  time.start();
  await after(0);
});
afterEach(() => {
  time.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("says at once that the page is open", () => {
  expect(post.mock.calls).toEqual([["annotations/5/time/", { session: time.session, seconds: {} }]]);
});

it("counts for 30 seconds after somebody did something, and no longer", async () => {
  await after(300);
  expect(time.seconds).toEqual({ diagnosis: 30 });
  act();
  await after(10);
  expect(time.seconds).toEqual({ diagnosis: 40 });
});

it("counts for the stage at hand", async () => {
  await after(10);
  stage = "guidance";
  await after(5);
  expect(time.seconds).toEqual({ diagnosis: 10, guidance: 5 });
});

it("counts while a film is watched without touching anything", async () => {
  playing = true;
  await after(100);
  expect(time.seconds).toEqual({ diagnosis: 100 });
});

it("does not count while the page is not seen, and tells what it has before", async () => {
  await after(7);
  visibility = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  await after(20);
  expect(told()).toEqual({ diagnosis: 7 });
  expect(time.seconds).toEqual({ diagnosis: 7 });
});

it("does not count a computer's sleep as work", async () => {
  await after(3);
  vi.setSystemTime(8 * 3600 * 1000);
  act();
  await after(2);
  expect(time.seconds.diagnosis).toBeLessThanOrEqual(5);
});

it("sends sums every 30 seconds, nothing when nothing is new, and makes a lost report good", async () => {
  await after(30);
  expect(told()).toEqual({ diagnosis: expect.closeTo(30, -1) });
  await after(60);
  const calls = post.mock.calls.length;
  await after(60);
  expect(post.mock.calls.length).toBe(calls);
  act();
  post.mockRejectedValueOnce(new ApiError("network", "No."));
  await after(30);
  await after(30);
  expect(told().diagnosis).toBeGreaterThan(55);
});
