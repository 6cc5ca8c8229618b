/** A proxy taken apart: how to set up a decoder, and the coded frames by frame number. */

import { BlobSource, EncodedPacketSink, Input, MP4 } from "mediabunny";

export interface Demuxed {
  config: VideoDecoderConfig;
  /** Coded frame n stands at place n and carries n as its timestamp. */
  chunks: EncodedVideoChunk[];
}

/** Null where the file holds no video that this browser could name a codec for. */
export async function demux(file: Blob): Promise<Demuxed | null> {
  const track = await new Input({ formats: [MP4], source: new BlobSource(file) }).getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) return null;
  const chunks: EncodedVideoChunk[] = [];
  // A proxy has no B-frames, so that coded order is the order of the frames.
  for await (const { type, data } of new EncodedPacketSink(track).packets()) {
    chunks.push(new EncodedVideoChunk({ type, data, timestamp: chunks.length }));
  }
  return { config, chunks };
}
