/** What has to be read before going on: a conflict, a lost lease, a refusal, a reviewer's word, what is missing. */

import { useSignal } from "@preact/signals";
import { sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Comment, Problem } from "@/shared/types";
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

/** A reviewer's comment; its words lead to the frame or the field that it is pinned to. */
function CommentItem({ comment }: { comment: Comment }) {
  const workspace = useWorkspace();
  const { frame, path, by, text } = comment;
  const go = (): void => {
    if (path !== "") workspace.goTo(path.split("/"));
    if (frame !== null) workspace.position.go(frame);
  };
  const done = async (): Promise<void> => {
    const answered = await workspace.api.post<Comment>(`comments/${comment.id}/`, { resolved: true });
    workspace.comments.value = workspace.comments.value.map((other) => (other.id === answered.id ? answered : other));
  };
  return (
    <li>
      <button type="button" class="link" onClick={go}>
        {frame === null ? messages.submit.saidBy(by) : messages.submit.seeFrame(by, frame)}
      </button>
      : {text}{" "}
      <Button class="link" onClick={() => void done().catch(() => undefined)} label={messages.submit.doneWith(text)}>
        {messages.submit.settled}
      </Button>
    </li>
  );
}

function ReviewNotice() {
  const { annotation, verdicts, comments } = useWorkspace();
  const verdict = verdicts.at(-1);
  if (annotation.value.state !== "sent_back" || !verdict) return null;
  const pinned = comments.value.filter(({ by, resolved }) => by !== annotation.value.annotator && !resolved);
  return (
    <Alert>
      <b>{messages.submit.sentBack(verdict.reviewer)}</b>
      {pinned.length === 0 ? <>: {verdict.comment}</> : (
        <ul>
          {pinned.map((comment) => (
            <CommentItem key={comment.id} comment={comment} />
          ))}
        </ul>
      )}
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
