import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  armOf,
  axisOf,
  cycleMove,
  DIRECTIONS,
  type Press,
  press,
  toggleBack,
  toggleGrasp,
  toggleHold,
  toggleHoldAll,
  toggleRotate,
} from "@/annotate/command";
import type { Command } from "@/symbols";

const ARMS = ["left", "right"] as const;
const BUTTONS: Press[] = [
  ...DIRECTIONS.map(cycleMove),
  toggleRotate("clockwise"),
  toggleRotate("counter-clockwise"),
  toggleGrasp("open"),
  toggleGrasp("close"),
  toggleHold,
  toggleBack,
];

const pressed = (...buttons: Press[]): Command | null =>
  buttons.reduce<Command | null>((command, button) => press(command, "left", button, ARMS), null);

const moves = (command: Command | null) => armOf(command, "left").move;

describe("a direction", () => {
  it("cycles: plain, slightly, significantly, off", () => {
    const steps = [1, 2, 3, 4].map((n) => moves(pressed(...Array<Press>(n).fill(cycleMove("right")))));
    expect(steps).toEqual([
      [{ direction: "right", magnitude: null }],
      [{ direction: "right", magnitude: "slightly" }],
      [{ direction: "right", magnitude: "significantly" }],
      [],
    ]);
  });

  it("takes the place of its opposite, without magnitude", () => {
    const command = pressed(cycleMove("right"), cycleMove("right"), cycleMove("left"));
    expect(moves(command)).toEqual([{ direction: "left", magnitude: null }]);
  });

  it("stands beside the other axes in the order left/right, forward/backward, up/down", () => {
    const command = pressed(cycleMove("downward"), cycleMove("backward"), cycleMove("left"));
    expect(moves(command).map(({ direction }) => direction)).toEqual(["left", "backward", "downward"]);
  });
});

describe("the arms", () => {
  it("come in the profile's order whichever was pressed first", () => {
    const right = press(null, "right", toggleGrasp("open"), ARMS);
    const both = press(right, "left", toggleRotate("clockwise"), ARMS);
    expect(both?.arms.map(({ arm }) => arm)).toEqual(["left", "right"]);
    expect(armOf(both, "right").grasp).toBe("open");
  });

  it("hold still or go back alone", () => {
    expect(armOf(pressed(cycleMove("left"), toggleGrasp("open"), toggleHold), "left")).toEqual({
      arm: "left",
      move: [],
      rotate: null,
      grasp: null,
      hold: true,
      back: false,
    });
    expect(armOf(pressed(toggleHold, toggleBack), "left")).toMatchObject({ hold: false, back: true });
    expect(armOf(pressed(toggleBack, cycleMove("left")), "left")).toMatchObject({ hold: false, back: false });
  });

  it("leave no command behind when the last thing is taken off", () => {
    expect(pressed(toggleRotate("clockwise"), toggleRotate("clockwise"))).toBeNull();
    expect(pressed(toggleHold, toggleHold)).toBeNull();
  });
});

describe("everything holds still", () => {
  it("takes the place of the arms' commands, and goes off again", () => {
    const held = toggleHoldAll(pressed(cycleMove("left")));
    expect(held).toEqual({ hold: true, arms: [] });
    expect(toggleHoldAll(held)).toBeNull();
  });

  it("ends when an arm is told something", () => {
    expect(press({ hold: true, arms: [] }, "right", toggleGrasp("close"), ARMS)).toMatchObject({
      hold: false,
      arms: [{ arm: "right", grasp: "close" }],
    });
  });
});

it("makes, whatever is pressed, only commands of the grammar", () => {
  const presses = fc.array(fc.tuple(fc.constantFrom(...ARMS), fc.constantFrom(...BUTTONS)), { maxLength: 40 });
  fc.assert(
    fc.property(presses, (list) => {
      const command = list.reduce<Command | null>((now, [arm, button]) => press(now, arm, button, ARMS), null);
      for (const part of command?.arms ?? []) {
        const axes = part.move.map(({ direction }) => axisOf(direction));
        expect(axes).toEqual([...new Set(axes)].sort());
        const acts = axes.length > 0 || part.rotate !== null || part.grasp !== null;
        expect([acts, part.hold, part.back].filter(Boolean)).toHaveLength(1);
      }
      expect(command === null || command.arms.length > 0).toBe(true);
    }),
  );
});
