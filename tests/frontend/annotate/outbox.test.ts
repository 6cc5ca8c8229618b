import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apply, type Change, type Document, emptyDocument, type Operation } from "@/annotate/document";
import type { Kept } from "@/annotate/journal";
import { Outbox, type Saved } from "@/annotate/outbox";
import { ApiError } from "@/shared/api";

/** A server in memory that keeps the contract: known ids first, then the base, then all or nothing. */
class Server {
  revision = 1;
  document: Document = emptyDocument();
  known = new Set<string>();
  batches: string[][] = [];
  /** Called before and after a batch is applied; what they throw is what the page sees. */
  before: () => void = () => undefined;
  after: () => void = () => undefined;

  send = async (base: number, operations: Operation[]): Promise<Saved> => {
    this.batches.push(operations.map(({ id }) => id));
    this.before();
    this.take(base, operations.filter(({ id }) => !this.known.has(id)));
    this.after();
    return { ...this.state, problems: [], acknowledged: operations.map(({ id }) => id) };
  };

  get state() {
    return { revision: this.revision, document: this.document };
  }

  private take(base: number, fresh: Operation[]): void {
    if (fresh.length === 0) return;
    if (base !== this.revision) {
      throw new ApiError("stale_base", "It was changed.", { ...this.state, difference: [] }, 409);
    }
    this.document = fresh.reduce(apply, this.document);
    this.revision += 1;
    fresh.forEach(({ id }) => this.known.add(id));
  }

  /** Somebody else's change. */
  change(...changes: Change[]): void {
    this.document = changes.reduce((document, change) => apply(document, { id: "", ...change }), this.document);
    this.revision += 1;
  }
}

const note = (value: string): Change => ({ op: "set", path: ["note"], value });
const addEvent = (id: string): Change => ({ op: "add_event", path: ["events"], value: { id } });
const reason = (id: string, value: string): Change => ({ op: "set", path: ["events", id, "reason"], value });
const down = (): never => {
  throw new ApiError("network", "The server cannot be reached.");
};

let server: Server;
let outbox: Outbox;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  outbox = new Outbox({ ...server.state, problems: [] }, server.send);
});
afterEach(() => vi.useRealTimers());

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(600);
const state = (): string => outbox.saving.value.state;

describe("saving", () => {
  it("shows a change at once, and says saved only after the server did", async () => {
    outbox.push(note("a"));
    expect(outbox.document.value.note).toBe("a");
    expect(state()).toBe("saving");
    await settle();
    expect(server.document.note).toBe("a");
    expect(state()).toBe("saved");
    expect(outbox.confirmed.value.revision).toBe(server.revision);
  });

  it("saves within two seconds though typing goes on", async () => {
    for (let i = 0; i < 20; i++) {
      outbox.push(note("x".repeat(i + 1)));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(server.document.note.length).toBeGreaterThan(10);
    expect(server.batches.length).toBeLessThan(8);
  });

  it("sends only the last value of a run on one field, and keeps the order of all else", async () => {
    outbox.push(note("a"), note("b"), addEvent("e1"), note("c"), note("d"), reason("e1", "r"));
    expect(outbox.pending.value.map(({ value }) => value)).toEqual(["b", { id: "e1" }, "d", "r"]);
    await settle();
    expect(server.document).toEqual(outbox.document.value);
    expect(server.document.events[0]?.reason).toBe("r");
  });

  it("keeps one request in flight and sends what came meanwhile after it", async () => {
    let release = (): void => undefined;
    let flying = 0;
    let most = 0;
    const held = new Outbox({ ...server.state, problems: [] }, async (base, operations) => {
      most = Math.max(most, ++flying);
      await new Promise<void>((resolve) => (release = resolve));
      flying -= 1;
      return server.send(base, operations);
    });
    held.push(note("a"));
    await settle();
    held.push(note("b"));
    await settle();
    expect(held.pending.value).toHaveLength(2);
    release();
    await settle();
    release();
    await settle();
    expect(most).toBe(1);
    expect(server.document.note).toBe("b");
    expect(held.saving.value.state).toBe("saved");
  });

  it("does not join a new value to one that is on its way", async () => {
    server.before = down;
    outbox.push(note("a"));
    await settle();
    outbox.push(note("b"));
    expect(outbox.pending.value.map(({ value }) => value)).toEqual(["a", "b"]);
  });

  it("stops instead of asking for ever when nothing is acknowledged", async () => {
    const deaf = new Outbox({ ...server.state, problems: [] }, async () => ({
      ...server.state,
      problems: [],
      acknowledged: [],
    }));
    deaf.push(note("a"));
    await settle();
    expect(deaf.saving.value.state).toBe("stopped");
    expect(deaf.document.value.note).toBe("a");
  });
});

describe("offline", () => {
  it("keeps the work, says so, and saves when the network is back", async () => {
    server.before = down;
    outbox.push(note("a"));
    await settle();
    expect(outbox.saving.value).toEqual({ state: "offline", message: "The server cannot be reached." });
    outbox.push(addEvent("e1"));
    expect(outbox.document.value.events).toHaveLength(1);
    server.before = () => undefined;
    expect(await outbox.retry()).toBe(true);
    expect(server.document).toEqual(outbox.document.value);
    expect(state()).toBe("saved");
  });

  it("tries again by itself, ever more slowly", async () => {
    server.before = down;
    outbox.push(note("a"));
    await vi.advanceTimersByTimeAsync(60_000);
    const inAMinute = server.batches.length;
    expect(inAMinute).toBeGreaterThan(4);
    expect(inAMinute).toBeLessThan(9);
    server.before = () => undefined;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(state()).toBe("saved");
  });

  it("sends the very same batch again when only the answer was lost", async () => {
    server.after = down;
    outbox.push(addEvent("e1"));
    await settle();
    outbox.push(reason("e1", "r"));
    server.after = () => undefined;
    await outbox.retry();
    expect(server.batches[1]).toEqual(server.batches[0]);
    expect(server.document.events).toHaveLength(1);
    expect(server.document.events[0]?.reason).toBe("r");
    expect(state()).toBe("saved");
  });

  it("takes a server's failure for one that passes", async () => {
    server.before = () => {
      throw new ApiError("http", "The server answered with an unexpected 502.", {}, 502);
    };
    outbox.push(note("a"));
    await settle();
    expect(state()).toBe("offline");
  });
});

describe("a stale base", () => {
  beforeEach(async () => {
    server.change(addEvent("e1"), reason("e1", "theirs"));
    outbox = new Outbox({ ...server.state, problems: [] }, server.send);
    server.change(note("theirs"));
    outbox.push(reason("e1", "mine"));
    await settle();
  });

  it("shows both and sends nothing more by itself", async () => {
    expect(outbox.saving.value).toMatchObject({ state: "conflict", conflict: { revision: server.revision } });
    expect(outbox.document.value.events[0]?.reason).toBe("mine");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.batches).toHaveLength(1);
  });

  it("takes theirs", () => {
    outbox.takeTheirs();
    expect(outbox.document.value).toEqual(server.document);
    expect(state()).toBe("saved");
  });

  it("goes on with what was chosen, in place of what was not saved", async () => {
    outbox.resolve([reason("e1", "chosen")]);
    await settle();
    expect(server.document.note).toBe("theirs");
    expect(server.document.events[0]?.reason).toBe("chosen");
    expect(state()).toBe("saved");
  });

  it("asks again when somebody was quicker once more", async () => {
    server.change(note("quicker"));
    outbox.resolve([reason("e1", "chosen")]);
    await settle();
    expect(outbox.saving.value).toMatchObject({ state: "conflict", conflict: { revision: server.revision } });
    expect(outbox.document.value.events[0]?.reason).toBe("chosen");
  });
});

describe("work that an earlier page left behind", () => {
  const left = (): Kept => outbox.unsaved.value!;
  const reopened = (kept: Kept) => new Outbox({ ...server.state, problems: [] }, server.send, kept);

  it("is what is not saved yet, on the copy it stands on, and nothing once all is saved", async () => {
    outbox.push(note("a"));
    expect(left()).toMatchObject({ revision: 1, document: emptyDocument(), operations: [{ value: "a" }] });
    await settle();
    expect(outbox.unsaved.value).toBeNull();
  });

  it("goes up from the next page", async () => {
    outbox.push(note("a"), addEvent("e1"));
    const next = reopened(left());
    expect(next.saving.value.state).toBe("saving");
    expect(next.document.value).toEqual(outbox.document.value);
    expect(await next.flush()).toBe(true);
    expect(server.document).toEqual(outbox.document.value);
  });

  it("does no harm when the server had it all along, whatever is done before it says so", async () => {
    outbox.push(addEvent("e1"), note("a"));
    const kept = left();
    await settle();
    const next = reopened(kept);
    next.push(note("b"));
    expect(await next.flush()).toBe(true);
    expect(server.document.events).toHaveLength(1);
    expect(server.document.note).toBe("b");
    expect(next.saving.value.state).toBe("saved");
  });

  it("goes up in batches, however much it is", async () => {
    outbox.push(...Array.from({ length: 450 }, (_, n) => addEvent(`e${n}`)));
    const next = reopened(left());
    expect(await next.flush()).toBe(true);
    expect(server.batches.map(({ length }) => length)).toEqual([200, 200, 50]);
    expect(server.document.events).toHaveLength(450);
  });

  it("is a conflict when others changed the annotation since", async () => {
    outbox.push(note("mine"));
    const kept = left();
    server.change(note("theirs"));
    const next = reopened(kept);
    expect(await next.flush()).toBe(false);
    expect(next.saving.value.state).toBe("conflict");
    expect(next.document.value.note).toBe("mine");
  });
});

describe("a session that ended", () => {
  it("keeps the work and asks no more by itself until somebody is back", async () => {
    server.before = () => {
      throw new ApiError("not_authenticated", "Please log in first.", {}, 401);
    };
    outbox.push(note("a"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state()).toBe("logged_out");
    expect(server.batches).toHaveLength(1);
    server.before = () => undefined;
    expect(await outbox.retry()).toBe(true);
    expect(server.document.note).toBe("a");
  });
});

describe("work that went to another tab", () => {
  it("is sent no more from here, and an answer that comes late says nothing", async () => {
    server.after = () => outbox.halt();
    outbox.push(note("a"));
    await settle();
    outbox.push(note("b"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.document.note).toBe("a");
    expect(state()).toBe("elsewhere");
  });
});

describe("a refusal", () => {
  beforeEach(async () => {
    server.before = () => {
      throw new ApiError("invalid_operation", "A failure type is one of …", {}, 400);
    };
    outbox.push(note("a"));
    await settle();
  });

  it("is shown, and the work stays until somebody decides", async () => {
    expect(outbox.saving.value).toEqual({ state: "stopped", message: "A failure type is one of …" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.batches).toHaveLength(1);
    expect(outbox.document.value.note).toBe("a");
  });

  it("can be tried again", async () => {
    server.before = () => undefined;
    expect(await outbox.retry()).toBe(true);
    expect(server.document.note).toBe("a");
  });

  it("can be given up", async () => {
    outbox.takeTheirs();
    expect(outbox.document.value).toEqual(server.document);
    expect(await outbox.flush()).toBe(true);
  });
});
