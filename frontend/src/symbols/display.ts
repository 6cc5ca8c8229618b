/** Display lists: symbols as primitives in pixels, equal to those of ml/symbols/display.py. */

import {
  arrowBody,
  arrowHead,
  arrowSizes,
  crosshairStrokes,
  dashes,
  headSegment,
  labelStrokes,
  length,
  rotationHead,
  signRadius,
  type Stroke,
} from "./geometry";
import type { Color, Point, RawSymbol, RotatingArrow, Size, StateLabel, StraightArrow } from "./types";

export type Rgb = readonly [number, number, number];
export type SignName = "lock" | "rewind";

export type Primitive =
  | { op: "line"; from: Point; to: Point; width: number; color: Rgb }
  | { op: "lines"; lines: readonly Stroke[]; width: number; color: Rgb }
  | { op: "segments"; points: readonly Point[]; width: number; colors: readonly Rgb[] }
  | { op: "arc"; center: Point; radius: number; start: number; end: number; width: number; color: Rgb }
  | { op: "ring"; center: Point; outer: number; inner: number; color: Rgb }
  | { op: "polygon"; points: readonly Point[]; color: Rgb }
  | { op: "outline"; points: readonly Point[]; width: number; color: Rgb }
  | { op: "strokes"; lines: readonly (readonly Point[])[]; width: number; color: Rgb }
  | { op: "picture"; name: SignName; center: Point; side: number };

const RGB: Readonly<Record<Color, Rgb>> = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255] };
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
const LOCK_RED: Rgb = [220, 30, 40];
const REWIND_BLUE: Rgb = [40, 110, 200];
const ARC_RADIUS = 30;
const WHITE_OVER_BLACK = [
  { width: 4, color: BLACK },
  { width: 2, color: WHITE },
] as const;
const NO_PICTURES: ReadonlySet<SignName> = new Set();

/** The primitives of the symbols, in their order; signs named in `pictures` become the user's own pictures. */
export function displayList(
  symbols: readonly RawSymbol[],
  size: Size,
  pictures: ReadonlySet<SignName> = NO_PICTURES,
): Primitive[] {
  return symbols.flatMap((symbol) => primitives(symbol, size, pictures));
}

function primitives(symbol: RawSymbol, size: Size, pictures: ReadonlySet<SignName>): Primitive[] {
  switch (symbol.type) {
    case "move_arrow":
      return straightArrow(symbol, size);
    case "rotate_arrow":
      return rotatingArrow(symbol);
    case "dual_crosshair":
      return [...crosshair(symbol.p1), ...crosshair(symbol.p2), ...whiteOverBlack(dashes(symbol.p1, symbol.p2))];
    case "crosshair":
      return crosshair(symbol.pos);
    case "state":
      return label(symbol);
    case "lock":
    case "rewind":
      return sign(symbol.type, symbol.pos, signRadius(size), pictures);
  }
}

function whiteOverBlack(lines: readonly Stroke[]): Primitive[] {
  return lines.length === 0 ? [] : WHITE_OVER_BLACK.map((pen): Primitive => ({ op: "lines", lines, ...pen }));
}

function straightArrow({ start, end, colors }: StraightArrow, size: Size): Primitive[] {
  const sizes = arrowSizes(size);
  if (length(start, end) < sizes.head) return [];
  const rgbs = colors.map((color) => RGB[color]);
  const body = arrowBody(start, end, sizes);
  const points = arrowHead(start, end, sizes);
  return [
    { op: "line", from: body[0]!, to: body.at(-1)!, width: sizes.body + 2, color: BLACK },
    { op: "segments", points: body, width: sizes.body, colors: rgbs },
    { op: "polygon", points, color: rgbs[headSegment(start, end) % rgbs.length]! },
    { op: "outline", points, width: 1, color: BLACK },
  ];
}

function rotatingArrow({ center, direction }: RotatingArrow): Primitive[] {
  const clockwise = direction === "clockwise";
  const [start, end] = clockwise ? [0, 270] : [90, 360];
  const tip: Point = [center[0], center[1] + (clockwise ? -ARC_RADIUS : ARC_RADIUS)];
  return [
    ...WHITE_OVER_BLACK.map((pen): Primitive => ({ op: "arc", center, radius: ARC_RADIUS, start, end, ...pen })),
    ...whiteOverBlack(rotationHead(tip)),
  ];
}

const crosshair = (position: Point): Primitive[] => whiteOverBlack(crosshairStrokes(position));

function label({ pos, text }: StateLabel): Primitive[] {
  const lines = labelStrokes(pos, text);
  return WHITE_OVER_BLACK.map((pen): Primitive => ({ op: "strokes", lines, ...pen }));
}

function sign(name: SignName, center: Point, radius: number, pictures: ReadonlySet<SignName>): Primitive[] {
  if (pictures.has(name)) return [{ op: "picture", name, center, side: 2 * radius }];
  return name === "lock" ? lock(center, radius) : rewind(center, radius);
}

/** The prohibition sign: ring and slash; the wider black below leaves an edge of one pixel. */
function lock(center: Point, radius: number): Primitive[] {
  const band = Math.max(1, Math.trunc(0.25 * radius));
  const reach = Math.trunc((radius - band / 2) * Math.sqrt(0.5));
  const [x, y] = center;
  const layers: readonly [Rgb, number][] = [[BLACK, 1], [LOCK_RED, 0]];
  return layers.flatMap(([color, edge]): Primitive[] => [
    { op: "ring", center, outer: radius + edge, inner: Math.max(0, radius - band - edge), color },
    { op: "line", from: [x - reach, y - reach], to: [x + reach, y + reach], width: band + 2 * edge, color },
  ]);
}

/** The fast-reverse sign; the contour's round joins make the square's round corners. */
function rewind([x, y]: Point, radius: number): Primitive[] {
  const corner = Math.max(1, Math.trunc(radius / 4));
  const inner = radius - corner;
  const square: Point[] = [[x - inner, y - inner], [x + inner, y - inner], [x + inner, y + inner], [x - inner, y + inner]];
  const halfHeight = Math.trunc(0.4 * radius);
  const width = Math.trunc(0.5 * radius);
  return [
    { op: "outline", points: square, width: 2 * corner + 2, color: BLACK },
    { op: "polygon", points: square, color: REWIND_BLUE },
    { op: "outline", points: square, width: 2 * corner, color: REWIND_BLUE },
    ...[x - width, x].map((tip): Primitive => ({
      op: "polygon",
      points: [[tip, y], [tip + width, y - halfHeight], [tip + width, y + halfHeight]],
      color: WHITE,
    })),
  ];
}
