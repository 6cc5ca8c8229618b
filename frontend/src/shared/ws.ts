/** A WebSocket that comes back by itself. */

import { backoff } from "./backoff";

export interface LiveHandlers {
  message(data: unknown): void;
  /** Called when the connection is lost; it is tried again. */
  lost?(): void;
}

export interface Live {
  close(): void;
}

/** The server's code for "not for you": trying again would not help. */
const REFUSED = 4404;

const socketUrl = (path: string): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;

/** Listen at `path` (such as `/ws/projects/1/`) until closed; messages are JSON. */
export function listen(path: string, handlers: LiveHandlers): Live {
  let socket: WebSocket;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  function connect(): void {
    socket = new WebSocket(socketUrl(path));
    socket.onmessage = (event) => {
      failures = 0;
      handlers.message(JSON.parse(String(event.data)));
    };
    socket.onclose = ({ code }) => {
      if (closed || code === REFUSED) return;
      handlers.lost?.();
      timer = setTimeout(connect, backoff(failures++));
    };
  }

  connect();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
