/** Symbols as points in source pixels: where they can be grabbed, and how they move. */

import { type Point, type RawSymbol, signRadius, type Size } from "@/symbols";
import type { DrawnSymbol } from "../document";

/** The points of each kind of symbol, by the raw form's own names. */
const POINTS = {
  move_arrow: ["start", "end"],
  rotate_arrow: ["center"],
  dual_crosshair: ["p1", "p2"],
  crosshair: ["pos"],
  state: ["pos"],
  lock: ["pos"],
  rewind: ["pos"],
} as const satisfies Record<RawSymbol["type"], readonly string[]>;

type WithPoints = Record<string, Point>;

/** The names and places of a symbol's points, in the order they are drawn. */
export function pointsOf(symbol: RawSymbol): { name: string; point: Point }[] {
  return POINTS[symbol.type].map((name) => ({ name, point: (symbol as unknown as WithPoints)[name]! }));
}

const within = (value: number, extent: number): number => Math.min(Math.max(Math.round(value), 0), extent - 1);

/** The nearest whole pixel of the frame. */
export const clamp = ([x, y]: Point, size: Size): Point => [within(x, size.width), within(y, size.height)];

/** The symbol with one of its points put elsewhere. */
export const withPoint = (symbol: DrawnSymbol, name: string, point: Point, size: Size): DrawnSymbol =>
  ({ ...symbol, [name]: clamp(point, size) }) as DrawnSymbol;

/** How far a run of coordinates can go by `delta` and stay in 0 .. extent - 1. */
function allowed(delta: number, coordinates: number[], extent: number): number {
  const lowest = -Math.min(...coordinates);
  const highest = extent - 1 - Math.max(...coordinates);
  return Math.min(Math.max(Math.round(delta), lowest), highest);
}

/** The symbol moved as a whole, stopped at the frame's edges. */
export function shifted(symbol: DrawnSymbol, [dx, dy]: Point, size: Size): DrawnSymbol {
  const points = pointsOf(symbol);
  const x = allowed(dx, points.map(({ point }) => point[0]), size.width);
  const y = allowed(dy, points.map(({ point }) => point[1]), size.height);
  const moved = points.map(({ name, point }) => [name, [point[0] + x, point[1] + y]]);
  return { ...symbol, ...Object.fromEntries(moved) } as DrawnSymbol;
}

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The distance from a point to the segment between two others. */
export function distanceToSegment(point: Point, from: Point, to: Point): number {
  const along: Point = [to[0] - from[0], to[1] - from[1]];
  const square = along[0] ** 2 + along[1] ** 2;
  const dot = (point[0] - from[0]) * along[0] + (point[1] - from[1]) * along[1];
  const share = square === 0 ? 0 : Math.min(Math.max(dot / square, 0), 1);
  return distance(point, [from[0] + share * along[0], from[1] + share * along[1]]);
}

/** How far around its points a symbol counts as touched, in source pixels: about what its drawing covers. */
function reach(symbol: RawSymbol, size: Size): number {
  if (symbol.type === "rotate_arrow") return 32;
  if (symbol.type === "lock" || symbol.type === "rewind") return signRadius(size);
  return symbol.type === "state" ? 20 : 0;
}

function distanceTo(symbol: RawSymbol, point: Point, size: Size): number {
  const points = pointsOf(symbol).map((named) => named.point);
  const from = points[0]!;
  return Math.max(0, distanceToSegment(point, from, points[1] ?? from) - reach(symbol, size));
}

/** The topmost symbol within `tolerance` source pixels of the point. */
export function symbolAt(symbols: readonly DrawnSymbol[], point: Point, size: Size, tolerance: number): DrawnSymbol | null {
  return symbols.findLast((symbol) => distanceTo(symbol, point, size) <= tolerance) ?? null;
}

/** The name of the symbol's point within `tolerance` source pixels: the handle that a press there takes. */
export function handleAt(symbol: RawSymbol, point: Point, tolerance: number): string | null {
  const near = pointsOf(symbol)
    .map((named) => ({ ...named, away: distance(named.point, point) }))
    .filter(({ away }) => away <= tolerance)
    .sort((a, b) => a.away - b.away);
  return near[0]?.name ?? null;
}
