import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Times } from "@/annotate/times";

const TICKS = [0, 40, 80, 400, 401, 440];
const times = new Times({ time_base: [1, 1000], pts: TICKS });
const anyTimes = fc
  .array(fc.integer({ min: 1, max: 5000 }), { maxLength: 40 })
  .map((steps) => steps.reduce((ticks, step) => [...ticks, ticks.at(-1)! + step], [0]))
  .map((pts) => ({ pts, times: new Times({ time_base: [1, 1000], pts }) }));

describe("times", () => {
  it.each([
    [-1, 0],
    [0, 0],
    [0.0399, 0],
    [0.04, 1],
    [0.399, 2],
    [0.4005, 3],
    [99, 5],
  ])("at %f s frame %i is on screen", (seconds, number) => expect(times.at(seconds)).toBe(number));

  it.each([
    [0.02, 0],
    [0.021, 1],
    [0.3, 3],
    [0.4006, 4],
    [99, 5],
  ])("nearest to %f s is frame %i", (seconds, number) => expect(times.nearest(seconds)).toBe(number));

  it("finds every frame at its own time, and in its middle", () => {
    fc.assert(
      fc.property(anyTimes, ({ pts, times: made }) => {
        pts.forEach((_, number) => {
          expect(made.at(made.secondsOf(number)!)).toBe(number);
          expect(made.nearest(made.secondsOf(number)!)).toBe(number);
          expect(made.at(made.middle(number))).toBe(number);
        });
      }),
    );
  });

  it("knows no time of a frame that is not there", () => {
    expect(times.secondsOf(6)).toBeNull();
    expect(times.secondsOf(-1)).toBeNull();
  });
});
