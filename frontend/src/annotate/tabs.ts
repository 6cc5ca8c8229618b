/** One tab for one annotation. A tab that opens asks whether another has it; a tab that takes over says so, and
 * the other writes down what it holds and lets go. Browsers without BroadcastChannel keep no tabs apart: there
 * the server's base revisions still do. */

import { signal } from "@preact/signals";
import { uuid } from "@/shared/uuid";

/** How long a tab waits for another's word, in milliseconds; a tab that sleeps longer lets go when it wakes. */
const PATIENCE = 150;
const LETTING_GO = 1000;

type Word = "ask" | "held" | "take" | "free";
interface Message {
  word: Word;
  from: string;
}

export class Tab {
  /** Whether the work is in this tab's hands. */
  readonly held = signal(true);
  private readonly id = uuid();
  private readonly channel: BroadcastChannel | null;
  private claimed = false;
  private awaited: { word: Word; answer: () => void } | null = null;

  /** @param letGo called when another tab takes over; it may go on once this is done. */
  constructor(
    name: string,
    private readonly letGo: () => Promise<void>,
  ) {
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    this.channel?.addEventListener("message", ({ data }) => void this.hear(data as Message));
  }

  private say(word: Word): void {
    this.channel?.postMessage({ word, from: this.id } satisfies Message);
  }

  /** Wait for another tab's word; true when it came in time. */
  private heard(word: Word, patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patience);
      this.awaited = {
        word,
        answer: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
    });
  }

  private async hear({ word, from }: Message): Promise<void> {
    if (from === this.id) return;
    if (word === this.awaited?.word) this.awaited.answer();
    if (word === "ask" && this.claimed && this.held.value) this.say("held");
    if (word === "held" && !this.claimed) this.held.value = false;
    if (word === "take") await this.yield();
  }

  private async yield(): Promise<void> {
    const mine = this.held.value;
    this.held.value = false;
    if (mine && this.claimed) await this.letGo();
    this.say("free");
  }

  /** Take the work in hand unless another tab has it. */
  async claim(): Promise<boolean> {
    if (!this.channel) return true;
    const answered = this.heard("held", PATIENCE);
    this.say("ask");
    await answered;
    this.claimed = true;
    if (this.held.value) this.say("take");
    return this.held.value;
  }

  /** Have the other tab let go. Afterwards the page is to be loaded anew, for the other went on meanwhile. */
  async takeOver(): Promise<void> {
    const answered = this.heard("free", LETTING_GO);
    this.say("take");
    await answered;
  }

  /** Take no part: a page that only shows the work keeps nobody from it. */
  leave(): void {
    this.channel?.close();
    this.held.value = true;
  }
}
