// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Context, DEFAULTS as BINDINGS, table as keys } from "@/annotate/bindings";
import { COMMANDS } from "@/annotate/commands";
import { commandFor, keyName, listenToKeys } from "@/shared/keys/listen";
import { nameOf } from "@/shared/keys/table";

const bare = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

describe("the table", () => {
  it("has no key that would run two commands", () => {
    expect(keys.clashes(BINDINGS)).toEqual([]);
  });

  it("would notice one", () => {
    const extra = { context: "guide" as const, key: "N", command: "x" };
    expect(keys.clashes([...BINDINGS, extra])).toHaveLength(1);
  });

  it("lets a key mean two things where only one of them can count", () => {
    const nudge = { context: "symbol" as const, key: "[", command: "x" };
    expect(keys.clashes([...BINDINGS, nudge]).map(([one]) => one.command)).toEqual(["keyframe.previous"]);
    expect(commandFor(BINDINGS, ["global", "guide", "frames"], "ArrowLeft")).toBe("sample.previous");
    expect(commandFor(BINDINGS, ["global", "guide", "symbol"], "ArrowLeft")).toBe("nudge.left");
    expect(commandFor(BINDINGS, ["global", "guide", "frames"], "Enter")).toBeNull();
  });

  it("names only commands that there are", () => {
    expect(BINDINGS.map(({ command }) => command).filter((command) => !(command in COMMANDS))).toEqual([]);
  });
});

describe("a person's own keys", () => {
  const arrow = nameOf(BINDINGS.find(({ command }) => command === "tool.arrow")!);

  it("take the place of the table's", () => {
    const table = keys.withKeys({ [arrow]: "'" });
    expect(commandFor(table, ["global", "guide"], "'")).toBe("tool.arrow");
    expect(commandFor(table, ["global", "guide"], "A")).toBeNull();
    expect(commandFor(table, ["global", "diagnose"], "A")).toBe("keyframe.set.avoidance");
  });

  it("cannot be what another command has where both count", () => {
    expect(keys.takenBy(arrow, "S", {})?.command).toBe("tool.rotate");
    expect(keys.takenBy(arrow, "?", {})?.command).toBe("help");
    expect(keys.takenBy(arrow, "'", {})).toBeNull();
    expect(keys.takenBy(arrow, "A", {})).toBeNull();
    expect(keys.takenBy(arrow, "S", { [nameOf(BINDINGS.find(({ command }) => command === "tool.rotate")!)]: "'" })).toBeNull();
  });

  it("are told apart by name", () => {
    expect(new Set(BINDINGS.map(nameOf)).size).toBe(BINDINGS.length);
  });
});

describe("a key's name", () => {
  it.each([
    [{ key: "a" }, "A"],
    [{ key: "A", shiftKey: true }, "Shift+A"],
    [{ key: "ArrowLeft", shiftKey: true }, "Shift+ArrowLeft"],
    [{ key: "Enter", ctrlKey: true }, "Ctrl+Enter"],
    [{ key: "Enter", metaKey: true }, "Ctrl+Enter"],
    [{ key: "?", shiftKey: true }, "?"],
    [{ key: "[" }, "["],
    [{ key: " " }, "Space"],
  ])("%o is %s", (event, name) => {
    expect(keyName({ ...bare, ...event })).toBe(name);
  });

  it("means what the context says", () => {
    expect(commandFor(BINDINGS, ["global", "diagnose"], "A")).toBe("keyframe.set.avoidance");
    expect(commandFor(BINDINGS, ["global", "guide"], "A")).toBe("tool.arrow");
    expect(commandFor(BINDINGS, ["global", "frames"], "A")).toBeNull();
  });
});

describe("listening", () => {
  let stop = (): void => undefined;
  afterEach(() => {
    stop();
    document.body.innerHTML = "";
  });

  const press = (element: Element, key: string): KeyboardEvent => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    element.dispatchEvent(event);
    return event;
  };

  const listening = (...contexts: Context[]) => {
    const run = vi.fn();
    stop = listenToKeys(() => BINDINGS, () => contexts, run);
    return run;
  };

  it("runs the command and keeps the key from the browser", () => {
    const run = listening("global", "guide");
    expect(press(document.body, "a").defaultPrevented).toBe(true);
    expect(run.mock.calls).toEqual([["tool.arrow"]]);
  });

  it.each(["<textarea></textarea>", "<input>", "<input type=search>", "<select></select>"])("leaves %s alone", (html) => {
    const run = listening("global", "guide");
    document.body.innerHTML = html;
    for (const key of ["a", "ArrowLeft", "Delete", "Home"]) {
      expect(press(document.body.firstElementChild!, key).defaultPrevented).toBe(false);
    }
    expect(run).not.toHaveBeenCalled();
  });

  it("steps though the slider or a button has the focus", () => {
    const run = listening("global", "frames");
    document.body.innerHTML = "<input type=range><button></button>";
    [...document.body.children].forEach((element) => press(element, "ArrowRight"));
    expect(run.mock.calls).toEqual([["sample.next"], ["sample.next"]]);
  });

  it("leaves the space to a button that has the focus", () => {
    const run = listening("global", "diagnose");
    document.body.innerHTML = "<button></button><input type=range>";
    expect(press(document.body.firstElementChild!, " ").defaultPrevented).toBe(false);
    expect(run).not.toHaveBeenCalled();
    press(document.body.lastElementChild!, " ");
    expect(run.mock.calls).toEqual([["play"]]);
  });

  it("takes nothing that is not in the table", () => {
    const run = listening("global", "guide");
    expect(press(document.body, "'").defaultPrevented).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });
});
