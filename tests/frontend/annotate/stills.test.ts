import { expect, it, vi } from "vitest";
import { StillReader } from "@/annotate/video/stills";
import type { StillAnswer, StillRequest } from "@/annotate/video/stills.worker";

/** A worker in which the answers are ours to give, in any order. */
class HeldWorker extends EventTarget {
  readonly requests: StillRequest[] = [];
  postMessage = (request: StillRequest) => this.requests.push(request);
  answer = (data: StillAnswer) => this.dispatchEvent(new MessageEvent("message", { data }));
}

function reading() {
  const worker = new HeldWorker();
  const get = vi.fn(async (path: string) => ({ path }));
  return { worker, get, reader: new StillReader({ get } as never, "episodes/7/cameras/cam_high", worker as never) };
}

it("gives each asker its own picture, whatever comes first", async () => {
  const { worker, reader } = reading();
  const pictures = Promise.all([reader.picture("/a"), reader.picture("/b")]);
  const [a, b] = worker.requests;
  worker.answer({ id: b!.id, picture: "B" as never });
  worker.answer({ id: a!.id, picture: "A" as never });
  expect(await pictures).toEqual(["A", "B"]);
  expect([a!.url, b!.url]).toEqual(["/a", "/b"]);
});

it.each([
  [null, "network"],
  [503, "http"],
])("says what went wrong when the status is %s", async (status, code) => {
  const { worker, reader } = reading();
  const picture = reader.picture("/a");
  worker.answer({ id: worker.requests[0]!.id, status });
  await expect(picture).rejects.toMatchObject({ code });
});

it("has a frame that is not in the list made by its number", async () => {
  const { get, reader } = reading();
  await reader.still(33);
  expect(get.mock.calls).toEqual([["episodes/7/cameras/cam_high/frames/33/"]]);
});
