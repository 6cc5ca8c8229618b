/** The last minute: who was in control, and each question, answer and correction at its time. */

import { messages } from "@/shared/messages";
import type { Entry } from "./feed";
import { type LiveRobot, SHOWN_SECONDS, type Stretch } from "./robot";

const text = messages.live;

export const MARKS: Record<string, string> = {
  query: "?",
  answer: "✓",
  overlay: "✎",
  correction_proposed: "…",
  correction_started: "▶",
  correction_ended: "■",
  operator: "☝",
  vlm_lost: "⚡",
  policy_lost: "⚡",
  refused: "⊘",
};

const isFailure = ({ kind, data }: Entry): boolean => kind === "answer" && data.failed === true;

/** A sentence for an entry, with what its data says. */
export function told(entry: Pick<Entry, "kind" | "data">): string {
  const name = text.kinds[entry.kind as keyof typeof text.kinds] ?? entry.kind;
  const { command, failure_type: type, failed, why, order, by, refused } = entry.data as Record<string, string | boolean | null>;
  const verdict = failed === true ? text.failed : failed === false ? text.successful : null;
  const parts = [verdict, type, command, order, by, why, refused].filter((part) => typeof part === "string" && part !== "");
  return parts.length > 0 ? `${name}: ${parts.join(" · ")}` : name;
}

export function Timeline({ robot }: { robot: LiveRobot }) {
  const now = robot.head.value?.time ?? robot.entries.value.at(-1)?.time ?? 0;
  const begin = now - SHOWN_SECONDS;
  const place = (time: number): number => (100 * (Math.max(time, begin) - begin)) / SHOWN_SECONDS;
  const band = ({ from, to, control }: Stretch) => (
    <span
      key={from}
      class={`stretch ${control}`}
      title={text.control[control]}
      style={{ left: `${place(from)}%`, width: `${place(to) - place(from)}%` }}
    />
  );
  const marks = robot.entries.value.filter(({ kind, time }) => kind in MARKS && time >= begin);
  return (
    <section class="live-time" aria-label={text.timeline}>
      <div class="track" aria-hidden="true">
        {robot.stretches.value.filter(({ to }) => to >= begin).map(band)}
        {marks.map((entry, i) => (
          <span key={i} class={`mark ${entry.kind} ${isFailure(entry) ? "failure" : ""}`} title={told(entry)} style={{ left: `${place(entry.time)}%` }}>
            {isFailure(entry) ? "✗" : MARKS[entry.kind]}
          </span>
        ))}
      </div>
      <ol class="happened" data-testid="happened" tabIndex={0} aria-label={text.happened}>
        {[...robot.entries.value].reverse().slice(0, 40).map((entry, i) => (
          <li key={robot.entries.value.length - i} class={isFailure(entry) ? "failure" : ""}>
            <time>{text.ago(now - entry.time)}</time> {told(entry)}
          </li>
        ))}
      </ol>
    </section>
  );
}
