/** The annotation page's entry: `<div id="annotate" data-annotation="5">`. */

import { render } from "preact";
import { api, type Api, ApiError, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Annotation, Episode, FrameIndex, Project, Still, Verdict } from "@/shared/types";
import { Alert } from "@/shared/ui";
import "./annotate.css";
import { App } from "./App";
import { BINDINGS } from "./bindings";
import { COMMANDS, contextsOf } from "./commands";
import type { FrameSource } from "./frames";
import { listenToKeys } from "./keys";
import { type Loaded, Workspace } from "./workspace";

const headCamera = (episode: Episode): string => {
  const head = episode.cameras.find((camera) => camera.is_head);
  return `episodes/${episode.id}/cameras/${head?.name ?? ""}`;
};

async function load(annotationId: string): Promise<Loaded> {
  const annotation = await api.get<Annotation>(`annotations/${annotationId}/`);
  const [episode, project, verdicts] = await Promise.all([
    api.get<Episode>(`episodes/${annotation.episode}/`),
    api.get<Project>(`projects/${annotation.project}/`),
    api.get<Verdict[]>(`annotations/${annotationId}/verdicts/`),
  ]);
  const index = await api.get<FrameIndex>(`${headCamera(episode)}/index/`);
  return { annotation, episode, project, index, verdicts };
}

/** Stills over HTTP: the bytes that were sent are the picture that is annotated. */
function stillsOf(episode: Episode, source: Api): FrameSource {
  return {
    still: (number) => source.get<Still>(`${headCamera(episode)}/frames/${number}/`),
    async picture(url) {
      const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
      if (!response) throw new ApiError("network", messages.api.network);
      if (!response.ok) throw new ApiError("http", messages.api.unexpected(response.status), {}, response.status);
      return createImageBitmap(await response.blob());
    },
  };
}

/** Before the page goes away with work that the server has not got, ask. */
function guardUnsaved({ outbox }: Workspace): void {
  window.addEventListener("beforeunload", (event) => {
    if (outbox.pending.peek().length > 0) event.preventDefault();
  });
}

/** When the network is back: save, and get the frame that is looked at. */
function resumeOnline({ outbox, frames, position }: Workspace): void {
  window.addEventListener("online", () => {
    void outbox.retry();
    void frames.show(position.number.peek());
  });
}

function open(workspace: Workspace): void {
  workspace.start();
  guardUnsaved(workspace);
  resumeOnline(workspace);
  listenToKeys(
    BINDINGS,
    () => contextsOf(workspace),
    (command) => COMMANDS[command]?.(workspace),
  );
}

async function main(root: HTMLElement): Promise<void> {
  render(<p class="empty">{messages.loading}</p>, root);
  try {
    const loaded = await load(root.dataset.annotation ?? "");
    const workspace = new Workspace(loaded, api, stillsOf(loaded.episode, api));
    open(workspace);
    render(<App workspace={workspace} />, root);
  } catch (error) {
    render(<Alert kind="error">{sentence(error)}</Alert>, root);
    if (!(error instanceof ApiError)) throw error;
  }
}

const root = document.getElementById("annotate");
if (root) void main(root);
