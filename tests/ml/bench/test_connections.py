"""Connections against raw sockets: every form that an HTTP/1.1 answer may have, whole or cut."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ml.bench.connections import Connections, CutError

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\n"
PLAIN = OK + b"Content-Length: 2\r\n\r\nhi"


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    return head + await reader.readexactly(length)


def talk(
    *answers: bytes, close: bool = False, posts: int = 1, timeout: float = 5.0
) -> tuple[list, list, int]:
    """Post that often, one after the other, to a server that gives these bytes for each request in turn.

    Returns what came or went wrong, the requests, and the number of connections. `close`: the server closes
    the connection after each answer.
    """
    requests: list[bytes] = []
    connected = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connected
        connected += 1
        try:
            while True:
                requests.append(await read_request(reader))
                writer.write(answers[(len(requests) - 1) % len(answers)])
                await writer.drain()
                if close:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def go() -> list:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        client = Connections(f"http://127.0.0.1:{port}/v1/x?a=b", {"X-Key": "k"}, 2, timeout)
        found: list = []
        for _ in range(posts):
            try:
                response = await client.post(b"body")
                found.append((response.status, response.content))
            except OSError as error:
                found.append(error)
        client.close()
        server.close()
        return found

    return asyncio.run(go()), requests, connected


def test_one_connection_serves_many_requests() -> None:
    found, requests, connected = talk(PLAIN, posts=3)

    assert found == [(200, b"hi")] * 3
    assert connected == 1
    assert requests[0].startswith(b"POST /v1/x?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nX-Key: k\r\nContent-Length: 4\r\n\r\nbody" in requests[0]


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
        b"HTTP/1.1 102 Processing\r\n\r\n" + PLAIN,
    ],
    ids=["chunked", "continue", "processing"],
)
def test_forms_of_an_answer(answer: bytes) -> None:
    assert talk(answer, posts=2)[0] == [(200, b"hi")] * 2


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    found, _, connected = talk(OK + b"\r\nhi", close=True, posts=2)

    assert found == [(200, b"hi")] * 2
    assert connected == 2


def test_a_server_that_closes_after_each_answer_is_connected_to_anew() -> None:
    found, _, connected = talk(OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nhi", close=True, posts=2)

    assert found == [(200, b"hi")] * 2
    assert connected == 2


@pytest.mark.parametrize(
    "answer", [b"", OK, OK + b"Content-Length: 9\r\n\r\nhi"], ids=["none", "head", "half"]
)
def test_an_answer_that_is_cut_is_an_error_and_the_next_is_fine(answer: bytes) -> None:
    found, _, _ = talk(answer, PLAIN, close=True, posts=2)

    assert isinstance(found[0], CutError)
    assert found[1] == (200, b"hi")


def test_what_is_no_http_is_an_error() -> None:
    (error,), _, _ = talk(b"SSH-2.0-OpenSSH_9\r\n")

    assert isinstance(error, CutError)
    assert "no HTTP" in str(error)


def test_a_server_that_says_nothing_is_given_up_and_left() -> None:
    """A late answer to a request that was given up must not be taken for the next one's."""
    found, _, connected = talk(b"", PLAIN, posts=2, timeout=0.2)

    assert isinstance(found[0], TimeoutError)
    assert found[1] == (200, b"hi")
    assert connected == 2


def test_error_statuses_are_answers() -> None:
    assert talk(b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno")[0] == [(503, b"no")]
