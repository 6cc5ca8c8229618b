/** Handing the work in, and getting more. */

import { batch } from "@preact/signals";
import { ApiError, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Annotation, Assignment, Problem } from "@/shared/types";
import type { Workspace } from "./workspace";

/** Submit what is saved; what is incomplete stays and says what is missing. */
export async function submit(workspace: Workspace): Promise<void> {
  if (!workspace.editable.peek()) return;
  workspace.submission.value = { state: "sending" };
  if (!(await workspace.outbox.flush())) {
    workspace.submission.value = { state: "refused", message: messages.submit.unsaved };
    return;
  }
  const { id } = workspace.annotation.peek();
  const { revision } = workspace.outbox.confirmed.peek();
  try {
    submitted(workspace, await workspace.api.post<Annotation>(`annotations/${id}/submit/`, { revision }));
  } catch (error) {
    refused(workspace, error);
  }
}

function submitted(workspace: Workspace, annotation: Annotation): void {
  batch(() => {
    workspace.annotation.value = annotation;
    workspace.submission.value = { state: "done" };
    workspace.showProblems.value = false;
  });
  workspace.lease.stop();
}

function refused(workspace: Workspace, error: unknown): void {
  const { confirmed } = workspace.outbox;
  batch(() => {
    workspace.submission.value = { state: "refused", message: sentence(error) };
    if (!(error instanceof ApiError) || error.code !== "incomplete") return;
    confirmed.value = { ...confirmed.value, problems: error.data.problems as Problem[] };
    workspace.showProblems.value = true;
  });
}

/** Where the next episode of the queue is annotated; null when nothing waits.
 *
 * @throws ApiError for everything but an empty queue.
 */
export async function nextAssignment(workspace: Workspace): Promise<string | null> {
  try {
    const { url } = await workspace.api.post<Assignment>(`projects/${workspace.project.id}/queue/next/`);
    return url;
  } catch (error) {
    if (error instanceof ApiError && error.code === "queue_empty") return null;
    throw error;
  }
}
