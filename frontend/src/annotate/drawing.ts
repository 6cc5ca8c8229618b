/** The state of drawing on the chosen keyframe: tool, colors, selection, and the symbol in the hand. */

import { computed, signal } from "@preact/signals";
import { uuid } from "@/shared/uuid";
import type { Color, Rotation, Size } from "@/symbols";
import { shifted } from "./canvas/points";
import { Toolbox } from "./canvas/states";
import { opposite, type Surface, toggleColor, type ToolId } from "./canvas/tools";
import type { DrawnSymbol } from "./document";

/** How near, on the screen in CSS pixels, a press has to come. */
const TOUCH = 9;

/** How far from the first a duplicate is put, in source pixels. */
const BESIDE = 12;

/** Where drawing reads and writes the symbols of the keyframe on the canvas. */
export interface SymbolStore {
  readonly size: Size;
  symbols(): readonly DrawnSymbol[];
  put(symbol: DrawnSymbol): void;
  remove(id: string): void;
}

export class Drawing implements Surface {
  readonly toolId = signal<ToolId>("arrow");
  readonly chosenColors = signal<readonly Color[]>(["red"]);
  readonly chosenTurn = signal<Rotation>("clockwise");
  readonly selectedId = signal<string | null>(null);
  readonly inHand = signal<DrawnSymbol | null>(null);
  /** What a press would place, on the pointer. */
  private readonly onPointer = signal<DrawnSymbol | null>(null);
  /** CSS pixels for one source pixel, set by the canvas. */
  scale = 1;
  readonly toolbox = new Toolbox(this, "arrow");
  /** What the canvas draws: the stored symbols with the one in the hand as it would be. */
  readonly visible = computed(() => withInHand(this.store.symbols(), this.inHand.value ?? this.onPointer.value));
  readonly selection = computed(
    () => this.visible.value.find(({ id }) => id === (this.inHand.value?.id ?? this.selectedId.value)) ?? null,
  );

  constructor(private readonly store: SymbolStore) {}

  get size(): Size {
    return this.store.size;
  }
  get symbols(): readonly DrawnSymbol[] {
    return this.store.symbols();
  }
  get selected(): DrawnSymbol | null {
    return this.symbols.find(({ id }) => id === this.selectedId.value) ?? null;
  }
  get colors(): readonly Color[] {
    return this.chosenColors.value;
  }
  get turn(): Rotation {
    return this.chosenTurn.value;
  }
  get tolerance(): number {
    return TOUCH / this.scale;
  }

  newId(): string {
    return uuid();
  }

  hover(symbol: DrawnSymbol | null): void {
    this.onPointer.value = symbol;
  }

  preview(symbol: DrawnSymbol | null): void {
    this.inHand.value = symbol;
  }

  put(symbol: DrawnSymbol): void {
    this.store.put(symbol);
    if (symbol.type === "rotate_arrow") this.chosenTurn.value = symbol.direction;
  }

  select(id: string | null): void {
    this.selectedId.value = id;
  }

  /** Take a tool. A drawing tool lets go of what is selected: its handles must not catch the next press. */
  use(tool: ToolId): void {
    if (tool !== "select") this.select(null);
    this.toolbox.use(tool);
    this.toolId.value = tool;
  }

  /** Drop the gesture under way; else put the drawing tool away; else deselect. */
  cancel(): void {
    if (this.toolbox.busy) this.toolbox.cancel();
    else if (this.toolId.value !== "select") this.use("select");
    else this.select(null);
  }

  /** Leave this keyframe: nothing in the hand, nothing selected. */
  leave(): void {
    this.toolbox.cancel();
    this.select(null);
  }

  /** Select the symbol after the selected one, in the order drawn; the first after the last. */
  selectNext(): void {
    const symbols = this.store.symbols();
    if (symbols.length === 0 || this.toolbox.busy) return;
    this.use("select");
    const here = symbols.findIndex(({ id }) => id === this.selectedId.peek());
    this.select(symbols[(here + 1) % symbols.length]!.id);
  }

  removeSelected(): void {
    const symbol = this.selected;
    if (!symbol || this.toolbox.busy) return;
    this.store.remove(symbol.id);
    this.select(null);
  }

  /** Move the selected symbol by whole pixels of the frame, as far as the frame goes. */
  nudge(dx: number, dy: number): void {
    const symbol = this.selected;
    const moved = symbol && shifted(symbol, [dx, dy], this.size);
    if (moved && JSON.stringify(moved) !== JSON.stringify(symbol)) this.store.put(moved);
  }

  /** Another symbol like the selected one, a little beside it; it is the selected one then. */
  duplicate(): void {
    const symbol = this.selected;
    if (!symbol || this.toolbox.busy) return;
    const copy = { ...symbol, id: this.newId() };
    const beside = [BESIDE, -BESIDE].map((by) => shifted(copy, [by, by], this.size));
    const place = beside.find((moved) => JSON.stringify(moved) !== JSON.stringify(copy)) ?? copy;
    this.store.put(place);
    this.select(place.id);
  }

  /** Put a color in or out: of the selected arrow, if there is one, and of the arrows to come. */
  toggleColor(color: Color): void {
    const symbol = this.selected;
    const colors = toggleColor(symbol?.type === "move_arrow" ? symbol.colors : this.colors, color);
    this.chosenColors.value = colors;
    if (symbol?.type === "move_arrow") this.store.put({ ...symbol, colors });
  }

  /** Turn the other way round: the selected rotating arrow, if there is one, and those to come. */
  toggleTurn(): void {
    const symbol = this.selected;
    const turn = opposite(symbol?.type === "rotate_arrow" ? symbol.direction : this.turn);
    this.chosenTurn.value = turn;
    if (symbol?.type === "rotate_arrow") this.store.put({ ...symbol, direction: turn });
  }
}

function withInHand(symbols: readonly DrawnSymbol[], inHand: DrawnSymbol | null): readonly DrawnSymbol[] {
  if (!inHand) return symbols;
  const position = symbols.findIndex(({ id }) => id === inHand.id);
  return position < 0 ? [...symbols, inHand] : symbols.with(position, inHand);
}
