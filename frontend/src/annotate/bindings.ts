/** Every key of the page, in one table: in which context it counts, and which command it runs. */

import { computed } from "@preact/signals";
import { messages } from "@/shared/messages";
import { preferences } from "@/shared/preferences";

/** `frames` counts while no symbol is selected and `symbol` while one is, `gesture` while one is being drawn. */
export type Context = "global" | "diagnose" | "guide" | "explain" | "frames" | "symbol" | "gesture";

/** Contexts of one row never count together. */
const APART: readonly (readonly Context[])[] = [
  ["diagnose", "guide", "explain"],
  ["frames", "symbol"],
  ["diagnose", "symbol"],
  ["diagnose", "gesture"],
  ["explain", "symbol"],
  ["explain", "gesture"],
];

export interface Binding {
  context: Context;
  key: string;
  command: string;
}

const bind = (context: Context, key: string, command: string): Binding => ({ context, key, command });

/** As they are unless a person changes them. */
export const DEFAULTS: readonly Binding[] = [
  bind("frames", "ArrowLeft", "sample.previous"),
  bind("frames", "ArrowRight", "sample.next"),
  bind("frames", "Shift+ArrowLeft", "frame.previous"),
  bind("frames", "Shift+ArrowRight", "frame.next"),
  bind("global", "Home", "frame.first"),
  bind("global", "End", "frame.last"),
  bind("global", "[", "keyframe.previous"),
  bind("global", "]", "keyframe.next"),
  bind("global", "K", "play"),
  bind("global", "J", "speed"),
  bind("global", "Q", "camera.1"),
  bind("global", "E", "camera.2"),
  bind("global", "N", "stage.next"),
  bind("global", "P", "stage.previous"),
  bind("global", "Ctrl+Enter", "submit"),
  bind("global", "+", "zoom.in"),
  bind("global", "=", "zoom.in"),
  bind("global", "-", "zoom.out"),
  bind("global", "0", "zoom.reset"),
  bind("global", "Ctrl+Z", "undo"),
  bind("global", "Ctrl+Shift+Z", "redo"),
  bind("global", "Ctrl+Y", "redo"),
  bind("global", "?", "help"),
  bind("global", "/", "guideline"),
  bind("global", "\\", "proposal.take"),
  bind("global", "|", "proposal.refuse"),
  bind("explain", "D", "draft"),
  bind("explain", "R", "write.reason"),
  bind("explain", "A", "write.avoidance"),
  bind("explain", "C", "write.correction"),
  bind("explain", "1", "draft.use.reason"),
  bind("explain", "2", "draft.use.avoidance"),
  bind("explain", "3", "draft.use.correction"),
  bind("diagnose", "Space", "play"),
  bind("explain", "Space", "play"),
  bind("diagnose", "1", "outcome.successful"),
  bind("diagnose", "2", "outcome.failed"),
  bind("diagnose", "3", "outcome.cannot_tell"),
  bind("diagnose", "A", "keyframe.set.avoidance"),
  bind("diagnose", "C", "keyframe.set.correction"),
  bind("diagnose", "S", "subtask.next"),
  bind("diagnose", "Shift+S", "subtask.previous"),
  bind("diagnose", "4", "type.1"),
  bind("diagnose", "5", "type.2"),
  bind("diagnose", "6", "type.3"),
  bind("diagnose", "7", "type.4"),
  bind("diagnose", "W", "write.note"),
  bind("global", "Shift+F", "event.add"),
  bind("global", "Shift+N", "event.next"),
  bind("guide", "1", "keyframe.open.avoidance"),
  bind("guide", "2", "keyframe.open.correction"),
  bind("guide", "V", "tool.select"),
  bind("guide", "A", "tool.arrow"),
  bind("guide", "S", "tool.rotate"),
  bind("guide", "C", "tool.crosshair"),
  bind("guide", "D", "tool.dual"),
  bind("guide", "O", "tool.on"),
  bind("guide", "F", "tool.off"),
  bind("guide", "L", "tool.lock"),
  bind("guide", "W", "tool.rewind"),
  bind("guide", "R", "color.red"),
  bind("guide", "G", "color.green"),
  bind("guide", "B", "color.blue"),
  bind("guide", "T", "turn"),
  bind("guide", ".", "word.use"),
  bind("guide", ",", "symbol.amend"),
  bind("guide", "Y", "symbols.copy"),
  bind("guide", ";", "symbol.next"),
  bind("guide", "7", "arm.next"),
  bind("guide", "4", "move.left"),
  bind("guide", "6", "move.right"),
  bind("guide", "8", "move.forward"),
  bind("guide", "5", "move.backward"),
  bind("guide", "9", "move.upward"),
  bind("guide", "3", "move.downward"),
  bind("guide", "X", "rotate.clockwise"),
  bind("guide", "Z", "rotate.counter-clockwise"),
  bind("guide", "I", "grasp.open"),
  bind("guide", "U", "grasp.close"),
  bind("guide", "H", "hold"),
  bind("guide", "M", "back"),
  bind("guide", "Shift+H", "hold.all"),
  bind("guide", "Delete", "symbol.remove"),
  bind("guide", "Backspace", "symbol.remove"),
  bind("guide", "Escape", "cancel"),
  bind("gesture", "Enter", "finish"),
  bind("symbol", "ArrowLeft", "nudge.left"),
  bind("symbol", "ArrowRight", "nudge.right"),
  bind("symbol", "ArrowUp", "nudge.up"),
  bind("symbol", "ArrowDown", "nudge.down"),
  bind("symbol", "Shift+ArrowLeft", "nudge.far.left"),
  bind("symbol", "Shift+ArrowRight", "nudge.far.right"),
  bind("symbol", "Shift+ArrowUp", "nudge.far.up"),
  bind("symbol", "Shift+ArrowDown", "nudge.far.down"),
  bind("symbol", "Ctrl+D", "symbol.duplicate"),
];

/** The name under which a person's own key of it is kept. */
export const nameOf = ({ context, command, key }: Binding): string => `${context}/${command}/${key}`;

/** The table with a person's own keys in it, by the names of the bindings. */
export const withKeys = (keys: Readonly<Record<string, string>>): Binding[] =>
  DEFAULTS.map((binding) => ({ ...binding, key: keys[nameOf(binding)] ?? binding.key }));

/** The keys as they are for the person who is here. */
export const bindings = computed(() => withKeys(preferences.value.keys));

/** What a command does, in words. */
export const labelOf = (command: string): string => messages.commands[command] ?? command;

/** The key of a command, as buttons show it. */
export const keyOfCommand = (command: string): string | undefined =>
  bindings.value.find((binding) => binding.command === command)?.key;

const countTogether = (a: Binding, b: Binding): boolean =>
  a.context === b.context || !APART.some((row) => row.includes(a.context) && row.includes(b.context));

/** Keys that would run two commands at once: the same key twice where both count. */
export const clashes = (table: readonly Binding[]): [Binding, Binding][] =>
  table.flatMap((a, i) =>
    table
      .slice(i + 1)
      .filter((b) => a.key === b.key && countTogether(a, b))
      .map((b): [Binding, Binding] => [a, b]),
  );

/** What stands in the way of a key for a binding, given by its name; null where it is free. */
export function takenBy(name: string, key: string, keys: Readonly<Record<string, string>>): Binding | null {
  const table = withKeys({ ...keys, [name]: key });
  const mine = table[DEFAULTS.findIndex((binding) => nameOf(binding) === name)];
  const clash = clashes(table).find((pair) => mine !== undefined && pair.includes(mine));
  return clash?.find((binding) => binding !== mine) ?? null;
}
