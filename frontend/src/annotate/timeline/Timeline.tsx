/** Time: the film of samples, and a rail over every frame. Amber is avoidance, teal correction. */

import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { messages } from "@/shared/messages";
import type { Still } from "@/shared/types";
import { Button } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import { type Side, SIDES } from "../document";
import { inSeconds } from "../position";
import { useWorkspace } from "../workspace";

const text = messages.timeline;

/** The sample that a keyframe marks on the film: the one it is, or the last before it. */
function markedSamples(samples: readonly number[], frame: number | null | undefined): number | undefined {
  return frame == null ? undefined : samples.findLast((number) => number <= frame);
}

function Sample({ still, marks }: { still: Still; marks: readonly Side[] }) {
  const { position } = useWorkspace();
  const button = useRef<HTMLButtonElement>(null);
  const current = position.sample === still.number;
  useSignalEffect(() => {
    if (position.sample === still.number) button.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return (
    <button
      ref={button}
      type="button"
      class={`sample ${marks.join(" ")}`}
      aria-label={text.sample(still.number)}
      aria-current={current ? "true" : undefined}
      onClick={() => position.go(still.number)}
    >
      <img src={still.url} alt="" loading="lazy" draggable={false} />
    </button>
  );
}

function Film() {
  const { head, event, position } = useWorkspace();
  const marked = SIDES.map((side) => [side, markedSamples(position.samples, event.value?.[side].frame)] as const);
  return (
    <div class="film" role="group" aria-label={text.film}>
      {head.samples?.map((still) => (
        <Sample
          key={still.number}
          still={still}
          marks={marked.filter(([, number]) => number === still.number).map(([side]) => side)}
        />
      ))}
    </div>
  );
}

function Mark({ side }: { side: Side }) {
  const { event, position } = useWorkspace();
  const frame = event.value?.[side].frame ?? null;
  if (frame === null) return null;
  return <span class={`mark ${side}`} style={{ left: `${(100 * frame) / Math.max(position.last, 1)}%` }} />;
}

function Rail() {
  const { position } = useWorkspace();
  return (
    <div class="rail">
      <input
        type="range"
        aria-label={text.scrub}
        min={0}
        max={position.last}
        value={position.number.value}
        aria-valuetext={messages.frame.badge(position.number.value, inSeconds(position.seconds.value))}
        onInput={(event) => position.go(event.currentTarget.valueAsNumber)}
      />
      <div class="marks" aria-hidden="true">
        {SIDES.map((side) => (
          <Mark key={side} side={side} />
        ))}
      </div>
    </div>
  );
}

function Scale() {
  const { position } = useWorkspace();
  return (
    <div class="scale num">
      <span>{inSeconds(position.secondsOf(0))}</span>
      <span class="steps">
        <Button label={text.back} keys={keyOfCommand("frame.previous")} onClick={() => position.stepFrame(-1)}>
          ‹
        </Button>
        <output data-testid="position">
          {messages.frame.badge(position.number.value, inSeconds(position.seconds.value))}
        </output>
        <Button label={text.forward} keys={keyOfCommand("frame.next")} onClick={() => position.stepFrame(1)}>
          ›
        </Button>
      </span>
      <span>{inSeconds(position.secondsOf(position.last))}</span>
    </div>
  );
}

export const Timeline = () => (
  <section class="time">
    <Film />
    <Rail />
    <Scale />
  </section>
);
