/** The project's episodes, as far as they were listed, kept fresh by the socket. */

import { batch, computed, signal } from "@preact/signals";
import { type Api, sentence } from "@/shared/api";
import type { Episode, EpisodePage, EpisodeState } from "@/shared/types";

export interface Filter {
  task: number | null;
  state: EpisodeState | null;
}

const matches = ({ task, state }: Episode, filter: Filter): boolean =>
  (filter.task === null || task.id === filter.task) && (filter.state === null || state === filter.state);

const byTaskAndNumber = (a: Episode, b: Episode): number =>
  a.task.name.localeCompare(b.task.name) || a.task.id - b.task.id || a.number - b.number;

export class Episodes {
  readonly filter = signal<Filter>({ task: null, state: null });
  readonly known = signal<ReadonlyMap<number, Episode>>(new Map());
  readonly hasMore = signal(false);
  readonly trouble = signal("");
  readonly listed = computed(() =>
    [...this.known.value.values()].filter((episode) => matches(episode, this.filter.value)).sort(byTaskAndNumber),
  );
  private page = 0;

  constructor(
    private readonly project: number,
    private readonly api: Api,
  ) {}

  /** Take an episode in, from wherever it came. */
  update(...episodes: Episode[]): void {
    const known = new Map(this.known.peek());
    for (const episode of episodes) known.set(episode.id, { ...known.get(episode.id), ...episode });
    this.known.value = known;
  }

  async setFilter(filter: Filter): Promise<void> {
    this.filter.value = filter;
    await this.reload();
  }

  async reload(): Promise<void> {
    this.page = 0;
    await this.more();
  }

  async more(): Promise<void> {
    const { task, state } = this.filter.peek();
    const query = new URLSearchParams({ page: String(this.page + 1) });
    if (task !== null) query.set("task", String(task));
    if (state !== null) query.set("state", state);
    try {
      this.accept(await this.api.get<EpisodePage>(`projects/${this.project}/episodes/?${query}`));
    } catch (error) {
      this.trouble.value = sentence(error);
    }
  }

  private accept({ results, next }: EpisodePage): void {
    batch(() => {
      this.page += 1;
      this.trouble.value = "";
      this.hasMore.value = next !== null;
      this.update(...results);
    });
  }

  /** Ask again for the episodes that were under way: messages may have been missed. */
  async refreshUnfinished(): Promise<void> {
    const unfinished = [...this.known.peek().values()].filter(({ state }) => state === "uploaded" || state === "ingesting");
    try {
      for (const { id } of unfinished) this.update(await this.api.get<Episode>(`episodes/${id}/`));
    } catch (error) {
      this.trouble.value = sentence(error);
    }
  }
}
