/** Text codes of symbols, in coordinates normalized to 0 to 1000, as ml/symbols/codes.py prints them. */

import type { Point, RawSymbol, Size } from "./types";

const NORMALIZED_MAX = 1000;

/** Rounding of halves to the even neighbor, as Python rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** The text code of one symbol that is in pixels of a frame of this size. */
export function printCode(symbol: RawSymbol, size: Size): string {
  const at = ([x, y]: Point): string => {
    const normalizedX = roundHalfEven((NORMALIZED_MAX * x) / size.width);
    const normalizedY = roundHalfEven((NORMALIZED_MAX * y) / size.height);
    return `[${normalizedX}, ${normalizedY}]`;
  };
  switch (symbol.type) {
    case "move_arrow": {
      const colors = symbol.colors.map((color) => `'${color}'`).join(", ");
      const { start, end } = symbol;
      return `Draw Straight Arrow: {'start_point': ${at(start)}, 'end_point': ${at(end)}, 'color': [${colors}]}`;
    }
    case "rotate_arrow":
      return `Draw Rotating Arrow: {'center': ${at(symbol.center)}, 'direction': '${symbol.direction}'}`;
    case "dual_crosshair":
      return `Draw Dual Crosshair: {'start_point': ${at(symbol.p1)}, 'end_point': ${at(symbol.p2)}}`;
    case "crosshair":
      return `Draw Crosshair: {'position': ${at(symbol.pos)}}`;
    case "state":
      return `Draw ${symbol.text}: {'position': ${at(symbol.pos)}}`;
    case "lock":
      return `Draw Lock: {'position': ${at(symbol.pos)}}`;
    case "rewind":
      return `Draw Rewind: {'position': ${at(symbol.pos)}}`;
  }
}
