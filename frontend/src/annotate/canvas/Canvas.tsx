/** The picture at the current frame, with what is drawn on it; drawing goes to the tool in hand. */

import { effect, useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import { inSeconds } from "../position";
import { ghostsHere } from "../proposals";
import { useWorkspace, type Workspace } from "../workspace";
import { followSize, followView } from "./lay";
import { PointerInput } from "./pointer";
import { CanvasStage } from "./stage";

function useStage(workspace: Workspace) {
  const container = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<CanvasStage | null>(null);
  useEffect(() => {
    const element = container.current!;
    const made = new CanvasStage(element, workspace.drawing.size);
    const pointer = new PointerInput(element, workspace);
    const stops = [followSize(element, workspace), followView(element, made, workspace), pointer.listen()];
    setStage(made);
    return () => {
      stops.forEach((stop) => stop());
      made.destroy();
    };
  }, [workspace]);
  return { container, stage };
}

/** Hand the stage what it shows; without the exact frame no symbols, for they belong to that frame alone. */
function Shown({ stage }: { stage: CanvasStage }) {
  const workspace = useWorkspace();
  const { frames, drawing, position, picture } = workspace;
  // At once, and not with the next drawing of the page: a film's picture is closed when the next is here.
  useEffect(() => effect(() => stage.showPicture(picture.value?.picture)), [stage, picture]);
  useSignalEffect(() => {
    const exact = frames.shown.value?.number === position.number.value;
    stage.showGhosts(exact ? ghostsHere(workspace) : []);
    stage.showSymbols(exact ? drawing.visible.value : [], exact ? drawing.selection.value : null);
  });
  return null;
}

function FrameBadge() {
  const { position, sideHere, frames, playback } = useWorkspace();
  const side = sideHere.value;
  const number = position.number.value;
  const coming = frames.shown.value?.number !== number && !frames.trouble.value && !playback.playing.value;
  return (
    <div class="stage-badge" data-testid="frame-badge">
      {side && <b class={side}>{messages.frame.keyframe[side]} · </b>}
      {messages.frame.badge(number, inSeconds(position.seconds.value))}
      {coming && <i> · {messages.frame.coming}</i>}
    </div>
  );
}

function FrameTrouble() {
  const { frames, position } = useWorkspace();
  if (!frames.trouble.value) return null;
  return (
    <div class="stage-trouble" role="alert">
      {messages.frame.trouble(frames.trouble.value)}
      <Button onClick={() => void frames.show(position.number.value)}>{messages.frame.retry}</Button>
    </div>
  );
}

export function Canvas() {
  const workspace = useWorkspace();
  const { container, stage } = useStage(workspace);
  const { frames, position, picture, canDraw, head } = workspace;
  const here = picture.value?.number === position.number.value;
  return (
    <div class={`head ${here ? "" : "coming"}`}>
      <div
        ref={container}
        class={`canvas ${canDraw.value ? "drawable" : ""}`}
        role="img"
        aria-label={messages.timeline.sample(position.number.value)}
        data-testid="canvas"
        data-width={head.width}
        data-height={head.height}
        data-frame={frames.shown.value?.number}
        data-picture={picture.value?.number}
      />
      {stage && <Shown stage={stage} />}
      <FrameBadge />
      <FrameTrouble />
    </div>
  );
}
