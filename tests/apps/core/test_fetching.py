"""The server fetches no address that a user gives: who may speak to the network at all is listed here."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.site import ROOT

CLIENTS = {"requests", "httpx", "urllib3", "urllib.request", "http.client", "aiohttp", "openai", "socket"}
# Module: why it may. Whoever adds one says where its addresses come from.
ALLOWED = {
    "apps/accounts/pages.py": "names the error of the single sign-on, whose address is a setting",
    "apps/drafting/adapters/openai.py": "asks the model endpoints, which only a site admin sets",
    "apps/drafting/guard.py": "looks the endpoints' names up, to refuse private addresses",
    "annotation_site/up.py": "asks its own children how they are",
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def speaks(path: Path) -> bool:
    return any(
        name == client or name.startswith(f"{client}.") for name in imported(path) for client in CLIENTS
    )


def test_only_who_is_listed_speaks_to_the_network() -> None:
    sources = [path for folder in ("apps", "annotation_site") for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in sources if speaks(path)}
    assert found == set(ALLOWED), "say in ALLOWED where the addresses come from: never from a user"
