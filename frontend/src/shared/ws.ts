/** A WebSocket that comes back by itself, also from a line that died without a word. */

import { backoff } from "./backoff";

export interface LiveHandlers {
  /** The first of every connection is `{"type": "ready"}`: whoever reads the state then has missed nothing. */
  message(data: unknown): void;
  /** Called when the connection is lost; it is tried again. */
  lost?(): void;
}

export interface Live {
  close(): void;
}

/** The server's code for "not for you": trying again would not help. */
const REFUSED = 4404;
/** How often the server is asked whether the line holds, and for how long it may say nothing. Milliseconds. */
const ASK = 25_000;
const SILENCE = 60_000;

const socketUrl = (path: string): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;

/** Listen at `path` (such as `/ws/projects/1/`) until closed; messages are JSON. */
export function listen(path: string, handlers: LiveHandlers): Live {
  let socket: WebSocket;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setInterval> | undefined;
  let heard = 0;
  let failures = 0;
  let closed = false;

  function connect(): void {
    const mine = new WebSocket(socketUrl(path));
    socket = mine;
    heard = Date.now();
    watch = setInterval(ask, ASK);
    mine.onmessage = (event) => {
      failures = 0;
      heard = Date.now();
      const data: unknown = JSON.parse(String(event.data));
      if ((data as { type?: string }).type !== "pong") handlers.message(data);
    };
    mine.onclose = ({ code }) => mine === socket && lose(code);
  }

  function ask(): void {
    if (Date.now() - heard < SILENCE) {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type": "ping"}');
      return;
    }
    // A dead line may take minutes to say so itself.
    const dead = socket;
    lose(0);
    dead.close();
  }

  function lose(code: number): void {
    clearInterval(watch);
    clearTimeout(retry);
    if (closed || code === REFUSED) return;
    handlers.lost?.();
    retry = setTimeout(connect, backoff(failures++));
  }

  connect();
  return {
    close() {
      closed = true;
      clearTimeout(retry);
      clearInterval(watch);
      socket.close();
    },
  };
}
