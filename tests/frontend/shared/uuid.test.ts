import { expect, it } from "vitest";
import { uuid } from "@/shared/uuid";

it("makes version 4 UUIDs, no two alike", () => {
  const made = Array.from({ length: 500 }, uuid);
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(made.filter((id) => !form.test(id))).toEqual([]);
  expect(new Set(made).size).toBe(made.length);
});
