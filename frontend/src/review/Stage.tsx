/** The picture at hand with its symbols, and the film of samples below it. */

import { effect, useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { CanvasStage } from "@/annotate/canvas/stage";
import { type Side, SIDES } from "@/annotate/document";
import { inSeconds } from "@/annotate/position";
import { messages } from "@/shared/messages";
import { Button, Key } from "@/shared/ui";
import { keyOf } from "./bindings";
import type { Item } from "./item";
import { useItem } from "./page";
import { RemarksAt } from "./Remarks";

const text = messages.review;
const WHEEL = 1.2;

function followSize(container: HTMLElement, { view }: Item): () => void {
  const resize = (): void => view.resize({ width: container.clientWidth, height: container.clientHeight });
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  resize();
  return () => observer.disconnect();
}

function useStage(item: Item) {
  const container = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<CanvasStage | null>(null);
  useEffect(() => {
    const made = new CanvasStage(container.current!, { width: item.head.width, height: item.head.height });
    const stops = [followSize(container.current!, item), effect(() => made.place(item.view.fit.value))];
    setStage(made);
    return () => {
      stops.forEach((stop) => stop());
      made.destroy();
    };
  }, [item]);
  return { container, stage };
}

/** Symbols belong to their keyframe alone, and to its exact picture. */
function Shown({ stage }: { stage: CanvasStage }) {
  const { page, item } = useItem();
  const { frames, position } = item;
  useEffect(() => effect(() => void frames.show(position.number.value)), [item]);
  useSignalEffect(() => {
    const side = item.sideHere.value;
    const exact = frames.shown.value?.number === position.number.value;
    stage.showPicture(frames.shown.value?.picture);
    stage.showSymbols(exact && side && page.showSymbols.value ? item.event.value![side].symbols : [], null);
  });
  return null;
}

function Badge() {
  const { page, item } = useItem();
  const side = item.sideHere.value;
  const number = item.position.number.value;
  return (
    <div class="stage-badge" data-testid="frame-badge">
      {side && <b class={side}>{messages.frame.keyframe[side]} · </b>}
      {messages.frame.badge(number, inSeconds(item.position.seconds.value))}
      {page.atFrame.value && <i> · {text.pinnedHere}</i>}
    </div>
  );
}

function Flip() {
  const { item } = useItem();
  if (!item.event.value) return null;
  return (
    <div class="flip seg" role="group" aria-label={text.keyframe}>
      {SIDES.map((side) => (
        <Button
          key={side}
          class={`opt ${side}`}
          pressed={item.sideHere.value === side}
          keys={keyOf(`side.${side}`)}
          onClick={() => item.openSide(side)}
        >
          {messages.sides[side]}
        </Button>
      ))}
    </div>
  );
}

function Sample({ number, url, marks }: { number: number; url: string | undefined; marks: readonly Side[] }) {
  const { item } = useItem();
  const button = useRef<HTMLButtonElement>(null);
  const current = item.position.sample.value === number;
  useSignalEffect(() => {
    if (item.position.sample.value === number) button.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return (
    <button
      ref={button}
      type="button"
      class={`sample ${marks.join(" ")}`}
      aria-label={[messages.timeline.sample(number), ...marks.map((side) => messages.frame.keyframe[side])].join(", ")}
      aria-current={current ? "true" : undefined}
      onClick={() => item.position.go(number)}
    >
      {url && <img src={url} alt="" loading="lazy" />}
    </button>
  );
}

function Film() {
  const { item } = useItem();
  const { event, position, head, episode } = item;
  const urls = new Map(head.samples?.map(({ number, url }) => [number, url]));
  const still = (number: number): string => `/api/v1/episodes/${episode.id}/cameras/${head.name}/frames/${number}.jpg`;
  return (
    <div class="film" role="group" aria-label={messages.timeline.film}>
      {position.samples.map((number) => (
        <Sample
          key={number}
          number={number}
          url={urls.get(number) ?? still(number)}
          marks={SIDES.filter((side) => event.value?.[side].frame === number)}
        />
      ))}
    </div>
  );
}

function FrameTrouble() {
  const { frames, position } = useItem().item;
  if (!frames.trouble.value) return null;
  return (
    <div class="stage-trouble" role="alert">
      {messages.frame.trouble(frames.trouble.value)}
      <Button onClick={() => void frames.show(position.number.value)}>{messages.frame.retry}</Button>
    </div>
  );
}

export function Stage() {
  const { page, item } = useItem();
  const { container, stage } = useStage(item);
  const number = item.position.number.value;
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    item.view.zoom(event.deltaY < 0 ? WHEEL : 1 / WHEEL, [event.offsetX, event.offsetY]);
  };
  const drag = (event: PointerEvent): void => {
    if (event.buttons === 1) item.view.pan([event.movementX, event.movementY]);
  };
  return (
    <section class="center" aria-label={text.picture}>
      <div class="stage">
        <div class="head">
          <div
            ref={container}
            class={item.view.isZoomed.value ? "canvas grab" : "canvas"}
            role="img"
            aria-label={messages.timeline.sample(number)}
            data-testid="canvas"
            data-frame={item.frames.shown.value?.number}
            data-symbols={item.sideHere.value && page.showSymbols.value ? item.event.value?.[item.sideHere.value].symbols.length : 0}
            onWheel={wheel}
            onPointerMove={drag}
          />
          {stage && <Shown stage={stage} />}
          <Badge />
          <Flip />
          <FrameTrouble />
          <div class="at-frame">
            <RemarksAt pin={{ path: null, frame: number }} />
          </div>
        </div>
      </div>
      <div class="time">
        <Film />
        <p class="ways muted">
          <Key>ArrowLeft</Key> <Key>ArrowRight</Key> {text.steps} <Key>{keyOf("flip")!}</Key> {text.flips} <Key>{keyOf("symbols")!}</Key>{" "}
          {text.toggles}
        </p>
      </div>
    </section>
  );
}
