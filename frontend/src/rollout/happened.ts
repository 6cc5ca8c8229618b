/** What happened in a recorded rollout, at any moment of it: pure. */

import type { RawSymbol, Size } from "@/symbols";

export interface Happened {
  seconds: number;
  kind: string;
  data: Record<string, unknown>;
}

export interface Stretch {
  from: number;
  to: number;
  control: string;
}

/** Who was in control from when to when; nothing is known before the first word of it. */
export function stretchesOf(events: readonly Happened[], end: number): Stretch[] {
  const changes = events.filter(({ kind }) => kind === "control");
  return changes.map(({ seconds, data }, i) => ({
    from: seconds,
    to: changes[i + 1]?.seconds ?? end,
    control: String(data.control),
  }));
}

export interface Overlay {
  size: Size;
  symbols: RawSymbol[];
}

const ends = ({ kind, data }: Happened): boolean =>
  kind === "correction_ended" || (kind === "answer" && data.failed === false);

/** The symbols that were on the head view at a moment; null where there were none. */
export function overlayAt(events: readonly Happened[], seconds: number): Overlay | null {
  const before = events.filter((event) => event.seconds <= seconds && (event.kind === "overlay" || ends(event)));
  const last = before.at(-1);
  if (last?.kind !== "overlay") return null;
  const [width, height] = last.data.size as [number, number];
  return { size: { width, height }, symbols: last.data.symbols as RawSymbol[] };
}
