/** That nothing is lost: the journal follows the outbox, one tab has the work, and what was interrupted goes on. */

import { effect } from "@preact/signals";
import type { Journal, Kept } from "./journal";
import { Tab } from "./tabs";
import type { Workspace } from "./workspace";

/** What a page has beside the server: the journal, what it left behind last time, and its claim among tabs. */
export interface Keeping {
  journal: Journal;
  kept: Kept | null;
  tab: Tab;
}

/** The tab that the work is claimed with, and a way to say later what it has to do when it loses it. */
export function tabFor(annotation: string): { tab: Tab; whenLost: (letGo: () => Promise<void>) => void } {
  let letGo = (): Promise<void> => Promise.resolve();
  const tab = new Tab(`annotation/${annotation}`, () => letGo());
  return {
    tab,
    whenLost: (next) => {
      letGo = next;
    },
  };
}

/** Write down whatever is on its way, as long as the work is in this tab. Gives the function that stops it. */
export function followOutbox({ outbox, keeping: { journal, tab } }: Workspace): () => void {
  return effect(() => {
    if (tab.held.value) journal.keep(outbox.unsaved.value);
  });
}

/** Leave the work to another tab, once all is written down. Nothing is written after that: a tab that slept
 * through the change would put its old state over the other's. */
export async function letGo({ outbox, lease, keeping: { journal } }: Workspace): Promise<void> {
  outbox.halt();
  lease.stop();
  await journal.settled();
}

/** The network is back, or the person: save, keep the episode, and get the frame that is looked at. */
export function resume({ outbox, lease, frames, position }: Workspace): void {
  void outbox.retry();
  void lease.beat();
  void frames.show(position.number.peek());
}
