import { describe, expect, it } from "vitest";
import { Position } from "@/annotate/position";
import { Times } from "@/annotate/times";
import { Playback } from "@/annotate/video/playback";

const FRAMES = 51;
const pts = Array.from({ length: FRAMES }, (_, n) => n * 40);

/** A player whose clock the test moves on. */
function player() {
  const position = new Position(FRAMES, [0, 25, 50], new Times({ time_base: [1, 1000], pts }));
  let next: ((now: number) => void) | null = null;
  let now = 1000;
  const playback = new Playback(position, (call) => (next = call));
  const draw = (milliseconds: number): void => {
    const call = next;
    next = null;
    now += milliseconds;
    call?.(now);
  };
  /** Sixty drawings a second for so long. */
  const run = (milliseconds: number): void => {
    draw(0);
    for (let left = milliseconds; left > 0; left -= 16) draw(Math.min(16, left));
  };
  return { position, playback, draw, run };
}

describe("playback", () => {
  it.each([
    [1, 0],
    [0.5, 1],
    [0.25, 2],
  ])("keeps the recording's time at %f times its speed", (speed, presses) => {
    const { position, playback, run } = player();
    for (let i = 0; i < presses; i++) playback.nextSpeed();
    expect(playback.speed.value).toBe(speed);
    playback.toggle();
    run(808);
    expect(position.number.value).toBe(Math.floor((808 * speed) / 40));
  });

  it("stops at the last frame, and plays from the first then", () => {
    const { position, playback, run } = player();
    position.go(45);
    playback.toggle();
    run(1000);
    expect([position.number.value, playback.playing.value]).toEqual([50, false]);
    playback.toggle();
    expect([position.number.value, playback.playing.value]).toEqual([0, true]);
  });

  it("stops where it is told to, and goes on from there", () => {
    const { position, playback, run } = player();
    playback.toggle();
    run(404);
    playback.toggle();
    run(404);
    expect(position.number.value).toBe(10);
    playback.toggle();
    run(404);
    expect(position.number.value).toBe(20);
  });

  it("lets go when somebody goes elsewhere", () => {
    const { position, playback, run, draw } = player();
    playback.toggle();
    run(404);
    position.go(40);
    draw(16);
    draw(16);
    expect([position.number.value, playback.playing.value]).toEqual([40, false]);
  });

  it("does not leap over what was not drawn while the page was hidden", () => {
    const { position, playback, run, draw } = player();
    playback.toggle();
    run(404);
    draw(60_000);
    expect(position.number.value).toBeLessThanOrEqual(13);
  });

  it("guesses no time where there is no index", () => {
    const playback = new Playback(new Position(FRAMES, [0], null), () => undefined);
    playback.toggle();
    expect(playback.playing.value).toBe(false);
  });
});
