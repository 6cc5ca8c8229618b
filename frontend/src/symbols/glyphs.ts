/** Stroke data of the letters of the state labels, as in ml/symbols/glyphs.py (Hershey simplex). */

import type { Point, State } from "./types";

type Stroke = readonly Point[];

interface Glyph {
  readonly advance: number;
  readonly strokes: readonly Stroke[];
}

/* Font units from the left bearing and the baseline: x runs right, y runs down, capitals are 21 high. */
const O: Glyph = {
  advance: 22,
  strokes: [
    [
      [9, -21], [7, -20], [5, -18], [4, -16], [3, -13], [3, -8], [4, -5], [5, -3], [7, -1], [9, 0],
      [13, 0], [15, -1], [17, -3], [18, -5], [19, -8], [19, -13], [18, -16], [17, -18], [15, -20],
      [13, -21], [9, -21],
    ],
  ],
};
const N: Glyph = {
  advance: 22,
  strokes: [[[4, -21], [4, 0]], [[4, -21], [18, 0]], [[18, -21], [18, 0]]],
};
const F: Glyph = {
  advance: 18,
  strokes: [[[4, -21], [4, 0]], [[4, -21], [17, -21]], [[4, -11], [12, -11]]],
};

export const LABELS: Readonly<Record<State, { letters: readonly Glyph[]; width: number; height: number }>> = {
  ON: { letters: [O, N], width: 33, height: 16 },
  OFF: { letters: [O, F, F], width: 43, height: 16 },
};

/** Pixels per font unit: a scale of 0.7, in the sixteen fractional bits in which OpenCV 4 draws. */
export const PIXELS_PER_UNIT = 45875 / 65536;
