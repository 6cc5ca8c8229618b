/** Whether the work is safe, in words. "Saved" is said only after the server said so. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import type { Saving } from "../outbox";
import { useWorkspace } from "../workspace";

const text = messages.saving;

/** "Kept here" is said only where the journal took it. */
function wordsOf({ state }: Saving, unkept: boolean): string {
  if (state === "conflict") return text.stopped;
  return unkept && (state === "offline" || state === "logged_out") ? text.unkept : text[state];
}

export function SavingState() {
  const { outbox, keeping } = useWorkspace();
  const saving = outbox.saving.value;
  const words = wordsOf(saving, keeping.journal.failing.value);
  return (
    <span class={`saving ${saving.state}`} role="status" title={"message" in saving ? saving.message : undefined}>
      <span class="dot" aria-hidden="true" />
      {words}
      {saving.state === "offline" && <Button onClick={() => void outbox.retry()}>{text.retry}</Button>}
    </span>
  );
}
