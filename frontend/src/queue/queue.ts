/** What waits for a verdict: narrowed by a filter, approved one by one or many at once, and where two people differ. */

import { computed, signal } from "@preact/signals";
import { type Api, sentence } from "@/shared/api";
import { later } from "@/shared/later";
import { messages } from "@/shared/messages";
import type { Comparison, Disagreement, ReviewRow } from "@/shared/types";
import { type Live, listen } from "@/shared/ws";

export interface Filter {
  order: "oldest" | "risk";
  task: string;
  annotator: string;
  /** Only what no check warns of. */
  quiet: boolean;
}

interface Refused {
  id: number;
  approved: boolean;
  message: string;
}

/** The signs that somebody should look at: with them nothing is approved among many. */
const LOUD = ["contradiction", "disagreement", "model"];

export const searchOf = ({ order, annotator, quiet }: Filter): string => {
  const query = new URLSearchParams({ order });
  if (annotator !== "") query.set("annotator", annotator);
  if (quiet) for (const sign of LOUD) query.append("without", sign);
  return `?${query}`;
};

const distinct = (names: string[]): string[] => [...new Set(names)].sort();

export class Queue {
  readonly filter = signal<Filter>({ order: "oldest", task: "", annotator: "", quiet: false });
  readonly rows = signal<readonly ReviewRow[] | null>(null);
  readonly disagreements = signal<readonly Disagreement[]>([]);
  readonly comparison = signal<Comparison | null>(null);
  readonly chosen = signal<ReadonlySet<number>>(new Set());
  readonly refused = signal<readonly Refused[]>([]);
  readonly trouble = signal("");
  readonly notice = signal("");
  readonly connected = signal(true);
  readonly tasks = computed(() => distinct((this.rows.value ?? []).map(({ task }) => task)));
  readonly annotators = computed(() => distinct((this.rows.value ?? []).map(({ annotator }) => annotator)));
  /** By task the page itself narrows: the names are what people know. */
  readonly listed = computed(() =>
    (this.rows.value ?? []).filter(({ task }) => this.filter.value.task === "" || task === this.filter.value.task),
  );
  readonly picked = computed(() => this.listed.value.filter(({ id }) => this.chosen.value.has(id)));

  constructor(
    private readonly project: number,
    private readonly api: Api,
  ) {}

  start(): Live {
    const refresh = later(() => void this.reload());
    return listen(`/ws/projects/${this.project}/`, {
      message: (data) => {
        this.connected.value = true;
        const { type } = data as { type: string };
        if (type === "ready") void this.reload();
        if (type === "annotation") refresh();
      },
      lost: () => {
        this.connected.value = false;
      },
    });
  }

  async put(part: Partial<Filter>): Promise<void> {
    this.filter.value = { ...this.filter.peek(), ...part };
    this.chosen.value = new Set();
    await this.reload();
  }

  async reload(): Promise<void> {
    const { project, api } = this;
    await this.telling(async () => {
      const [rows, apart] = await Promise.all([
        api.get<ReviewRow[]>(`projects/${project}/review/${searchOf(this.filter.peek())}`),
        api.get<Disagreement[]>(`projects/${project}/disagreements/`),
      ]);
      this.rows.value = rows;
      this.disagreements.value = apart;
    });
  }

  choose(id: number): void {
    const chosen = new Set(this.chosen.peek());
    if (!chosen.delete(id)) chosen.add(id);
    this.chosen.value = chosen;
  }

  chooseAll(): void {
    const all = this.picked.peek().length === this.listed.peek().length;
    this.chosen.value = new Set(all ? [] : this.listed.peek().map(({ id }) => id));
  }

  /** Approve what is chosen, each on the revision that is shown; what is refused stays, with the reason. */
  async approve(): Promise<void> {
    const annotations = this.picked.peek().map(({ id, revision }) => ({ id, revision }));
    await this.telling(async () => {
      const results = await this.api.post<Refused[]>(`projects/${this.project}/review/approve/`, { annotations });
      this.refused.value = results.filter(({ approved }) => !approved);
      this.notice.value = messages.queue.approved(results.length - this.refused.peek().length);
      this.chosen.value = new Set();
    });
    await this.reload();
  }

  async compare(episode: number): Promise<void> {
    await this.telling(async () => {
      this.comparison.value = await this.api.get<Comparison>(`episodes/${episode}/comparison/`);
    });
  }

  /** Settle a disagreement: one of the annotations as it is, or one put together field by field. */
  async settle(body: { kind: "pick" | "merge"; annotation: number; revision: number; take?: Record<string, number> }): Promise<void> {
    const episode = this.comparison.peek()!.episode;
    const settled = await this.telling(() => this.api.post(`episodes/${episode}/comparison/`, body));
    if (!settled) return;
    this.comparison.value = null;
    this.notice.value = messages.queue.settled[body.kind];
    await this.reload();
  }

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
