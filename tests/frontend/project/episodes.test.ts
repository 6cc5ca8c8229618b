import { beforeEach, expect, it, vi } from "vitest";
import { Episodes } from "@/project/episodes";
import { type Api, ApiError } from "@/shared/api";
import type { Episode } from "@/shared/types";

const episode = (id: number, part: Partial<Episode> = {}): Episode => ({
  id,
  project: 1,
  task: { id: 1, name: "place_two", description: "", subtasks: [] },
  number: id,
  stem: "",
  state: "ready",
  rejection: "",
  progress: 1,
  has_signals: false,
  cameras: [],
  ...part,
});

const get = vi.fn<(path: string) => Promise<unknown>>();
let episodes: Episodes;
const listed = () => episodes.listed.value.map(({ id }) => id);

beforeEach(() => {
  get.mockReset();
  episodes = new Episodes(1, { get } as unknown as Api);
});

it("lists page after page, by task and number", async () => {
  get.mockResolvedValueOnce({ count: 3, next: 2, results: [episode(3), episode(2)] });
  await episodes.reload();
  expect([listed(), episodes.hasMore.value]).toEqual([[2, 3], true]);
  get.mockResolvedValueOnce({ count: 3, next: null, results: [episode(1)] });
  await episodes.more();
  expect(get).toHaveBeenLastCalledWith("projects/1/episodes/?page=2");
  expect([listed(), episodes.hasMore.value]).toEqual([[1, 2, 3], false]);
});

it("asks the server for what a filter wants, and shows nothing else", async () => {
  episodes.update(episode(1), episode(2, { state: "rejected" }));
  get.mockResolvedValueOnce({ count: 0, next: null, results: [] });
  await episodes.setFilter({ task: 1, state: "rejected" });
  expect(get).toHaveBeenCalledWith("projects/1/episodes/?page=1&task=1&state=rejected");
  expect(listed()).toEqual([2]);
});

it("follows an episode from the socket, whatever the list had", () => {
  episodes.update(episode(5, { state: "ingesting", progress: 0.5 }));
  episodes.update(episode(5, { state: "rejected", rejection: "The file has no video in it." }));
  expect(episodes.listed.value).toMatchObject([{ id: 5, state: "rejected", rejection: "The file has no video in it." }]);
});

it("asks again, after the socket was away, for those that were under way", async () => {
  episodes.update(episode(1), episode(2, { state: "ingesting" }), episode(3, { state: "uploaded" }));
  get.mockImplementation(async (path) => episode(Number(/\d+/.exec(path)![0])));
  await episodes.refreshUnfinished();
  expect(get.mock.calls).toEqual([["episodes/2/"], ["episodes/3/"]]);
  expect(episodes.listed.value.map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
});

it("says why a list could not be had, and forgets it when it can", async () => {
  get.mockRejectedValueOnce(new ApiError("network", "The server cannot be reached."));
  await episodes.reload();
  expect(episodes.trouble.value).toBe("The server cannot be reached.");
  get.mockResolvedValueOnce({ count: 0, next: null, results: [] });
  await episodes.reload();
  expect(episodes.trouble.value).toBe("");
});
