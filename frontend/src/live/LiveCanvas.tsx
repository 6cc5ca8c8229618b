/** The robot's head view: the newest picture with the supervisor's symbols, or the one that is drawn on. */

import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { followSize, followView } from "@/annotate/canvas/lay";
import { PointerInput } from "@/annotate/canvas/pointer";
import { CanvasStage } from "@/annotate/canvas/stage";
import { messages } from "@/shared/messages";
import type { LiveBoard, LiveRobot } from "./robot";

const text = messages.live;

/** Show pictures and symbols on the stage as they come. Gives the function that ends it. */
function follow(stage: CanvasStage, board: LiveBoard, robot: LiveRobot): () => void {
  const stops = [
    effect(() => stage.showPicture(robot.picture.value ?? undefined)),
    effect(() => {
      if (robot.correcting.value) stage.showSymbols(board.drawing.visible.value, board.drawing.selection.value);
      else stage.showSymbols(robot.overlay.value, null);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function Board({ board, robot }: { board: LiveBoard; robot: LiveRobot }) {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = container.current!;
    const stage = new CanvasStage(element, board.size);
    const stops = [
      followSize(element, board),
      followView(element, stage, board),
      new PointerInput(element, board).listen(),
      follow(stage, board, robot),
    ];
    return () => {
      stops.forEach((stop) => stop());
      stage.destroy();
    };
  }, [board, robot]);
  return (
    <div
      ref={container}
      class={`canvas ${robot.correcting.value ? "drawable" : ""}`}
      role="img"
      aria-label={text.picture}
      data-testid="live-canvas"
      data-symbols={robot.correcting.value ? board.drawing.visible.value.length : robot.overlay.value.length}
    />
  );
}

function Badge({ robot }: { robot: LiveRobot }) {
  const { correcting, head, fps } = robot;
  if (correcting.value) return <div class="stage-badge">{text.frozen}</div>;
  if (!head.value) return null;
  return (
    <div class="stage-badge" data-testid="live-badge" data-index={head.value.index} data-at={head.value.at} data-fps={fps.value}>
      {text.badge(fps.value)}
    </div>
  );
}

export function LiveCanvas({ robot }: { robot: LiveRobot }) {
  const board = robot.board.value;
  return (
    <div class="head">
      {board ? <Board key={`${board.size.width}x${board.size.height}`} board={board} robot={robot} /> : <p class="waiting">{text.waiting}</p>}
      <Badge robot={robot} />
    </div>
  );
}
