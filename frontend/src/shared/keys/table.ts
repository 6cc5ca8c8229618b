/** A page's keys in one table: in which context each counts, and which command it runs. */

import { computed } from "@preact/signals";
import { preferences } from "../preferences";

export interface Binding<C extends string = string> {
  context: C;
  key: string;
  command: string;
}

/** The name under which a person's own key of it is kept. */
export const nameOf = ({ context, command, key }: Binding): string => `${context}/${command}/${key}`;

type Keys = Readonly<Record<string, string>>;

export class KeyTable<C extends string = string> {
  /** The keys as they are for the person who is here. */
  readonly bindings = computed(() => this.withKeys(preferences.value.keys));

  /**
   * @param defaults as they are unless a person changes them.
   * @param titles of the contexts, in the order of the key sheet.
   * @param labels what each command does, in words.
   * @param apart contexts of one row never count together.
   */
  constructor(
    readonly defaults: readonly Binding<C>[],
    readonly titles: Readonly<Record<C, string>>,
    private readonly labels: Keys,
    private readonly apart: readonly (readonly C[])[] = [],
  ) {}

  /** The table with a person's own keys in it, by the names of the bindings. */
  withKeys(keys: Keys): Binding<C>[] {
    return this.defaults.map((binding) => ({ ...binding, key: keys[nameOf(binding)] ?? binding.key }));
  }

  labelOf(command: string): string {
    return this.labels[command] ?? command;
  }

  /** The key of a command, as buttons show it. */
  keyOf(command: string): string | undefined {
    return this.bindings.value.find((binding) => binding.command === command)?.key;
  }

  private countTogether(a: Binding<C>, b: Binding<C>): boolean {
    return a.context === b.context || !this.apart.some((row) => row.includes(a.context) && row.includes(b.context));
  }

  /** Keys that would run two commands at once: the same key twice where both count. */
  clashes(rows: readonly Binding<C>[]): [Binding<C>, Binding<C>][] {
    return rows.flatMap((a, i) =>
      rows
        .slice(i + 1)
        .filter((b) => a.key === b.key && this.countTogether(a, b))
        .map((b): [Binding<C>, Binding<C>] => [a, b]),
    );
  }

  /** What stands in the way of a key for a binding, given by its name; null where it is free. */
  takenBy(name: string, key: string, keys: Keys): Binding<C> | null {
    const rows = this.withKeys({ ...keys, [name]: key });
    const mine = rows[this.defaults.findIndex((binding) => nameOf(binding) === name)];
    const clash = this.clashes(rows).find((pair) => mine !== undefined && pair.includes(mine));
    return clash?.find((binding) => binding !== mine) ?? null;
  }

  isChanged(original: Binding<C>): boolean {
    return nameOf(original) in preferences.value.keys;
  }
}
