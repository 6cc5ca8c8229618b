"""Commands that fail say so, and a server never outlives what it was started for."""

import http.client
import sys

import pytest

from ml.loop import commands
from ml.loop.commands import LoopError, run, server


def test_a_command_that_fails_ends_the_loop():
    with pytest.raises(LoopError, match=r"python -m ml.symbols command ended with status 1"):
        run("ml.symbols", "command", "Do a somersault.")


def test_a_server_that_dies_is_told_with_its_log(tmp_path):
    with pytest.raises(LoopError, match="ended with status 1"), server("ml.no_such_module", tmp_path / "log"):
        pass
    assert "No module named" in (tmp_path / "log").read_text()


@pytest.fixture
def echo(tmp_path, monkeypatch):
    """A module that serves anything on --port."""
    (tmp_path / "echo_server.py").write_text(
        "import http.server, sys\n"
        "class Yes(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200); self.end_headers()\n"
        "    def log_message(self, *_): pass\n"
        "http.server.HTTPServer(('127.0.0.1', int(sys.argv[-1])), Yes).serve_forever()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "echo_server"


def test_a_server_ends_with_its_block(echo, tmp_path):
    with server(echo, tmp_path / "log") as address:
        port = int(address.rpartition(":")[2].removesuffix("/v1"))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()


def test_commands_find_the_project_from_anywhere(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert run("ml.symbols", "command", "Hold still.") > 0
    assert "Hold still." in capfd.readouterr().out
    assert sys.executable
    assert commands.ROOT.joinpath("ml").is_dir()
