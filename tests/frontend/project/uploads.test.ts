import { beforeEach, describe, expect, it, vi } from "vitest";
import { Imports } from "@/project/imports";
import { type UploadItem, UploadQueue } from "@/project/uploads";
import { type Api, ApiError } from "@/shared/api";
import type { Upload } from "@/shared/types";

interface Sending {
  file: File;
  share: (share: number) => void;
  done: (upload?: Partial<Upload>) => Promise<void>;
  fail: () => Promise<void>;
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const file = (name: string): File => new File(["x"], name);

/** Uploads under the test's hand: each runs until it is told how it ends. */
function wire() {
  const sending: Sending[] = [];
  const send = (sent: File, share: (share: number) => void): Promise<Upload> =>
    new Promise((resolve, reject) => {
      sending.push({
        file: sent,
        share,
        done: async (upload) => (resolve({ id: `id-${sent.name}`, name: sent.name, size: 1, sha256: "", ...upload }), tick()),
        fail: async () => (reject(new ApiError("network", "The server cannot be reached.")), tick()),
      });
    });
  return { sending, send };
}

let sending: Sending[];
let queue: UploadQueue;
const onSent = vi.fn<(item: UploadItem) => void>();

const states = (): string[] => queue.items.value.map(({ progress }) => progress.value.state);

describe("uploads", () => {
  beforeEach(() => {
    onSent.mockReset();
    const made = wire();
    sending = made.sending;
    queue = new UploadQueue(made.send, onSent);
    queue.add(["1", "2", "3", "4", "5"].map(file));
  });

  it("run three at a time, in order", async () => {
    expect(states()).toEqual(["sending", "sending", "sending", "waiting", "waiting"]);
    await sending[1]!.done();
    expect(states()).toEqual(["sending", "sent", "sending", "sending", "waiting"]);
    expect(sending.map((each) => each.file.name)).toEqual(["1", "2", "3", "4"]);
  });

  it("show how much of each was sent", async () => {
    sending[0]!.share(0.4);
    expect(queue.items.value[0]!.progress.value).toEqual({ state: "sending", share: 0.4 });
    await sending[0]!.done();
    sending[0]!.share(0.9);
    expect(states()[0]).toBe("sent");
  });

  it("go on when one fails, which can be sent again", async () => {
    await sending[0]!.fail();
    expect(queue.items.value[0]!.progress.value).toEqual({ state: "failed", message: "The server cannot be reached." });
    expect(states()[3]).toBe("sending");
    for (const each of sending.slice(1, 4)) await each.done();
    await sending[4]!.done();
    expect(states()).toEqual(["failed", "sent", "sent", "sent", "sent"]);
    queue.retry(queue.items.value[0]!);
    await sending[5]!.done();
    expect(states()[0]).toBe("sent");
    expect(onSent).toHaveBeenCalledTimes(5);
    expect(queue.active).toBe(false);
  });

  it("are not sent twice by a retry of what did not fail", () => {
    queue.retry(queue.items.value[0]!);
    queue.retry(queue.items.value[4]!);
    expect(sending).toHaveLength(3);
    expect(states()).toEqual(["sending", "sending", "sending", "waiting", "waiting"]);
  });

  it("leave the list when they are done, and only then", async () => {
    await sending[0]!.done();
    await sending[1]!.fail();
    queue.clearSent();
    expect(queue.items.value.map((item) => item.file.name)).toEqual(["2", "3", "4", "5"]);
  });
});

describe("recordings", () => {
  const names = ["a_cam_high.mp4", "a_cam_left_wrist.mp4", "notes.txt", "b_cam_high.mp4"];
  const plan = {
    recordings: [
      { stem: "a", cameras: { cam_high: names[0], cam_left_wrist: names[1] } },
      { stem: "b", cameras: { cam_high: names[3] } },
    ],
    problems: [{ name: "notes.txt", message: "This is not a video." }],
  };
  const post = vi.fn<(path: string, body: unknown) => Promise<unknown>>();
  const onEpisode = vi.fn();
  let imports: Imports;

  const progress = () => imports.recordings.value.map((recording) => recording.progress.value);

  beforeEach(async () => {
    onEpisode.mockReset();
    post.mockReset().mockResolvedValueOnce(plan).mockResolvedValue({ id: 31 });
    const made = wire();
    sending = made.sending;
    queue = new UploadQueue(made.send, (item) => void imports.arrived(item));
    imports = new Imports(4, { post } as unknown as Api, queue, onEpisode);
    await imports.add(names.map(file), 9);
  });

  it("upload what the plan names, and say what it could not place", () => {
    expect(post).toHaveBeenCalledWith("projects/4/imports/plan/", { names });
    expect(sending.map((each) => each.file.name)).toEqual([names[0], names[1], names[3]]);
    expect(imports.problems.value).toEqual(plan.problems);
  });

  it("are added once all their files are there, each on its own", async () => {
    await sending[2]!.done();
    expect(post).toHaveBeenLastCalledWith("projects/4/episodes/", {
      task: 9,
      stem: "b",
      cameras: { cam_high: "id-b_cam_high.mp4" },
    });
    expect(progress()).toEqual([{ state: "uploading" }, { state: "created", episode: 31, duplicate: false }]);
    await sending[0]!.done();
    expect(post).toHaveBeenCalledTimes(2);
    await sending[1]!.done();
    expect(post).toHaveBeenLastCalledWith("projects/4/episodes/", {
      task: 9,
      stem: "a",
      cameras: { cam_high: "id-a_cam_high.mp4", cam_left_wrist: "id-a_cam_left_wrist.mp4" },
    });
    expect(onEpisode).toHaveBeenCalledTimes(2);
  });

  it("wait for a file that failed, and are added after its retry", async () => {
    await sending[0]!.done();
    await sending[1]!.fail();
    expect(progress()[0]).toEqual({ state: "uploading" });
    queue.retry(queue.items.value[1]!);
    await sending[3]!.done();
    expect(progress()[0]).toMatchObject({ state: "created" });
  });

  it("say when they are in the project already", async () => {
    post.mockReset().mockResolvedValue({ id: 12, duplicate: true });
    await sending[2]!.done();
    expect(progress()[1]).toEqual({ state: "created", episode: 12, duplicate: true });
  });

  it("keep their uploaded files when they could not be added", async () => {
    post.mockReset().mockRejectedValueOnce(new ApiError("http", "The server answered with an unexpected 502.", {}, 502));
    await sending[2]!.done();
    expect(progress()[1]).toMatchObject({ state: "failed" });
    post.mockResolvedValue({ id: 31 });
    await imports.create(imports.recordings.value[1]!);
    expect(progress()[1]).toMatchObject({ state: "created" });
    expect(sending).toHaveLength(3);
  });
});
