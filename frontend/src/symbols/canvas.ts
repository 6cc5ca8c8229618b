/** Drawing a display list on a Canvas 2D context: every primitive is a few filled polygons. */

import type { Primitive, Rgb, SignName } from "./display";
import { arcPoints, fillArea, lineAreas, type Polygon, polylineAreas, ringArea } from "./pen";

/** OpenCV's edges fade over more than a canvas's single pixel: a faint line along each edge, measured. */
const HALO_WIDTH = 1.2;
const HALO_OPACITY = 0.12;

type Pictures = Partial<Record<SignName, CanvasImageSource>>;

/**
 * Draw the primitives in their order. Coordinates of the list name pixel centers, the context's unit is one
 * pixel of the frame; a context scaled for a zoomed view draws the same picture larger.
 */
export function drawDisplayList(
  context: CanvasRenderingContext2D,
  list: readonly Primitive[],
  pictures: Pictures = {},
): void {
  context.save();
  context.translate(0.5, 0.5);
  for (const primitive of list) {
    if (primitive.op === "picture") drawPicture(context, primitive, pictures);
    else if (primitive.op === "segments") fillSegments(context, primitive);
    else fill(context, areas(primitive), primitive.color);
  }
  context.restore();
}

type Picture = Extract<Primitive, { op: "picture" }>;
type Segments = Extract<Primitive, { op: "segments" }>;

function drawPicture(context: CanvasRenderingContext2D, { name, center, side }: Picture, pictures: Pictures): void {
  const picture = pictures[name];
  // The square begins half a pixel before the center of its first pixel.
  const before = Math.floor(side / 2) + 0.5;
  if (picture) context.drawImage(picture, center[0] - before, center[1] - before, side, side);
}

function fillSegments(context: CanvasRenderingContext2D, { points, width, colors }: Segments): void {
  points.slice(1).forEach((to, index) => fill(context, lineAreas(points[index]!, to, width), colors[index % colors.length]!));
}

function areas(primitive: Exclude<Primitive, Picture | Segments>): Polygon[] {
  switch (primitive.op) {
    case "line":
      return lineAreas(primitive.from, primitive.to, primitive.width);
    case "lines":
    case "strokes":
      return primitive.lines.flatMap((line) => polylineAreas(line, primitive.width));
    case "arc": {
      const { center, radius, start, end, width } = primitive;
      return polylineAreas(arcPoints(center, radius, start, end), width);
    }
    case "ring":
      return [ringArea(primitive.center, primitive.outer, primitive.inner)];
    case "polygon":
      return [fillArea(primitive.points)];
    case "outline":
      return polylineAreas([...primitive.points, primitive.points[0]!], primitive.width);
  }
}

/** Fill one area after the other: where antialiased edges meet they add up, as OpenCV's do. */
function fill(context: CanvasRenderingContext2D, polygons: readonly Polygon[], [red, green, blue]: Rgb): void {
  context.fillStyle = `rgb(${red} ${green} ${blue})`;
  context.strokeStyle = `rgb(${red} ${green} ${blue} / ${HALO_OPACITY})`;
  context.lineWidth = HALO_WIDTH;
  context.lineJoin = "round";
  for (const polygon of polygons) {
    context.beginPath();
    polygon.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
    context.fill();
    context.stroke();
  }
}
