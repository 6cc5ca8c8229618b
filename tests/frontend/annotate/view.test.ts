import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Fit, fit, toSource } from "@/annotate/canvas/fit";
import { View } from "@/annotate/canvas/view";

const FRAME = { width: 640, height: 480 };
const AREA = { width: 960, height: 600 };

function opened(): View {
  const view = new View(FRAME);
  view.resize(AREA);
  return view;
}

/** Where in the frame, not in whole pixels, a place of the area is. */
const inFrame = ({ scale, left, top }: Fit, x: number, y: number): number[] => [(x - left) / scale, (y - top) / scale];

describe("zooming", () => {
  it("keeps what is under the pointer there, wherever the frame fills the area around it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 660 }), fc.integer({ min: 200, max: 400 }), (x, y) => {
        const view = opened();
        view.zoom(3, [x, y]);
        const before = inFrame(view.fit.value, x, y);
        view.zoom(2, [x, y]);
        const after = inFrame(view.fit.value, x, y);
        expect(after[0]).toBeCloseTo(before[0]!);
        expect(after[1]).toBeCloseTo(before[1]!);
      }),
    );
  });

  it("goes from fitted to sixteen times that, and back to fitted", () => {
    const view = opened();
    view.zoom(1e6);
    expect(view.fit.value.scale).toBeCloseTo(16 * fit(FRAME, AREA).scale);
    view.zoom(1e-6);
    expect(view.fit.value).toEqual(fit(FRAME, AREA));
    expect(view.isZoomed.value).toBe(false);
  });

  it("and moving never waste room beside the frame", () => {
    const steps = fc.array(fc.tuple(fc.double({ min: 0.3, max: 4, noNaN: true }), fc.integer({ min: -900, max: 900 })), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (moves) => {
        const view = opened();
        for (const [factor, by] of moves) {
          view.zoom(factor, [100, 100]);
          view.pan([by, -by]);
          const { scale, left, top } = view.fit.value;
          for (const [begin, length, room] of [
            [left, FRAME.width * scale, AREA.width],
            [top, FRAME.height * scale, AREA.height],
          ] as const) {
            if (length <= room) expect(begin).toBeCloseTo((room - length) / 2);
            else expect(begin <= 1e-6 && begin + length >= room - 1e-6).toBe(true);
          }
        }
      }),
    );
  });

  it("goes to the middle by key when the pointer is elsewhere, and 0 shows the whole again", () => {
    const view = opened();
    view.zoomIn();
    expect(toSource(view.fit.value, AREA.width / 2, AREA.height / 2)).toEqual([320, 240]);
    view.reset();
    expect(view.fit.value).toEqual(fit(FRAME, AREA));
  });

  it("stays when the window changes", () => {
    const view = opened();
    view.zoom(4);
    view.resize({ width: 500, height: 400 });
    expect(view.isZoomed.value).toBe(true);
    view.pan([-1e6, -1e6]);
    expect(toSource(view.fit.value, 499, 399)).toEqual([639, 479]);
  });
});
