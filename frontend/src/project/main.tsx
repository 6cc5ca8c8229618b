/** The project page's entry: `<div id="project" data-project="1">`. */

import { render } from "preact";
import { api, ApiError, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Project } from "@/shared/types";
import { Alert } from "@/shared/ui";
import { DropZone } from "./DropZone";
import { EpisodeTable } from "./EpisodeTable";
import { PageContext, ProjectPage, usePage } from "./page";
import "./project.css";
import { Recordings } from "./Recordings";
import { Tasks } from "./Tasks";
import { Uploads } from "./Uploads";
import { sendFile } from "./xhr";

function Trouble() {
  const { trouble, connected } = usePage();
  return (
    <>
      {trouble.value && <Alert kind="error">{trouble.value}</Alert>}
      {!connected.value && <Alert>{messages.project.live.lost}</Alert>}
    </>
  );
}

const App = ({ page }: { page: ProjectPage }) => (
  <PageContext.Provider value={page}>
    <Tasks />
    <DropZone />
    <Trouble />
    <Uploads />
    <Recordings />
    <EpisodeTable />
  </PageContext.Provider>
);

async function main(root: HTMLElement): Promise<void> {
  try {
    const project = await api.get<Project>(`projects/${root.dataset.project ?? ""}/`);
    const page = new ProjectPage(project, api, (file, onShare) => sendFile(project.id, file, onShare));
    guardUploads(page);
    render(<App page={page} />, root);
    await page.start();
  } catch (error) {
    render(<Alert kind="error">{sentence(error)}</Alert>, root);
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Before the page goes away with uploads under way, ask. */
function guardUploads({ uploads }: ProjectPage): void {
  window.addEventListener("beforeunload", (event) => {
    if (uploads.active) event.preventDefault();
  });
}

const root = document.getElementById("project");
if (root) void main(root);
