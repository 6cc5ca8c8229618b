/** Robots' own recordings (ALOHA HDF5, LeRobot): uploaded whole, looked into, asked about, imported. */

import { signal, type Signal } from "@preact/signals";
import { type Api, sentence } from "@/shared/api";
import type { UploadItem, UploadQueue } from "./uploads";

export const ROBOT_FILE = /\.(hdf5|h5|zip|tar|tgz|tar\.gz)$/i;
const POLL = 700;
const HEAD = "cam_high";

export type Order = "rgb" | "bgr";

/** What the site says of one recording in an upload; null is what it does not state. */
export interface Found {
  name: string;
  rows: number;
  fps: number | null;
  order: Order | null;
  task: string;
  cameras: string[];
  pictures: Partial<Record<Order, string>>;
  problem: string;
}

/** What a person says where the recordings say nothing. */
export interface Said {
  fps?: number;
  order?: Order;
  head?: string;
  task?: number;
}

export interface Outcome {
  sentence: string;
  taken: boolean;
}

export type BundleState =
  | { state: "uploading" }
  | { state: "looking" }
  | { state: "asking"; upload: string; found: Found[] }
  | { state: "importing"; done: boolean; outcomes: Outcome[] }
  | { state: "failed"; message: string };

export interface Bundle {
  readonly item: UploadItem;
  readonly progress: Signal<BundleState>;
}

const good = (found: readonly Found[]): Found[] => found.filter(({ problem }) => problem === "");

/** What has to be asked before the recordings can be imported. */
export function needs(found: readonly Found[]): { fps: boolean; order: Found | null; cameras: string[] | null } {
  const sound = good(found);
  const nameless = sound.find(({ cameras }) => !cameras.includes(HEAD) && cameras.length > 1);
  return {
    fps: sound.some(({ fps }) => fps === null),
    order: sound.find(({ order }) => order === null) ?? null,
    cameras: nameless?.cameras ?? null,
  };
}

/** Whether nothing that is needed is missing. `task` null asks the recordings for their own. */
export function isComplete(found: readonly Found[], said: Said): boolean {
  const { fps, order } = needs(found);
  const tasks = said.task !== undefined || good(found).every(({ task }) => task !== "");
  return good(found).length > 0 && (!fps || said.fps !== undefined) && (!order || said.order !== undefined) && tasks;
}

export class RobotRecordings {
  readonly bundles = signal<readonly Bundle[]>([]);

  constructor(
    private readonly project: number,
    private readonly api: Api,
    private readonly queue: UploadQueue,
  ) {}

  add(files: readonly File[]): void {
    const bundles = this.queue.add(files).map((item): Bundle => ({ item, progress: signal<BundleState>({ state: "uploading" }) }));
    this.bundles.value = [...this.bundles.value, ...bundles];
  }

  /** To be called when a file has arrived: look into it. */
  async arrived(item: UploadItem): Promise<void> {
    const bundle = this.bundles.peek().find((each) => each.item === item);
    const sent = item.progress.peek();
    if (!bundle || sent.state !== "sent") return;
    bundle.progress.value = { state: "looking" };
    await this.telling(bundle, async () => {
      const found = await this.api.post<Found[]>(`${this.base}plan/`, { upload: sent.upload.id });
      bundle.progress.value = { state: "asking", upload: sent.upload.id, found };
    });
  }

  async begin(bundle: Bundle, said: Said): Promise<void> {
    const asked = bundle.progress.peek();
    if (asked.state !== "asking") return;
    await this.telling(bundle, async () => {
      await this.api.post(this.base, { upload: asked.upload, ...said });
      bundle.progress.value = { state: "importing", done: false, outcomes: [] };
      await this.follow(bundle, asked.upload);
    });
  }

  private async follow(bundle: Bundle, upload: string): Promise<void> {
    for (;;) {
      const { done, recordings } = await this.api.get<{ done: boolean; recordings: Outcome[] }>(`${this.base}${upload}/`);
      bundle.progress.value = { state: "importing", done, outcomes: recordings };
      if (done) return;
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  }

  private get base(): string {
    return `projects/${this.project}/recordings/`;
  }

  private async telling(bundle: Bundle, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      bundle.progress.value = { state: "failed", message: sentence(error) };
    }
  }

  remove(bundle: Bundle): void {
    this.bundles.value = this.bundles.peek().filter((each) => each !== bundle);
  }
}
