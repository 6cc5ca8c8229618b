import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Agreement,
  agreement,
  type Command,
  commandText,
  displayList,
  type Primitive,
  printCode,
  type RawSymbol,
  type View,
} from "@/symbols";

function cases<Case>(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../../cases/symbols/${name}.json`, import.meta.url), "utf-8")) as Case[];
}

interface DisplayCase {
  size: [number, number];
  symbols: RawSymbol[];
  codes: string[];
  display: Primitive[];
}

describe("symbols, as Python draws them", () => {
  const named = cases<DisplayCase>("display").map((one) => ({ name: `${one.size.join("x")}: ${one.codes.join(" ")}`, ...one }));

  it.each(named)("$name", ({ size: [width, height], symbols, codes, display }) => {
    const size = { width, height };
    expect(displayList(symbols, size)).toEqual(display);
    expect(symbols.map((symbol) => printCode(symbol, size))).toEqual(codes);
  });
});

describe("commands, as Python writes them", () => {
  it.each(cases<{ command: Command; text: string }>("commands"))("$text", ({ command, text }) => {
    expect(commandText(command)).toBe(text);
    expect(commandText({ ...command, arms: [...command.arms].reverse() }, ["left", "right"])).toBe(text);
  });

  it("puts named arms first and keeps the others in the command's order", () => {
    const part = { move: [], rotate: null, grasp: "open", hold: false, back: false } as const;
    const command: Command = { hold: false, arms: ["b", "c", "a"].map((arm) => ({ arm, ...part })) };
    expect(commandText(command)).toBe("Open the b gripper; open the c gripper; open the a gripper.");
    expect(commandText(command, ["a", "c"])).toBe("Open the a gripper; open the c gripper; open the b gripper.");
  });
});

interface AgreementCase {
  symbols: RawSymbol[];
  command: Command;
  view: View;
  agreement: Agreement;
}

describe("agreement, as Python finds it", () => {
  const named = cases<AgreementCase>("agreement").map((one, index) => ({ name: `${index}: ${commandText(one.command)}`, ...one }));

  it.each(named)("$name", ({ symbols, command, view, agreement: expected }) => {
    expect(agreement(symbols, command, view)).toEqual(expected);
  });
});

describe("a user's own pictures", () => {
  const size = { width: 640, height: 480 };
  const lock: RawSymbol = { type: "lock", pos: [100, 90] };

  it("replace the signs they are set for", () => {
    const pictures = new Set(["lock"] as const);
    expect(displayList([lock], size, pictures)).toEqual([{ op: "picture", name: "lock", center: [100, 90], side: 48 }]);
    expect(displayList([{ ...lock, type: "rewind" }], size, pictures)).toEqual(displayList([{ ...lock, type: "rewind" }], size));
  });
});
