/** Keep a stage and a view as large as their container, whichever page they are on. */

import { effect } from "@preact/signals";
import type { Board } from "./board";
import type { CanvasStage } from "./stage";

/** Keep the view as large as its container. Gives the function that ends it. */
export function followSize(container: HTMLElement, { view }: Pick<Board, "view">): () => void {
  const resize = (): void => view.resize({ width: container.clientWidth, height: container.clientHeight });
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  resize();
  return () => observer.disconnect();
}

/** Lay the stage out as the view says, and say on the container how source pixels lie in it. */
export function followView(container: HTMLElement, stage: CanvasStage, { view, drawing }: Board): () => void {
  return effect(() => {
    const { scale, left, top } = view.fit.value;
    stage.place(view.fit.value);
    drawing.scale = scale;
    Object.assign(container.dataset, { scale, left, top });
  });
}
