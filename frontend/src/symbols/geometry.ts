/**
 * Points and lengths of the drawn symbols, in pixels of the frame: ml/symbols/geometry.py, step by step.
 *
 * The floating-point order is part of the format; shared cases hold both languages to the same numbers.
 */

import { LABELS, PIXELS_PER_UNIT } from "./glyphs";
import type { Point, Size, State } from "./types";

export type Stroke = readonly [Point, Point];

const SEGMENT = 10;
const CROSSHAIR_NEAR = 6;
const CROSSHAIR_FAR = 15;
const HEAD_STROKE = 12;
const LEAST_SIGN_RADIUS = 4;

/** Truncation toward zero, without JavaScript's negative zero. */
const truncate = (value: number): number => Math.trunc(value) + 0;

export interface ArrowSizes {
  readonly head: number;
  readonly halfWidth: number;
  readonly body: number;
}

export function arrowSizes(size: Size): ArrowSizes {
  const base = Math.max(size.width, size.height);
  return {
    head: Math.max(15, Math.trunc(0.025 * base)),
    halfWidth: Math.max(10, Math.trunc(0.015 * base)),
    body: Math.max(4, Math.trunc(0.008 * base)),
  };
}

/** Radius of the lock and of the rewind sign. */
export function signRadius(size: Size): number {
  return Math.max(LEAST_SIGN_RADIUS, Math.trunc(0.0375 * Math.max(size.width, size.height)));
}

export function length(start: Point, end: Point): number {
  const dx = end[0] - start[0];
  const dy = end[1] - start[1];
  return Math.sqrt(dx * dx + dy * dy);
}

function along(origin: Point, towards: Point, distance: number): Point {
  return [truncate(origin[0] + towards[0] * distance), truncate(origin[1] + towards[1] * distance)];
}

function direction(start: Point, end: Point): Point {
  const whole = length(start, end);
  return [(end[0] - start[0]) / whole, (end[1] - start[1]) / whole];
}

/** The points that part an arrow's body, 10 px each; the last is half a head before the tip. */
export function arrowBody(start: Point, end: Point, sizes: ArrowSizes): Point[] {
  const towards = direction(start, end);
  const reach = length(start, end) - sizes.head / 2;
  const count = Math.ceil(reach / SEGMENT);
  return Array.from({ length: count + 1 }, (_, index) => along(start, towards, index < count ? SEGMENT * index : reach));
}

/** The head's triangle, tip first. */
export function arrowHead(start: Point, end: Point, sizes: ArrowSizes): Point[] {
  const [x, y] = direction(start, end);
  const baseX = end[0] - x * sizes.head;
  const baseY = end[1] - y * sizes.head;
  const corners = [1, -1].map((side): Point => [
    truncate(baseX - side * y * sizes.halfWidth),
    truncate(baseY + side * x * sizes.halfWidth),
  ]);
  return [end, ...corners];
}

/** Index of the body's segment whose color the head has. */
export const headSegment = (start: Point, end: Point): number => Math.floor((length(start, end) - 1) / SEGMENT);

/** The two head strokes of a rotating arrow, the lower first: back to the left, 30 degrees to either side. */
export function rotationHead(tip: Point): Stroke[] {
  return [150, 210].map((degrees): Stroke => {
    const angle = degrees * (Math.PI / 180);
    return [tip, along(tip, [Math.cos(angle), Math.sin(angle)], HEAD_STROKE)];
  });
}

export function crosshairStrokes([x, y]: Point): Stroke[] {
  const ways: readonly Point[] = [[-1, 0], [1, 0], [0, -1], [0, 1]];
  return ways.map(([dx, dy]): Stroke => [
    [x + dx * CROSSHAIR_NEAR, y + dy * CROSSHAIR_NEAR],
    [x + dx * CROSSHAIR_FAR, y + dy * CROSSHAIR_FAR],
  ]);
}

/** The whole dashes of 10 px, with gaps of 10 px, from `start` towards `end`. */
export function dashes(start: Point, end: Point): Stroke[] {
  const count = Math.floor((length(start, end) + SEGMENT) / (2 * SEGMENT));
  const towards = direction(start, end);
  return Array.from({ length: count }, (_, index): Stroke => {
    const begin = 2 * SEGMENT * index;
    return [along(start, towards, begin), along(start, towards, begin + SEGMENT)];
  });
}

/** The polylines of a state label centered at `position`, with sub-pixel points. */
export function labelStrokes(position: Point, text: State): Point[][] {
  const { letters, width, height } = LABELS[text];
  const left = position[0] - Math.floor(width / 2);
  const baseline = position[1] + Math.floor(height / 2);
  let advance = 0;
  return letters.flatMap((letter) => {
    const from = advance;
    advance += letter.advance;
    return letter.strokes.map((stroke) =>
      stroke.map(([x, y]): Point => [left + (from + x) * PIXELS_PER_UNIT, baseline + y * PIXELS_PER_UNIT]),
    );
  });
}
