const FIRST = 1000;
const LONGEST = 30_000;

/** Milliseconds to wait after so many failures in a row: doubling, with up to a quarter of chance, so that
 * many pages do not come back in the same moment. */
export const backoff = (failures: number, chance: number = Math.random()): number =>
  Math.min(FIRST * 2 ** failures, LONGEST) * (1 + chance / 4);
