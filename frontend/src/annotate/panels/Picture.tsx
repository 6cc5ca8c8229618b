/** A small scene, a gripper and a cube on a table, with symbols drawn as they are drawn everywhere. */

import { useEffect, useRef } from "preact/hooks";
import { displayList, drawDisplayList, type RawSymbol, type Size } from "@/symbols";

const SIZE: Size = { width: 132, height: 84 };
const TABLE = "#cdb99a";
const CUBE = "#3f7d6a";
const GRIPPER = "#33383f";
const FINGERS = [44, 64] as const;

function scene(context: CanvasRenderingContext2D): void {
  context.fillStyle = TABLE;
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  context.fillStyle = CUBE;
  context.fillRect(88, 46, 20, 20);
  context.fillStyle = GRIPPER;
  context.fillRect(FINGERS[0], 0, FINGERS[1] - FINGERS[0] + 6, 20);
  for (const x of FINGERS) context.fillRect(x, 18, 6, 18);
}

/** The pen draws pictures of signs as polygons; a screen with small pixels gets them as sharp. */
function draw(canvas: HTMLCanvasElement, symbols: readonly RawSymbol[]): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = SIZE.width * ratio;
  canvas.height = SIZE.height * ratio;
  context.scale(ratio, ratio);
  scene(context);
  drawDisplayList(context, displayList(symbols, SIZE));
}

export function Picture({ symbols }: { symbols: readonly RawSymbol[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, symbols);
  }, [symbols]);
  return <canvas ref={canvas} class="example" width={SIZE.width} height={SIZE.height} aria-hidden="true" />;
}

/** Examples on the scene above: what is to be done about the gripper that stands beside the cube. */
export const EXAMPLES = {
  "task planning": [{ type: "crosshair", pos: [98, 56] }],
  "gripper 6d-pose": [{ type: "dual_crosshair", p1: [57, 30], p2: [98, 40] }],
  "gripper state": [{ type: "state", pos: [57, 52], text: "OFF" }],
  "human intervention": [{ type: "lock", pos: [57, 28] }],
  arrow: [{ type: "move_arrow", start: [57, 38], end: [98, 38], colors: ["green"] }],
  rotate: [{ type: "rotate_arrow", center: [57, 40], direction: "clockwise" }],
  crosshair: [{ type: "crosshair", pos: [98, 56] }],
  dual: [{ type: "dual_crosshair", p1: [57, 38], p2: [98, 56] }],
  on: [{ type: "state", pos: [57, 52], text: "ON" }],
  off: [{ type: "state", pos: [57, 52], text: "OFF" }],
  lock: [{ type: "lock", pos: [98, 56] }],
  rewind: [{ type: "rewind", pos: [57, 30] }],
} satisfies Record<string, RawSymbol[]>;

export const exampleOf = (name: string): readonly RawSymbol[] | undefined =>
  (EXAMPLES as Record<string, readonly RawSymbol[]>)[name];
