/** The review queue: filter, rows, approval of many, disagreements. */

import { messages } from "@/shared/messages";
import type { ReviewRow } from "@/shared/types";
import { Alert, Button, Select } from "@/shared/ui";
import { Compare } from "./Compare";
import { type Queue, searchOf } from "./queue";

const text = messages.queue;

interface Props {
  queue: Queue;
}

const options = (names: string[]) => [{ value: "", label: messages.project.all }, ...names.map((value) => ({ value, label: value }))];

function Filters({ queue }: Props) {
  const filter = queue.filter.value;
  return (
    <div class="row filters">
      <Select
        label={text.order}
        value={filter.order}
        options={(["oldest", "risk"] as const).map((value) => ({ value, label: text.orders[value] }))}
        onChange={(order) => void queue.put({ order: order as typeof filter.order })}
      />
      <Select label={text.task} value={filter.task} options={options(queue.tasks.value)} onChange={(task) => void queue.put({ task })} />
      <Select
        label={text.annotator}
        value={filter.annotator}
        options={options(queue.annotators.value)}
        onChange={(annotator) => void queue.put({ annotator })}
      />
      <Button pressed={filter.quiet} onClick={() => void queue.put({ quiet: !filter.quiet })}>
        {text.quiet}
      </Button>
    </div>
  );
}

function Row({ queue, row }: Props & { row: ReviewRow }) {
  const name = messages.project.episodeName(row.task, row.number);
  const signs = row.signs.filter(({ weight }) => weight > 0);
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={text.choose(name)}
          checked={queue.chosen.value.has(row.id)}
          onChange={() => queue.choose(row.id)}
        />
      </td>
      <td>
        <img class="thumb" src={`/api/v1/episodes/${row.episode}/cameras/cam_high/frames/0.jpg`} alt="" loading="lazy" />
      </td>
      <td>
        <a href={`/review/${row.id}/${searchOf(queue.filter.value)}`}>{name}</a>
        <br />
        <span class="muted">{messages.diagnose.outcomes[row.outcome as "failed"] ?? row.outcome}</span>
      </td>
      <td>{row.annotator}</td>
      <td class="num">{new Date(row.submitted).toLocaleString()}</td>
      <td class="signs">
        {signs.map(({ kind, fact }) => (
          <span key={kind + fact} class="hint">
            {messages.review.signs[kind](messages.places[fact] ?? fact)}{" "}
          </span>
        ))}
      </td>
      <td class="num">{text.risk(Math.round(100 * row.risk))}</td>
      <td>
        <span class={`badge ${row.state}`}>{messages.states[row.state]}</span>
      </td>
    </tr>
  );
}

function Rows({ queue }: Props) {
  const rows = queue.listed.value;
  const all = rows.length > 0 && queue.picked.value.length === rows.length;
  return (
    <table class="table queue">
      <thead>
        <tr>
          <td>
            <input type="checkbox" aria-label={text.chooseAll} checked={all} onChange={() => queue.chooseAll()} />
          </td>
          <td />
          {[text.episode, text.annotator, text.handedIn, text.look, text.riskTitle, text.state].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} queue={queue} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Disagreements({ queue }: Props) {
  const comparison = queue.comparison.value;
  if (comparison) return <Compare key={comparison.episode} queue={queue} comparison={comparison} />;
  if (queue.disagreements.value.length === 0) return null;
  return (
    <section aria-label={text.disagreements}>
      <h2>{text.disagreements}</h2>
      <ul class="plain">
        {queue.disagreements.value.map(({ episode, task, number, annotations }) => (
          <li key={episode} class="row">
            <span>
              <b>{messages.project.episodeName(task, number)}</b> · {annotations.map(({ annotator }) => annotator).join(", ")}
            </span>
            <Button onClick={() => void queue.compare(episode)}>{text.compare}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Bar({ queue }: Props) {
  const [first] = queue.listed.value;
  const count = queue.picked.value.length;
  return (
    <div class="batch">
      <span role="status">{count > 0 ? text.chosen(count) : queue.notice.value || text.waiting(queue.listed.value.length)}</span>
      <span class="grow" />
      <Button disabled={count === 0} onClick={() => window.confirm(text.sure(count)) && void queue.approve()}>
        {text.approveAll(count)}
      </Button>
      {first && (
        <a class="btn primary" href={`/review/${first.id}/${searchOf(queue.filter.value)}`}>
          {text.begin}
        </a>
      )}
    </div>
  );
}

function Troubles({ queue }: Props) {
  return (
    <>
      {queue.trouble.value && <Alert kind="error">{queue.trouble.value}</Alert>}
      {!queue.connected.value && <Alert>{messages.project.live.lost}</Alert>}
      {queue.refused.value.length > 0 && (
        <Alert>
          <b>{text.refused}</b>
          <ul>
            {queue.refused.value.map(({ id, message }) => (
              <li key={id}>
                <a href={`/review/${id}/`}>{id}</a>: {message}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}

export function App({ queue }: Props) {
  if (queue.rows.value === null) return <Troubles queue={queue} />;
  return (
    <>
      <Troubles queue={queue} />
      <Disagreements queue={queue} />
      <Filters queue={queue} />
      {queue.listed.value.length > 0 ? <Rows queue={queue} /> : <p class="empty">{text.empty}</p>}
      <Bar queue={queue} />
    </>
  );
}
