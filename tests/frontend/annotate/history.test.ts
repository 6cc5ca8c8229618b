import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Change, type Document, emptyDocument, SIDES } from "@/annotate/document";
import { addEvent, removeEvent, setEventField, setGuidance, setKeyframe, setOutcome, step } from "@/annotate/edits";
import { History, scopesAt, type Way } from "@/annotate/history";
import { applyChange } from "@/annotate/inverse";
import { failedDocument, Site } from "./site";

const EVENTS = ["e1", "e2"];
const KEYFRAMES = EVENTS.flatMap((event) => SIDES.map((side) => [event, side] as const));
type Keyframe = (typeof KEYFRAMES)[number];

const start = (): Document =>
  EVENTS.reduce((document, id) => applyChange(document, { op: "add_event", path: ["events"], value: { id } }), emptyDocument());

/** One of the edits of the second stage, by numbers; those that fit no more are left out by the page too. */
function edit(document: Document, [event, side]: Keyframe, kind: number, n: number): Change {
  const path = ["events", event, side];
  const symbols = document.events.find(({ id }) => id === event)![side].symbols;
  const known = symbols[n % Math.max(symbols.length, 1)];
  if (kind === 0) return { op: "set", path: [...path, "command"], value: n % 3 === 0 ? null : { hold: true, arms: [], n } };
  if (kind === 1 && known) return { op: "remove_symbol", path: [...path, "symbols", known.id] };
  if (kind === 2 && known) return { op: "put_symbol", path: [...path, "symbols"], value: { ...known, pos: [n, n] } };
  return { op: "put_symbol", path: [...path, "symbols"], value: { id: `s${n}`, type: "lock", pos: [n, 0] } };
}

class Desk {
  readonly history = new History();
  constructor(public document = start()) {}

  make(...changes: Change[]): void {
    this.history.record(this.document, changes);
    this.document = changes.reduce(applyChange, this.document);
  }

  step(way: Way, [event, side]: Keyframe): boolean {
    const changes = this.history.take(way, scopesAt(2, event, side), this.document);
    this.document = changes.reduce(applyChange, this.document);
    return changes.length > 0;
  }

  guidance([event, side]: Keyframe) {
    return this.document.events.find(({ id }) => id === event)![side];
  }

  /** Everything but one keyframe. */
  rest(keyframe: Keyframe): unknown {
    return KEYFRAMES.filter((other) => other !== keyframe).map((other) => this.guidance(other));
  }
}

const keyframe = fc.constantFrom(...KEYFRAMES);
const action = fc.tuple(fc.constantFrom("edit", "undo", "redo"), keyframe, fc.nat(3), fc.nat(40));
const actions = fc.array(action, { maxLength: 60 });

function act(desk: Desk, [what, where, kind, n]: [string, Keyframe, number, number]): void {
  if (what === "edit") desk.make(edit(desk.document, where, kind, n));
  else desk.step(what as Way, where);
}

describe("undo and redo", () => {
  it("never touch another keyframe, whatever went before", () => {
    fc.assert(
      fc.property(actions, (steps) => {
        const desk = new Desk();
        for (const one of steps) {
          const before = desk.rest(one[1]);
          act(desk, one);
          expect(desk.rest(one[1])).toEqual(before);
        }
      }),
    );
  });

  it("go all the way back and all the way forward again, keyframe by keyframe", () => {
    fc.assert(
      fc.property(actions, keyframe, (steps, where) => {
        const desk = new Desk();
        steps.forEach((one) => act(desk, one));
        while (desk.step("redo", where));
        const latest = desk.document;
        while (desk.step("undo", where));
        expect(desk.guidance(where)).toEqual({ frame: null, command: null, symbols: [], high_level: "" });
        expect(desk.rest(where)).toEqual(new Desk(latest).rest(where));
        while (desk.step("redo", where));
        expect(desk.document).toEqual(latest);
      }),
    );
  });

  it("have no limit", () => {
    const desk = new Desk();
    for (let n = 0; n < 3000; n++) desk.make(edit(desk.document, KEYFRAMES[0]!, 0, n));
    let undone = 0;
    while (desk.step("undo", KEYFRAMES[0]!)) undone += 1;
    expect(undone).toBe(3000);
    expect(desk.document).toEqual(start());
  });

  it("bring nothing again once something new was done there", () => {
    const desk = new Desk();
    const [here, there] = [KEYFRAMES[0]!, KEYFRAMES[1]!];
    desk.make(edit(desk.document, here, 0, 1));
    desk.make(edit(desk.document, there, 0, 1));
    desk.step("undo", here);
    desk.step("undo", there);
    desk.make(edit(desk.document, here, 3, 2));
    expect([desk.step("redo", here), desk.step("redo", there)]).toEqual([false, true]);
  });
});

describe("on the page", () => {
  afterEach(() => void vi.useRealTimers());
  const opened = async () => {
    const site = new Site(failedDocument());
    return { site, workspace: await site.open() };
  };

  it("an undo is an operation like any other, and is saved", async () => {
    const { site, workspace } = await opened();
    setEventField(workspace, "subtask", 2);
    await workspace.outbox.flush();
    step(workspace, "undo");
    expect(await workspace.outbox.flush()).toBe(true);
    expect(site.document).toEqual(failedDocument());
    expect(site.post).toHaveBeenCalledTimes(2);
  });

  it("takes back the latest of what is in view in diagnose, across both keyframes", async () => {
    const { workspace } = await opened();
    const frames = () => SIDES.map((side) => workspace.event.value?.[side].frame);
    workspace.position.go(10);
    setKeyframe(workspace, "avoidance");
    workspace.position.go(70);
    setKeyframe(workspace, "correction");
    setEventField(workspace, "failure_type", "task_planning");
    step(workspace, "undo");
    expect(workspace.event.value?.failure_type).toBeNull();
    step(workspace, "undo");
    expect(frames()).toEqual([10, 60]);
    step(workspace, "undo");
    expect(frames()).toEqual([25, 60]);
    step(workspace, "redo");
    expect(frames()).toEqual([10, 60]);
  });

  it("leaves other stages alone, and goes to the keyframe that it changes", async () => {
    const { workspace } = await opened();
    setEventField(workspace, "subtask", 2);
    workspace.openStage(2);
    setGuidance(workspace, "avoidance", "command", { hold: true, arms: [] });
    workspace.position.go(99);
    step(workspace, "undo");
    expect(workspace.position.number.value).toBe(25);
    expect(workspace.event.value).toMatchObject({ subtask: 2, avoidance: { command: null } });
    step(workspace, "undo");
    expect(workspace.event.value?.subtask).toBe(2);
  });

  it("takes a run of letters as one step, and what is typed after a pause as another", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { workspace } = await opened();
    workspace.openStage(3);
    const type = (text: string) => setEventField(workspace, "reason", text);
    ["I", "It", "It s"].forEach(type);
    vi.setSystemTime(Date.now() + 5000);
    ["It sl", "It slipped"].forEach(type);
    step(workspace, "undo");
    expect(workspace.event.value?.reason).toBe("It s");
    step(workspace, "undo");
    expect(workspace.event.value?.reason).toBe("");
  });

  it("brings back a removed failure with everything in it", async () => {
    const { workspace } = await opened();
    workspace.openStage(2);
    setGuidance(workspace, "correction", "command", { hold: true, arms: [] });
    const whole = workspace.document.value;
    workspace.openStage(1);
    removeEvent(workspace, "e1");
    expect(workspace.document.value.events).toEqual([]);
    step(workspace, "undo");
    expect(workspace.document.value).toEqual(whole);
  });

  it("takes a new failure away only while its keyframes are blank", async () => {
    const { workspace } = await opened();
    addEvent(workspace);
    const added = workspace.event.value!.id;
    expect(added).not.toBe("e1");
    setGuidance(workspace, "avoidance", "high_level", "Wait.");
    step(workspace, "undo");
    expect(workspace.document.value.events).toHaveLength(2);
    addEvent(workspace);
    step(workspace, "undo");
    expect(workspace.document.value.events.map(({ id }) => id)).toEqual(["e1", added]);
  });

  it("does nothing in work that is read only", async () => {
    const workspace = await new Site(failedDocument(), { editable: false }).open();
    setOutcome(workspace, "successful");
    step(workspace, "undo");
    expect(workspace.outbox.pending.value).toEqual([]);
  });
});

