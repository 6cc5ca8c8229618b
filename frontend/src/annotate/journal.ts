/** What the server has not got yet, kept in the browser: it outlives the page, the tab and the browser. */

import { signal } from "@preact/signals";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Document, Operation } from "./document";

/** Operations on their way, and the server's copy that they stand on. */
export interface Kept {
  revision: number;
  document: Document;
  operations: Operation[];
}

interface Schema extends DBSchema {
  kept: { key: string; value: Kept };
}

const STORE = "kept";

/** What a browser says that refuses; anything else is a mistake of ours and thrown on. */
function refusal(error: unknown): null {
  if (error instanceof DOMException) return null;
  throw error;
}

export class Journal {
  /** Whether the browser keeps nothing: no storage, none left, or not allowed. */
  readonly failing = signal(false);
  /** What is to be written; undefined when the writing is done. */
  private next: Kept | null | undefined;
  private writing: Promise<void> | null = null;

  /**
   * @param database null where the browser has none.
   * @param key whose work it is; another annotation has another.
   */
  constructor(
    private readonly database: IDBPDatabase<Schema> | null,
    private readonly key: string,
  ) {
    this.failing.value = database === null;
  }

  /** What was left behind, if anything. */
  async read(): Promise<Kept | null> {
    return (await this.asked((database) => database.get(STORE, this.key))) ?? null;
  }

  /** Write down all that is on its way, in place of what was written; null when the server has everything.
   * While one writing is under way only the latest of what comes in waits for its turn. */
  keep(kept: Kept | null): void {
    this.next = kept;
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
  }

  /** Once all is written that was handed in. */
  settled(): Promise<void> {
    return this.writing ?? Promise.resolve();
  }

  private async write(): Promise<void> {
    while (this.next !== undefined) {
      const kept = this.next;
      this.next = undefined;
      await this.asked((database) => put(database, this.key, kept));
    }
  }

  /** A browser that refuses is a state to show, not a reason to stop the work. */
  private async asked<T>(ask: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
    if (!this.database) return undefined;
    try {
      const answer = await ask(this.database);
      this.failing.value = false;
      return answer;
    } catch (error) {
      refusal(error);
      this.failing.value = true;
      return undefined;
    }
  }
}

/** On the disk before it counts as done: a computer that loses its power loses nothing that was kept. */
async function put(database: IDBPDatabase<Schema>, key: string, kept: Kept | null): Promise<void> {
  const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
  if (kept) await transaction.store.put(kept, key);
  else await transaction.store.delete(key);
  await transaction.done;
}

async function openDatabase(): Promise<IDBPDatabase<Schema> | null> {
  if (typeof indexedDB === "undefined") return null;
  return openDB<Schema>("vifailback", 1, { upgrade: (database) => void database.createObjectStore(STORE) });
}

/** The journal of one person's work; one that keeps nothing, and says so, where the browser has no storage. */
export const openJournal = async (key: string): Promise<Journal> =>
  new Journal(await openDatabase().catch(refusal), key);
