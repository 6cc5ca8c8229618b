/** The bar at the bottom: what is selected, what is being written about it, and the verdict. Its height never changes. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { keyOf } from "./bindings";
import { COMMANDS } from "./commands";
import { labelAt } from "./fields";
import { useItem, usePage } from "./page";
import type { Pin } from "./remarks";

const text = messages.review;

function usePinName(): (pin: Pin) => string {
  const { document } = useItem().item.annotation;
  return ({ path, frame }) => (frame !== null ? messages.frame.badge(frame, "") : path ? labelAt(path, document) : text.whole);
}

function Press({ command, primary, children }: { command: string; primary?: boolean; children: string }) {
  const page = usePage();
  return (
    <Button primary={primary} disabled={page.busy.value} keys={keyOf(command)} onClick={() => COMMANDS[command]?.(page)}>
      {children}
    </Button>
  );
}

/** The comment's field; its own keys send it and give it up. */
function Composer() {
  const { page } = useItem();
  const pinName = usePinName();
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => area.current?.focus(), []); // before the next key comes
  const writing = page.writing.value!;
  const label = (writing.sends ? text.sendBackAbout : text.commentAbout)(pinName(writing.pin));
  const onKey = (event: KeyboardEvent): void => {
    const send = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!send && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    COMMANDS[send ? "writing.send" : "writing.cancel"]?.(page);
  };
  return (
    <>
      <label class="composer">
        <span>{label}</span>
        <textarea
          ref={area}
          rows={1}
          value={page.words.value}
          onKeyDown={onKey}
          onInput={(event) => {
            page.words.value = event.currentTarget.value;
          }}
        />
      </label>
      <Press command="writing.cancel">{text.cancel}</Press>
      <Press command="writing.send" primary>
        {writing.sends ? text.sendBack : text.keep}
      </Press>
    </>
  );
}

function Standing() {
  const { page, item } = useItem();
  const { mine, wrong } = item.remarks;
  const said = [text.comments(mine.value.length), text.wrong(wrong.value.length)];
  return (
    <p class="standing" role="status">
      {page.trouble.value ? <b class="error">{page.trouble.value}</b> : page.notice.value || said.filter(Boolean).join(" · ")}
    </p>
  );
}

function Verdict() {
  const { page, item } = useItem();
  if (!page.canDecide.value) {
    const mine = item.annotation.annotator === page.place.user;
    return <p class="muted">{mine ? text.own : text.decidedAlready(messages.states[item.annotation.state])}</p>;
  }
  return (
    <>
      <Press command="sendBack">{text.sendBack}</Press>
      <Press command="approve" primary>
        {text.approve}
      </Press>
    </>
  );
}

function Choosing() {
  const { page } = useItem();
  const pinName = usePinName();
  return (
    <>
      <div class="chosen-field">
        <span class="muted">{text.selected}</span> <b>{pinName(page.pin)}</b>
      </div>
      {page.canDecide.value && (
        <div class="seg marks">
          <Press command="field.right">{text.marks.right}</Press>
          <Press command="field.wrong">{text.marks.wrong}</Press>
          <Press command="comment">{text.comment}</Press>
        </div>
      )}
      <Standing />
      <Press command="previous">{text.previous}</Press>
      <Press command="next">{text.next}</Press>
      <Verdict />
    </>
  );
}

export const VerdictBar = () => (
  <footer class="verdict-bar" aria-label={text.verdict}>
    {usePage().writing.value ? <Composer /> : <Choosing />}
  </footer>
);
