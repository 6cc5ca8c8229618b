/** Drafts of the third stage: texts made from the earlier stages, offered field by field. */

import { messages } from "@/shared/messages";
import type { Draft } from "@/shared/types";
import type { FailureEvent } from "./document";
import { setEventField, setGuidance } from "./edits";
import type { Workspace } from "./workspace";

export type TextField = keyof Draft["texts"];
export const TEXT_FIELDS: readonly TextField[] = ["reason", "avoidance", "correction"];

export const textOf = (event: FailureEvent, field: TextField): string =>
  field === "reason" ? event.reason : event[field].high_level;

export function setText(workspace: Workspace, field: TextField, text: string): void {
  if (field === "reason") setEventField(workspace, "reason", text);
  else setGuidance(workspace, field, "high_level", text);
}

/** Have a draft made of what the server holds, and fill the fields that are blank. Texts that a person wrote
 * stay; for them the draft is offered beside.
 *
 * @throws Error when the work so far could not be saved; ApiError when the server makes no draft.
 */
export async function requestDraft(workspace: Workspace): Promise<void> {
  const event = workspace.event.peek();
  if (!event) return;
  if (!(await workspace.outbox.flush())) throw new Error(messages.explain.unsaved);
  const draft = await workspace.api.post<Draft>(`annotations/${workspace.annotation.peek().id}/drafts/`, {
    event: event.id,
    provider: "template",
  });
  workspace.drafts.value = { ...workspace.drafts.peek(), [event.id]: draft };
  if (workspace.event.peek()?.id === event.id) fillBlanks(workspace, draft);
}

function fillBlanks(workspace: Workspace, draft: Draft): void {
  for (const field of TEXT_FIELDS) {
    const event = workspace.event.peek();
    if (event && textOf(event, field).trim() === "") setText(workspace, field, draft.texts[field]);
  }
}
