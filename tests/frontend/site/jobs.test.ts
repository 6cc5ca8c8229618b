// @vitest-environment happy-dom
/** Jobs that a page watches: progress shown, the page made anew when one ends or goes silent, and only then. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ASK_MS, watchJobs } from "@/site/jobs";

const answers: unknown[] = [];
const done = vi.fn();

function page(state: string, restart = "no"): HTMLElement {
  document.body.innerHTML = `<div data-job="/api/v1/vqa/1/" data-state="${state}" data-restart="${restart}">
    <progress value="0" max="1"></progress><span data-stage></span></div>`;
  return document.body.firstElementChild as HTMLElement;
}

/** Let the page ask so often. */
async function ask(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await vi.advanceTimersByTimeAsync(ASK_MS);
}

beforeEach(() => {
  vi.useFakeTimers();
  answers.length = 0;
  done.mockReset();
  vi.stubGlobal("fetch", async () => {
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next === "away") throw new TypeError("no network");
    return { ok: next !== "error", json: async () => next } as Response;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

test("progress and stage are shown while it runs, and its end makes the page anew once", async () => {
  const element = page("queued");
  answers.push({ state: "queued", progress: 0 }, { state: "running", progress: 0.5, stage: "checking" }, { state: "done", progress: 1 });
  watchJobs(done);
  await ask(2);
  expect(element.querySelector("progress")?.value).toBe(0.5);
  expect(element.querySelector("[data-stage]")?.textContent).toBe("checking");
  expect(done).not.toHaveBeenCalled();
  await ask(3);
  expect(done).toHaveBeenCalledTimes(1);
});

test("a server that is away or at fault is asked again", async () => {
  page("running");
  answers.push("away", "error", { state: "failed" });
  watchJobs(done);
  await ask(2);
  expect(done).not.toHaveBeenCalled();
  await ask(1);
  expect(done).toHaveBeenCalledTimes(1);
});

test("a job gone silent makes the page anew, but not a page that knows", async () => {
  page("running");
  answers.push({ state: "running", may_restart: true });
  watchJobs(done);
  await ask(1);
  expect(done).toHaveBeenCalledTimes(1);

  done.mockReset();
  page("running", "yes");
  watchJobs(done);
  await ask(3);
  expect(done).not.toHaveBeenCalled();
});

test.each(["done", "failed", "asking"])("a job that is %s is not watched", async (state) => {
  page(state);
  answers.push({ state: "running" });
  watchJobs(done);
  await ask(2);
  expect(done).not.toHaveBeenCalled();
});
