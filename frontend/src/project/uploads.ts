/** Uploading many files: some at a time, each on its own. One that fails takes nothing with it. */

import { signal, type Signal } from "@preact/signals";
import { sentence } from "@/shared/api";
import type { Upload } from "@/shared/types";

const AT_ONCE = 3;

export type UploadState =
  | { state: "waiting" }
  | { state: "sending"; share: number }
  | { state: "sent"; upload: Upload }
  | { state: "failed"; message: string };

export interface UploadItem {
  readonly file: File;
  readonly progress: Signal<UploadState>;
}

/** Send one file; `onShare` is told the part sent, 0 to 1. */
export type SendFile = (file: File, onShare: (share: number) => void) => Promise<Upload>;

export class UploadQueue {
  readonly items = signal<readonly UploadItem[]>([]);
  private running = 0;

  /** @param onSent called for each file that the server has. */
  constructor(
    private readonly send: SendFile,
    private readonly onSent: (item: UploadItem) => void = () => undefined,
  ) {}

  /** Whether files are still to be sent. */
  get active(): boolean {
    const open = ["waiting", "sending"];
    return this.items.peek().some(({ progress }) => open.includes(progress.peek().state));
  }

  add(files: readonly File[]): UploadItem[] {
    const added = files.map((file): UploadItem => ({ file, progress: signal<UploadState>({ state: "waiting" }) }));
    this.items.value = [...this.items.value, ...added];
    this.fill();
    return added;
  }

  /** Put a failed file back in the queue. */
  retry(item: UploadItem): void {
    if (item.progress.peek().state !== "failed") return;
    item.progress.value = { state: "waiting" };
    this.fill();
  }

  /** Take files that are done off the list. */
  clearSent(): void {
    this.items.value = this.items.value.filter(({ progress }) => progress.peek().state !== "sent");
  }

  private fill(): void {
    while (this.running < AT_ONCE) {
      const next = this.items.peek().find(({ progress }) => progress.peek().state === "waiting");
      if (!next) return;
      void this.run(next);
    }
  }

  private async run(item: UploadItem): Promise<void> {
    this.running += 1;
    const { progress } = item;
    progress.value = { state: "sending", share: 0 };
    const onShare = (share: number): void => {
      if (progress.peek().state === "sending") progress.value = { state: "sending", share };
    };
    try {
      progress.value = { state: "sent", upload: await this.send(item.file, onShare) };
      this.onSent(item);
    } catch (error) {
      progress.value = { state: "failed", message: sentence(error) };
    } finally {
      this.running -= 1;
      this.fill();
    }
  }
}
