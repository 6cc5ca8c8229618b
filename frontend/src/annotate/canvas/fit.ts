/** Between the frame's pixels and the area it is shown in. */

import type { Point, Size } from "@/symbols";

/** CSS pixels for one source pixel, and where the frame's corner lies in the area. */
export interface Fit {
  scale: number;
  left: number;
  top: number;
}

/** The frame as large as the area takes, in its middle. */
export function fit(frame: Size, area: Size): Fit {
  const scale = Math.max(Math.min(area.width / frame.width, area.height / frame.height), Number.MIN_VALUE);
  return {
    scale,
    left: (area.width - frame.width * scale) / 2,
    top: (area.height - frame.height * scale) / 2,
  };
}

/** The source pixel under a place of the area; outside of the frame it goes on counting. */
export const toSource = ({ scale, left, top }: Fit, x: number, y: number): Point => [
  Math.floor((x - left) / scale),
  Math.floor((y - top) / scale),
];
