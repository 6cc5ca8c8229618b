/** From keyframe to keyframe, over all failure events of the episode. */

import { batch } from "@preact/signals";
import { type Document, type Side, SIDES } from "./document";
import type { Workspace } from "./workspace";

export interface Stop {
  event: string;
  side: Side;
  frame: number;
}

/** All keyframes that are set, in the order of their frames. */
export function stopsOf({ events }: Document): Stop[] {
  const stops = events.flatMap((event) => SIDES.map((side) => ({ event: event.id, side, frame: event[side].frame })));
  return stops.filter((stop): stop is Stop => stop.frame !== null).sort((a, b) => a.frame - b.frame);
}

/** Go to the next keyframe in a direction, and take its event and side in hand. */
export function jump(workspace: Workspace, by: 1 | -1): void {
  const here = workspace.position.number.peek();
  const stops = stopsOf(workspace.document.peek());
  const stop = by > 0 ? stops.find(({ frame }) => frame > here) : stops.findLast(({ frame }) => frame < here);
  if (!stop) return;
  batch(() => {
    workspace.openEvent(stop.event);
    workspace.openSide(stop.side);
  });
}
