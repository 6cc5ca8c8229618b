"""A line between a client and a server on loopback that can be cut: after so many bytes, or for good."""

import socket
import threading
from contextlib import suppress
from typing import Self


class Line:
    """Relays connections to `target`. With `budget` bytes left for the server the line is cut, and so on."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.sent = 0  # bytes towards the server, in all
        self.budgets: list[int] = []  # each is one connection's, in order; then no limit
        self.down = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                if self.down:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self.target))
                budget = self.budgets.pop(0) if self.budgets else None
                threading.Thread(target=self._relay, args=(client, server, budget), daemon=True).start()
                threading.Thread(target=self._relay, args=(server, client, None, True), daemon=True).start()

    def _relay(
        self, source: socket.socket, sink: socket.socket, budget: int | None, back: bool = False
    ) -> None:
        with suppress(OSError), source, sink:
            while data := source.recv(8192):
                if budget is not None and (budget := budget - len(data)) < 0:
                    for end in (source, sink):
                        end.shutdown(socket.SHUT_RDWR)  # the other direction ends too
                    return
                self.sent += 0 if back else len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
