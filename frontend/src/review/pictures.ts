/** Stills over HTTP, for pages that look at them and do not draw. */

import type { FrameSource } from "@/annotate/frames";
import { type Api, errorFrom } from "@/shared/api";
import type { Still } from "@/shared/types";

/** `address` is the camera's place in the API, without a slash at its end. */
export const stillsAt = (api: Pick<Api, "get">, address: string): FrameSource => ({
  still: (number) => api.get<Still>(`${address}/frames/${number}/`),
  async picture(url) {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) throw errorFrom(response.status, null);
    return createImageBitmap(await response.blob());
  },
});
