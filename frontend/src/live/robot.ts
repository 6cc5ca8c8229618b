/** Everything the live page holds: the newest picture, who is in control, what was asked and answered. */

import { computed, signal } from "@preact/signals";
import type { Board } from "@/annotate/canvas/board";
import { View } from "@/annotate/canvas/view";
import type { DrawnSymbol } from "@/annotate/document";
import { Drawing, type SymbolStore } from "@/annotate/drawing";
import { messages } from "@/shared/messages";
import { uuid } from "@/shared/uuid";
import type { RawSymbol, Size } from "@/symbols";
import { type Begin, type Control, type Entry, Feed, type Message, type Order, type PictureHead, sizeOf } from "./feed";

/** So many seconds are on the timeline, and so many entries are kept. */
export const SHOWN_SECONDS = 60;
const KEPT = 400;
const CONTROL_SAMPLES = 2000;

export interface Stretch {
  from: number;
  to: number;
  control: Control;
}

/** Symbols drawn by hand that are no order yet. */
class Sketch implements SymbolStore {
  readonly drawn = signal<readonly DrawnSymbol[]>([]);

  constructor(readonly size: Size) {}

  symbols(): readonly DrawnSymbol[] {
    return this.drawn.value;
  }

  put(symbol: DrawnSymbol): void {
    const kept = this.drawn.peek();
    const place = kept.findIndex(({ id }) => id === symbol.id);
    this.drawn.value = place < 0 ? [...kept, symbol] : kept.with(place, symbol);
  }

  remove(id: string): void {
    this.drawn.value = this.drawn.peek().filter((symbol) => symbol.id !== id);
  }
}

/** A drawing over pictures of one size. */
export class LiveBoard implements Board {
  readonly sketch: Sketch;
  readonly view: View;
  readonly drawing: Drawing;

  constructor(
    readonly size: Size,
    readonly canDraw: Board["canDraw"],
  ) {
    this.sketch = new Sketch(size);
    this.view = new View(size);
    this.drawing = new Drawing(this.sketch);
  }
}

const unnamed = ({ id: _, ...symbol }: DrawnSymbol): RawSymbol => symbol as RawSymbol;

export class LiveRobot {
  readonly connected = signal(false);
  readonly here = signal(false);
  readonly operates = signal(false);
  readonly begin = signal<Begin | null>(null);
  readonly running = signal(false);
  readonly head = signal<PictureHead | null>(null);
  readonly entries = signal<readonly Entry[]>([]);
  readonly stretches = signal<readonly Stretch[]>([]);
  readonly overlay = signal<readonly DrawnSymbol[]>([]);
  readonly trouble = signal("");
  readonly correcting = signal(false);
  readonly command = signal("");
  readonly board = signal<LiveBoard | null>(null);
  readonly picture = signal<ImageBitmap | null>(null);
  readonly fps = signal(0);
  readonly answer = computed(() => this.entries.value.findLast(({ kind }) => kind === "answer") ?? null);
  /** A correction that waits for an operator's yes. */
  readonly proposed = computed(() => {
    const last = this.entries.value.findLast(({ kind }) => kind.startsWith("correction_"));
    return last?.kind === "correction_proposed" ? last : null;
  });
  readonly held = computed(() => this.head.value?.control === "hold");
  private readonly feed: Feed;
  private arrivals: number[] = [];

  constructor(project: number, robot: string) {
    this.feed = new Feed(`/ws/projects/${project}/live/${robot}/`, {
      message: (message) => this.hear(message),
      picture: (head, picture) => this.see(head, picture),
      lost: () => {
        this.connected.value = false;
      },
    });
  }

  start(): () => void {
    return this.feed.open();
  }

  private hear(message: Message): void {
    switch (message.type) {
      case "ready":
        this.connected.value = true;
        this.operates.value = message.operates;
        this.here.value = message.state !== null;
        this.catchUp(message.state);
        break;
      case "begin":
        this.rollout(message);
        break;
      case "entry":
        this.enter(message);
        break;
      case "end":
        this.running.value = false;
        break;
      case "live":
      case "gone":
        this.here.value = message.type === "live";
        this.running.value &&= this.here.value;
        break;
      case "refused":
        this.trouble.value = message.why;
        break;
      case "error":
        this.trouble.value = message.message;
    }
  }

  private catchUp(state: Extract<Message, { type: "ready" }>["state"]): void {
    if (!state?.begin) return;
    this.rollout(state.begin);
    for (const entry of state.entries) if (entry.type === "entry") this.enter(entry as Entry);
    this.running.value = state.entries.at(-1)?.type !== "end";
  }

  private rollout(begin: Begin): void {
    this.begin.value = begin;
    this.here.value = this.running.value = true;
    this.entries.value = [];
    this.stretches.value = [];
    this.overlay.value = [];
  }

  private enter(entry: Entry): void {
    this.entries.value = [...this.entries.value, entry].slice(-KEPT);
    const symbols = entry.data.symbols as RawSymbol[] | undefined;
    if (entry.kind === "overlay" && symbols) this.overlay.value = symbols.map((symbol) => ({ ...symbol, id: uuid() }));
    if (entry.kind === "correction_ended" || (entry.kind === "answer" && entry.data.failed === false)) this.overlay.value = [];
    if (entry.kind === "operator" && entry.data.refused) this.trouble.value = String(entry.data.refused);
  }

  private see(head: PictureHead, picture: ImageBitmap): void {
    this.here.value = true;
    this.head.value = head;
    this.count();
    this.note(head);
    if (this.correcting.peek()) return picture.close(); // the picture that is drawn on stays
    const size = sizeOf(picture);
    const known = this.board.peek()?.size;
    if (known?.width !== size.width || known.height !== size.height) this.board.value = new LiveBoard(size, this.correcting);
    const before = this.picture.peek();
    this.picture.value = picture;
    before?.close();
  }

  private count(): void {
    const now = performance.now();
    this.arrivals = [...this.arrivals.filter((at) => at > now - 1000), now];
    this.fps.value = this.arrivals.length;
  }

  /** Who was in control from when to when. */
  private note({ time, control }: PictureHead): void {
    const kept = this.stretches.peek();
    const last = kept.at(-1);
    if (last?.control === control) this.stretches.value = kept.with(-1, { ...last, to: time });
    else this.stretches.value = [...kept, { from: last?.to ?? time, to: time, control }].slice(-CONTROL_SAMPLES);
  }

  order(order: Order): void {
    this.trouble.value = this.feed.send(order) ? "" : messages.live.lost;
  }

  /** Stop at this picture and draw on it. */
  draw(): void {
    if (!this.picture.peek()) return;
    this.board.peek()!.sketch.drawn.value = [];
    this.command.value = "";
    this.correcting.value = true;
  }

  cancel(): void {
    this.board.peek()?.drawing.leave();
    this.correcting.value = false;
  }

  /** Send what is drawn, as a model's answer would come. */
  send(): void {
    const symbols = this.board.peek()!.sketch.drawn.peek().map(unnamed);
    const command = this.command.peek().trim();
    this.order({ order: "correct", symbols, ...(command && { command }) });
    this.cancel();
  }
}
