import { expect, it } from "vitest";
import { emptyEvent } from "@/annotate/document";
import { jump, stopsOf } from "@/annotate/jump";
import { failedDocument, Site } from "./site";

/** Frames 25 and 60 of the first failure, 40 and none of the second. */
function twoFailures() {
  const document = failedDocument();
  const second = emptyEvent("e2");
  second.avoidance.frame = 40;
  document.events.push(second);
  return document;
}

it("goes through the keyframes of all failures in the order of their frames", () => {
  expect(stopsOf(twoFailures()).map(({ event, side, frame }) => [event, side, frame])).toEqual([
    ["e1", "avoidance", 25],
    ["e2", "avoidance", 40],
    ["e1", "correction", 60],
  ]);
});

it("takes event and side in hand where it lands, and stays at the ends", async () => {
  const workspace = await new Site(twoFailures()).open();
  const seen = ([1, 1, 1, 1, -1, -1, -1] as const).map((by) => {
    jump(workspace, by);
    return [workspace.position.number.value, workspace.event.value?.id, workspace.side.value];
  });
  const [first, second, third] = [
    [25, "e1", "avoidance"],
    [40, "e2", "avoidance"],
    [60, "e1", "correction"],
  ];
  expect(seen).toEqual([first, second, third, third, second, first, first]);
});

it("stays where nothing is marked", async () => {
  const workspace = await new Site().open();
  workspace.position.go(10);
  jump(workspace, 1);
  expect(workspace.position.number.value).toBe(10);
});
