/** Stage 3: three texts of each failure. A draft says where it comes from and is offered beside each field;
 * a person takes it field by field. */

import { messages } from "@/shared/messages";
import { preferences } from "@/shared/preferences";
import type { Draft } from "@/shared/types";
import { Alert, Button, TextArea } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import type { FailureEvent } from "../document";
import {
  askDraft,
  CONTROLS,
  dismiss,
  isDrafting,
  type Offer as Offered,
  offerOf,
  setText,
  TEXT_FIELDS,
  type TextField,
  textOf,
  useDraft,
} from "../draft";
import { useWorkspace } from "../workspace";
import { EventBar } from "./EventBar";

const text = messages.explain;

function Offer({ field, offer, blank }: { field: TextField; offer: Offered; blank: boolean }) {
  const workspace = useWorkspace();
  return (
    <div class="offer" role="group" aria-label={text.offered} aria-busy={offer.growing}>
      <small>{offer.growing ? text.growing : text.offered}</small>
      <p>{offer.text}</p>
      <Button disabled={offer.growing} keys={keyOfCommand(`draft.use.${field}`)} onClick={() => useDraft(workspace, field)}>
        {text.use}
      </Button>
      <Button disabled={offer.growing} onClick={() => dismiss(workspace, field)}>{blank ? text.dismiss : text.keep}</Button>
    </div>
  );
}

function TextWithOffer({ event, field }: { event: FailureEvent; field: TextField }) {
  const workspace = useWorkspace();
  const value = textOf(event, field);
  const offer = offerOf(workspace, field);
  return (
    <div role="group" aria-label={text.fields[field]}>
      <TextArea
        label={text.fields[field]}
        hint={preferences.value.guideline ? messages.guideline.texts[field] : text.hints[field]}
        field={CONTROLS[field]}
        keys={keyOfCommand(`write.${field}`)}
        value={value}
        disabled={!workspace.editable.value}
        onInput={(words) => setText(workspace, field, words)}
      />
      {offer && workspace.editable.value && <Offer field={field} offer={offer} blank={value === ""} />}
    </div>
  );
}

function DraftButton() {
  const workspace = useWorkspace();
  const { trouble } = workspace.drafting;
  const drafting = isDrafting(workspace);
  const asked = workspace.drafts.value[workspace.event.value?.id ?? ""] !== undefined;
  return (
    <>
      <Button
        keys={keyOfCommand("draft")}
        disabled={drafting || !workspace.editable.value}
        onClick={() => void askDraft(workspace)}
      >
        {drafting ? text.drafting : asked ? text.again : text.draft}
      </Button>
      {trouble.value && <Alert>{trouble.value}</Alert>}
    </>
  );
}

const Provenance = ({ draft }: { draft: Draft }) => (
  <Alert kind="ok">{draft.note || text.by(draft.model || draft.provider)}</Alert>
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
      {draft?.state === "ready" && <Provenance draft={draft} />}
      {TEXT_FIELDS.map((field) => (
        <TextWithOffer key={`${current.id}/${field}`} event={current} field={field} />
      ))}
    </>
  );
}
