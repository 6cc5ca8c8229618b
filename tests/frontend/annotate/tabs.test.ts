import { afterEach, expect, it, vi } from "vitest";
import { Tab } from "@/annotate/tabs";
import { uuid } from "@/shared/uuid";

let opened: Tab[] = [];
afterEach(() => {
  opened.forEach((tab) => tab.leave());
  opened = [];
});

function tab(name: string, letGo = vi.fn(async () => undefined)) {
  const made = new Tab(name, letGo);
  opened.push(made);
  return { made, letGo };
}

it("has the work when it is alone", async () => {
  expect(await tab(uuid()).made.claim()).toBe(true);
});

it("is told when another has the work, and another annotation's tab does not matter", async () => {
  const name = uuid();
  await tab(name).made.claim();
  expect(await tab(name).made.claim()).toBe(false);
  expect(await tab(uuid()).made.claim()).toBe(true);
});

it("takes over once the other has let go of everything", async () => {
  const name = uuid();
  const order: string[] = [];
  const first = tab(name, vi.fn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 40));
    order.push("let go");
  }));
  await first.made.claim();
  const second = tab(name);
  await second.made.claim();
  await second.made.takeOver();
  order.push("taken");
  expect(order).toEqual(["let go", "taken"]);
  expect(first.made.held.value).toBe(false);
  expect(await tab(name).made.claim()).toBe(true);
});

it("never has the work together with another, though both open at once", async () => {
  const name = uuid();
  const claims = await Promise.all([tab(name).made.claim(), tab(name).made.claim()]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(claims.length).toBe(2);
  expect(opened.filter(({ held }) => held.value).length).toBeLessThanOrEqual(1);
});

it("keeps nobody from the work once it only shows it", async () => {
  const name = uuid();
  const reader = tab(name);
  await reader.made.claim();
  reader.made.leave();
  expect(await tab(name).made.claim()).toBe(true);
});

it("works alone where tabs cannot talk", async () => {
  vi.stubGlobal("BroadcastChannel", undefined);
  const name = uuid();
  expect(await Promise.all([tab(name).made.claim(), tab(name).made.claim()])).toEqual([true, true]);
});
