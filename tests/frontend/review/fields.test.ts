import { describe, expect, it } from "vitest";
import { emptyDocument, emptyEvent } from "@/annotate/document";
import { factsOf, labelAt, textsOf } from "@/review/fields";

const event = emptyEvent("e1");
const failure = { ...emptyDocument(), outcome: "failed" as const, events: [event] };

describe("what is judged", () => {
  it("is every field of a failure, in the order of the page", () => {
    expect([...factsOf(failure, event), ...textsOf(failure, event)].map(({ key }) => key)).toEqual([
      "outcome",
      "events/e1/failure_type",
      "events/e1/subtask",
      ...["avoidance", "correction"].flatMap((side) => ["frame", "command", "symbols"].map((name) => `events/e1/${side}/${name}`)),
      "events/e1/reason",
      "events/e1/avoidance/high_level",
      "events/e1/correction/high_level",
    ]);
  });

  it("is the outcome alone where nothing failed, and the note where there is one", () => {
    const told = { ...emptyDocument(), outcome: "cannot_tell" as const, note: "The arm hides it." };
    expect(factsOf(told, null).map(({ key }) => key)).toEqual(["outcome", "note"]);
    expect(textsOf(told, null)).toEqual([]);
  });

  it("has a name wherever it is", () => {
    expect(labelAt(["events", "e1", "correction", "command"], failure)).toBe("Correction: command");
    expect(labelAt(["events", "gone", "reason"], failure)).toBe("events gone reason");
  });
});
