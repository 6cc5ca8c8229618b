/** Stage 2: for each keyframe the command and the symbols, and whether they contradict each other. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { printCode, type Size } from "@/symbols";
import { keyOfCommand } from "../bindings";
import { type DrawnSymbol, type Guidance, type Side, SIDES } from "../document";
import { contradictions } from "../hints";
import { sceneOf } from "../settle";
import { useWorkspace } from "../workspace";
import { Agreement } from "./Agreement";
import { CommandPad } from "./CommandPad";
import { EventBar } from "./EventBar";
import { Guidelines } from "./Guideline";
import { exampleOf } from "./Picture";

const text = messages.guide;

const SYMBOL_GUIDE = (Object.keys(messages.guideline.symbols) as (keyof typeof messages.guideline.symbols)[]).map(
  (tool) => ({ name: messages.tools[tool], text: messages.guideline.symbols[tool], symbols: exampleOf(tool) }),
);

function SideChoice() {
  const workspace = useWorkspace();
  const { event, side } = workspace;
  const label = (name: Side): string => [messages.sides[name], event.value?.[name].frame ?? "–"].join(" · ");
  return (
    <div role="group" aria-label={text.keyframe}>
      <h3>{text.keyframe}</h3>
      <div class="seg">
        {SIDES.map((name) => (
          <Button
            key={name}
            class={`opt ${name}`}
            pressed={name === side.value}
            keys={keyOfCommand(`keyframe.open.${name}`)}
            onClick={() => workspace.openSide(name)}
          >
            {label(name)}
          </Button>
        ))}
      </div>
    </div>
  );
}

function SymbolRow({ symbol, size, against }: { symbol: DrawnSymbol; size: Size; against: string | undefined }) {
  const { drawing, canDraw } = useWorkspace();
  const code = printCode(symbol, size);
  const remove = (): void => {
    drawing.select(symbol.id);
    drawing.removeSelected();
  };
  return (
    <li class={drawing.selectedId.value === symbol.id ? "code on" : "code"}>
      <button type="button" class="link" disabled={!canDraw.value} onClick={() => drawing.select(symbol.id)}>
        {code}
        {against && <small class="against">{against}</small>}
      </button>
      <Button label={text.remove(code)} disabled={!canDraw.value} onClick={remove}>
        ✕
      </Button>
    </li>
  );
}

function SymbolList({ symbols }: { symbols: readonly DrawnSymbol[] }) {
  const workspace = useWorkspace();
  const { drawing } = workspace;
  const scene = sceneOf(workspace);
  const contradicting = scene ? contradictions(scene) : [];
  return (
    <section aria-label={text.symbols}>
      <h3>
        <span>{text.symbols}</span>
        <span>{text.symbolsHint}</span>
      </h3>
      {symbols.length === 0 && <p class="muted">{text.noSymbols}</p>}
      <ul class="codes">
        {symbols.map((symbol) => (
          <SymbolRow
            key={symbol.id}
            symbol={symbol}
            size={drawing.size}
            against={contradicting.find((one) => one.symbol.id === symbol.id)?.message}
          />
        ))}
      </ul>
    </section>
  );
}

function KeyframeGuidance({ guidance }: { guidance: Guidance }) {
  const workspace = useWorkspace();
  const { side, position } = workspace;
  return (
    <>
      {position.number.value !== guidance.frame && (
        <p class="hint">
          {text.away} <Button onClick={() => workspace.openSide(side.value)}>{text.back}</Button>
        </p>
      )}
      <CommandPad key={`${workspace.event.value?.id}/${side.value}`} command={guidance.command} />
      <Agreement />
      <SymbolList symbols={guidance.symbols} />
      <Guidelines entries={SYMBOL_GUIDE} />
    </>
  );
}

const Unset = ({ side, onChoose }: { side: Side; onChoose: () => void }) => (
  <p class="empty">
    {text.unset(side)} <Button onClick={onChoose}>{text.toDiagnose}</Button>
  </p>
);

export function Guide() {
  const workspace = useWorkspace();
  const { document, guidance, side } = workspace;
  const chosen = guidance.value;
  const unset = !chosen || chosen.frame === null;
  return (
    <>
      {document.value.events.length > 1 && <EventBar />}
      <SideChoice />
      {unset ? (
        <Unset side={side.value} onChoose={() => workspace.openStage(1)} />
      ) : (
        <KeyframeGuidance guidance={chosen} />
      )}
    </>
  );
}
