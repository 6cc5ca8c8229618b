/** Facts and commands, in the words of the release, with what contradicts them. */

import type { Guidance, Side } from "@/annotate/document";
import { messages } from "@/shared/messages";
import { Button, Key } from "@/shared/ui";
import { commandText, printCode } from "@/symbols";
import { keyOf } from "./bindings";
import { FieldBox } from "./FieldBox";
import type { Field } from "./fields";
import { useItem } from "./page";

const text = messages.review;

function Outcome() {
  const { outcome } = useItem().item.annotation.document;
  return <p class={`outcome ${outcome ?? ""}`}>{outcome ? messages.diagnose.outcomes[outcome] : text.notSaid}</p>;
}

function FailureType() {
  const { item } = useItem();
  const type = item.event.value?.failure_type;
  const known = item.annotation.taxonomy.failure_types.find(({ id }) => id === type);
  return <p>{type ? (messages.diagnose.types[type] ?? known?.label ?? type) : text.notSaid}</p>;
}

function Subtask() {
  const { item } = useItem();
  const chosen = item.event.value?.subtask;
  return (
    <ol class="subtasks">
      {item.episode.task.subtasks.map((words, place) => (
        <li key={place} class={chosen === place + 1 ? "chosen" : "muted"} aria-current={chosen === place + 1 ? "true" : undefined}>
          {words}
        </li>
      ))}
    </ol>
  );
}

function Frame({ guidance }: { guidance: Guidance }) {
  const { item } = useItem();
  const { frame } = guidance;
  if (frame === null) return <p>{text.notSaid}</p>;
  const seconds = item.position.secondsOf(frame);
  return <p class="num">{messages.frame.badge(frame, seconds === null ? "" : `${seconds.toFixed(2)} s`)}</p>;
}

function CommandSentence({ guidance, side }: { guidance: Guidance; side: Side }) {
  const { page, item } = useItem();
  const against = item.against(side);
  const sentence = guidance.command && commandText(guidance.command, page.project.embodiment.arms);
  return (
    <>
      <p class={`say ${sentence ? "" : "muted"}`}>{sentence ?? text.noCommand}</p>
      {against.map((message) => (
        <p key={message} class="hint">
          ⚠ {message}
        </p>
      ))}
    </>
  );
}

function Symbols({ guidance }: { guidance: Guidance }) {
  const { head } = useItem().item;
  if (guidance.symbols.length === 0) return <p class="muted">{text.noSymbols}</p>;
  return (
    <pre class="codes">{guidance.symbols.map((symbol) => printCode(symbol, { width: head.width, height: head.height })).join("\n")}</pre>
  );
}

function Value({ field }: { field: Field }) {
  const { item } = useItem();
  const name = field.path.at(-1);
  const guidance = field.side && item.event.value?.[field.side];
  if (name === "outcome") return <Outcome />;
  if (name === "note") return <p>{item.annotation.document.note}</p>;
  if (name === "failure_type") return <FailureType />;
  if (name === "subtask") return <Subtask />;
  if (!guidance || !field.side) return null;
  if (name === "frame") return <Frame guidance={guidance} />;
  return name === "command" ? <CommandSentence guidance={guidance} side={field.side} /> : <Symbols guidance={guidance} />;
}

function Events() {
  const { item } = useItem();
  const { events } = item.annotation.document;
  if (events.length < 2 || !item.event.value) return null;
  return (
    <div class="seg" role="group" aria-label={messages.events.label}>
      {events.map(({ id }, place) => (
        <Button key={id} pressed={id === item.event.value?.id} onClick={() => item.openEvent(id)}>
          {messages.events.name(place + 1)}
        </Button>
      ))}
      <Key>{keyOf("event.next")!}</Key>
    </div>
  );
}

/** Why it stands where it does in a queue that puts the likeliest errors first. */
function Signs() {
  const { page, item } = useItem();
  const row = page.queue.value.find(({ id }) => id === item.annotation.id);
  const signs = row?.signs.filter(({ weight }) => weight > 0) ?? [];
  if (!row || signs.length === 0) return null;
  return (
    <p class="hint signs">
      ⚠ {text.lookClosely} {signs.map(({ kind, fact }) => text.signs[kind](messages.places[fact] ?? fact)).join(" ")}
    </p>
  );
}

export function Facts() {
  const { page, item } = useItem();
  return (
    <section class="column" aria-label={text.facts} tabIndex={0}>
      <h2 class="unseen">{text.facts}</h2>
      <p class="task">{item.episode.task.description}</p>
      <Signs />
      <Events />
      {page.facts.value.map((field) => (
        <FieldBox key={field.key} field={field}>
          <Value field={field} />
        </FieldBox>
      ))}
    </section>
  );
}
