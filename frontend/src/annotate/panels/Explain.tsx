/** Stage 3: three texts of each failure. A draft fills what is blank, says where it comes from, and asks
 * before it takes the place of what a person wrote. */

import { useSignal } from "@preact/signals";
import { sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Draft } from "@/shared/types";
import { Alert, Button, TextArea } from "@/shared/ui";
import type { FailureEvent } from "../document";
import { requestDraft, setText, TEXT_FIELDS, type TextField, textOf } from "../draft";
import { useWorkspace } from "../workspace";
import { EventBar } from "./EventBar";

const text = messages.explain;

/** The `data-field` names that problems' links lead to. */
const FIELDS: Record<TextField, string> = {
  reason: "reason",
  avoidance: "avoidance-high_level",
  correction: "correction-high_level",
};

function Offer({ draft, onUse, onKeep }: { draft: string; onUse: () => void; onKeep: () => void }) {
  return (
    <div class="offer">
      <small>{text.offered}</small>
      <p>{draft}</p>
      <Button onClick={onUse}>{text.use}</Button>
      <Button onClick={onKeep}>{text.keep}</Button>
    </div>
  );
}

interface FieldProps {
  event: FailureEvent;
  field: TextField;
  draft: Draft | undefined;
}

function TextWithOffer({ event, field, draft }: FieldProps) {
  const workspace = useWorkspace();
  const settled = useSignal<number | null>(null);
  const value = textOf(event, field);
  const proposal = draft?.texts[field] ?? "";
  const offered = draft && settled.value !== draft.id && proposal !== value;
  const settle = (): void => {
    settled.value = draft?.id ?? null;
  };
  const write = (words: string): void => {
    settle();
    setText(workspace, field, words);
  };
  return (
    <div role="group" aria-label={text.fields[field]}>
      <TextArea
        label={text.fields[field]}
        hint={text.hints[field]}
        field={FIELDS[field]}
        value={value}
        disabled={!workspace.editable.value}
        onInput={write}
      />
      {offered && <Offer draft={proposal} onUse={() => write(proposal)} onKeep={settle} />}
    </div>
  );
}

function DraftButton() {
  const workspace = useWorkspace();
  const busy = useSignal(false);
  const trouble = useSignal("");
  const ask = async (): Promise<void> => {
    busy.value = true;
    trouble.value = "";
    await requestDraft(workspace).catch((error: unknown) => {
      trouble.value = sentence(error);
    });
    busy.value = false;
  };
  return (
    <>
      <Button disabled={busy.value || !workspace.editable.value} onClick={() => void ask()}>
        {busy.value ? text.drafting : text.draft}
      </Button>
      {trouble.value && <Alert>{trouble.value}</Alert>}
    </>
  );
}

const Provenance = ({ draft }: { draft: Draft }) => (
  <Alert kind="ok">
    {draft.note}
  </Alert>
);

export function Explain() {
  const { document, event, drafts } = useWorkspace();
  const current = event.value;
  if (!current) return null;
  const draft = drafts.value[current.id];
  return (
    <>
      {document.value.events.length > 1 && <EventBar />}
      <DraftButton />
      {draft && <Provenance draft={draft} />}
      {TEXT_FIELDS.map((field) => (
        <TextWithOffer key={`${current.id}/${field}`} event={current} field={field} draft={draft} />
      ))}
    </>
  );
}
