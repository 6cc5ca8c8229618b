/** What was changed of a draft, word by word: pure. */

import { diffWords } from "diff";

export interface Piece {
  text: string;
  change: "same" | "added" | "removed";
}

/** Chinese has no blanks between words. */
const HAN = /\p{Script=Han}/u;
const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

/** The pieces that lead from one text to the other, in reading order; joined without the removed ones they are `after`. */
export function wordChanges(before: string, after: string): Piece[] {
  const options = HAN.test(before + after) ? { intlSegmenter: segmenter } : {};
  return diffWords(before, after, options).map(({ value, added, removed }) => ({
    text: value,
    change: added ? "added" : removed ? "removed" : "same",
  }));
}

/** How much of the draft was kept, 0 to 1, by characters. */
export function keptShare(pieces: readonly Piece[]): number {
  const length = (change: Piece["change"]): number =>
    pieces.filter((piece) => piece.change === change).reduce((sum, { text }) => sum + text.length, 0);
  const [same, added, removed] = [length("same"), length("added"), length("removed")];
  return same + Math.max(added, removed) === 0 ? 1 : same / (same + Math.max(added, removed));
}
