/** The episodes of the project and their states; from here one is claimed for annotation. */

import { messages } from "@/shared/messages";
import type { Camera, Episode, EpisodeState } from "@/shared/types";
import { Alert, Button, Progress, Select } from "@/shared/ui";
import type { Filter } from "./episodes";
import { usePage } from "./page";

const text = messages.project;
const STATES: readonly EpisodeState[] = ["uploaded", "ingesting", "ready", "rejected", "withdrawn"];
const ALL = { value: "", label: text.all };

function Filters() {
  const { tasks, episodes } = usePage();
  const filter = episodes.filter.value;
  const put = (part: Partial<Filter>): void => void episodes.setFilter({ ...filter, ...part });
  return (
    <div class="row">
      <Select
        label={text.filterTask}
        value={String(filter.task ?? "")}
        options={[ALL, ...tasks.value.map(({ id, name }) => ({ value: String(id), label: name }))]}
        onChange={(value) => put({ task: value === "" ? null : Number(value) })}
      />
      <Select
        label={text.filterState}
        value={filter.state ?? ""}
        options={[ALL, ...STATES.map((value) => ({ value, label: messages.states[value] }))]}
        onChange={(value) => put({ state: value === "" ? null : (value as EpisodeState) })}
      />
    </div>
  );
}

function StateCell({ episode }: { episode: Episode }) {
  const name = text.episodeName(episode.task.name, episode.number);
  return (
    <td>
      <span class={`badge ${episode.state}`}>{messages.states[episode.state]}</span>
      {episode.state === "ingesting" && <Progress label={text.progress(name)} value={episode.progress} />}
      {episode.rejection && <p class="error">{episode.rejection}</p>}
    </td>
  );
}

const headOf = ({ cameras }: Episode): Camera | undefined => cameras.find((camera) => camera.is_head);

const Picture = ({ head }: { head: Camera | undefined }) => (
  <td>{head?.thumbnail ? <img class="thumb" src={head.thumbnail} alt="" loading="lazy" /> : <span class="thumb" />}</td>
);

function Work({ episode }: { episode: Episode }) {
  const { annotations } = usePage();
  const rows = annotations.value.filter((row) => row.episode === episode.id);
  return (
    <td>
      {rows.map(({ id, annotator, state }) => (
        <div key={id}>
          {annotator} <span class={`badge ${state}`}>{messages.states[state]}</span>
        </div>
      ))}
    </td>
  );
}

function EpisodeRow({ episode }: { episode: Episode }) {
  const page = usePage();
  const head = headOf(episode);
  return (
    <tr id={`episode-${episode.id}`}>
      <Picture head={head} />
      <td>{episode.task.name}</td>
      <td class="num">{episode.number}</td>
      <StateCell episode={episode} />
      <td class="num">{head && episode.state === "ready" && text.seconds(head.duration)}</td>
      <Work episode={episode} />
      <td>
        {episode.state === "ready" && <Button onClick={() => void page.annotate(episode.id)}>{text.annotate}</Button>}
      </td>
    </tr>
  );
}

const Columns = () => (
  <thead>
    <tr>
      {Object.values(text.columns).map((title) => (
        <th key={title} scope="col">
          {title}
        </th>
      ))}
      <th scope="col">
        <span class="unseen">{text.annotate}</span>
      </th>
    </tr>
  </thead>
);

export function EpisodeTable() {
  const { episodes } = usePage();
  const listed = episodes.listed.value;
  return (
    <section class="card" aria-label={text.episodes}>
      <h2>{text.episodes}</h2>
      <Filters />
      {episodes.trouble.value && <Alert kind="error">{episodes.trouble.value}</Alert>}
      {listed.length === 0 && <p class="empty">{episodes.known.value.size === 0 ? text.empty : text.nothingMatches}</p>}
      {listed.length > 0 && (
        <table class="table">
          <Columns />
          <tbody>
            {listed.map((episode) => (
              <EpisodeRow key={episode.id} episode={episode} />
            ))}
          </tbody>
        </table>
      )}
      {episodes.hasMore.value && <Button onClick={() => void episodes.more()}>{text.more}</Button>}
    </section>
  );
}
