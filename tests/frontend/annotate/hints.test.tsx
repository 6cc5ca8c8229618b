// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { COMMANDS } from "@/annotate/commands";
import type { DrawnSymbol } from "@/annotate/document";
import { step } from "@/annotate/edits";
import { contradictions, offer, type Scene, settledBySymbol, settledByWord } from "@/annotate/hints";
import { Guide } from "@/annotate/panels/Guide";
import { type Workspace, WorkspaceContext } from "@/annotate/workspace";
import { agreement, type ArmCommand, type Command, commandText, DEFAULT_VIEW, type RawSymbol } from "@/symbols";
import { failedDocument, Site } from "./site";

afterEach(cleanup);

const SIZE = { width: 640, height: 480 };
const ARMS = ["left", "right"];
const drawn = (symbol: RawSymbol, id = "s"): DrawnSymbol => ({ ...symbol, id });
const arrow = (end: [number, number], ...colors: ("red" | "green" | "blue")[]): DrawnSymbol =>
  drawn({ type: "move_arrow", start: [320, 240], end, colors });
const UP: [number, number] = [320, 140];

const does = (part: Partial<ArmCommand>): Command => ({
  hold: false,
  arms: [{ arm: "left", move: [], rotate: null, grasp: null, hold: false, back: false, ...part }],
});
const moves = (...directions: ArmCommand["move"][number]["direction"][]): Command =>
  does({ move: directions.map((direction) => ({ direction, magnitude: "slightly" })) });
const scene = (command: Command | null, ...symbols: DrawnSymbol[]): Scene => ({
  symbols,
  command,
  arms: ARMS,
  arm: "left",
  view: DEFAULT_VIEW,
  size: SIZE,
});
const said = (command: Command | null): string | null => command && commandText(command, ARMS);

describe("what a symbol offers", () => {
  it.each<[string, DrawnSymbol, string | null]>([
    ["a red arrow upwards", arrow(UP, "red"), "Move the left gripper forward."],
    ["a green one to the right", arrow([420, 240], "green"), "Move the left gripper to the right."],
    ["two colors that it can tell apart", arrow([420, 140], "green", "red"), "Move the left gripper to the right and forward."],
    ["two that share the vertical", arrow(UP, "red", "blue"), null],
    ["a turn", drawn({ type: "rotate_arrow", center: [9, 9], direction: "clockwise" }), "Rotate the left gripper clockwise."],
    ["ON", drawn({ type: "state", pos: [9, 9], text: "ON" }), "Open the left gripper."],
    ["a lock", drawn({ type: "lock", pos: [9, 9] }), "Hold the left gripper still."],
    ["a crosshair", drawn({ type: "crosshair", pos: [9, 9] }), null],
  ])("is, for %s, its word", (_name, symbol, sentence) => {
    expect(said(offer(scene(null, symbol), symbol))).toBe(sentence);
  });

  it("is put beside what the command says already, and never against it", () => {
    expect(said(offer(scene(does({ grasp: "open" }), arrow(UP, "red")), arrow(UP, "red")))).toBe(
      "Move the left gripper forward, and open the left gripper.",
    );
    expect(offer(scene(moves("forward"), arrow(UP, "red")), arrow(UP, "red"))).toBeNull();
    expect(offer(scene({ hold: true, arms: [] }), drawn({ type: "state", pos: [9, 9], text: "ON" }))).toBeNull();
  });
});

describe("a contradiction", () => {
  const first = (one: Scene) => contradictions(one)[0]!;

  it.each<[string, Command, DrawnSymbol, string | null, object | null]>([
    ["an arrow the other way", moves("backward"), arrow(UP, "red"), "Move the left gripper forward slightly.", { end: [320, 340] }],
    [
      "a color that the command does not say",
      moves("forward"),
      arrow([420, 140], "red", "green"),
      "Move the left gripper to the right and forward slightly.",
      { colors: ["red"] },
    ],
    ["a color alone", moves("left"), arrow(UP, "red"), "Move the left gripper to the left slightly and forward.", null],
    [
      "a turn",
      does({ rotate: "clockwise" }),
      drawn({ type: "rotate_arrow", center: [9, 9], direction: "counter-clockwise" }),
      "Rotate the left gripper counter-clockwise.",
      { direction: "clockwise" },
    ],
    ["a grasp", does({ grasp: "close" }), drawn({ type: "state", pos: [9, 9], text: "ON" }), "Open the left gripper.", { text: "OFF" }],
    ["motion and standing still", { hold: true, arms: [] }, arrow(UP, "red"), "Move the left gripper forward.", null],
  ])("of %s is settled by the word or by the symbol", (_name, command, symbol, word, redrawn) => {
    const one = scene(command, symbol);
    expect(said(settledByWord(one, first(one)))).toBe(word);
    const drawing = settledBySymbol(one, first(one));
    if (redrawn) expect(drawing).toMatchObject(redrawn);
    else expect(drawing).toBeNull();
  });

  it("is gone after either, whatever it was", () => {
    const at = fc.tuple(fc.integer({ min: 0, max: 639 }), fc.integer({ min: 0, max: 479 }));
    const colors = fc.uniqueArray(fc.constantFrom("red", "green", "blue"), { minLength: 1 });
    const symbol = fc.oneof(
      fc.record({ id: fc.constant("s"), type: fc.constant("move_arrow"), start: at, end: at, colors }),
      fc.record({ id: fc.constant("s"), type: fc.constant("rotate_arrow"), center: at, direction: fc.constantFrom("clockwise", "counter-clockwise") }),
      fc.record({ id: fc.constant("s"), type: fc.constant("state"), pos: at, text: fc.constantFrom("ON", "OFF") }),
    ) as fc.Arbitrary<DrawnSymbol>;
    const one = (a: string, b: string) => fc.constantFrom([], [a], [b]);
    const move = fc.tuple(one("left", "right"), one("forward", "backward"), one("upward", "downward")).map((m) => m.flat());
    const command = fc.oneof(
      fc.constant<Command>({ hold: true, arms: [] }),
      move.filter((m) => m.length > 0).map((m) => moves(...(m as Parameters<typeof moves>))),
      fc.constantFrom(does({ rotate: "clockwise" }), does({ grasp: "open" }), does({ hold: true })),
    );
    fc.assert(
      fc.property(symbol, command, (drawing, words) => {
        const here = scene(words, drawing);
        const [found] = contradictions(here);
        if (!found) return;
        const word = settledByWord(here, found);
        if (word) expect(agreement([drawing], word, DEFAULT_VIEW).result).not.toBe("contradicts");
        const redrawn = settledBySymbol(here, found);
        if (redrawn) expect(agreement([redrawn], words, DEFAULT_VIEW).result).not.toBe("contradicts");
        if (redrawn) expect(redrawn.id).toBe(drawing.id);
      }),
    );
  });
});

describe("on the page", () => {
  async function opened(...symbols: DrawnSymbol[]): Promise<Workspace> {
    const document = failedDocument();
    document.events[0]!.avoidance.symbols = symbols;
    const workspace = await new Site(document).open();
    workspace.openStage(2);
    await workspace.frames.show(25);
    render(
      <WorkspaceContext.Provider value={workspace}>
        <Guide />
      </WorkspaceContext.Provider>,
    );
    return workspace;
  }
  const press = (workspace: Workspace, command: string): void => COMMANDS[command]!(workspace);
  const here = ({ event }: Workspace) => event.value!.avoidance;
  const offers = (): number => screen.queryAllByText(/^Say/).length;

  it("offers the word of the symbol just drawn, one key to accept, and asks about no other", async () => {
    const workspace = await opened();
    workspace.drawing.put(arrow(UP, "red"));
    expect(offers()).toBe(0);
    workspace.drawing.select("s");
    await screen.findByText("Say “Move the left gripper forward.”");
    press(workspace, "word.use");
    expect(said(here(workspace).command)).toBe("Move the left gripper forward.");
    await waitFor(() => expect(offers()).toBe(0));
    step(workspace, "undo");
    expect(here(workspace)).toMatchObject({ command: null, symbols: [{ id: "s" }] });
  });

  it("puts a rotating arrow on the pointer when a rotation is chosen, unless one is drawn", async () => {
    const workspace = await opened();
    fireEvent.click(screen.getByText("↺ counter-clockwise"));
    expect([workspace.drawing.toolId.value, workspace.drawing.turn]).toEqual(["rotate", "counter-clockwise"]);
    workspace.drawing.toolbox.drag([50, 50]);
    expect(workspace.drawing.visible.value).toMatchObject([{ type: "rotate_arrow", direction: "counter-clockwise" }]);
    workspace.drawing.toolbox.press([50, 50]);
    workspace.drawing.toolbox.release([50, 50]);
    workspace.drawing.use("arrow");
    await waitFor(() => fireEvent.click(screen.getByText("↻ clockwise")));
    expect(workspace.drawing.toolId.value).toBe("arrow");
  });

  it("shows a contradiction beside both, and settles it by a key either way", async () => {
    const workspace = await opened(drawn({ type: "state", pos: [50, 50], text: "ON" }));
    fireEvent.click(screen.getByText("close"));
    expect(await screen.findAllByText(/The drawing says open, the command close/)).toHaveLength(2);
    press(workspace, "symbol.amend");
    expect(here(workspace).symbols).toMatchObject([{ id: "s", text: "OFF" }]);
    step(workspace, "undo");
    press(workspace, "word.use");
    expect(here(workspace)).toMatchObject({ symbols: [{ text: "ON" }], command: { arms: [{ grasp: "open" }] } });
    await waitFor(() => expect(screen.queryByText(/contradict/)).toBeNull());
  });

  it("takes a symbol away that no redrawing would mend", async () => {
    const workspace = await opened(arrow(UP, "red"));
    fireEvent.click(screen.getByText("Everything holds still"));
    await screen.findByText("Remove the symbol");
    press(workspace, "symbol.amend");
    expect(here(workspace).symbols).toEqual([]);
  });
});
