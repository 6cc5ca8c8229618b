/** How a camera's frames between the stills are read, as well as this browser can. */

import type { Camera } from "@/shared/types";
import type { Times } from "../times";
import { DecoderReader } from "./decoder";
import { demux } from "./demux";
import { ElementReader } from "./element";

export interface FrameReader {
  /** The proxy's frame of a number, at the recording's size. The caller closes it. One at a time. */
  read(number: number): Promise<ImageBitmap>;
  close(): void;
}

/** What the page says it uses. */
export type Means = "decoder" | "element" | "stills";

export interface Opened {
  means: Means;
  reader: FrameReader | null;
}

const STILLS: Opened = { means: "stills", reader: null };

/** The browser's decoder; null where it has none (plain http), or none for this file. */
async function decoderOf(camera: Camera, file: Blob): Promise<FrameReader | null> {
  if (!("VideoDecoder" in window)) return null;
  const film = await demux(file);
  // A proxy has each frame of its recording, or it is of no use here.
  if (film?.chunks.length !== camera.frame_count) return null;
  const { supported } = await VideoDecoder.isConfigSupported(film.config);
  return supported ? new DecoderReader(film, camera) : null;
}

/** Open a camera's proxy: with the decoder, else with a `<video>`, else there are the stills alone. */
export async function openReader(camera: Camera, times: Times | null): Promise<Opened> {
  if (!camera.proxy || !times) return STILLS;
  const response = await fetch(camera.proxy, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return STILLS;
  const file = await response.blob();
  const decoder = await decoderOf(camera, file);
  if (decoder) return { means: "decoder", reader: decoder };
  const element = await ElementReader.open(file, times, camera).catch(() => null);
  return element ? { means: "element", reader: element } : STILLS;
}
