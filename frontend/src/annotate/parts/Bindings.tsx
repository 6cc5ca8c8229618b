/** The key table, on demand: to read, and to give an action another key. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import { messages } from "@/shared/messages";
import { Alert, Button, Key } from "@/shared/ui";
import { type Binding, bindings, type Context, DEFAULTS, keyOfCommand, labelOf, nameOf } from "../bindings";
import { keyName } from "../keys";
import { isChanged, Rebinding } from "../rebinding";
import { useWorkspace } from "../workspace";
import { Look } from "./Look";

const text = messages.bindings;

const TITLES: Record<Context, string> = {
  global: text.everywhere,
  diagnose: messages.stages[1],
  guide: messages.stages[2],
  explain: messages.stages[3],
  frames: text.frames,
  symbol: text.symbol,
  gesture: text.gesture,
};

interface RowProps {
  original: Binding;
  now: string;
  rebinding: Rebinding;
}

function KeyRow({ original, now, rebinding }: RowProps) {
  const name = nameOf(original);
  const label = labelOf(original.command);
  const waiting = rebinding.waiting.value === name;
  return (
    <div>
      <dt>
        <button
          type="button"
          class={isChanged(original) ? "key changed" : "key"}
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

const ContextKeys = ({ context, rebinding }: { context: Context; rebinding: Rebinding }) => (
  <section>
    <h3>{TITLES[context]}</h3>
    <dl class="keys">
      {DEFAULTS.map((original, place) =>
        original.context === context ? (
          <KeyRow key={nameOf(original)} original={original} now={bindings.value[place]!.key} rebinding={rebinding} />
        ) : null,
      )}
    </dl>
  </section>
);

/** Keys on the sheet are for the sheet: one that is awaited, or Escape to close it. */
function useKeys(rebinding: Rebinding, close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (rebinding.take(event) || !["Escape", keyOfCommand("help")].includes(keyName(event))) return;
      event.stopPropagation();
      close();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, []);
}

function Sheet({ close }: { close: () => void }) {
  const rebinding = useMemo(() => new Rebinding(), []);
  const sheet = useRef<HTMLDivElement>(null);
  useKeys(rebinding, close);
  useEffect(() => sheet.current?.focus(), []);
  return (
    <div ref={sheet} class="sheet card" role="dialog" aria-modal="true" aria-label={text.title} tabIndex={-1}>
      <Look />
      {rebinding.trouble.value && <Alert>{rebinding.trouble.value}</Alert>}
      <div class="columns">
        {(Object.keys(TITLES) as Context[]).map((context) => (
          <ContextKeys key={context} context={context} rebinding={rebinding} />
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

export function Bindings() {
  const { help } = useWorkspace();
  const close = (): void => {
    help.value = false;
  };
  return help.value ? <Sheet close={close} /> : null;
}
