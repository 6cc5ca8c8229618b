import { signal } from "@preact/signals";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { pointsOf } from "@/annotate/canvas/points";
import { toggleColor, TOOLS, type ToolId } from "@/annotate/canvas/tools";
import type { DrawnSymbol } from "@/annotate/document";
import { Drawing } from "@/annotate/drawing";
import type { Point } from "@/symbols";

const SIZE = { width: 640, height: 480 };

/** A keyframe whose symbols are kept in a signal, as the document's are. */
function keyframe(...symbols: DrawnSymbol[]) {
  const stored = signal<readonly DrawnSymbol[]>(symbols);
  const drawing = new Drawing({
    size: SIZE,
    symbols: () => stored.value,
    put: (symbol) => {
      const others = stored.value.filter(({ id }) => id !== symbol.id);
      stored.value = [...others, symbol];
    },
    remove: (id) => {
      stored.value = stored.value.filter((symbol) => symbol.id !== id);
    },
  });
  return { drawing, stored };
}

function drag(drawing: Drawing, ...[first, ...others]: Point[]): void {
  drawing.toolbox.press(first!);
  others.forEach((point) => drawing.toolbox.drag(point));
  drawing.toolbox.release(others.at(-1) ?? first!);
}

const ARROW: DrawnSymbol = { id: "arrow", type: "move_arrow", start: [100, 100], end: [200, 100], colors: ["red"] };
const CROSS: DrawnSymbol = { id: "cross", type: "crosshair", pos: [300, 300] };

let drawing: Drawing;
let stored: { value: readonly DrawnSymbol[] };
beforeEach(() => ({ drawing, stored } = keyframe()));

describe("drawing", () => {
  const made: [ToolId, object][] = [
    ["arrow", { type: "move_arrow", start: [100, 100], end: [180, 140], colors: ["red"] }],
    ["dual", { type: "dual_crosshair", p1: [100, 100], p2: [180, 140] }],
    ["rotate", { type: "rotate_arrow", center: [100, 100], direction: "clockwise" }],
    ["crosshair", { type: "crosshair", pos: [180, 140] }],
    ["on", { type: "state", pos: [180, 140], text: "ON" }],
    ["off", { type: "state", pos: [180, 140], text: "OFF" }],
    ["lock", { type: "lock", pos: [180, 140] }],
    ["rewind", { type: "rewind", pos: [180, 140] }],
  ];

  it.each(made)("with %s", (tool, symbol) => {
    drawing.use(tool);
    drag(drawing, [100, 100], [130, 150], [180, 140]);
    expect(stored.value).toEqual([{ ...symbol, id: expect.any(String) as string }]);
    expect(drawing.selected).toEqual(stored.value[0]);
  });

  it("covers every tool", () => {
    expect(["select", ...made.map(([tool]) => tool)].sort()).toEqual([...TOOLS].sort());
  });

  it("shows the symbol while it is dragged, and stores it at the release only", () => {
    drawing.use("arrow");
    drawing.toolbox.press([100, 100]);
    drawing.toolbox.drag([160, 100]);
    expect(drawing.visible.value).toMatchObject([{ type: "move_arrow", end: [160, 100] }]);
    expect(stored.value).toEqual([]);
    drawing.toolbox.release([170, 100]);
    expect(stored.value).toMatchObject([{ end: [170, 100] }]);
    expect(drawing.visible.value).toEqual(stored.value);
  });

  it("turns counter-clockwise when dragged to the left, and goes on so by clicks", () => {
    drawing.use("rotate");
    drag(drawing, [300, 200], [250, 210]);
    drag(drawing, [100, 400]);
    expect(stored.value).toMatchObject([
      { center: [300, 200], direction: "counter-clockwise" },
      { center: [100, 400], direction: "counter-clockwise" },
    ]);
  });

  it("stores whole pixels inside the frame, wherever the pointer goes", () => {
    const anywhere = fc.tuple(fc.integer({ min: -900, max: 1500 }), fc.integer({ min: -900, max: 1500 }));
    fc.assert(
      fc.property(fc.constantFrom(...TOOLS), fc.array(anywhere, { minLength: 1, maxLength: 5 }), (tool, path) => {
        const fresh = keyframe(ARROW, CROSS);
        fresh.drawing.use(tool);
        drag(fresh.drawing, ...path);
        for (const { point } of fresh.stored.value.flatMap(pointsOf)) {
          expect(point.every(Number.isInteger)).toBe(true);
          expect(point[0] >= 0 && point[0] < SIZE.width && point[1] >= 0 && point[1] < SIZE.height).toBe(true);
        }
      }),
    );
  });

  it("keeps no arrow that would draw nothing", () => {
    drawing.use("arrow");
    drag(drawing, [100, 100], [108, 100]);
    expect(stored.value).toEqual([]);
  });

  it("is dropped by cancel, and nothing is stored at the release after", () => {
    drawing.use("dual");
    drawing.toolbox.press([100, 100]);
    drawing.toolbox.drag([200, 200]);
    drawing.cancel();
    expect(drawing.visible.value).toEqual([]);
    drawing.toolbox.release([200, 200]);
    expect(stored.value).toEqual([]);
    expect(drawing.toolId.value).toBe("dual");
  });

  it("is dropped when another tool is taken", () => {
    drawing.use("lock");
    drawing.toolbox.press([100, 100]);
    drawing.use("rewind");
    drawing.toolbox.release([100, 100]);
    expect(stored.value).toEqual([]);
  });
});

describe("selecting", () => {
  beforeEach(() => {
    ({ drawing, stored } = keyframe(ARROW, CROSS));
    drawing.use("select");
  });

  it("takes what is clicked, and lets go beside it", () => {
    drag(drawing, [150, 102]);
    expect(drawing.selected).toEqual(ARROW);
    drag(drawing, [500, 50]);
    expect(drawing.selected).toBeNull();
    expect(stored.value).toEqual([ARROW, CROSS]);
  });

  it("takes by a click with a dragging tool too", () => {
    drawing.use("arrow");
    drag(drawing, [300, 300]);
    expect(drawing.selected).toEqual(CROSS);
    expect(stored.value).toHaveLength(2);
  });

  it("takes the topmost of two", () => {
    ({ drawing, stored } = keyframe(CROSS, { ...CROSS, id: "above" }));
    drawing.use("select");
    drag(drawing, [300, 300]);
    expect(drawing.selectedId.value).toBe("above");
  });

  it("moves a symbol as a whole, and stops it at the edge as a whole", () => {
    drag(drawing, [150, 100], [160, 130]);
    expect(stored.value.at(-1)).toEqual({ ...ARROW, start: [110, 130], end: [210, 130] });
    drag(drawing, [160, 130], [-900, 130]);
    expect(stored.value.at(-1)).toMatchObject({ start: [0, 130], end: [100, 130] });
  });

  it("moves one end by its handle, whichever tool is in hand", () => {
    drawing.use("crosshair");
    drawing.select("arrow");
    drag(drawing, [201, 99], [250, 180]);
    expect(stored.value.at(-1)).toEqual({ ...ARROW, end: [250, 180] });
    expect(stored.value).toHaveLength(2);
  });

  it("lets a tool that is taken anew draw where a handle was", () => {
    drawing.select("arrow");
    drawing.use("crosshair");
    drag(drawing, [200, 100]);
    expect(stored.value.at(-1)).toMatchObject({ type: "crosshair", pos: [200, 100] });
    expect(stored.value).toContainEqual(ARROW);
  });

  it("does not let an end fall on the other", () => {
    drawing.select("arrow");
    drag(drawing, [200, 100], [100, 100]);
    expect(stored.value).toContainEqual(ARROW);
  });

  it("stores nothing for a click that moves nothing", () => {
    const before = stored.value;
    drag(drawing, [300, 300]);
    expect(stored.value).toBe(before);
  });

  it("deletes the selected symbol, and only that", () => {
    drawing.select("cross");
    drawing.removeSelected();
    expect(stored.value).toEqual([ARROW]);
    drawing.removeSelected();
    expect(stored.value).toEqual([ARROW]);
  });

  it("cancels step by step: the gesture, the tool, the selection", () => {
    drawing.use("arrow");
    drawing.select("cross");
    drawing.toolbox.press([10, 10]);
    drawing.cancel();
    expect([drawing.toolbox.busy, drawing.toolId.value, drawing.selectedId.value]).toEqual([false, "arrow", "cross"]);
    drawing.cancel();
    expect([drawing.toolId.value, drawing.selectedId.value]).toEqual(["select", "cross"]);
    drawing.cancel();
    expect(drawing.selectedId.value).toBeNull();
  });
});

describe("colors and turn", () => {
  it("keep the order of pressing and never leave none", () => {
    expect(toggleColor(["red"], "blue")).toEqual(["red", "blue"]);
    expect(toggleColor(["red", "blue"], "red")).toEqual(["blue"]);
    expect(toggleColor(["blue"], "blue")).toEqual(["blue"]);
  });

  it("change the selected arrow, and the arrows to come", () => {
    ({ drawing, stored } = keyframe(ARROW));
    drawing.select("arrow");
    drawing.toggleColor("green");
    expect(stored.value).toEqual([{ ...ARROW, colors: ["red", "green"] }]);
    drawing.select(null);
    drawing.toggleColor("red");
    drag(drawing, [10, 10], [90, 90]);
    expect(stored.value.at(-1)).toMatchObject({ colors: ["green"] });
  });

  it("turn the selected rotating arrow round", () => {
    ({ drawing, stored } = keyframe({ id: "turn", type: "rotate_arrow", center: [50, 50], direction: "clockwise" }));
    drawing.select("turn");
    drawing.toggleTurn();
    expect(stored.value).toMatchObject([{ direction: "counter-clockwise" }]);
    expect(drawing.turn).toBe("counter-clockwise");
  });
});

describe("the states of the canvas", () => {
  beforeEach(() => ({ drawing, stored } = keyframe(ARROW, CROSS)));
  const doing = (): string => drawing.toolbox.doing;

  it("are entered by what a press meets", () => {
    drawing.use("select");
    drawing.toolbox.press([300, 300]);
    expect(doing()).toBe("moving");
    drawing.toolbox.finish();
    drawing.select("arrow");
    drawing.toolbox.press([200, 100]);
    expect(doing()).toBe("handle");
    drawing.toolbox.cancel();
    drawing.use("dual");
    drawing.toolbox.press([10, 10]);
    expect(doing()).toBe("drawing");
    drawing.use("select");
    expect(doing()).toBe("idle");
    drawing.toolbox.press([600, 20]);
    expect(doing()).toBe("idle");
    expect(stored.value).toEqual([ARROW, CROSS]);
  });

  it("end by Enter where the pointer is, and the release after says nothing", () => {
    drawing.use("dual");
    drawing.toolbox.press([10, 10]);
    drawing.toolbox.drag([60, 60]);
    drawing.toolbox.finish();
    drawing.toolbox.drag([90, 90]);
    drawing.toolbox.release([90, 90]);
    expect(stored.value.at(-1)).toMatchObject({ type: "dual_crosshair", p1: [10, 10], p2: [60, 60] });
    expect(stored.value).toHaveLength(3);
  });

  it("show on the pointer what a touch would place, and store nothing of it", () => {
    drawing.use("rotate");
    drawing.toolbox.drag([400, 400]);
    expect(drawing.visible.value.at(-1)).toMatchObject({ type: "rotate_arrow", center: [400, 400] });
    drawing.use("arrow");
    expect(drawing.visible.value).toEqual([ARROW, CROSS]);
    drawing.toolbox.drag([410, 400]);
    expect(drawing.visible.value).toEqual([ARROW, CROSS]);
    expect(stored.value).toEqual([ARROW, CROSS]);
  });
});

describe("the selected symbol", () => {
  beforeEach(() => ({ drawing, stored } = keyframe(ARROW, CROSS)));

  it("is nudged by whole pixels and stops at the edge", () => {
    drawing.nudge(1, 0);
    expect(stored.value).toEqual([ARROW, CROSS]);
    drawing.select("cross");
    drawing.nudge(1, -10);
    expect(stored.value.at(-1)).toEqual({ ...CROSS, pos: [301, 290] });
    drawing.nudge(0, 1000);
    const before = stored.value;
    drawing.nudge(0, 10);
    expect(stored.value).toBe(before);
  });

  it("is duplicated beside itself, inside the frame, and the copy is selected", () => {
    ({ drawing, stored } = keyframe({ ...CROSS, pos: [639, 479] }));
    drawing.duplicate();
    expect(stored.value).toHaveLength(1);
    drawing.select("cross");
    drawing.duplicate();
    expect(stored.value.at(-1)).toMatchObject({ type: "crosshair", pos: [627, 467] });
    expect(drawing.selected).toEqual(stored.value.at(-1));
    expect(drawing.selectedId.value).not.toBe("cross");
  });
});
