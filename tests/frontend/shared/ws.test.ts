import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { backoff } from "@/shared/backoff";
import { type Live, listen } from "@/shared/ws";

class Socket {
  static all: Socket[] = [];
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number }) => void = () => undefined;
  closed = false;
  constructor(readonly url: string) {
    Socket.all.push(this);
  }
  close(): void {
    this.closed = true;
    this.onclose({ code: 1000 });
  }
}

const message = vi.fn();
const lost = vi.fn();
let live: Live;

beforeEach(() => {
  vi.useFakeTimers();
  Socket.all = [];
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("location", { protocol: "https:", host: "site.test" });
  message.mockReset();
  lost.mockReset();
  live = listen("/ws/projects/1/", { message, lost });
});
afterEach(() => {
  live.close();
  vi.useRealTimers();
});

const last = (): Socket => Socket.all.at(-1)!;

it("listens on the page's own host, encrypted as the page is", () => {
  expect(last().url).toBe("wss://site.test/ws/projects/1/");
  last().onmessage({ data: '{"type": "ready"}' });
  expect(message).toHaveBeenCalledWith({ type: "ready" });
});

it("comes back by itself, and more slowly the longer it fails", async () => {
  for (let i = 0; i < 3; i++) {
    last().onclose({ code: 1006 });
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(Socket.all).toHaveLength(4);
  expect(lost).toHaveBeenCalledTimes(3);
  last().onclose({ code: 1006 });
  await vi.advanceTimersByTimeAsync(7_900);
  expect(Socket.all).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(2_200);
  expect(Socket.all).toHaveLength(5);
});

it("gives up where it is told that this is not for it", async () => {
  last().onclose({ code: 4404 });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(Socket.all).toHaveLength(1);
});

it("stays away once closed", async () => {
  live.close();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(Socket.all).toHaveLength(1);
  expect(last().closed).toBe(true);
});

it("waits from one second to half a minute, with some chance", () => {
  expect([0, 1, 2, 3, 10].map((failures) => backoff(failures, 0))).toEqual([1000, 2000, 4000, 8000, 30_000]);
  expect(backoff(0, 1)).toBe(1250);
});
