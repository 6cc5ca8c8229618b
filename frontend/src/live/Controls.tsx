/** What an operator does, and the supervisor's last answer. Whoever only watches sees the answer alone. */

import { useEffect } from "preact/hooks";
import { isTextField } from "@/annotate/keys";
import { messages } from "@/shared/messages";
import { Alert, Button, TextInput } from "@/shared/ui";
import type { Order } from "./feed";
import type { LiveRobot } from "./robot";

const text = messages.live;

function Status({ robot }: { robot: LiveRobot }) {
  const head = robot.head.value;
  return (
    <div class="status" role="status">
      <p class={`who ${head?.control ?? "none"}`} data-testid="control">
        {head ? text.control[head.control] : text.idle}
      </p>
      {head?.why && <p class="muted">{head.why}</p>}
      <p>{robot.begin.value?.task}</p>
    </div>
  );
}

function Answer({ robot }: { robot: LiveRobot }) {
  const entry = robot.answer.value;
  const data = (entry?.data ?? {}) as { failed?: boolean | null; failure_type?: string; command?: string; text?: string };
  const verdict = data.failed === true ? "failed" : data.failed === false ? "successful" : "unclear";
  return (
    <section class="card answer" aria-label={text.answer} data-testid="answer">
      <h2>{text.answer}</h2>
      {!entry && <p class="muted">{text.noAnswer}</p>}
      {entry && (
        <>
          <p class={`verdict ${verdict}`}>{text[verdict]}</p>
          {data.failure_type && <p class="badge">{data.failure_type}</p>}
          {data.command && <p class="say">{data.command}</p>}
          {data.text && (
            <details>
              <summary>{text.whole}</summary>
              <pre class="codes">{data.text}</pre>
            </details>
          )}
        </>
      )}
    </section>
  );
}

function Proposed({ robot }: { robot: LiveRobot }) {
  const entry = robot.proposed.value;
  if (!entry) return null;
  const correction = Number(entry.data.correction);
  const give = (order: Order["order"]) => () => robot.order({ order, correction });
  return (
    <Alert>
      <p>{text.proposed(String(entry.data.command ?? ""))}</p>
      <div class="seg">
        <Button primary keys="Y" onClick={give("confirm")}>
          {text.confirm}
        </Button>
        <Button keys="N" onClick={give("reject")}>
          {text.reject}
        </Button>
      </div>
    </Alert>
  );
}

function Drawing({ robot }: { robot: LiveRobot }) {
  const drawn = robot.board.value?.sketch.drawn.value ?? [];
  const empty = drawn.length === 0 && robot.command.value.trim() === "";
  return (
    <section class="card stack" aria-label={text.draw}>
      <h2>{text.draw}</h2>
      <p class="muted">{text.drawHint}</p>
      <TextInput
        label={text.command}
        value={robot.command.value}
        onInput={(value) => {
          robot.command.value = value;
        }}
      />
      <div class="seg">
        <Button primary class="btn large" keys="Ctrl+Enter" disabled={empty} onClick={() => robot.send()}>
          {text.send}
        </Button>
        <Button class="btn large" keys="Escape" onClick={() => robot.cancel()}>
          {text.cancel}
        </Button>
      </div>
    </section>
  );
}

function Buttons({ robot }: { robot: LiveRobot }) {
  const paused = robot.held.value || robot.head.value?.control === "operator";
  return (
    <div class="orders" role="group" aria-label={text.orders}>
      <Button class="btn order" keys="P" onClick={() => robot.order({ order: paused ? "release" : "hold" })}>
        {paused ? text.goOn : text.pause}
      </Button>
      <Button class="btn order hold" keys="H" onClick={() => robot.order({ order: "hold" })}>
        {text.hold}
      </Button>
      <Button class="btn order draw" keys="D" disabled={!robot.picture.value} onClick={() => robot.draw()}>
        {text.draw}
      </Button>
      <Button class="btn" keys="T" onClick={() => robot.order({ order: "take_over" })}>
        {text.takeOver}
      </Button>
      <p class="muted">{text.noSafety}</p>
    </div>
  );
}

/** The page's keys: while something is drawn those of drawing, else those of the buttons. */
function useKeys(robot: LiveRobot): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const action = actionOf(robot, event);
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [robot]);
}

function actionOf(robot: LiveRobot, event: KeyboardEvent): (() => void) | undefined {
  if (!robot.operates.peek()) return undefined;
  if (robot.correcting.peek()) {
    if (event.key === "Escape") return () => robot.cancel();
    if (event.key === "Enter" && event.ctrlKey) return () => robot.send();
    if (event.key === "Delete" && !isTextField(event.target)) return () => robot.board.peek()?.drawing.removeSelected();
    return undefined;
  }
  if (isTextField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const held = robot.held.peek() || robot.head.peek()?.control === "operator";
  const correction = Number(robot.proposed.peek()?.data.correction);
  const keys: Record<string, () => void> = {
    p: () => robot.order({ order: held ? "release" : "hold" }),
    h: () => robot.order({ order: "hold" }),
    d: () => robot.draw(),
    t: () => robot.order({ order: "take_over" }),
    ...(robot.proposed.peek() && {
      y: () => robot.order({ order: "confirm", correction }),
      n: () => robot.order({ order: "reject", correction }),
    }),
  };
  return keys[event.key.toLowerCase()];
}

export function Controls({ robot }: { robot: LiveRobot }) {
  useKeys(robot);
  return (
    <aside class="live-side">
      {!robot.connected.value && <Alert>{text.lost}</Alert>}
      {robot.connected.value && !robot.here.value && <Alert>{text.gone}</Alert>}
      {robot.trouble.value && <Alert kind="error">{robot.trouble.value}</Alert>}
      <Status robot={robot} />
      {robot.operates.value && <Proposed robot={robot} />}
      {robot.operates.value && (robot.correcting.value ? <Drawing robot={robot} /> : <Buttons robot={robot} />)}
      {!robot.operates.value && <p class="muted">{text.watching}</p>}
      <Answer robot={robot} />
    </aside>
  );
}
