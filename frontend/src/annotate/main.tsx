/** The annotation page's entry: `<div id="annotate" data-annotation="5">`. */

import { render } from "preact";
import { api, ApiError, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Annotation, Episode, FrameIndex, Project, Verdict } from "@/shared/types";
import { Alert } from "@/shared/ui";
import "./annotate.css";
import { App } from "./App";
import { bindings } from "./bindings";
import { COMMANDS, contextsOf } from "./commands";
import { openJournal } from "./journal";
import { letGo, resume, tabFor } from "./keeping";
import { listenToKeys } from "./keys";
import { StillReader } from "./video/stills";
import { type Loaded, Workspace } from "./workspace";

const headCamera = (episode: Episode): string => {
  const head = episode.cameras.find((camera) => camera.is_head);
  return `episodes/${episode.id}/cameras/${head?.name ?? ""}`;
};

async function loadEpisode(id: number): Promise<Pick<Loaded, "episode" | "index">> {
  const episode = await api.get<Episode>(`episodes/${id}/`);
  return { episode, index: await api.get<FrameIndex>(`${headCamera(episode)}/index/`) };
}

async function load(annotationId: string): Promise<Loaded> {
  const annotation = await api.get<Annotation>(`annotations/${annotationId}/`);
  const [{ episode, index }, project, verdicts] = await Promise.all([
    loadEpisode(annotation.episode),
    api.get<Project>(`projects/${annotation.project}/`),
    api.get<Verdict[]>(`annotations/${annotationId}/verdicts/`),
  ]);
  return { annotation, episode, project, index, verdicts };
}

/** Before the page goes away with work that the server has not got, ask. */
function guardUnsaved({ outbox }: Workspace): void {
  window.addEventListener("beforeunload", (event) => {
    if (outbox.pending.peek().length > 0) event.preventDefault();
  });
}

function open(workspace: Workspace): void {
  workspace.start();
  guardUnsaved(workspace);
  window.addEventListener("online", () => resume(workspace));
  listenToKeys(
    () => bindings.peek(),
    () => contextsOf(workspace),
    (command) => COMMANDS[command]?.(workspace),
  );
}

/** Whose work it is, so that a journal never goes up as somebody else's. */
const journalKey = ({ annotator, episode, id }: Annotation): string => [annotator, episode, id].join("/");

/** The annotation with its surroundings. What an earlier page left behind is read once no other tab writes it. */
async function prepare(annotationId: string): Promise<Workspace> {
  const { tab, whenLost } = tabFor(annotationId);
  const [loaded, mine] = await Promise.all([load(annotationId), tab.claim()]);
  const journal = await openJournal(journalKey(loaded.annotation));
  if (!loaded.annotation.editable) tab.leave();
  const kept = mine && loaded.annotation.editable ? await journal.read() : null;
  const workspace = new Workspace(loaded, api, new StillReader(api, headCamera(loaded.episode)), { journal, kept, tab });
  whenLost(() => letGo(workspace));
  return workspace;
}

async function main(root: HTMLElement): Promise<void> {
  render(<p class="empty">{messages.loading}</p>, root);
  try {
    const workspace = await prepare(root.dataset.annotation ?? "");
    open(workspace);
    render(<App workspace={workspace} />, root);
  } catch (error) {
    render(<Alert kind="error">{sentence(error)}</Alert>, root);
    if (!(error instanceof ApiError)) throw error;
  }
}

const root = document.getElementById("annotate");
if (root) void main(root);
