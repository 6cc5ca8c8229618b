import { describe, expect, it } from "vitest";
import { type Document, emptyDocument, emptyEvent } from "@/annotate/document";
import { placeName } from "@/annotate/places";
import { isDone, locate, stagesOf } from "@/annotate/stages";

const failed: Document = { outcome: "failed", note: "", events: [emptyEvent("e1"), emptyEvent("e2")] };

describe("a problem's place", () => {
  it.each([
    [["outcome"], { stage: 1, event: null, side: null, field: "outcome" }],
    [["note"], { stage: 1, event: null, side: null, field: "note" }],
    [["events"], { stage: 1, event: null, side: null, field: "events" }],
    [["events", "e2", "subtask"], { stage: 1, event: "e2", side: null, field: "subtask" }],
    [["events", "e1", "failure_type"], { stage: 1, event: "e1", side: null, field: "failure_type" }],
    [["events", "e1", "correction", "frame"], { stage: 1, event: "e1", side: "correction", field: "correction-frame" }],
    [["events", "e2", "avoidance", "command"], { stage: 2, event: "e2", side: "avoidance", field: "command" }],
    [["events", "e1", "correction", "symbols"], { stage: 2, event: "e1", side: "correction", field: "command" }],
    [["events", "e1", "reason"], { stage: 3, event: "e1", side: null, field: "reason" }],
    [["events", "e1", "avoidance", "high_level"], { stage: 3, event: "e1", side: "avoidance", field: "avoidance-high_level" }],
    [["events", 1, "reason"], { stage: 3, event: "e2", side: null, field: "reason" }],
  ])("%j", (path, place) => {
    expect(locate(path, failed)).toEqual({ path, ...place });
  });
});

describe("stages", () => {
  it("are all three for a failure, and the first alone otherwise", () => {
    expect(stagesOf(failed)).toEqual([1, 2, 3]);
    expect(stagesOf({ ...emptyDocument(), outcome: "successful" })).toEqual([1]);
    expect(stagesOf({ ...emptyDocument(), outcome: "cannot_tell" })).toEqual([1]);
  });

  it("are done when nothing of theirs is missing", () => {
    const problems = [{ path: ["events", "e1", "avoidance", "command"], message: "" }];
    expect([1, 2, 3].map((stage) => isDone(stage as 1 | 2 | 3, failed, problems))).toEqual([true, false, true]);
    expect(isDone(2, emptyDocument(), [])).toBe(false);
  });
});

it("a place is told in words, and never by an id", () => {
  expect(placeName(["events", "e2", "avoidance", "high_level"], failed)).toBe("Failure 2 › Avoidance › text");
  expect(placeName(["events", "e1", "correction", "symbols", "0310f7f1"], failed)).toBe(
    "Failure 1 › Correction › symbols",
  );
  expect(placeName(["outcome"], failed)).toBe("outcome");
});
