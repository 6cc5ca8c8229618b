/** The annotation page's entry: `<div id="annotate" data-annotation="5" data-episode="3" ...>`. */

import { render } from "preact";
import { api, ApiError, sentence } from "@/shared/api";
import { listenToKeys } from "@/shared/keys/listen";
import { messages } from "@/shared/messages";
import type { Annotation, Comment, Episode, FrameIndex, Project, Verdict } from "@/shared/types";
import { Alert } from "@/shared/ui";
import "./annotate.css";
import { App } from "./App";
import { table } from "./bindings";
import { COMMANDS, contextsOf } from "./commands";
import { followDrafts } from "./draft";
import { openJournal } from "./journal";
import { letGo, resume, tabFor } from "./keeping";
import { loadProposals } from "./proposals";
import { StillReader } from "./video/stills";
import { type Loaded, Workspace } from "./workspace";

/** What the page is about, as its element says: all of it is asked for at once, for each answer takes a while. */
type Place = Record<"annotation" | "episode" | "project" | "camera", string>;

const headCamera = ({ episode, camera }: Place): string => `episodes/${episode}/cameras/${camera}`;

async function load(place: Place): Promise<Loaded> {
  const [annotation, verdicts, comments, episode, index, project] = await Promise.all([
    api.get<Annotation>(`annotations/${place.annotation}/`),
    api.get<Verdict[]>(`annotations/${place.annotation}/verdicts/`),
    api.get<Comment[]>(`annotations/${place.annotation}/comments/`),
    api.get<Episode>(`episodes/${place.episode}/`),
    api.get<FrameIndex>(`${headCamera(place)}/index/`),
    api.get<Project>(`projects/${place.project}/`),
  ]);
  return { annotation, episode, project, index, verdicts, comments };
}

/** Before the page goes away with work that the server has not got, ask. */
function guardUnsaved({ outbox }: Workspace): void {
  window.addEventListener("beforeunload", (event) => {
    if (outbox.pending.peek().length > 0) event.preventDefault();
  });
}

function open(workspace: Workspace): void {
  workspace.start();
  if (workspace.editable.peek()) {
    followDrafts(workspace);
    void loadProposals(workspace);
  }
  guardUnsaved(workspace);
  window.addEventListener("online", () => resume(workspace));
  listenToKeys(
    () => table.bindings.peek(),
    () => contextsOf(workspace),
    (command) => COMMANDS[command]?.(workspace),
  );
}

/** Whose work it is, so that a journal never goes up as somebody else's. */
const journalKey = ({ annotator, episode, id }: Annotation): string => [annotator, episode, id].join("/");

/** The annotation with its surroundings. What an earlier page left behind is read once no other tab writes it. */
async function prepare(place: Place): Promise<Workspace> {
  const { tab, whenLost } = tabFor(place.annotation);
  const [loaded, mine] = await Promise.all([load(place), tab.claim()]);
  const journal = await openJournal(journalKey(loaded.annotation));
  if (!loaded.annotation.editable) tab.leave();
  const kept = mine && loaded.annotation.editable ? await journal.read() : null;
  const workspace = new Workspace(loaded, api, new StillReader(api, headCamera(place)), { journal, kept, tab });
  whenLost(() => letGo(workspace));
  return workspace;
}

async function main(root: HTMLElement): Promise<void> {
  render(<p class="empty">{messages.loading}</p>, root);
  try {
    const workspace = await prepare({ ...root.dataset } as Place);
    open(workspace);
    render(<App workspace={workspace} />, root);
  } catch (error) {
    render(<Alert kind="error">{sentence(error)}</Alert>, root);
    if (!(error instanceof ApiError)) throw error;
  }
}

const root = document.getElementById("annotate");
if (root) void main(root);
