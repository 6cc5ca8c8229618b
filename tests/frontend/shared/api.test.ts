// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { api, ApiError, csrfToken, serverNow } from "@/shared/api";

const fetched = vi.fn<typeof fetch>();
const answer = (status: number, body: string, headers: Record<string, string> = {}): void =>
  void fetched.mockResolvedValueOnce(new Response(body || null, { status, headers }));

const failure = async (request: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, not ${String(error)}`);
  return error;
};

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
});

describe("a request", () => {
  it("goes below /api/v1/ with the CSRF token and JSON", async () => {
    document.cookie = "csrftoken=secret%3D";
    answer(200, '{"ok": true}');
    expect(await api.post("projects/1/queue/next/", { a: 1 })).toEqual({ ok: true });
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toBe("/api/v1/projects/1/queue/next/");
    expect(init).toMatchObject({ method: "POST", credentials: "same-origin", body: '{"a":1}' });
    expect(init?.headers).toMatchObject({ "X-CSRFToken": "secret=", "Content-Type": "application/json" });
  });

  it("sends no token when it only reads", async () => {
    answer(200, "[]");
    await api.get("projects/1/tasks/");
    expect(fetched.mock.calls[0]![1]?.headers).not.toHaveProperty("X-CSRFToken");
  });

  it("takes an answer without a body", async () => {
    answer(204, "");
    expect(await api.delete("episodes/1/lease/")).toBeNull();
  });

  it("knows the server's time from its answers", async () => {
    const later = new Date(Date.now() + 3_600_000);
    answer(200, "{}", { Date: later.toUTCString() });
    await api.get("projects/1/");
    expect(Math.abs(serverNow() - later.valueOf())).toBeLessThan(2000);
  });
});

describe("a failure", () => {
  it("carries the server's code, sentence and data", async () => {
    answer(409, '{"error": {"code": "stale_base", "message": "It was changed.", "data": {"revision": 7}}}');
    const error = await failure(api.post("annotations/1/operations/"));
    expect(error).toMatchObject({ code: "stale_base", message: "It was changed.", data: { revision: 7 }, status: 409 });
    expect(error.transient).toBe(false);
  });

  it("of the network passes", async () => {
    fetched.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    expect(await failure(api.get("projects/1/"))).toMatchObject({ code: "network", status: 0, transient: true });
  });

  it.each([
    [502, "<html>Bad gateway</html>", true],
    [404, "<html>Not found</html>", false],
    [429, "{}", true],
  ])("%i in another form than ours is one all the same", async (status, body, transient) => {
    answer(status, body);
    expect(await failure(api.get("projects/1/"))).toMatchObject({ code: "http", status, transient });
  });

  it("is an answer that is not JSON, too: a login page is no success", async () => {
    answer(200, "<html>Log in</html>");
    expect(await failure(api.get("projects/1/"))).toMatchObject({ code: "http", status: 200 });
  });
});

it("finds the CSRF cookie among others", () => {
  expect(csrfToken("a=1; csrftoken=xyz; b=2")).toBe("xyz");
  expect(csrfToken("notcsrftoken=xyz")).toBe("");
});
