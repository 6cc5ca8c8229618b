import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  apply,
  type Document,
  emptyDocument,
  InvalidOperation,
  type Operation,
  replay,
  SIDES,
} from "@/annotate/document";

interface Case {
  name: string;
  document: Document;
  operation: Operation;
  result?: Document;
  error?: string;
}

const folder = new URL("../../cases/document/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

const outcomeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    if (error instanceof InvalidOperation) return error.code;
    throw error;
  }
};

describe.each(files)("%s", (file) => {
  const cases = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Case[];
  test.each(cases)("$name", ({ document, operation, result, error }) => {
    const before = structuredClone(document);
    expect(outcomeOf(() => apply(document, operation))).toEqual(error ?? result);
    expect(document).toEqual(before);
  });
});

const ids = fc.constantFrom("a", "b", "c");
const side = fc.constantFrom(...SIDES);
const symbol = fc.record({ id: ids, type: fc.constant("crosshair"), pos: fc.tuple(fc.nat(639), fc.nat(479)) });

/** Operations over so few ids that they meet: many fit, many do not. */
const operation: fc.Arbitrary<Operation> = fc
  .oneof(
    fc.record({ op: fc.constant("set" as const), path: fc.constant<string[]>(["note"]), value: fc.string() }),
    fc.record({ op: fc.constant("add_event" as const), path: fc.constant<string[]>(["events"]), value: fc.record({ id: ids }) }),
    ids.map((id) => ({ op: "remove_event" as const, path: ["events", id] })),
    fc.tuple(ids, fc.nat(9)).map(([id, value]) => ({ op: "set" as const, path: ["events", id, "subtask"], value })),
    fc
      .tuple(ids, side, symbol)
      .map(([id, where, value]) => ({ op: "put_symbol" as const, path: ["events", id, where, "symbols"], value })),
    fc
      .tuple(ids, side, ids)
      .map(([id, where, sid]) => ({ op: "remove_symbol" as const, path: ["events", id, where, "symbols", sid] })),
  )
  .map((change) => ({ id: "operation", ...change }));

const operations = fc.array(operation, { maxLength: 30 });
const built = operations.map((list) => replay(emptyDocument(), list).document);

const unique = (list: { id: string }[]): boolean => new Set(list.map(({ id }) => id)).size === list.length;

describe("laws", () => {
  it("leaves the document it is given as it is", () => {
    fc.assert(
      fc.property(built, operation, (document, op) => {
        const before = JSON.stringify(document);
        outcomeOf(() => apply(document, op));
        expect(JSON.stringify(document)).toBe(before);
      }),
    );
  });

  it("keeps ids unique among events and on each keyframe", () => {
    fc.assert(
      fc.property(built, (document) => {
        const lists = [document.events, ...document.events.flatMap((event) => SIDES.map((name) => event[name].symbols))];
        expect(lists.every(unique)).toBe(true);
      }),
    );
  });

  it("puts a symbol twice as if once, and takes it away again without a trace", () => {
    fc.assert(
      fc.property(built, side, symbol, (document, where, value) => {
        const event = document.events[0];
        fc.pre(event !== undefined && !event[where].symbols.some(({ id }) => id === value.id));
        const path = ["events", event!.id, where, "symbols"];
        const put: Operation = { id: "1", op: "put_symbol", path, value };
        const once = apply(document, put);
        expect(apply(once, put)).toEqual(once);
        expect(apply(once, { id: "2", op: "remove_symbol", path: [...path, value.id] })).toEqual(document);
      }),
    );
  });

  it("changes one keyframe and nothing beside it", () => {
    fc.assert(
      fc.property(built, side, symbol, (document, where, value) => {
        const [first, ...others] = document.events;
        fc.pre(first !== undefined);
        const path = ["events", first!.id, where, "symbols"];
        const after = apply(document, { id: "1", op: "put_symbol", path, value });
        expect(after.events.slice(1)).toEqual(others);
        expect({ ...after.events[0], [where]: null }).toEqual({ ...first, [where]: null });
      }),
    );
  });

  it("replays to what applying one by one gives, and names what did not fit", () => {
    fc.assert(
      fc.property(built, operations, (document, list) => {
        const { document: after, refused } = replay(document, list);
        const kept = list.filter((op) => !refused.includes(op));
        expect(kept.reduce(apply, document)).toEqual(after);
      }),
    );
  });
});
