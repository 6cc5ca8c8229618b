/** What has to be read before going on: a conflict, a lost lease, a refusal, a reviewer's word, what is missing. */

import { useSignal } from "@preact/signals";
import { sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Problem } from "@/shared/types";
import { Alert, Button } from "@/shared/ui";
import type { Saving } from "../outbox";
import { nextAssignment } from "../submit";
import { useWorkspace } from "../workspace";
import { ConflictNotice } from "./ConflictNotice";

function StoppedNotice({ message }: Extract<Saving, { state: "stopped" }>) {
  const { outbox } = useWorkspace();
  return (
    <Alert kind="error">
      <b>{messages.saving.stopped}.</b> {message}
      <Button onClick={() => void outbox.retry()}>{messages.saving.retry}</Button>
      <Button onClick={() => outbox.takeTheirs()}>{messages.saving.discard}</Button>
    </Alert>
  );
}

function SavingNotice() {
  const saving = useWorkspace().outbox.saving.value;
  if (saving.state === "conflict") return <ConflictNotice {...saving} />;
  return saving.state === "stopped" ? <StoppedNotice {...saving} /> : null;
}

function TabNotice() {
  const { tab } = useWorkspace().keeping;
  if (tab.held.value) return null;
  const takeOver = async (): Promise<void> => {
    await tab.takeOver();
    location.reload();
  };
  return (
    <Alert>
      {messages.tabs.elsewhere}
      <Button primary onClick={() => void takeOver()}>
        {messages.tabs.takeOver}
      </Button>
    </Alert>
  );
}

function StorageNotice() {
  const { keeping, editable } = useWorkspace();
  return keeping.journal.failing.value && editable.value ? <Alert>{messages.saving.noStorage}</Alert> : null;
}

function LeaseNotice() {
  const { lease } = useWorkspace();
  const claim = lease.claim.value;
  if (claim.held) return null;
  const { holder } = claim;
  return (
    <Alert>
      {holder === null ? messages.lease.lost : messages.lease.lostTo(holder)}
      <Button onClick={() => void lease.retake()}>{messages.lease.retake}</Button>
    </Alert>
  );
}

function ReviewNotice() {
  const { annotation, verdicts } = useWorkspace();
  const verdict = verdicts.at(-1);
  if (annotation.value.state !== "sent_back" || !verdict) return null;
  return (
    <Alert>
      <b>{messages.submit.sentBack(verdict.reviewer)}</b>: {verdict.comment}
    </Alert>
  );
}

function ProblemItem({ path, message }: Problem) {
  const workspace = useWorkspace();
  return (
    <li>
      <button type="button" class="link" onClick={() => workspace.goTo(path)}>
        {message}
      </button>
    </li>
  );
}

function ProblemsNotice() {
  const { problems, showProblems } = useWorkspace();
  if (!showProblems.value || problems.value.length === 0) return null;
  return (
    <Alert>
      <b>{messages.submit.missing(problems.value.length)}</b>
      <ul>
        {problems.value.map((problem) => (
          <ProblemItem key={problem.path.join("/") + problem.message} {...problem} />
        ))}
      </ul>
    </Alert>
  );
}

function SubmittedNotice() {
  const workspace = useWorkspace();
  const words = useSignal("");
  const goOn = async (): Promise<void> => {
    try {
      const url = await nextAssignment(workspace);
      if (url) location.assign(url);
      else words.value = messages.submit.empty;
    } catch (error) {
      words.value = sentence(error);
    }
  };
  return (
    <Alert kind="ok">
      {messages.submit.done} {words.value}
      <Button primary onClick={() => void goOn()}>
        {messages.submit.next}
      </Button>
    </Alert>
  );
}

function SubmissionNotice() {
  const { submission, showProblems } = useWorkspace();
  if (submission.value.state === "done") return <SubmittedNotice />;
  const missing = showProblems.value;
  return submission.value.state === "refused" && !missing ? <Alert>{submission.value.message}</Alert> : null;
}

export const Notices = () => (
  <div class="notices">
    <ReviewNotice />
    <SavingNotice />
    <TabNotice />
    <StorageNotice />
    <LeaseNotice />
    <SubmissionNotice />
    <ProblemsNotice />
  </div>
);
