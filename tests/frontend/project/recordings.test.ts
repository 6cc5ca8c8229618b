/** What has to be asked of a robot's recordings, and a folder as a tar. */

import { expect, test } from "vitest";
import { type Found, isComplete, needs } from "@/project/recordings";
import { header, tarOf } from "@/project/tar";

const whole: Found = { name: "a", rows: 9, fps: 25, order: "rgb", task: "Do it.", cameras: ["cam_high"], pictures: {}, problem: "" };
const silent: Found = { ...whole, fps: null, order: null, task: "" };

test("a recording that states everything needs no answer", () => {
  expect(needs([whole])).toEqual({ fps: false, order: null, cameras: null });
  expect(isComplete([whole], {})).toBe(true);
});

test("what is not stated has to be said, every bit of it", () => {
  expect(needs([whole, silent])).toEqual({ fps: true, order: silent, cameras: null });
  expect(isComplete([silent], { fps: 25, order: "bgr" })).toBe(false);
  expect(isComplete([silent], { fps: 25, task: 3 })).toBe(false);
  expect(isComplete([silent], { order: "rgb", task: 3 })).toBe(false);
  expect(isComplete([silent], { fps: 25, order: "bgr", task: 3 })).toBe(true);
});

test("of several cameras without a head camera's name one has to be chosen", () => {
  expect(needs([{ ...whole, cameras: ["a", "b"] }]).cameras).toEqual(["a", "b"]);
  expect(needs([{ ...whole, cameras: ["a"] }]).cameras).toBeNull();
});

test("what cannot be read asks nothing and is not enough by itself", () => {
  const bad = { ...silent, problem: "It is damaged." };
  expect(needs([bad])).toEqual({ fps: false, order: null, cameras: null });
  expect(isComplete([bad], {})).toBe(false);
});

test("a folder is one tar, with sums that a reader checks", async () => {
  const file = new File(["hello"], "info.json");
  Object.defineProperty(file, "webkitRelativePath", { value: "set/meta/info.json" });
  const tar = tarOf([file]);
  const bytes = new Uint8Array(await tar.arrayBuffer());
  expect(tar.name).toBe("set.tar");
  expect(bytes.length).toBe(512 * 4);
  const text = (from: number, to: number): string => new TextDecoder().decode(bytes.slice(from, to));
  expect(text(0, 18)).toBe("set/meta/info.json");
  expect(text(512, 517)).toBe("hello");
  const head = header("set/meta/info.json", 5);
  const sum = head.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  expect(parseInt(new TextDecoder().decode(head.slice(148, 154)), 8)).toBe(sum);
});

test("a path of more than a hundred bytes is split, one that cannot be is refused", () => {
  const long = `${"a".repeat(90)}/${"b".repeat(90)}`;
  const head = header(long, 0);
  expect(new TextDecoder().decode(head.slice(345, 435))).toBe("a".repeat(90));
  expect(() => header("c".repeat(200), 0)).toThrow(RangeError);
});
