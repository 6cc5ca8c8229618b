/** Time: the film of samples, and a rail over every frame. Amber is avoidance, teal correction. */

import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { messages } from "@/shared/messages";
import { Button, Glyph } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import { type Side, SIDES } from "../document";
import { stopsOf } from "../jump";
import { inSeconds } from "../position";
import { ghostFrames } from "../proposals";
import { useWorkspace } from "../workspace";
import { Spans } from "./Spans";
import { Traces } from "./Traces";

const text = messages.timeline;
/** Pixels across a sample's small picture: twice the width it has at most, for fine screens. */
const THUMBNAIL = 224;

/** The sample that a keyframe marks on the film: the one it is, or the last before it. */
function markedSamples(samples: readonly number[], frame: number | null | undefined): number | undefined {
  return frame == null ? undefined : samples.findLast((number) => number <= frame);
}

/** The picture of a sample, small: drawn once from the decoded still, so that it is not fetched twice. */
function Thumbnail({ number }: { number: number }) {
  const { frames, head } = useWorkspace();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    frames.whenReady(number, (picture) => {
      const { width, height } = canvas.current ?? { width: 0, height: 0 };
      canvas.current?.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    });
  }, [frames, number]);
  return <canvas ref={canvas} width={THUMBNAIL} height={Math.round((THUMBNAIL * head.height) / head.width)} />;
}

function Sample({ number, marks }: { number: number; marks: readonly Side[] }) {
  const { position } = useWorkspace();
  const button = useRef<HTMLButtonElement>(null);
  const current = position.sample === number;
  useSignalEffect(() => {
    if (position.sample === number) button.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return (
    <button
      ref={button}
      type="button"
      class={`sample ${marks.join(" ")}`}
      aria-label={text.sample(number)}
      aria-current={current ? "true" : undefined}
      onClick={() => position.go(number)}
    >
      <Thumbnail number={number} />
    </button>
  );
}

function Film() {
  const { event, position } = useWorkspace();
  const marked = SIDES.map((side) => [side, markedSamples(position.samples, event.value?.[side].frame)] as const);
  return (
    <div class="film" role="group" aria-label={text.film}>
      {position.samples.map((sample) => (
        <Sample
          key={sample}
          number={sample}
          marks={marked.filter(([, number]) => number === sample).map(([side]) => side)}
        />
      ))}
    </div>
  );
}

/** The keyframes of all failures; those of the failure at hand stand out, and what is proposed for it is hollow. */
function Marks() {
  const workspace = useWorkspace();
  const { document, event, position } = workspace;
  return (
    <div class="marks" aria-hidden="true">
      {stopsOf(document.value).map((stop) => (
        <span
          key={`${stop.event}/${stop.side}`}
          class={`mark ${stop.side} ${stop.event === event.value?.id ? "" : "other"}`}
          style={{ left: `${(100 * stop.frame) / Math.max(position.last, 1)}%` }}
        />
      ))}
      {ghostFrames(workspace).map(({ side, frame }) => (
        <span
          key={`${side}/${frame}`}
          class={`mark ${side} ghost`}
          style={{ left: `${(100 * frame) / Math.max(position.last, 1)}%` }}
        />
      ))}
    </div>
  );
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
      <Marks />
    </div>
  );
}

function Player() {
  const { playback, position } = useWorkspace();
  if (!position.times) return null;
  const playing = playback.playing.value;
  return (
    <>
      <Button label={playing ? text.stop : text.play} keys={keyOfCommand("play")} onClick={() => playback.toggle()}>
        <Glyph>{playing ? "❚❚" : "▶"}</Glyph>
      </Button>
      <Button label={text.speed(playback.speed.value)} keys={keyOfCommand("speed")} onClick={() => playback.nextSpeed()}>
        {playback.speed.value}×
      </Button>
    </>
  );
}

function Scale() {
  const { position, film } = useWorkspace();
  return (
    <div class="scale num">
      <span>{inSeconds(position.secondsOf(0))}</span>
      <span class="steps">
        <Player />
        <Button label={text.back} keys={keyOfCommand("frame.previous")} onClick={() => position.stepFrame(-1)}>
          <Glyph>‹</Glyph>
        </Button>
        <output data-testid="position">
          {messages.frame.badge(position.number.value, inSeconds(position.seconds.value))}
        </output>
        <Button label={text.forward} keys={keyOfCommand("frame.next")} onClick={() => position.stepFrame(1)}>
          <Glyph>›</Glyph>
        </Button>
      </span>
      <span>
        {film.means.value && (
          <span class="means" data-testid="means" title={text.means[film.means.value].why}>
            {text.means[film.means.value].name}
          </span>
        )}
        {inSeconds(position.secondsOf(position.last))}
      </span>
    </div>
  );
}

export const Timeline = () => (
  <section class="time">
    <Film />
    <Spans />
    <Rail />
    <Traces />
    <Scale />
  </section>
);
