/** The key table, on demand: to read, and to give an action another key. */

import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { messages } from "../messages";
import { Alert, Button, Key } from "../ui";
import "./keys.css";
import { keyName } from "./listen";
import { Rebinding } from "./rebinding";
import { type Binding, type KeyTable, nameOf } from "./table";

const text = messages.bindings;

interface RowProps {
  table: KeyTable;
  original: Binding;
  now: string;
  rebinding: Rebinding;
}

function KeyRow({ table, original, now, rebinding }: RowProps) {
  const name = nameOf(original);
  const label = table.labelOf(original.command);
  const waiting = rebinding.waiting.value === name;
  return (
    <div>
      <dt>
        <button
          type="button"
          class={table.isChanged(original) ? "key changed" : "key"}
          aria-label={waiting ? text.press : text.change(label, now)}
          onClick={() => rebinding.begin(name)}
        >
          {waiting ? text.press : <Key>{now}</Key>}
        </button>
      </dt>
      <dd>{label}</dd>
    </div>
  );
}

const ContextKeys = ({ table, context, rebinding }: { table: KeyTable; context: string; rebinding: Rebinding }) => (
  <section>
    <h3>{table.titles[context]}</h3>
    <dl class="keys">
      {table.defaults.map((original, place) =>
        original.context === context ? (
          <KeyRow
            key={nameOf(original)}
            table={table}
            original={original}
            now={table.bindings.value[place]!.key}
            rebinding={rebinding}
          />
        ) : null,
      )}
    </dl>
  </section>
);

/** Keys on the sheet are for the sheet: one that is awaited, or Escape to close it. */
function useKeys(table: KeyTable, rebinding: Rebinding, close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (rebinding.take(event) || !["Escape", table.keyOf("help")].includes(keyName(event))) return;
      event.stopPropagation();
      close();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, []);
}

interface SheetProps {
  table: KeyTable;
  children?: ComponentChildren;
}

function Sheet({ table, children, close }: SheetProps & { close: () => void }) {
  const rebinding = useMemo(() => new Rebinding(table), []);
  const sheet = useRef<HTMLDivElement>(null);
  useKeys(table, rebinding, close);
  useEffect(() => sheet.current?.focus(), []);
  return (
    <div ref={sheet} class="sheet card" role="dialog" aria-modal="true" aria-label={text.title} tabIndex={-1}>
      {children}
      {rebinding.trouble.value && <Alert>{rebinding.trouble.value}</Alert>}
      <div class="columns">
        {Object.keys(table.titles).map((context) => (
          <ContextKeys key={context} table={table} context={context} rebinding={rebinding} />
        ))}
      </div>
      <div class="row">
        <Button primary onClick={close}>
          {text.close}
        </Button>
        <Button onClick={() => rebinding.reset()}>{text.reset}</Button>
      </div>
    </div>
  );
}

/** The sheet while `open` is true; what else belongs on it stands above the keys. */
export function KeySheet({ open, ...rest }: SheetProps & { open: Signal<boolean> }) {
  const close = (): void => {
    open.value = false;
  };
  return open.value ? <Sheet {...rest} close={close} /> : null;
}
