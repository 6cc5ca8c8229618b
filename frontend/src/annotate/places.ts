/** Places in a document in words, for lists that people read. */

import { messages } from "@/shared/messages";
import type { Path } from "@/shared/types";
import { type Command, commandText, printCode, type Size } from "@/symbols";
import { type Document, type DrawnSymbol, type Side, SIDES } from "./document";

const places = messages.places;

function nameOf(step: string, document: Document): string | null {
  if (SIDES.includes(step as Side)) return messages.sides[step as Side];
  const event = document.events.findIndex(({ id }) => id === step);
  return event >= 0 ? messages.events.name(event + 1) : (places[step] ?? null);
}

/** A path as `Failure 1 › Avoidance › frame`; ids that nobody has seen are left out. */
export function placeName(path: Path, document: Document): string {
  const inside = path[0] === "events" && path.length > 1 ? path.slice(1) : path;
  const names = inside.map((step) => nameOf(String(step), document));
  return names.filter((name) => name !== null).join(" › ");
}

/** What a field holds, in words; symbols as their codes. Undefined is what is not there. */
export function valueText(value: unknown, size: Size, arms: readonly string[]): string {
  if (value === undefined) return places.gone!;
  if (value === null || value === "") return places.blank!;
  if (typeof value !== "object") return String(value);
  if ("type" in value) return printCode(value as DrawnSymbol, size);
  return "arms" in value ? commandText(value as Command, arms) : places.event!;
}
