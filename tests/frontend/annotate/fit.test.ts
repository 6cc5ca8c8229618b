import fc from "fast-check";
import { expect, it } from "vitest";
import { fit, toSource } from "@/annotate/canvas/fit";

const size = fc.record({ width: fc.integer({ min: 16, max: 4000 }), height: fc.integer({ min: 16, max: 4000 }) });

it("leads the middle of every source pixel back to that pixel", () => {
  fc.assert(
    fc.property(size, size, fc.nat(), fc.nat(), (frame, area, a, b) => {
      const pixel = [a % frame.width, b % frame.height] as const;
      const place = fit(frame, area);
      const [x, y] = pixel.map((v) => (v + 0.5) * place.scale) as [number, number];
      expect(toSource(place, place.left + x, place.top + y)).toEqual(pixel);
    }),
  );
});

it("shows the whole frame, as large as it goes, in the middle", () => {
  expect(fit({ width: 640, height: 480 }, { width: 1000, height: 480 })).toEqual({ scale: 1, left: 180, top: 0 });
  expect(fit({ width: 640, height: 480 }, { width: 320, height: 480 })).toEqual({ scale: 0.5, left: 0, top: 120 });
});
