/** Stills over HTTP, decoded in a worker: the bytes that were sent are the picture that is annotated. */

import { type Api, ApiError } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Still } from "@/shared/types";
import type { FrameSource } from "../frames";
import type { StillAnswer, StillRequest } from "./stills.worker";

type Take = (answer: StillAnswer) => void;

function pictureOf(answer: StillAnswer): ImageBitmap {
  if ("picture" in answer) return answer.picture;
  if (answer.status === null) throw new ApiError("network", messages.api.network);
  throw new ApiError("http", messages.api.unexpected(answer.status), {}, answer.status);
}

/** The stills of one camera. `address` is the camera's place in the API, without a slash at its end. */
export class StillReader implements FrameSource {
  private readonly waiting = new Map<number, Take>();
  private asked = 0;

  constructor(
    private readonly api: Pick<Api, "get">,
    private readonly address: string,
    private readonly worker: Worker = new Worker(new URL("./stills.worker.ts", import.meta.url), { type: "module" }),
  ) {
    this.worker.addEventListener("message", ({ data }: MessageEvent<StillAnswer>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
  }

  still(number: number): Promise<Still> {
    return this.api.get<Still>(`${this.address}/frames/${number}/`);
  }

  async picture(url: string): Promise<ImageBitmap> {
    const request: StillRequest = { id: this.asked++, url };
    return pictureOf(
      await new Promise<StillAnswer>((take) => {
        this.waiting.set(request.id, take);
        this.worker.postMessage(request);
      }),
    );
  }
}
