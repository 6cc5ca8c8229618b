/** What a recorded rollout shows at a moment, and how a picture comes over the line. */

import { expect, test } from "vitest";
import { unpacked } from "@/live/feed";
import { told } from "@/live/Timeline";
import { overlayAt, stretchesOf } from "@/rollout/happened";

const event = (seconds: number, kind: string, data: Record<string, unknown> = {}) => ({ seconds, kind, data });
const symbols = [{ type: "lock", pos: [3, 4] }];
const EVENTS = [
  event(0, "control", { control: "policy" }),
  event(2, "overlay", { size: [64, 48], symbols }),
  event(3, "control", { control: "correction" }),
  event(5, "correction_ended"),
  event(5, "control", { control: "policy" }),
];

test("each stretch of control lasts until the next word of it", () => {
  expect(stretchesOf(EVENTS, 8).map(({ from, to, control }) => [from, to, control])).toEqual([
    [0, 3, "policy"],
    [3, 5, "correction"],
    [5, 8, "policy"],
  ]);
});

test("symbols are shown from the moment they were there until the correction ended", () => {
  expect(overlayAt(EVENTS, 1.9)).toBeNull();
  expect(overlayAt(EVENTS, 2)).toEqual({ size: { width: 64, height: 48 }, symbols });
  expect(overlayAt(EVENTS, 4.9)).not.toBeNull();
  expect(overlayAt(EVENTS, 5)).toBeNull();
});

test("an answer that all is well takes them away too", () => {
  expect(overlayAt([...EVENTS.slice(0, 2), event(2.5, "answer", { failed: false })], 3)).toBeNull();
});

test("a picture's head and JPEG are told apart", async () => {
  const head = new TextEncoder().encode(JSON.stringify({ index: 7 }));
  const data = new Uint8Array(4 + head.length + 3);
  new DataView(data.buffer).setUint32(0, head.length);
  data.set(head, 4);
  data.set([255, 216, 255], 4 + head.length);
  const picture = unpacked(data.buffer);
  expect(picture.head.index).toBe(7);
  expect(new Uint8Array(await picture.jpeg.arrayBuffer())).toEqual(new Uint8Array([255, 216, 255]));
});

test("an entry is told with what its data says", () => {
  expect(told({ kind: "answer", data: { failed: true, command: "Hold still." } })).toBe("Answer: It sees a failure · Hold still.");
  expect(told({ kind: "query", data: { query: 1 } })).toBe("Question to the model");
});
