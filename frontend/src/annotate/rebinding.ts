/** A person's own keys: one press gives a binding another key, and nothing is taken twice. */

import { signal } from "@preact/signals";
import { messages } from "@/shared/messages";
import { prefer, preferences } from "@/shared/preferences";
import { type Binding, labelOf, nameOf, takenBy } from "./bindings";
import { keyName } from "./keys";

const text = messages.bindings;

/** Keys that are only held beside another. */
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta"]);

export class Rebinding {
  /** The name of the binding whose new key is awaited. */
  readonly waiting = signal<string | null>(null);
  readonly trouble = signal("");

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
    const rival = takenBy(name, key, keys);
    if (rival) {
      this.trouble.value = text.taken(key, labelOf(rival.command));
      return;
    }
    this.begin(null);
    const { [name]: _before, ...others } = keys;
    this.keep(name.endsWith(`/${key}`) ? others : { ...others, [name]: key });
  }

  reset(): void {
    this.begin(null);
    this.keep({});
  }

  private keep(keys: Record<string, string>): void {
    void prefer({ keys }).catch(() => {
      this.trouble.value = text.unsaved;
    });
  }
}

export const isChanged = (original: Binding): boolean => nameOf(original) in preferences.value.keys;
