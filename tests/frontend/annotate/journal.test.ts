import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { emptyDocument } from "@/annotate/document";
import { type Kept, openJournal } from "@/annotate/journal";

const kept = (value: string): Kept => ({
  revision: 3,
  document: emptyDocument(),
  operations: [{ id: value, op: "set", path: ["note"], value }],
});

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe("the journal", () => {
  it("is found again by the next page, by whose work it is", async () => {
    const journal = await openJournal("ada/7/5");
    journal.keep(kept("a"));
    await journal.settled();
    expect(await (await openJournal("ada/7/5")).read()).toEqual(kept("a"));
    expect(await (await openJournal("ben/7/5")).read()).toBeNull();
  });

  it("holds the latest of many writings, and takes no more of them than it can", async () => {
    const journal = await openJournal("ada/7/5");
    const put = vi.spyOn(IDBObjectStore.prototype, "put");
    for (let n = 0; n < 100; n++) journal.keep(kept(String(n)));
    await journal.settled();
    expect(put).toHaveBeenCalledTimes(2);
    expect(await journal.read()).toEqual(kept("99"));
  });

  it("is empty once the server has everything", async () => {
    const journal = await openJournal("ada/7/5");
    journal.keep(kept("a"));
    journal.keep(null);
    await journal.settled();
    expect(await journal.read()).toBeNull();
  });
});

describe("a browser that keeps nothing", () => {
  it("is one without storage: the journal says so and the work goes on", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const journal = await openJournal("ada/7/5");
    expect(journal.failing.value).toBe(true);
    journal.keep(kept("a"));
    await journal.settled();
    expect(await journal.read()).toBeNull();
  });

  it("is one that does not allow it", async () => {
    vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("", "SecurityError");
    });
    expect((await openJournal("ada/7/5")).failing.value).toBe(true);
  });

  it("is one whose storage is full, until there is room again", async () => {
    const journal = await openJournal("ada/7/5");
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("", "QuotaExceededError");
    });
    journal.keep(kept("a"));
    await journal.settled();
    expect(journal.failing.value).toBe(true);
    put.mockRestore();
    journal.keep(kept("b"));
    await journal.settled();
    expect(journal.failing.value).toBe(false);
    expect(await journal.read()).toEqual(kept("b"));
  });
});
