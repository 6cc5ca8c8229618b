/** The Konva stage: the keyframe's picture, the symbols over it in their final form, and handles. */

import Konva from "konva/lib/Core.js";
import { Circle } from "konva/lib/shapes/Circle.js";
import { Image } from "konva/lib/shapes/Image.js";
import { displayList, drawDisplayList, type Size } from "@/symbols";
import type { DrawnSymbol } from "../document";
import type { Fit } from "./fit";
import { pointsOf } from "./points";

/** How much of a ghost is seen. */
const PALE = 0.45;
const HANDLE = { radius: 6, fill: "#fff", stroke: "#3358d4", strokeWidth: 2, listening: false };

export class CanvasStage {
  private readonly stage: Konva.Stage;
  /** In source pixels. */
  private readonly picture = new Konva.Layer({ listening: false });
  /** In CSS pixels, so that handles keep their size. */
  private readonly handles = new Konva.Layer({ listening: false });
  private readonly image: Image;
  private symbols: readonly DrawnSymbol[] = [];
  private ghosts: readonly DrawnSymbol[] = [];
  private selected: DrawnSymbol | null = null;
  private fit: Fit = { scale: 1, left: 0, top: 0 };

  constructor(
    private readonly container: HTMLDivElement,
    private readonly size: Size,
  ) {
    this.stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    this.image = new Image({ image: undefined, ...size });
    this.picture.add(this.image, new Konva.Shape({ sceneFunc: (context) => this.draw(context) }));
    this.stage.add(this.picture, this.handles);
  }

  private draw(context: Konva.Context): void {
    if (this.ghosts.length > 0) this.drawGhosts(context._context);
    drawDisplayList(context._context, displayList(this.symbols, this.size));
  }

  /** What is proposed only, in the form that it would have, but pale. */
  private drawGhosts(context: CanvasRenderingContext2D): void {
    context.save();
    context.globalAlpha = PALE;
    drawDisplayList(context, displayList(this.ghosts, this.size));
    context.restore();
  }

  /** Take the room that the container has, with the frame where the view has it. */
  place(fit: Fit): void {
    const { clientWidth: width, clientHeight: height } = this.container;
    this.fit = fit;
    this.stage.size({ width, height });
    this.picture.position({ x: fit.left, y: fit.top });
    this.picture.scale({ x: fit.scale, y: fit.scale });
    this.placeHandles();
  }

  showPicture(picture: CanvasImageSource | undefined): void {
    this.image.image(picture);
  }

  showGhosts(ghosts: readonly DrawnSymbol[]): void {
    this.ghosts = ghosts;
    this.container.dataset.ghosts = String(ghosts.length);
    this.picture.batchDraw();
  }

  showSymbols(symbols: readonly DrawnSymbol[], selected: DrawnSymbol | null): void {
    this.symbols = symbols;
    this.selected = selected;
    this.picture.batchDraw();
    this.placeHandles();
  }

  private placeHandles(): void {
    const { scale, left, top } = this.fit;
    const points = this.selected ? pointsOf(this.selected) : [];
    this.handles.destroyChildren();
    for (const { point } of points) {
      this.handles.add(new Circle({ ...HANDLE, x: left + (point[0] + 0.5) * scale, y: top + (point[1] + 0.5) * scale }));
    }
    this.handles.batchDraw();
  }

  destroy(): void {
    this.stage.destroy();
  }
}
