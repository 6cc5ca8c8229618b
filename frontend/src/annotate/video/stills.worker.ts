/** Fetches and decodes stills off the page's thread, so that neither a step nor a stroke waits for it. */

export interface StillRequest {
  id: number;
  url: string;
}

/** `status` is the server's where it did not send a picture, null where it could not be reached. */
export type StillAnswer = { id: number; picture: ImageBitmap } | { id: number; status: number | null };

async function read({ id, url }: StillRequest): Promise<StillAnswer> {
  const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return { id, status: response?.status ?? null };
  return { id, picture: await createImageBitmap(await response.blob()) };
}

self.addEventListener("message", async ({ data }: MessageEvent<StillRequest>) => {
  const answer = await read(data);
  self.postMessage(answer, { transfer: "picture" in answer ? [answer.picture] : [] });
});
