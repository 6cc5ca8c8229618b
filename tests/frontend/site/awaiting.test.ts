// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { awaitNews } from "@/site/awaiting";

const answers = (...waiting: boolean[]): void => {
  const fetched = vi.fn(async () => Response.json({ waiting: waiting.length > 1 ? waiting.shift() : waiting[0] }));
  vi.stubGlobal("fetch", fetched);
};

function page(): { notice: HTMLElement; field: HTMLTextAreaElement; reload: ReturnType<typeof vi.fn> } {
  document.body.innerHTML = '<p data-awaits="/there/"></p><textarea>as it was</textarea>';
  const reload = vi.fn();
  vi.spyOn(location, "reload").mockImplementation(reload);
  return { notice: document.querySelector("p")!, field: document.querySelector("textarea")!, reload };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("loads the page again when what it waits for is done, and not before", async () => {
  answers(true, true, false);
  const { notice, reload } = page();
  awaitNews(notice);
  await vi.advanceTimersByTimeAsync(5000);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2000);
  expect(reload).toHaveBeenCalledOnce();
});

it("never takes away what is being typed", async () => {
  answers(false);
  const { notice, field, reload } = page();
  field.value = "half a line";
  awaitNews(notice);
  await vi.advanceTimersByTimeAsync(9000);
  expect(reload).not.toHaveBeenCalled();
});

it("goes on where the network is away for a while", async () => {
  answers(false);
  const { notice, reload } = page();
  vi.mocked(fetch).mockRejectedValueOnce(new TypeError("away"));
  awaitNews(notice);
  await vi.advanceTimersByTimeAsync(3000);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2000);
  expect(reload).toHaveBeenCalled();
});
