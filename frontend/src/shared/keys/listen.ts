/** From a key press to a command. */

import type { Binding } from "./table";

type KeyPress = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

const isLetter = (key: string): boolean => /^[a-z]$/i.test(key);

/** The key as the table writes it: `A`, `Shift+ArrowLeft`, `Ctrl+Enter` (also for the command key), `?`. */
export function keyName({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyPress): string {
  if (key === " ") return keyName({ key: "Space", shiftKey, ctrlKey, metaKey, altKey });
  const named = key.length > 1 || isLetter(key);
  const parts = [(ctrlKey || metaKey) && "Ctrl", altKey && "Alt", named && shiftKey && "Shift"];
  return [...parts.filter(Boolean), isLetter(key) ? key.toUpperCase() : key].join("+");
}

const TYPING = new Set(["text", "search", "url", "email", "number", "password", "tel", "date", "time"]);

/** Whether keys pressed on this element are writing. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return TYPING.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Whether the browser itself presses this element when the key goes down on it. */
const presses = (target: EventTarget | null, key: string): boolean =>
  key === " " && target instanceof HTMLElement && target.closest("button, summary, [type=checkbox], [type=radio]") !== null;

/** The command of a key in the contexts that count now. */
export function commandFor(bindings: readonly Binding[], contexts: readonly string[], key: string): string | null {
  return bindings.find((binding) => binding.key === key && contexts.includes(binding.context))?.command ?? null;
}

/** Run commands from the keyboard, outside text fields only, which Escape leaves. Gives the function that stops it. */
export function listenToKeys(
  bindings: () => readonly Binding[],
  contexts: () => readonly string[],
  run: (command: string) => void,
): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && isTextField(event.target)) (event.target as HTMLElement).blur();
    if (event.defaultPrevented || isTextField(event.target) || presses(event.target, event.key)) return;
    const command = commandFor(bindings(), contexts(), keyName(event));
    if (command === null) return;
    event.preventDefault();
    run(command);
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
