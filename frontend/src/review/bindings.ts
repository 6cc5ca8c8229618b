/** The keys of the review page. */

import { type Binding, KeyTable } from "@/shared/keys/table";
import { messages } from "@/shared/messages";

export type Context = "review" | "writing";

const bind = (key: string, command: string): Binding<Context> => ({ context: "review", key, command });

export const DEFAULTS: readonly Binding<Context>[] = [
  bind("J", "next"),
  bind("K", "previous"),
  bind("A", "approve"),
  bind("B", "sendBack"),
  bind("C", "comment"),
  bind("ArrowDown", "field.next"),
  bind("ArrowUp", "field.previous"),
  bind("Y", "field.right"),
  bind("N", "field.wrong"),
  bind("P", "frame.pin"),
  bind("F", "flip"),
  bind("1", "side.avoidance"),
  bind("2", "side.correction"),
  bind("E", "event.next"),
  bind("ArrowRight", "sample.next"),
  bind("ArrowLeft", "sample.previous"),
  bind("Shift+ArrowRight", "frame.next"),
  bind("Shift+ArrowLeft", "frame.previous"),
  bind("S", "symbols"),
  bind("D", "differences"),
  bind("+", "zoom.in"),
  bind("=", "zoom.in"),
  bind("-", "zoom.out"),
  bind("0", "zoom.reset"),
  bind("Q", "queue"),
  bind("?", "help"),
  { context: "writing", key: "Ctrl+Enter", command: "writing.send" },
  { context: "writing", key: "Escape", command: "writing.cancel" },
];

const TITLES: Record<Context, string> = { review: messages.review.keys, writing: messages.review.writing };

export const table = new KeyTable<Context>(DEFAULTS, TITLES, messages.review.commands, [["review", "writing"]]);

export const keyOf = (command: string): string | undefined => table.keyOf(command);
