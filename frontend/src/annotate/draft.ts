/** Drafts of the third stage: texts made from the earlier stages, taken field by field and never all at once. */

import { sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Draft } from "@/shared/types";
import type { FailureEvent } from "./document";
import { setEventField, setGuidance } from "./edits";
import type { Workspace } from "./workspace";

export type TextField = keyof Draft["texts"];
export const TEXT_FIELDS: readonly TextField[] = ["reason", "avoidance", "correction"];

/** The `data-field` names of the texts' controls, to which problems' links lead. */
export const CONTROLS: Record<TextField, string> = {
  reason: "reason",
  avoidance: "avoidance-high_level",
  correction: "correction-high_level",
};

export const textOf = (event: FailureEvent, field: TextField): string =>
  field === "reason" ? event.reason : event[field].high_level;

/** Write a text of the failure at hand. What a draft offered for it is settled by that. */
export function setText(workspace: Workspace, field: TextField, text: string): void {
  dismiss(workspace, field);
  if (field === "reason") setEventField(workspace, "reason", text);
  else setGuidance(workspace, field, "high_level", text);
}

/** Have a draft made of what the server holds; it is offered beside the fields and changes none of them.
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
}

/** The same from the page: while one is on its way no other is asked for, and what goes wrong is said. */
export async function askDraft(workspace: Workspace): Promise<void> {
  const { busy, trouble } = workspace.drafting;
  if (busy.peek() || !workspace.editable.peek()) return;
  busy.value = true;
  trouble.value = "";
  await requestDraft(workspace).catch((error: unknown) => {
    trouble.value = sentence(error);
  });
  busy.value = false;
}

/** What the draft offers for a field of the failure at hand; null when that is settled, or nothing is new in it. */
export function offerOf({ event, drafts, settled }: Workspace, field: TextField): string | null {
  const here = event.value;
  const draft = here && drafts.value[here.id];
  if (!here || !draft || settled.value.includes(`${draft.id}/${field}`)) return null;
  const offered = draft.texts[field] ?? "";
  return offered === "" || offered === textOf(here, field) ? null : offered;
}

export function dismiss(workspace: Workspace, field: TextField): void {
  const draft = workspace.drafts.peek()[workspace.event.peek()?.id ?? ""];
  if (draft) workspace.settled.value = [...workspace.settled.peek(), `${draft.id}/${field}`];
}

export function useDraft(workspace: Workspace, field: TextField): void {
  const offered = offerOf(workspace, field);
  if (offered !== null) setText(workspace, field, offered);
}
