/**
 * The areas that OpenCV's antialiased pen covers, as convex polygons for a Canvas to fill.
 *
 * A canvas stroke is narrower and rounder than OpenCV's: OpenCV fills a quadrilateral with a coarse polygon for
 * each round end, and draws its thinnest line along every edge of what it fills.
 */

import type { Point } from "./types";

export type Polygon = readonly Point[];

/** Half of OpenCV's thinnest antialiased line, along the image's axes; measured. */
const EDGE = 0.68;

/** The area of a filled convex polygon. */
export function fillArea(points: Polygon): Polygon {
  return hull(points.flatMap(([x, y]): Point[] => [[x + EDGE, y], [x - EDGE, y], [x, y + EDGE], [x, y - EDGE]]));
}

/** The areas of a line with round ends. */
export function lineAreas(from: Point, to: Point, width: number): Polygon[] {
  if (width === 1) return [fillArea([from, to])];
  const ends = [from, to].map((end) => fillArea(circlePoints(end, width / 2, endStep(width / 2))));
  const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (long === 0) return ends;
  const half = Math.ceil(width / 2) / long;
  const [acrossX, acrossY] = [(from[1] - to[1]) * half, (to[0] - from[0]) * half];
  const sides = [from, to].flatMap(([x, y]): Point[] => [[x + acrossX, y + acrossY], [x - acrossX, y - acrossY]]);
  return [fillArea(sides), ...ends];
}

/** The areas of the lines along a polyline. */
export function polylineAreas(points: Polygon, width: number): Polygon[] {
  return points.slice(1).flatMap((to, index) => lineAreas(points[index]!, to, width));
}

/** The polyline in which OpenCV draws an arc of a radius of 15 px or more; angles in degrees. */
export function arcPoints(center: Point, radius: number, start: number, end: number): Point[] {
  return circlePoints(center, radius, 5, start, end);
}

/** The area of a filled ring, cut open at the right so that it is one polygon. */
export function ringArea(center: Point, outer: number, inner: number): Polygon {
  return [...grownCircle(center, outer, EDGE), ...grownCircle(center, inner, -EDGE).reverse()];
}

/** A circle whose edge is moved out by a thin line's half, which is measured along the image's axes. */
function grownCircle(center: Point, radius: number, edge: number): Point[] {
  return circlePoints([0, 0], 1, 5).map(([x, y]): Point => {
    const reach = Math.max(0, radius + edge * Math.max(Math.abs(x), Math.abs(y)));
    return [center[0] + x * reach, center[1] + y * reach];
  });
}

/** Degrees between the corners of a round end. */
function endStep(radius: number): number {
  if (radius < 2.5) return 90;
  if (radius < 9.5) return 30;
  return radius < 14.5 ? 18 : 5;
}

function circlePoints([x, y]: Point, radius: number, step: number, start = 0, end = 360): Point[] {
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index): Point => {
    const angle = ((start + index * step) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

/** The convex hull, always turning the same way (monotone chain). */
function hull(points: Point[]): Point[] {
  const sorted = points.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const chain = (ordered: readonly Point[]): Point[] => {
    const kept: Point[] = [];
    for (const point of ordered) {
      while (kept.length > 1 && turn(kept.at(-2)!, kept.at(-1)!, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain([...sorted].reverse())];
}

function turn(from: Point, by: Point, to: Point): number {
  return (by[0] - from[0]) * (to[1] - from[1]) - (by[1] - from[1]) * (to[0] - from[0]);
}
