/** The picture at the current frame, with what is drawn on it; drawing goes to the tool in hand. */

import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { messages } from "@/shared/messages";
import { Button } from "@/shared/ui";
import type { Point } from "@/symbols";
import { inSeconds } from "../position";
import { useWorkspace, type Workspace } from "../workspace";
import { toSource } from "./fit";
import { CanvasStage } from "./stage";

/** Lead pointer events on the container to the toolbox, in source pixels. Gives the function that stops it. */
function listenToPointer(container: HTMLElement, stage: CanvasStage, { drawing, canDraw }: Workspace): () => void {
  const at = (event: PointerEvent): Point => {
    const box = container.getBoundingClientRect();
    return toSource(stage.fit, event.clientX - box.left, event.clientY - box.top);
  };
  const stop = new AbortController();
  const on = (type: "pointerdown" | "pointermove" | "pointerup", handle: (event: PointerEvent) => void): void =>
    container.addEventListener(type, handle, { signal: stop.signal });
  on("pointerdown", (event) => {
    if (event.button !== 0 || !canDraw.peek()) return;
    container.setPointerCapture(event.pointerId);
    drawing.toolbox.press(at(event));
  });
  on("pointermove", (event) => drawing.toolbox.drag(at(event)));
  on("pointerup", (event) => drawing.toolbox.release(at(event)));
  container.addEventListener("pointercancel", () => drawing.toolbox.cancel(), { signal: stop.signal });
  return () => stop.abort();
}

/** Keep the stage as large as its container, and say on the container how source pixels lie in it. */
function followSize(container: HTMLElement, stage: CanvasStage, workspace: Workspace): () => void {
  const resize = (): void => {
    const { scale, left, top } = stage.resize();
    workspace.drawing.scale = scale;
    Object.assign(container.dataset, { scale, left, top });
  };
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  resize();
  return () => observer.disconnect();
}

function useStage(workspace: Workspace) {
  const container = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<CanvasStage | null>(null);
  useEffect(() => {
    const element = container.current!;
    const made = new CanvasStage(element, workspace.drawing.size);
    const stops = [followSize(element, made, workspace), listenToPointer(element, made, workspace)];
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
  const { frames, drawing, position } = useWorkspace();
  useSignalEffect(() => stage.showPicture(frames.shown.value?.picture));
  useSignalEffect(() => {
    const exact = frames.shown.value?.number === position.number.value;
    stage.showSymbols(exact ? drawing.visible.value : [], exact ? drawing.selection.value : null);
  });
  return null;
}

function FrameBadge() {
  const { position, sideHere, frames } = useWorkspace();
  const side = sideHere.value;
  const number = position.number.value;
  const coming = frames.shown.value?.number !== number && !frames.trouble.value;
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
  const { frames, position, canDraw, head } = workspace;
  const exact = frames.shown.value?.number === position.number.value;
  return (
    <div class={`head ${exact ? "" : "coming"}`}>
      <div
        ref={container}
        class={`canvas ${canDraw.value ? "drawable" : ""}`}
        role="img"
        aria-label={messages.timeline.sample(position.number.value)}
        data-testid="canvas"
        data-width={head.width}
        data-height={head.height}
        data-frame={frames.shown.value?.number}
      />
      {stage && <Shown stage={stage} />}
      <FrameBadge />
      <FrameTrouble />
    </div>
  );
}
