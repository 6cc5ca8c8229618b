import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, type Document, emptyDocument, SIDES } from "@/annotate/document";
import { applyChange } from "@/annotate/inverse";
import { equal, proposal, rowsOf, yoursOnto } from "@/annotate/merge";

const make = (document: Document, ...changes: Change[]): Document => changes.reduce(applyChange, document);
const event = (id: string): Change => ({ op: "add_event", path: ["events"], value: { id } });
const reason = (id: string, value: string): Change => ({ op: "set", path: ["events", id, "reason"], value });
const note = (value: string): Change => ({ op: "set", path: ["note"], value });
const lock = (id: string, x: number): Change => ({
  op: "put_symbol",
  path: ["events", "e1", "avoidance", "symbols"],
  value: { id, type: "lock", pos: [x, 0] },
});

const BASE = make(emptyDocument(), event("e1"), reason("e1", "before"), lock("s1", 1));

/** Documents with a few failures and symbols, by numbers. */
const anyDocument = fc
  .array(fc.tuple(fc.constantFrom("e1", "e2", "e3"), fc.constantFrom(...SIDES), fc.nat(3), fc.nat(5)), { maxLength: 12 })
  .map((edits) =>
    edits.reduce((document, [id, side, kind, n]) => {
      const known = document.events.some((one) => one.id === id) ? document : make(document, event(id));
      const path = ["events", id, side];
      if (kind === 0) return make(known, reason(id, `r${n}`));
      if (kind === 1) return make(known, { op: "set", path: [...path, "frame"], value: n });
      if (kind === 2) return make(known, { op: "set", path: [...path, "command"], value: { hold: true, arms: [], n } });
      return make(known, { op: "put_symbol", path: [...path, "symbols"], value: { id: `s${n}`, type: "lock", pos: [n, n] } });
    }, emptyDocument()),
  );

/** Lists by id: their order is not what is chosen. */
const unordered = (document: Document): unknown =>
  Object.fromEntries(
    document.events.map(({ avoidance, correction, ...rest }) => [
      rest.id,
      { ...rest, sides: [avoidance, correction].map((side) => ({ ...side, symbols: side.symbols.map((s) => s.id + s.type).sort() })) },
    ]),
  );

describe("the rows of a conflict", () => {
  it("are what differs, and who changed it", () => {
    const yours = make(BASE, reason("e1", "mine"), lock("s2", 2), lock("s1", 9));
    const theirs = make(BASE, note("theirs"), reason("e1", "other"));
    expect(rowsOf(BASE, yours, theirs).map((row) => [row.path.join("/"), row.changedBy, proposal(row)])).toEqual([
      ["note", "theirs", "theirs"],
      ["events/e1/reason", "both", "yours"],
      ["events/e1/avoidance/symbols/s1", "yours", "yours"],
      ["events/e1/avoidance/symbols/s2", "yours", "yours"],
    ]);
  });

  it("name a failure once when one side has it not", () => {
    const theirs = make(BASE, { op: "remove_event", path: ["events", "e1"] });
    const rows = rowsOf(BASE, make(BASE, reason("e1", "mine")), theirs);
    expect(rows).toMatchObject([{ path: ["events", "e1"], changedBy: "both", theirs: undefined }]);
    expect(rowsOf(BASE, BASE, theirs)).toMatchObject([{ changedBy: "theirs" }]);
  });

  it("do not mind the order of an object's keys", () => {
    expect(equal({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toBe(true);
    expect(equal([1, 2], [2, 1])).toBe(false);
  });
});

describe("choosing", () => {
  it("gives exactly each side's value, row by row", () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, anyDocument, fc.infiniteStream(fc.boolean()), (base, yours, theirs, coins) => {
        const rows = rowsOf(base, yours, theirs).map((row) => ({ row, mine: coins.next().value as boolean }));
        const chosen = rows.filter(({ mine }) => mine).flatMap(({ row }) => yoursOnto(row, theirs));
        const merged = make(theirs, ...chosen);
        const open = (side: Document) => rowsOf(base, side, merged).map(({ path }) => path.join("/"));
        const paths = (mine: boolean) => rows.filter((one) => one.mine === mine).map(({ row }) => row.path.join("/"));
        expect(open(yours).sort()).toEqual(paths(false).sort());
        expect(open(theirs).sort()).toEqual(paths(true).sort());
      }),
    );
  });

  it("of all of yours gives yours, and of none theirs", () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (yours, theirs) => {
        const rows = rowsOf(emptyDocument(), yours, theirs);
        const merged = make(theirs, ...rows.flatMap((row) => yoursOnto(row, theirs)));
        expect(unordered(merged)).toEqual(unordered(yours));
      }),
    );
  });
});
