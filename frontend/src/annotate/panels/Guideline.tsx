/** What counts as what, beside every choice; hidden and shown by one key. */

import type { ComponentChildren } from "preact";
import { preferences } from "@/shared/preferences";
import type { RawSymbol } from "@/symbols";
import { Picture } from "./Picture";

export const Guideline = ({ children }: { children: ComponentChildren }) =>
  preferences.value.guideline ? <p class="guideline">{children}</p> : null;

export interface Entry {
  name: string;
  text: string;
  symbols?: readonly RawSymbol[];
}

/** One line a choice, with a picture where one says more. */
export const Guidelines = ({ entries }: { entries: readonly Entry[] }) =>
  preferences.value.guideline ? (
    <dl class="guideline">
      {entries.map(({ name, text, symbols }) => (
        <div key={name}>
          {symbols && <Picture symbols={symbols} />}
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  ) : null;
