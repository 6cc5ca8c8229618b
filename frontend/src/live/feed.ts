/** The robot's socket: pictures, what happened, and the orders that go back. */

import { backoff } from "@/shared/backoff";
import type { RawSymbol, Size } from "@/symbols";

export type Control = "policy" | "correction" | "operator" | "hold";

/** What comes with a picture; `at` is when the robot sent it, in seconds of its clock. */
export interface PictureHead {
  index: number;
  time: number;
  control: Control;
  why: string;
  at: number;
}

export interface Entry {
  type: "entry";
  kind: string;
  time: number;
  data: Record<string, unknown>;
}

export interface Begin {
  type: "begin";
  rollout: string;
  robot: string;
  task: string;
  size: [number, number] | null;
}

export type Message =
  | Entry
  | Begin
  | { type: "ready"; state: { begin: Begin | null; entries: (Entry | { type: string })[] } | null; operates: boolean; me: string }
  | { type: "live" }
  | { type: "gone" }
  | { type: "end" }
  | { type: "refused"; why: string }
  | { type: "error"; message: string };

/** An order as the robot's supervisor reads it; the site adds who gave it. */
export interface Order {
  order: "hold" | "release" | "take_over" | "confirm" | "reject" | "correct" | "mode" | "finish";
  symbols?: RawSymbol[];
  command?: string;
  correction?: number;
  mode?: string;
  success?: boolean | null;
}

export interface Handlers {
  message(message: Message): void;
  picture(head: PictureHead, picture: ImageBitmap): void;
  lost(): void;
}

const REFUSED = 4404;

/** A picture's head and its JPEG: four bytes of length, JSON, the picture. */
export function unpacked(data: ArrayBuffer): { head: PictureHead; jpeg: Blob } {
  const length = new DataView(data).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))) as PictureHead;
  return { head, jpeg: new Blob([new Uint8Array(data, 4 + length)], { type: "image/jpeg" }) };
}

export const sizeOf = (picture: ImageBitmap): Size => ({ width: picture.width, height: picture.height });

export class Feed {
  private socket: WebSocket | null = null;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly handlers: Handlers,
  ) {}

  /** Listen, and again after the connection was lost. Gives the function that ends it. */
  open(): () => void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.path}`);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.hear(socket, data);
    socket.onclose = ({ code }) => this.lost(code);
    this.socket = socket;
    return () => {
      this.closed = true;
      socket.close();
    };
  }

  private hear(socket: WebSocket, data: string | ArrayBuffer): void {
    this.failures = 0;
    if (typeof data === "string") this.handlers.message(JSON.parse(data) as Message);
    else void this.show(socket, data);
  }

  /** The site sends the next picture when this one is decoded: none waits in a line that is slow. */
  private async show(socket: WebSocket, data: ArrayBuffer): Promise<void> {
    const { head, jpeg } = unpacked(data);
    try {
      this.handlers.picture(head, await createImageBitmap(jpeg));
    } finally {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"shown"}');
    }
  }

  private lost(code: number): void {
    if (this.closed || code === REFUSED) return;
    this.handlers.lost();
    setTimeout(() => this.open(), backoff(this.failures++));
  }

  /** False where the order cannot be sent now. */
  send(order: Order): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify({ type: "order", order }));
    return true;
  }
}
