/** Whether the work is safe, in words. "Saved" is said only after the server said so. */

import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { useWorkspace } from "../workspace";

const text = messages.saving;

export function SavingState() {
  const { outbox } = useWorkspace();
  const saving = outbox.saving.value;
  const words = saving.state === "conflict" ? text.stopped : text[saving.state];
  return (
    <span class={`saving ${saving.state}`} role="status" title={"message" in saving ? saving.message : undefined}>
      <span class="dot" aria-hidden="true" />
      {words}
      {saving.state === "offline" && <Button onClick={() => void outbox.retry()}>{text.retry}</Button>}
    </span>
  );
}
