/** A recorded rollout: its cameras in step, the supervisor's symbols, and all that happened on one strip.
 *
 * `<div id="rollout" data-rollout="5">`.
 */

import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { render } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { MARKS, told } from "@/live/Timeline";
import "@/live/live.css";
import { api, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Camera } from "@/shared/types";
import { Alert, Button } from "@/shared/ui";
import { displayList, drawDisplayList } from "@/symbols";
import { type Happened, overlayAt, stretchesOf } from "./happened";
import "./rollout.css";

const text = messages.rollout;
const DRIFT = 0.08;

interface Rollout {
  id: number;
  seconds: number;
  episode_state: string;
  rejection: string;
  cameras: Camera[];
  events: Happened[];
  proposals: { origin: keyof typeof text.origins; source: string }[];
}

/** The symbols of this moment over the head camera's video. */
function Symbols({ rollout, time }: { rollout: Rollout; time: Signal<number> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useSignalEffect(() => {
    const element = canvas.current!;
    const overlay = overlayAt(rollout.events, time.value);
    const context = element.getContext("2d")!;
    if (overlay) Object.assign(element, overlay.size);
    else context.clearRect(0, 0, element.width, element.height);
    element.dataset.symbols = String(overlay?.symbols.length ?? 0);
    if (overlay) drawDisplayList(context, displayList(overlay.symbols, overlay.size));
  });
  return <canvas ref={canvas} class="symbols" data-testid="symbols" aria-hidden="true" />;
}

/** The other cameras go with the head camera. */
function Side({ camera, time, playing }: { camera: Camera; time: Signal<number>; playing: Signal<boolean> }) {
  const video = useRef<HTMLVideoElement>(null);
  useSignalEffect(() => {
    const element = video.current!;
    if (Math.abs(element.currentTime - time.value) > DRIFT) element.currentTime = time.value;
    if (playing.value) void element.play();
    else element.pause();
  });
  return (
    <figure class="side">
      <video ref={video} src={camera.proxy!} muted playsInline preload="auto" aria-label={camera.name} />
      <figcaption>{camera.name}</figcaption>
    </figure>
  );
}

function Strip({ rollout, time, seek }: { rollout: Rollout; time: Signal<number>; seek: (to: number) => void }) {
  const end = Math.max(rollout.seconds, 0.1);
  const share = (seconds: number): string => `${Math.min(100, Math.max(0, (100 * seconds) / end))}%`;
  const stretches = useMemo(() => stretchesOf(rollout.events, end), [rollout, end]);
  return (
    <div class="strip">
      <div class="track" aria-hidden="true">
        {stretches.map(({ from, to, control }) => (
          <span key={from} class={`stretch ${control}`} style={{ left: share(from), width: share(to - from) }} />
        ))}
        {rollout.events
          .filter(({ kind }) => kind in MARKS)
          .map((event, i) => (
            <span
              key={i}
              class={`mark ${event.kind} ${event.data.failed === true ? "failure" : ""}`}
              title={told(event)}
              style={{ left: share(event.seconds) }}
            >
              {event.data.failed === true ? "✗" : MARKS[event.kind]}
            </span>
          ))}
        <span class="now" style={{ left: share(time.value) }} />
      </div>
      <input
        type="range"
        aria-label={text.position}
        min={0}
        max={end}
        step={0.04}
        value={time.value}
        onInput={(event) => seek(Number(event.currentTarget.value))}
      />
    </div>
  );
}

function Player({ rollout }: { rollout: Rollout }) {
  const time = useSignal(0);
  const playing = useSignal(false);
  const video = useRef<HTMLVideoElement>(null);
  const head = rollout.cameras.find(({ is_head }) => is_head)!;
  const seek = (to: number): void => {
    video.current!.currentTime = to;
    time.value = to;
  };
  useEffect(() => {
    let frame = 0;
    const follow = (): void => {
      if (playing.peek() && video.current) time.value = video.current.currentTime;
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [playing, time]);
  const toggle = (): void => void (playing.value ? video.current!.pause() : video.current!.play());
  const say = (value: boolean) => () => {
    playing.value = value;
  };
  return (
    <>
      <div class="films">
        <div class="film" style={{ aspectRatio: `${head.width} / ${head.height}` }}>
          <video
            ref={video}
            src={head.proxy!}
            muted
            playsInline
            preload="auto"
            aria-label={text.video}
            onPlay={say(true)}
            onPause={say(false)}
            onSeeked={() => (time.value = video.current!.currentTime)}
          />
          <Symbols rollout={rollout} time={time} />
        </div>
        <div class="sides">
          {rollout.cameras.filter(({ is_head }) => !is_head).map((camera) => (
            <Side key={camera.name} camera={camera} time={time} playing={playing} />
          ))}
        </div>
      </div>
      <div class="seg">
        <Button onClick={toggle}>{playing.value ? text.stop : text.play}</Button>
        <span class="clock">
          {text.seconds(time.value)} / {text.seconds(rollout.seconds)}
        </span>
      </div>
      <Strip rollout={rollout} time={time} seek={seek} />
      <Events rollout={rollout} time={time} seek={seek} />
    </>
  );
}

function Events({ rollout, time, seek }: { rollout: Rollout; time: Signal<number>; seek: (to: number) => void }) {
  const current = rollout.events.findLastIndex(({ seconds }) => seconds <= time.value + 0.02);
  return (
    <section class="card" aria-label={text.events}>
      <h2>{text.events}</h2>
      <ol class="happened all">
        {rollout.events.map((event, i) => (
          <li key={i} class={event.data.failed === true ? "failure" : ""} aria-current={i === current ? "true" : undefined}>
            <button type="button" class="link" onClick={() => seek(Math.max(0, event.seconds))}>
              <time>{text.seconds(event.seconds)}</time>
            </button>{" "}
            {told(event)}
          </li>
        ))}
      </ol>
    </section>
  );
}

function App({ rollout }: { rollout: Rollout }) {
  return (
    <div class="stack rollout">
      {rollout.rejection && <Alert kind="error">{rollout.rejection}</Alert>}
      {rollout.episode_state === "ready" ? <Player rollout={rollout} /> : <Alert>{text.notReady}</Alert>}
      {rollout.proposals.length > 0 && (
        <p>
          {text.proposals} {rollout.proposals.map(({ origin, source }) => `${text.origins[origin]} (${source})`).join(", ")}
        </p>
      )}
    </div>
  );
}

const PATIENCE = 1500;

async function main(root: HTMLElement): Promise<void> {
  try {
    const rollout = await api.get<Rollout>(`rollouts/${root.dataset.rollout ?? ""}/`);
    render(<App rollout={rollout} />, root);
    const waiting = rollout.episode_state === "uploaded" || rollout.episode_state === "ingesting";
    if (waiting) setTimeout(() => void main(root), PATIENCE);
  } catch (error) {
    render(<Alert kind="error">{sentence(error)}</Alert>, root);
  }
}

const root = document.getElementById("rollout");
if (root) void main(root);
