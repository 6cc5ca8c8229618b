/** The Konva stage: the keyframe's picture, the symbols over it in their final form, and handles. */

import Konva from "konva/lib/Core.js";
import { Circle } from "konva/lib/shapes/Circle.js";
import { Image } from "konva/lib/shapes/Image.js";
import { displayList, drawDisplayList, type Size } from "@/symbols";
import type { DrawnSymbol } from "../document";
import type { Fit } from "./fit";
import { pointsOf } from "./points";

// Drawn when something is handed over, not when the display asks: what was stepped to is in its next frame.
Konva.autoDrawEnabled = false;

/** How much of a ghost is seen. */
const PALE = "0.5";
const HANDLE = { radius: 6, fill: "#fff", stroke: "#3358d4", strokeWidth: 2, listening: false };

export class CanvasStage {
  private readonly stage: Konva.Stage;
  /** In source pixels. */
  private readonly picture = new Konva.Layer({ listening: false });
  /** In CSS pixels, so that handles keep their size. */
  private readonly handles = new Konva.Layer({ listening: false });
  private readonly image: Image;
  private symbols: readonly DrawnSymbol[] = [];
  /** Over the picture, pale as a whole: strokes of a symbol lie over one another. */
  private readonly ghosts = new Konva.Layer({ listening: false });
  private ghostly: readonly DrawnSymbol[] = [];
  private selected: DrawnSymbol | null = null;
  private fit: Fit = { scale: 1, left: 0, top: 0 };

  constructor(
    private readonly container: HTMLDivElement,
    private readonly size: Size,
  ) {
    this.stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    this.image = new Image({ image: undefined, ...size });
    this.picture.add(this.image, new Konva.Shape({ sceneFunc: (context) => this.draw(context, this.symbols) }));
    this.ghosts.add(new Konva.Shape({ sceneFunc: (context) => this.draw(context, this.ghostly) }));
    this.stage.add(this.picture, this.ghosts, this.handles);
    this.ghosts.getNativeCanvasElement().style.opacity = PALE;
  }

  private draw(context: Konva.Context, symbols: readonly DrawnSymbol[]): void {
    drawDisplayList(context._context, displayList(symbols, this.size));
  }

  /** Take the room that the container has, with the frame where the view has it. */
  place(fit: Fit): void {
    const { clientWidth: width, clientHeight: height } = this.container;
    this.fit = fit;
    this.stage.size({ width, height });
    for (const layer of [this.picture, this.ghosts]) {
      layer.position({ x: fit.left, y: fit.top });
      layer.scale({ x: fit.scale, y: fit.scale });
      layer.draw();
    }
    this.placeHandles();
  }

  showPicture(picture: CanvasImageSource | undefined): void {
    this.image.image(picture);
    this.picture.draw();
  }

  /** What is proposed only, in the form that it would have. */
  showGhosts(symbols: readonly DrawnSymbol[]): void {
    const changed = symbols.length > 0 || this.ghostly.length > 0;
    this.ghostly = symbols;
    this.container.dataset.ghosts = String(symbols.length);
    if (changed) this.ghosts.draw();
  }

  showSymbols(symbols: readonly DrawnSymbol[], selected: DrawnSymbol | null): void {
    const changed = symbols.length > 0 || this.symbols.length > 0;
    this.symbols = symbols;
    this.selected = selected;
    if (changed) this.picture.draw();
    this.placeHandles();
  }

  private placeHandles(): void {
    const { scale, left, top } = this.fit;
    const points = this.selected ? pointsOf(this.selected) : [];
    if (points.length === 0 && !this.handles.hasChildren()) return;
    this.handles.destroyChildren();
    for (const { point } of points) {
      this.handles.add(new Circle({ ...HANDLE, x: left + (point[0] + 0.5) * scale, y: top + (point[1] + 0.5) * scale }));
    }
    this.handles.draw();
  }

  destroy(): void {
    this.stage.destroy();
  }
}
