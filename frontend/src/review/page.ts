/** Everything the review page holds: the queue, the annotation at hand, and the way to a verdict on it. */

import { batch, computed, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Api, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { AnnotationState, Comment, Mark, Project, ReviewRow } from "@/shared/types";
import { factsOf, type Field, textsOf } from "./fields";
import { Item, loadItem } from "./item";
import type { Pin } from "./remarks";

/** What is being written: a comment, or the one that sends the work back. */
export interface Writing {
  pin: Pin;
  sends: boolean;
}

const WAITING: readonly AnnotationState[] = ["submitted", "in_review"];

export interface Place {
  user: string;
  /** Where the queue's page is. */
  queue: string;
}

export class ReviewPage {
  readonly queue = signal<readonly ReviewRow[]>([]);
  readonly item = signal<Item | null>(null);
  readonly selected = signal<string>("outcome");
  /** Whether a comment goes to the frame on the page and not to the field selected. */
  readonly atFrame = signal(false);
  readonly writing = signal<Writing | null>(null);
  readonly words = signal("");
  readonly showSymbols = signal(true);
  readonly showChanges = signal(true);
  readonly busy = signal(false);
  readonly help = signal(false);
  readonly trouble = signal("");
  readonly notice = signal("");
  readonly facts = computed(() => this.fieldsBy(factsOf));
  readonly texts = computed(() => this.fieldsBy(textsOf));
  readonly fields = computed(() => [...this.facts.value, ...this.texts.value]);
  readonly canDecide = computed(() => {
    const annotation = this.item.value?.annotation;
    return annotation !== undefined && WAITING.includes(annotation.state) && annotation.annotator !== this.place.user;
  });
  readonly number = computed(() => this.queue.value.findIndex(({ id }) => id === this.item.value?.annotation.id) + 1);
  private readonly loaded = new Map<number, Promise<Item>>();

  constructor(
    readonly project: Project,
    readonly api: Api,
    readonly place: Place,
  ) {}

  private fieldsBy(of: typeof factsOf): Field[] {
    const item = this.item.value;
    return item ? of(item.annotation.document, item.event.value) : [];
  }

  /** What a comment would be pinned to now. */
  get pin(): Pin {
    if (this.atFrame.value) return { path: null, frame: this.item.value?.position.number.value ?? null };
    return { path: this.field?.path ?? null, frame: null };
  }

  get field(): Field | undefined {
    return this.fields.value.find(({ key }) => key === this.selected.value);
  }

  async start(id: number): Promise<void> {
    await Promise.all([this.open(id), this.refreshQueue()]);
    this.fetchAhead();
  }

  async refreshQueue(): Promise<void> {
    await this.telling(async () => {
      this.queue.value = await this.api.get<ReviewRow[]>(`projects/${this.project.id}/review/${location.search}`);
    });
  }

  /** Bring an annotation onto the page, fresh where it was on it before. */
  async open(id: number): Promise<void> {
    await this.telling(async () => {
      const item = await this.load(id);
      this.loaded.delete(id);
      batch(() => {
        this.item.value = item;
        this.atFrame.value = false;
        this.writing.value = null;
        this.words.value = "";
        this.selected.value = "outcome";
        item.openSide("avoidance");
      });
      history.replaceState(null, "", `/review/${id}/${location.search}`);
      if (this.canDecide.peek()) await this.api.post(`annotations/${id}/review/`);
    });
  }

  private load(id: number): Promise<Item> {
    const known = this.loaded.get(id);
    if (known) return known;
    const item = loadItem(this.api, id).then((loaded) => new Item(loaded, this.project, this.api, this.place.user));
    this.loaded.set(id, item);
    item.then((made) => void made.preload()).catch(() => this.loaded.delete(id)); // it is asked for again when it is opened
    return item;
  }

  /** Have the next one ready before it is asked for. */
  private fetchAhead(): void {
    const next = this.neighbour(1);
    if (next !== undefined) void this.load(next).catch(() => undefined); // told when it is opened
  }

  private neighbour(by: 1 | -1): number | undefined {
    return this.queue.peek()[this.number.peek() - 1 + by]?.id;
  }

  async step(by: 1 | -1): Promise<void> {
    const id = this.neighbour(by);
    if (id === undefined) this.notice.value = by > 0 ? messages.review.last : messages.review.first;
    else {
      this.notice.value = "";
      await this.open(id);
      this.fetchAhead();
    }
  }

  select(key: string): void {
    batch(() => {
      this.selected.value = key;
      this.atFrame.value = false;
      const { side } = this.field ?? {};
      if (side && this.item.peek()?.side.peek() !== side) this.item.peek()?.openSide(side);
    });
  }

  stepField(by: 1 | -1): void {
    const fields = this.fields.peek();
    const here = fields.findIndex(({ key }) => key === this.selected.peek());
    const next = fields[Math.min(Math.max(here + by, 0), fields.length - 1)];
    if (next) this.select(next.key);
  }

  /** Begin to write; `sends` when the work goes back with it. */
  write(sends: boolean): void {
    if (this.canDecide.peek()) this.writing.value = { pin: this.pin, sends };
  }

  stopWriting(): void {
    this.writing.value = null;
    this.words.value = "";
  }

  /** Keep what is written; with `sends` the work goes back. */
  async keepWords(): Promise<void> {
    const [writing, item, words] = [this.writing.peek(), this.item.peek(), this.words.peek().trim()];
    if (!writing || !item) return;
    if (words !== "" && !(await this.telling(() => item.remarks.add(writing.pin, words)))) return;
    this.words.value = "";
    if (!writing.sends) this.stopWriting();
    else if (item.remarks.mine.peek().length + item.remarks.wrong.peek().length === 0) this.trouble.value = messages.review.sayWhat;
    else await this.decide("send_back");
  }

  async mark(mark: Mark): Promise<void> {
    const { field } = this;
    if (field && this.canDecide.peek()) await this.telling(() => this.item.peek()!.remarks.mark(field.key, mark));
  }

  async removeComment(comment: Comment): Promise<void> {
    await this.telling(() => this.item.peek()!.remarks.remove(comment));
  }

  async approve(): Promise<void> {
    const wrong = this.item.peek()?.remarks.wrong.peek().length ?? 0;
    if (wrong > 0) this.trouble.value = messages.review.wrongFields(wrong);
    else await this.decide("approve");
  }

  private async decide(decision: "approve" | "send_back"): Promise<void> {
    const item = this.item.peek();
    if (!item || !this.canDecide.peek() || this.busy.peek()) return;
    this.busy.value = true;
    const decided = await this.telling(() => this.api.post(`annotations/${item.annotation.id}/verdicts/`, this.verdict(decision)));
    this.busy.value = false;
    if (decided) await this.goOn(item, messages.review.decided[decision](item.episode.task.name, item.episode.number));
  }

  private verdict(decision: "approve" | "send_back"): Record<string, unknown> {
    const { annotation, remarks } = this.item.peek()!;
    const comment = decision === "approve" ? "" : remarks.mine.peek().map(({ text }) => text).join("\n");
    return { decision, comment, revision: annotation.revision };
  }

  /** After a verdict: the next in the queue, else the one before. */
  private async goOn({ annotation }: Item, notice: string): Promise<void> {
    const next = this.neighbour(1) ?? this.neighbour(-1);
    this.queue.value = this.queue.peek().filter(({ id }) => id !== annotation.id);
    if (next !== undefined) await this.open(next);
    else location.assign(this.place.queue);
    this.notice.value = notice;
    this.fetchAhead();
  }

  /** Do something, and put a failure on the page as a sentence. True when it was done. */
  private async telling(action: () => Promise<unknown>): Promise<boolean> {
    this.trouble.value = "";
    try {
      await action();
      return true;
    } catch (error) {
      this.trouble.value = sentence(error);
      return false;
    }
  }
}

export const PageContext = createContext<ReviewPage | null>(null);

export function usePage(): ReviewPage {
  const page = useContext(PageContext);
  if (!page) throw new Error("There is no review page around this component.");
  return page;
}

/** The page with the annotation at hand; only below what is drawn when there is one. */
export function useItem(): { page: ReviewPage; item: Item } {
  const page = usePage();
  const item = page.item.value;
  if (!item) throw new Error("There is no annotation on the page.");
  return { page, item };
}
