/** Drafts of the third stage: texts made from the earlier stages, taken field by field and never all at once.
 *
 * A model's text is only ever text: it goes into text nodes and text fields, never into markup.
 */

import { batch } from "@preact/signals";
import { sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Draft } from "@/shared/types";
import { listen, type Live } from "@/shared/ws";
import type { FailureEvent } from "./document";
import { setEventField, setGuidance } from "./edits";
import type { Workspace } from "./workspace";

export type TextField = "reason" | "avoidance" | "correction";
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
  settle(workspace, draftHere(workspace), field);
  if (field === "reason") setEventField(workspace, "reason", text);
  else setGuidance(workspace, field, "high_level", text);
}

const isUnderWay = ({ state }: Draft): boolean => state === "requested" || state === "streaming";

/** What is known of a draft by now. News that comes late, or of an earlier draft, is no news. */
export function receive(workspace: Workspace, draft: Draft): void {
  const known = workspace.drafts.peek()[draft.event];
  if (known && (known.id > draft.id || (known.id === draft.id && !isUnderWay(known)))) return;
  batch(() => {
    workspace.drafts.value = { ...workspace.drafts.peek(), [draft.event]: draft };
    if (draft.state === "failed") workspace.drafting.trouble.value = draft.problem;
    for (const field of Object.keys(draft.uses)) settle(workspace, draft, field as TextField);
  });
}

/** What was drafted before this page was opened; it is not offered again for what has been written since. */
export async function catchUp(workspace: Workspace): Promise<void> {
  const drafts = await workspace.api.get<Draft[]>(`annotations/${workspace.annotation.peek().id}/drafts/`);
  const known = new Set(Object.values(workspace.drafts.peek()).map(({ id }) => id));
  for (const draft of drafts.filter(({ state }) => state !== "failed")) {
    receive(workspace, draft);
    const event = workspace.document.peek().events.find(({ id }) => id === draft.event);
    const written = TEXT_FIELDS.filter((field) => event && textOf(event, field) !== "");
    if (!known.has(draft.id) && !isUnderWay(draft)) written.forEach((field) => settle(workspace, draft, field));
  }
}

/** Listen to drafts as they are written; after each connection ask for what was missed. */
export function followDrafts(workspace: Workspace): Live {
  return listen(`/ws/annotations/${workspace.annotation.peek().id}/drafts/`, {
    message(data) {
      const news = data as { type: "ready" } | { type: "draft"; draft: Draft };
      if (news.type === "draft") receive(workspace, news.draft);
      else void catchUp(workspace).catch(() => undefined); // it is asked again with the next connection
    },
  });
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
  });
  receive(workspace, draft);
}

/** The same from the page: while one is on its way no other is asked for, and what goes wrong is said. */
export async function askDraft(workspace: Workspace): Promise<void> {
  const { busy, trouble } = workspace.drafting;
  if (isDrafting(workspace) || !workspace.editable.peek()) return;
  busy.value = true;
  trouble.value = "";
  await requestDraft(workspace).catch((error: unknown) => {
    trouble.value = sentence(error);
  });
  busy.value = false;
}

/** Whether a draft of the failure at hand is asked for or being written. */
export function isDrafting({ drafting, drafts, event }: Workspace): boolean {
  const draft = drafts.value[event.value?.id ?? ""];
  return drafting.busy.value || (draft !== undefined && isUnderWay(draft));
}

export interface Offer {
  text: string;
  /** Still being written: there is nothing to take yet. */
  growing: boolean;
}

/** What the draft offers for a field of the failure at hand; null when that is settled, or nothing is new in it. */
export function offerOf({ event, drafts, settled }: Workspace, field: TextField): Offer | null {
  const here = event.value;
  const draft = here && drafts.value[here.id];
  if (!here || !draft || settled.value.includes(`${draft.id}/${field}`)) return null;
  const text = draft.texts[field] ?? "";
  return text === "" || text === textOf(here, field) ? null : { text, growing: isUnderWay(draft) };
}

const draftHere = ({ drafts, event }: Workspace): Draft | undefined => drafts.peek()[event.peek()?.id ?? ""];

function settle(workspace: Workspace, draft: Draft | undefined, field: TextField): void {
  const mark = `${draft?.id}/${field}`;
  const { settled } = workspace;
  if (draft && !settled.peek().includes(mark)) settled.value = [...settled.peek(), mark];
}

/** Tell the server what became of a text; work goes on whether it hears it or not. */
function record(workspace: Workspace, draft: Draft | undefined, field: TextField, accepted: boolean): void {
  if (draft) void workspace.api.post(`drafts/${draft.id}/uses/`, { field, accepted }).catch(() => undefined);
}

export function dismiss(workspace: Workspace, field: TextField): void {
  const draft = draftHere(workspace);
  settle(workspace, draft, field);
  record(workspace, draft, field, false);
}

export function useDraft(workspace: Workspace, field: TextField): void {
  const offer = offerOf(workspace, field);
  if (!offer || offer.growing) return;
  record(workspace, draftHere(workspace), field, true);
  setText(workspace, field, offer.text);
}
