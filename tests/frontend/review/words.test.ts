import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptShare, wordChanges } from "@/review/words";

const joined = (pieces: ReturnType<typeof wordChanges>, without: "added" | "removed"): string =>
  pieces.filter(({ change }) => change !== without).map(({ text }) => text).join("");

describe("word changes", () => {
  it("are words and not letters", () => {
    const pieces = wordChanges("The gripper was open.", "The left gripper was closed.");
    expect(pieces.filter(({ change }) => change === "added").map(({ text }) => text.trim())).toEqual(["left", "closed"]);
    expect(pieces.filter(({ change }) => change === "removed").map(({ text }) => text.trim())).toEqual(["open"]);
  });

  it("are words in Chinese too", () => {
    const pieces = wordChanges("夹爪没有对准红色方块。", "夹爪没有对准绿色方块。");
    expect(pieces.filter(({ change }) => change !== "same").map(({ text }) => text)).toEqual(["红色", "绿色"]);
  });

  it("give both texts again, blanks apart", () => {
    const words = fc.array(fc.constantFrom("move", "the", "left", "gripper", "夹爪", "。", ",", " "), { maxLength: 12 });
    const bare = (text: string): string => text.replaceAll(/\s/g, "");
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [before, after] = [a.join(" "), b.join(" ")];
        const pieces = wordChanges(before, after);
        expect(bare(joined(pieces, "added"))).toBe(bare(before));
        expect(bare(joined(pieces, "removed"))).toBe(bare(after));
      }),
    );
  });
});

describe("the share kept", () => {
  it.each([
    ["", "", 1],
    ["abc", "abc", 1],
    ["abc", "", 0],
    ["abc", "xyz", 0],
    ["one two", "one six", 4 / 7],
  ])("of %o in %o is %d", (before, after, share) => {
    expect(keptShare(wordChanges(before, after))).toBeCloseTo(share);
  });
});
