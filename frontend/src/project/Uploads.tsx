/** What is coming in: a row for each recording, in it a bar for each file and one for what the site does with it. */

import { messages } from "@/shared/messages";
import type { Episode } from "@/shared/types";
import { Alert, Button, Progress } from "@/shared/ui";
import type { Recording } from "./imports";
import { usePage } from "./page";
import type { UploadItem } from "./uploads";

const text = messages.project;

function FileRow({ item }: { item: UploadItem }) {
  const { uploads } = usePage();
  const state = item.progress.value;
  const share = state.state === "sending" ? state.share : Number(state.state === "sent");
  return (
    <li class="file">
      <span class="name">{item.file.name}</span>
      <Progress label={text.progress(item.file.name)} value={share} />
      <span class={`badge ${state.state}`}>{text.upload[state.state]}</span>
      {state.state === "failed" && (
        <>
          <span class="error">{state.message}</span>
          <Button onClick={() => uploads.retry(item)}>{text.retry}</Button>
        </>
      )}
    </li>
  );
}

function IngestState({ episode }: { episode: Episode }) {
  const name = text.episodeName(episode.task.name, episode.number);
  return (
    <>
      <a href={`#episode-${episode.id}`}>{name}</a>
      {episode.state === "ingesting" && <Progress label={text.progress(name)} value={episode.progress} />}
      <span class={`badge ${episode.state}`}>{messages.states[episode.state]}</span>
      {episode.rejection && <span class="error">{episode.rejection}</span>}
    </>
  );
}

function RecordingState({ recording }: { recording: Recording }) {
  const { episodes, imports } = usePage();
  const state = recording.progress.value;
  if (state.state === "created") {
    const episode = episodes.known.value.get(state.episode);
    return (
      <>
        {state.duplicate && <span>{text.duplicate}</span>}
        {episode && <IngestState episode={episode} />}
      </>
    );
  }
  return (
    <>
      <span class={`badge ${state.state}`}>{text.recording[state.state]}</span>
      {state.state === "failed" && (
        <>
          <span class="error">{state.message}</span>
          <Button onClick={() => void imports.create(recording)}>{text.retry}</Button>
        </>
      )}
    </>
  );
}

const RecordingRow = ({ recording }: { recording: Recording }) => (
  <li class="recording" aria-label={recording.stem}>
    <div class="row">
      <b>{recording.stem}</b>
      <RecordingState recording={recording} />
    </div>
    <ul>
      {[...recording.cameras].map(([camera, item]) => (
        <FileRow key={camera} item={item} />
      ))}
    </ul>
  </li>
);

function PlanProblems() {
  const { problems } = usePage().imports;
  if (problems.value.length === 0) return null;
  return (
    <Alert>
      <ul>
        {problems.value.map(({ name, message }) => (
          <li key={name}>
            <b>{name}</b>: {message}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

export function Uploads() {
  const { imports, uploads } = usePage();
  const clear = (): void => {
    imports.clearCreated();
    uploads.clearSent();
  };
  return (
    <>
      <PlanProblems />
      {imports.recordings.value.length > 0 && (
        <section class="card" aria-label={text.files}>
          <h2 class="row">
            {text.files}
            <Button onClick={clear}>{text.clear}</Button>
          </h2>
          <ul class="recordings">
            {imports.recordings.value.map((recording, i) => (
              <RecordingRow key={`${recording.stem}/${i}`} recording={recording} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
