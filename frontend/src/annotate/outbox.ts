/** Operations on their way to the server: in order, one request at a time, nothing dropped silently. */

import { batch, computed, signal } from "@preact/signals";
import { ApiError } from "@/shared/api";
import { backoff } from "@/shared/backoff";
import { messages } from "@/shared/messages";
import type { Problem } from "@/shared/types";
import { uuid } from "@/shared/uuid";
import type { Kept } from "./journal";
import { type Change, type Document, type Operation, replay } from "./document";

const PAUSE = 400;
const BATCH = 200;

export interface Saved {
  revision: number;
  acknowledged: string[];
  document: Document;
  problems: Problem[];
}

/** The server's copy after changes that did not come from here. */
export interface Conflict {
  revision: number;
  document: Document;
}

/** What is known of the server's copy: the document at a revision and what it lacks. */
export interface Confirmed {
  revision: number;
  document: Document;
  problems: Problem[];
}

export type Saving =
  | { state: "saved" }
  | { state: "saving" }
  | { state: "offline"; message: string }
  | { state: "logged_out" }
  | { state: "elsewhere" }
  | { state: "conflict"; conflict: Conflict }
  | { state: "stopped"; message: string };

export type Send = (base: number, operations: Operation[]) => Promise<Saved>;

const samePlace = (a: Change, b: Change): boolean =>
  a.op === "set" && b.op === "set" && JSON.stringify(a.path) === JSON.stringify(b.path);

export class Outbox {
  readonly confirmed;
  readonly saving = signal<Saving>({ state: "saved" });
  /** Sent, not yet answered. After a failure exactly these are sent again: the server may know them already. */
  private readonly sent;
  private readonly waiting = signal<Operation[]>([]);
  readonly pending = computed(() => [...this.sent.value, ...this.waiting.value]);
  /** What would be lost with the page; null when nothing would. */
  readonly unsaved = computed<Kept | null>(() => {
    const { revision, document } = this.confirmed.value;
    return this.pending.value.length === 0 ? null : { revision, document, operations: this.pending.value };
  });
  /** The server's document with everything on top that is still to be sent. */
  readonly document = computed(() => replay(this.confirmed.value.document, this.pending.value).document);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private inFlight: Promise<void> | null = null;
  private failures = 0;
  private halted = false;

  /** @param kept what an earlier page left behind: it stands on the copy that page knew, and may be with the
   * server already. */
  constructor(
    confirmed: Confirmed,
    private readonly send: Send,
    kept: Kept | null = null,
  ) {
    const { operations = [], ...base } = kept ?? {};
    this.confirmed = signal({ ...confirmed, ...base });
    this.sent = signal(operations);
    if (kept) this.saving.value = { state: "saving" };
  }

  /** Take changes in; they show at once and leave for the server within a moment. */
  push(...changes: Change[]): void {
    batch(() => {
      for (const change of changes) this.waiting.value = this.joined({ id: uuid(), ...change });
      if (this.saving.value.state === "saved") this.saving.value = { state: "saving" };
    });
    if (this.saving.value.state === "saving") this.schedule(PAUSE);
  }

  /** Typing sets one field many times: only the last value of a run is sent. */
  private joined(operation: Operation): Operation[] {
    const last = this.waiting.value.at(-1);
    const kept = last && samePlace(last, operation) ? this.waiting.value.slice(0, -1) : this.waiting.value;
    return [...kept, operation];
  }

  private schedule(delay: number): void {
    this.timer ??= setTimeout(() => void this.flush(), delay);
  }

  /** Send what waits, now. True when the server has everything. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (!this.blocked && this.pending.value.length > 0) {
      this.inFlight ??= this.exchange().finally(() => {
        this.inFlight = null;
      });
      const failuresBefore = this.failures;
      await this.inFlight;
      if (this.failures > failuresBefore) break;
    }
    return this.pending.value.length === 0;
  }

  private get blocked(): boolean {
    return this.halted || this.saving.value.state === "conflict" || this.saving.value.state === "stopped";
  }

  private async exchange(): Promise<void> {
    if (this.sent.value.length === 0) this.load();
    this.report({ state: "saving" });
    try {
      this.accept(await this.send(this.confirmed.value.revision, this.sent.value.slice(0, BATCH)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.refuse(error);
    }
  }

  private load(): void {
    batch(() => {
      this.sent.value = this.waiting.value.slice(0, BATCH);
      this.waiting.value = this.waiting.value.slice(BATCH);
    });
  }

  private accept({ revision, document, problems, acknowledged }: Saved): void {
    const left = this.sent.value.filter((operation) => !acknowledged.includes(operation.id));
    const stuck = left.length === this.sent.value.length;
    this.failures = 0;
    batch(() => {
      this.confirmed.value = { revision, document, problems };
      this.sent.value = left;
      if (this.pending.value.length === 0) this.report({ state: "saved" });
      // Sending the same again at once, for ever, would help nobody.
      if (stuck) this.report({ state: "stopped", message: messages.saving.unacknowledged });
    });
  }

  private refuse(error: ApiError): void {
    this.failures += 1;
    if (error.loggedOut) {
      this.report({ state: "logged_out" });
    } else if (error.transient) {
      this.report({ state: "offline", message: error.message });
      this.schedule(backoff(this.failures - 1));
    } else if (error.code === "stale_base") {
      this.report({ state: "conflict", conflict: error.data as unknown as Conflict });
    } else {
      this.report({ state: "stopped", message: error.message });
    }
  }

  /** Try again after `offline` (the network came back) or `stopped` (the person dealt with the reason). */
  retry(): Promise<boolean> {
    if (this.saving.value.state === "stopped") this.saving.value = { state: "saving" };
    return this.flush();
  }

  /** Give up what was not saved and go on from the server's copy. */
  takeTheirs(): void {
    this.resolve([]);
  }

  /** Go on from the server's copy with these changes on top, in place of all that was not saved. */
  resolve(changes: readonly Change[]): void {
    const saving = this.saving.value;
    const theirs = saving.state === "conflict" ? saving.conflict : this.confirmed.value;
    batch(() => {
      this.confirmed.value = { ...this.confirmed.value, revision: theirs.revision, document: theirs.document };
      this.sent.value = [];
      this.waiting.value = changes.map((change) => ({ id: uuid(), ...change }));
      this.saving.value = { state: changes.length === 0 ? "saved" : "saving" };
    });
    void this.flush();
  }

  /** Send nothing more: the work went on in another tab, with what is written down of it. */
  halt(): void {
    clearTimeout(this.timer);
    this.report({ state: "elsewhere" });
    this.halted = true;
  }

  private report(saving: Saving): void {
    if (!this.halted) this.saving.value = saving;
  }
}
