/** The other cameras beside the head camera, in step with it. */

import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { messages } from "@/shared/messages";
import type { Still } from "@/shared/types";
import { Button } from "@/shared/ui";
import { keyOfCommand } from "../bindings";
import type { SideCamera } from "../video/side";
import { useWorkspace } from "../workspace";

const text = messages.cameras;

const nameOf = ({ camera }: SideCamera): string => camera.name.replace(/^cam_/, "").replaceAll("_", " ");

/** The still nearest to a time in seconds. */
export function nearest(stills: readonly Still[], seconds: number): Still | undefined {
  const away = (still: Still): number => Math.abs(still.seconds - seconds);
  return stills.reduce<Still | undefined>((best, still) => (!best || away(still) < away(best) ? still : best), undefined);
}

/** What the film shows, drawn as soon as it is there. */
function Moving({ side }: { side: SideCamera }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { camera, film } = side;
  useEffect(
    () =>
      effect(() => {
        const picture = film.shown.value?.picture;
        if (picture) canvas.current?.getContext("2d")?.drawImage(picture, 0, 0);
      }),
    [film],
  );
  return <canvas ref={canvas} width={camera.width} height={camera.height} role="img" aria-label={nameOf(side)} />;
}

/** Until the film is there, and where it cannot be: the sample nearest in time. */
function Resting({ side, still }: { side: SideCamera; still: Still | undefined }) {
  return still ? <img src={still.url} alt={`${nameOf(side)}, ${messages.timeline.sample(still.number)}`} /> : null;
}

function Wrist({ side }: { side: SideCamera }) {
  const { position } = useWorkspace();
  const still = nearest(side.camera.samples ?? [], position.seconds.value ?? 0);
  const number = side.film.shown.value?.number;
  const seconds = number === undefined ? still?.seconds : side.secondsOf(number);
  return (
    <figure class="wrist" data-testid={side.camera.name} data-frame={number ?? still?.number}>
      {number === undefined ? <Resting side={side} still={still} /> : <Moving side={side} />}
      <figcaption>
        {nameOf(side)}
        {seconds != null && <span class="num"> · {seconds.toFixed(2)} s</span>}
      </figcaption>
    </figure>
  );
}

function Switch({ side, place }: { side: SideCamera; place: number }) {
  const on = side.visible.value;
  const name = nameOf(side);
  return (
    <Button
      pressed={on}
      label={on ? text.hide(name) : text.show(name)}
      keys={keyOfCommand(`camera.${place}`)}
      onClick={() => side.toggle()}
    >
      {name}
    </Button>
  );
}

export function Wrists() {
  const { sides } = useWorkspace();
  if (sides.length === 0) return null;
  const visible = sides.filter((side) => side.visible.value);
  return (
    <div class={visible.length > 0 ? "wrists" : "wrists hidden"} role="group" aria-label={text.label}>
      {visible.map((side) => (
        <Wrist key={side.camera.name} side={side} />
      ))}
      <div class="switches">
        {sides.map((side, place) => (
          <Switch key={side.camera.name} side={side} place={place + 1} />
        ))}
      </div>
    </div>
  );
}
