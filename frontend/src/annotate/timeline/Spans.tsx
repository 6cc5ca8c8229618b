/** Stretches over the rail: the subtasks where the recording tells them, and the failures. */

import { messages } from "@/shared/messages";
import { useWorkspace } from "../workspace";
import { failuresOf, type Span, subtasksOf } from "./spans";

const text = messages.timeline;

/** A stretch in percent of the rail; at least a sliver, so that it is seen. */
function extent({ begin, end }: Span, last: number): { left: string; width: string } {
  const whole = Math.max(last, 1);
  return { left: `${(100 * begin) / whole}%`, width: `max(3px, ${(100 * (end - begin)) / whole}%)` };
}

function Subtasks() {
  const { signals, position, episode } = useWorkspace();
  if (!signals.value || !position.times) return null;
  return (
    <>
      {subtasksOf(signals.value, position.times).map((span) => (
        <span
          key={span.begin}
          class={span.subtask % 2 ? "span subtask odd" : "span subtask"}
          style={extent(span, position.last)}
          title={episode.task.subtasks[span.subtask - 1]}
        >
          {span.subtask}
        </span>
      ))}
    </>
  );
}

function Failures() {
  const { document, event, position } = useWorkspace();
  return (
    <>
      {failuresOf(document.value).map((span) => (
        <span
          key={span.event}
          class={span.event === event.value?.id ? "span failure current" : "span failure"}
          style={extent(span, position.last)}
          title={text.failure(span.number, span.begin, span.end)}
        />
      ))}
    </>
  );
}

export const Spans = () => (
  <div class="spans">
    <Subtasks />
    <Failures />
  </div>
);
