/** From uploaded files to episodes: which files belong together, and adding each recording once it is complete. */

import { signal, type Signal } from "@preact/signals";
import { type Api, sentence } from "@/shared/api";
import type { Episode, ImportPlan } from "@/shared/types";
import type { UploadItem, UploadQueue } from "./uploads";

export type RecordingState =
  | { state: "uploading" }
  | { state: "creating" }
  | { state: "created"; episode: number; duplicate: boolean }
  | { state: "failed"; message: string };

export interface Recording {
  readonly stem: string;
  readonly task: number;
  readonly cameras: ReadonlyMap<string, UploadItem>;
  readonly progress: Signal<RecordingState>;
}

/** Called with each episode that the server made or knew. */
type OnEpisode = (episode: Episode) => void;

export class Imports {
  readonly recordings = signal<readonly Recording[]>([]);
  readonly problems = signal<readonly ImportPlan["problems"][number][]>([]);

  constructor(
    private readonly project: number,
    private readonly api: Api,
    private readonly queue: UploadQueue,
    private readonly onEpisode: OnEpisode,
  ) {}

  /** Plan files that were chosen together, and upload those that belong to a recording.
   *
   * @throws ApiError when the plan cannot be had; nothing is uploaded then.
   */
  async add(files: readonly File[], task: number): Promise<void> {
    const plan = await this.api.post<ImportPlan>(`projects/${this.project}/imports/plan/`, {
      names: files.map(({ name }) => name),
    });
    this.problems.value = plan.problems;
    for (const recording of plan.recordings) this.begin(recording, files, task);
  }

  private begin({ stem, cameras }: ImportPlan["recordings"][number], files: readonly File[], task: number): void {
    const names = Object.entries(cameras);
    const chosen = names.map(([, name]) => files.find((file) => file.name === name)!);
    const items = this.queue.add(chosen);
    const recording: Recording = {
      stem,
      task,
      cameras: new Map(names.map(([camera], i) => [camera, items[i]!])),
      progress: signal<RecordingState>({ state: "uploading" }),
    };
    this.recordings.value = [...this.recordings.value, recording];
  }

  /** To be called when a file has arrived: its recording is added when it was the last one missing. */
  async arrived(item: UploadItem): Promise<void> {
    const recording = this.recordings.peek().find(({ cameras }) => [...cameras.values()].includes(item));
    if (recording && uploadIds(recording)) await this.create(recording);
  }

  /** Add a recording whose files are all uploaded; may be called again after it failed. */
  async create(recording: Recording): Promise<void> {
    const { stem, task, progress } = recording;
    progress.value = { state: "creating" };
    try {
      const episode = await this.api.post<Episode>(`projects/${this.project}/episodes/`, {
        task,
        stem,
        cameras: uploadIds(recording),
      });
      progress.value = { state: "created", episode: episode.id, duplicate: episode.duplicate ?? false };
      this.onEpisode(episode);
    } catch (error) {
      progress.value = { state: "failed", message: sentence(error) };
    }
  }

  /** Take recordings that are in the project off the list. */
  clearCreated(): void {
    this.recordings.value = this.recordings.value.filter(({ progress }) => progress.peek().state !== "created");
  }
}

/** Upload ids by camera; null while a file is missing. */
function uploadIds({ cameras }: Recording): Record<string, string> | null {
  const ids: Record<string, string> = {};
  for (const [camera, { progress }] of cameras) {
    const state = progress.peek();
    if (state.state !== "sent") return null;
    ids[camera] = state.upload.id;
  }
  return ids;
}
