/** Robots' recordings that came in: what is in each file, what has to be said of it, what became of it. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { messages } from "@/shared/messages";
import { Alert, Button, Progress, Select } from "@/shared/ui";
import { usePage } from "./page";
import { type Bundle, type Found, isComplete, needs, type Order, type Said } from "./recordings";

const text = messages.recordings;
const ORDERS: readonly Order[] = ["rgb", "bgr"];
const RATES = [25, 30, 50];

/** Both pictures; the right one is the one that is chosen. */
function ChooseOrder({ found, chosen, onChoose }: { found: Found; chosen?: Order; onChoose: (order: Order) => void }) {
  const name = useId();
  return (
    <fieldset class="both">
      <legend>{text.order}</legend>
      <div class="columns">
        {ORDERS.map((order) => (
          <label key={order} class="card">
            <img src={found.pictures[order]} alt={text.asOrder(order)} />
            <span>
              <input type="radio" name={name} checked={chosen === order} onChange={() => onChoose(order)} /> {text.asOrder(order)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Ask({ bundle, found }: { bundle: Bundle; found: Found[] }) {
  const { tasks, chosenTask, robots } = usePage();
  const said = useSignal<Said>({});
  const need = needs(found);
  const put = (part: Said): void => {
    said.value = { ...said.value, ...part };
  };
  const own = found.some(({ task }) => task !== "");
  const task = said.value.task ?? (own ? undefined : (chosenTask.value ?? undefined));
  const whole: Said = { ...said.value, ...(task !== undefined && { task }) };
  const options = [...(own ? [{ value: "", label: text.ownTask }] : []), ...tasks.value.map(({ id, name }) => ({ value: String(id), label: name }))];
  return (
    <div class="stack">
      <Facts found={found} />
      {need.order && <ChooseOrder found={need.order} chosen={said.value.order} onChoose={(order) => put({ order })} />}
      <div class="row">
        {need.fps && (
          <Select
            label={text.fps}
            value={String(said.value.fps ?? "")}
            options={[{ value: "", label: "–" }, ...RATES.map((rate) => ({ value: String(rate), label: String(rate) }))]}
            onChange={(value) => put({ fps: value === "" ? undefined : Number(value) })}
          />
        )}
        {need.cameras && (
          <Select
            label={text.head}
            value={said.value.head ?? ""}
            options={["", ...need.cameras].map((camera) => ({ value: camera, label: camera || "–" }))}
            onChange={(head) => put({ head: head || undefined })}
          />
        )}
        <Select
          label={text.task}
          value={String(task ?? "")}
          options={options}
          onChange={(value) => put({ task: value === "" ? undefined : Number(value) })}
        />
        <Button primary disabled={!isComplete(found, whole)} onClick={() => void robots.begin(bundle, whole)}>
          {text.begin}
        </Button>
      </div>
    </div>
  );
}

const Facts = ({ found }: { found: Found[] }) => (
  <ul>
    {found.map(({ name, rows, fps, cameras, task, problem }) => (
      <li key={name}>
        <b>{name}</b>: {problem ? <span class="error">{problem}</span> : text.facts(rows, fps, cameras.length, task)}
      </li>
    ))}
  </ul>
);

function Progressing({ bundle }: { bundle: Bundle }) {
  const state = bundle.progress.value;
  const sending = bundle.item.progress.value;
  if (state.state === "uploading") {
    const share = sending.state === "sending" ? sending.share : 0;
    if (sending.state === "failed") return <Alert kind="error">{sending.message}</Alert>;
    return <Progress label={messages.project.progress(bundle.item.file.name)} value={share} />;
  }
  if (state.state === "looking") return <p class="muted">{text.looking}</p>;
  if (state.state === "failed") return <Alert kind="error">{state.message}</Alert>;
  if (state.state === "asking") return <Ask bundle={bundle} found={state.found} />;
  return (
    <div role="status">
      <p class="muted">{state.done ? text.done : text.importing}</p>
      <ul>
        {state.outcomes.map(({ sentence, taken }) => (
          <li key={sentence} class={taken ? "" : "error"}>
            {sentence}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Recordings() {
  const { robots } = usePage();
  return (
    <>
      {robots.bundles.value.map((bundle, i) => (
        <section key={i} class="card" aria-label={bundle.item.file.name}>
          <h2 class="row">
            {bundle.item.file.name}
            <Button onClick={() => robots.remove(bundle)}>{text.remove}</Button>
          </h2>
          <Progressing bundle={bundle} />
        </section>
      ))}
    </>
  );
}
