/** The key table, on demand. */

import { messages } from "@/shared/messages";
import { Button, Key } from "@/shared/ui";
import { BINDINGS, type Context } from "../bindings";
import { useWorkspace } from "../workspace";

const TITLES: Record<Context, string> = {
  global: messages.bindings.everywhere,
  diagnose: messages.stages[1],
  guide: messages.stages[2],
  explain: messages.stages[3],
  frames: messages.bindings.frames,
  symbol: messages.bindings.symbol,
  gesture: messages.bindings.gesture,
};

function ContextKeys({ context }: { context: Context }) {
  const bindings = BINDINGS.filter((binding) => binding.context === context);
  if (bindings.length === 0) return null;
  return (
    <section>
      <h3>{TITLES[context]}</h3>
      <dl class="keys">
        {bindings.map(({ key, label }) => (
          <div key={key}>
            <dt>
              <Key>{key}</Key>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Bindings() {
  const { help } = useWorkspace();
  if (!help.value) return null;
  return (
    <div class="sheet card" role="dialog" aria-label={messages.bindings.title}>
      <div class="columns">
        {(Object.keys(TITLES) as Context[]).map((context) => (
          <ContextKeys key={context} context={context} />
        ))}
      </div>
      <Button
        onClick={() => {
          help.value = false;
        }}
      >
        {messages.bindings.close}
      </Button>
    </div>
  );
}
