/** A person's own keys: one press gives a binding another key, and nothing is taken twice. */

import { signal } from "@preact/signals";
import { messages } from "../messages";
import { prefer, preferences } from "../preferences";
import { keyName } from "./listen";
import { type KeyTable, nameOf } from "./table";

const text = messages.bindings;

/** Keys that are only held beside another. */
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta"]);

export class Rebinding {
  /** The name of the binding whose new key is awaited. */
  readonly waiting = signal<string | null>(null);
  readonly trouble = signal("");

  constructor(private readonly table: KeyTable) {}

  begin(name: string | null): void {
    this.waiting.value = name;
    this.trouble.value = "";
  }

  /** Take the key pressed; Escape leaves it as it was. Gives whether the press was for us. */
  take(event: KeyboardEvent): boolean {
    const name = this.waiting.peek();
    if (name === null || MODIFIERS.has(event.key)) return false;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") this.begin(null);
    else this.give(name, keyName(event));
    return true;
  }

  private give(name: string, key: string): void {
    const { keys } = preferences.peek();
    const rival = this.table.takenBy(name, key, keys);
    if (rival) {
      this.trouble.value = text.taken(key, this.table.labelOf(rival.command));
      return;
    }
    this.begin(null);
    const { [name]: _before, ...others } = keys;
    this.keep(name.endsWith(`/${key}`) ? others : { ...others, [name]: key });
  }

  /** This page's keys as they were; those of other pages stay. */
  reset(): void {
    const mine = new Set(this.table.defaults.map(nameOf));
    this.begin(null);
    this.keep(Object.fromEntries(Object.entries(preferences.peek().keys).filter(([name]) => !mine.has(name))));
  }

  private keep(keys: Record<string, string>): void {
    void prefer({ keys }).catch(() => {
      this.trouble.value = text.unsaved;
    });
  }
}
