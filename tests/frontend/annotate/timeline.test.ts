import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyEvent } from "@/annotate/document";
import { Times } from "@/annotate/times";
import { failuresOf, subtasksOf } from "@/annotate/timeline/spans";
import { heightOf, lanesOf, placesOf, rowAt } from "@/annotate/timeline/traces";
import type { SignalColumn, Signals } from "@/shared/types";
import { failedDocument } from "./site";

const column = (name: string, values: (number | null)[]): SignalColumn => ({ name, unit: "", values });
const signals = (seconds: number[], ...columns: SignalColumn[]): Signals => ({ seconds, columns });
/** Frames at 0, 0.1, 0.2, 0.3 and, after a gap, 1.3 seconds. */
const times = new Times({ time_base: [1, 10], pts: [0, 1, 2, 3, 13] });

describe("failures", () => {
  it("reach from keyframe to keyframe, whichever comes first, once both are set", () => {
    const document = failedDocument();
    const [turned, half] = [emptyEvent("e2"), emptyEvent("e3")];
    [turned.avoidance.frame, turned.correction.frame] = [90, 70];
    half.avoidance.frame = 5;
    document.events.push(half, turned);
    expect(failuresOf(document)).toEqual([
      { event: "e1", number: 1, begin: 25, end: 60 },
      { event: "e2", number: 3, begin: 70, end: 90 },
    ]);
  });
});

describe("subtasks", () => {
  it("are the runs of the column that tells them", () => {
    const told = signals([0, 0.1, 0.2, 0.3, 1.3], column("Subtask", [1, 1, null, 2, 2]));
    expect(subtasksOf(told, times)).toEqual([
      { subtask: 1, begin: 0, end: 2 },
      { subtask: 2, begin: 3, end: 4 },
    ]);
  });

  it("are not known where no column tells them", () => {
    expect(subtasksOf(signals([0], column("effort", [1])), times)).toEqual([]);
  });
});

describe("lanes", () => {
  it("put together gripper, effort and action, and leave out what is empty or of another kind", () => {
    const lanes = lanesOf(
      signals(
        [0, 1],
        column("left_gripper", [0.5, 0.1]),
        column("right_gripper", [0.2, null]),
        column("action_gripper", [1, 2]),
        column("effort_3", [null, null]),
        column("qpos_1", [1, 1]),
      ),
    );
    expect(lanes.map(({ kind, columns, range }) => [kind, columns.map(({ name }) => name), range])).toEqual([
      ["gripper", ["left_gripper", "right_gripper"], [0.1, 0.5]],
      ["action", ["action_gripper"], [1, 2]],
    ]);
  });

  it("stand a value between their bounds, and what never changes in the middle", () => {
    expect([0, 5, 10].map((value) => heightOf(value, [0, 10]))).toEqual([0, 0.5, 1]);
    expect(heightOf(3, [3, 3])).toBe(0.5);
  });
});

describe("the cursor", () => {
  it("stands under the thumb where a row has the frame's time, also after a gap", () => {
    const rows = signals([0, 0.1, 0.2, 0.3, 0.8, 1.3]);
    expect([...placesOf(rows, times)]).toEqual([0, 0.25, 0.5, 0.75, 0.875, 1]);
  });

  it("is at the row nearest in time to the frame shown, so never farther than one row", () => {
    const rising = fc
      .array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 })
      .map((steps) => steps.reduce((all, step) => [...all, all.at(-1)! + step], [0]));
    fc.assert(
      fc.property(rising, rising, fc.nat(), (pts, rows, any) => {
        const film = new Times({ time_base: [1, 1000], pts });
        const frame = any % pts.length;
        const seconds = rows.map((row) => row / 1000);
        const away = (row: number): number => Math.abs(seconds[row]! - film.secondsOf(frame)!);
        const chosen = rowAt(signals(seconds), film, frame);
        expect(away(chosen)).toBe(Math.min(...seconds.map((_, row) => away(row))));
      }),
    );
  });
});
