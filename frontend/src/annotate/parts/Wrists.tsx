/** The other cameras, at the sample nearest in time. */

import { messages } from "@/shared/messages";
import type { Camera, Still } from "@/shared/types";
import { useWorkspace } from "../workspace";

/** The still nearest to a time in seconds. */
export function nearest(stills: readonly Still[], seconds: number): Still | undefined {
  const away = (still: Still): number => Math.abs(still.seconds - seconds);
  return stills.reduce<Still | undefined>((best, still) => (!best || away(still) < away(best) ? still : best), undefined);
}

function Wrist({ camera }: { camera: Camera }) {
  const { position } = useWorkspace();
  const still = nearest(camera.samples ?? [], position.seconds.value ?? 0);
  const name = camera.name.replace(/^cam_/, "").replaceAll("_", " ");
  return (
    <figure class="wrist">
      {still && <img src={still.url} alt={`${name}, ${messages.timeline.sample(still.number)}`} />}
      <figcaption>
        {name}
        {still && <span class="num"> · {still.seconds.toFixed(1)} s</span>}
      </figcaption>
    </figure>
  );
}

export function Wrists() {
  const others = useWorkspace().episode.cameras.filter((camera) => !camera.is_head);
  if (others.length === 0) return null;
  return (
    <div class="wrists">
      {others.map((camera) => (
        <Wrist key={camera.name} camera={camera} />
      ))}
    </div>
  );
}
