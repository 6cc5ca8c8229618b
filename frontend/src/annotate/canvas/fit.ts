/** Between the frame's pixels and the area it is shown in: pure. */

import type { Point, Size } from "@/symbols";

/** CSS pixels for one source pixel, and where the frame's corner lies in the area. */
export interface Fit {
  scale: number;
  left: number;
  top: number;
}

/** How much larger than fitted a frame can be. */
const LARGEST = 16;

/** The frame as large as the area takes, in its middle. */
export function fit(frame: Size, area: Size): Fit {
  const scale = Math.max(Math.min(area.width / frame.width, area.height / frame.height), Number.MIN_VALUE);
  return bounded({ scale, left: 0, top: 0 }, frame, area);
}

/** Where a frame begins along one side: in the middle where it is smaller than the area, else without a gap. */
function within(begin: number, length: number, room: number): number {
  return length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, begin));
}

/** The fit with the frame moved so that no room beside it is wasted. */
export const bounded = ({ scale, left, top }: Fit, frame: Size, area: Size): Fit => ({
  scale,
  left: within(left, frame.width * scale, area.width),
  top: within(top, frame.height * scale, area.height),
});

/** So many times larger, from fitted to sixteen times that; the place (x, y) of the area stays where it is. */
export function zoomed(old: Fit, factor: number, [x, y]: Point, frame: Size, area: Size): Fit {
  const smallest = fit(frame, area).scale;
  const scale = Math.min(Math.max(old.scale * factor, smallest), smallest * LARGEST);
  const grown = scale / old.scale;
  return bounded({ scale, left: x - (x - old.left) * grown, top: y - (y - old.top) * grown }, frame, area);
}

export const panned = (old: Fit, [dx, dy]: Point, frame: Size, area: Size): Fit =>
  bounded({ ...old, left: old.left + dx, top: old.top + dy }, frame, area);

/** The source pixel under a place of the area; outside of the frame it goes on counting. */
export const toSource = ({ scale, left, top }: Fit, x: number, y: number): Point => [
  Math.floor((x - left) / scale),
  Math.floor((y - top) / scale),
];
