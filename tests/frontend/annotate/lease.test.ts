import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clockText, LeaseKeeper } from "@/annotate/lease";
import { type Api, ApiError } from "@/shared/api";

let post: ReturnType<typeof vi.fn>;
let lease: LeaseKeeper;
const inMinutes = (minutes: number) => ({ expires_at: new Date(Date.now() + minutes * 60_000).toISOString() });

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  post = vi.fn(async () => inMinutes(10));
  lease = new LeaseKeeper({ post } as unknown as Api, 7);
});
afterEach(() => {
  lease.stop();
  vi.useRealTimers();
});

it("is written as minutes and seconds", () => {
  expect([581_900, 60_000, 5_000, -3].map(clockText)).toEqual(["9:41", "1:00", "0:05", "0:00"]);
});

it("beats every 30 seconds and counts down in between", async () => {
  lease.start();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(post.mock.calls).toEqual([["episodes/7/lease/"]]);
  expect(clockText(lease.left.value)).toBe("9:40");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(post).toHaveBeenCalledTimes(2);
  expect(clockText(lease.left.value)).toBe("10:00");
});

it("is lost when it went to somebody else, and stops asking", async () => {
  lease.start();
  await vi.advanceTimersByTimeAsync(0);
  post.mockRejectedValue(new ApiError("lease_held", "ben has it.", { holder: "ben" }, 409));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(lease.claim.value).toEqual({ held: false, holder: "ben" });
  expect(post).toHaveBeenCalledTimes(2);
});

it("is not lost by a moment without network", async () => {
  lease.start();
  await vi.advanceTimersByTimeAsync(0);
  post.mockRejectedValueOnce(new ApiError("network", "The server cannot be reached."));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lease.lost.value).toBe(false);
  expect(clockText(lease.left.value)).toBe("10:00");
});

it("can be taken again", async () => {
  post.mockRejectedValueOnce(new ApiError("lease_held", "ben has it.", { holder: "ben" }, 409));
  await lease.beat();
  expect(lease.lost.value).toBe(true);
  post.mockResolvedValueOnce({ annotation: 1, episode: 7, url: "", lease: inMinutes(5) });
  await lease.retake();
  expect(post).toHaveBeenLastCalledWith("episodes/7/claim/");
  expect(lease.lost.value).toBe(false);
});
