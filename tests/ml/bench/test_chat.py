"""The chat client against a server that misbehaves."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from ml.bench.chat import REFUSED, ChatClient, Reply, RequestError, Retry
from ml.bench.errors import BenchError
from tests.ml.bench.servers import ChatServer, Step, cut, fail, page, say, serving, slow

BODY = {"model": "m", "messages": [{"role": "user", "content": "Which?"}]}
QUICK = Retry(attempts=4, first=0.001, most=0.002)


def ask(server: ChatServer, retry: Retry = QUICK, timeout: float = 5.0, key: str = "") -> Reply:
    async def once() -> Reply:
        client = ChatClient(server.url, key, timeout=timeout)
        try:
            return await client.ask(BODY, retry)
        finally:
            await client.close()

    return asyncio.run(once())


def in_turn(*steps: Step):
    return lambda text, before: steps[min(before, len(steps) - 1)]


def test_a_reply_has_text_tokens_and_why_it_ended():
    with serving(say("B", finish="length")) as server:
        reply = ask(server, key="secret")
    assert reply == Reply("B", "length", 100, 10, 1)
    assert server.asked[0].authorization == "Bearer secret"
    assert server.asked[0].body == BODY


def test_no_key_sends_no_header():
    with serving(say("B")) as server:
        ask(server)
    assert server.asked[0].authorization is None


@pytest.mark.parametrize(
    "trouble",
    [
        fail(500),
        fail(503),
        fail(429),
        fail(408),
        cut(),
        cut(b'{"choices": ['),
        page(),
        page(""),
        page("null"),
        page('{"choices": []}'),
        page('{"choices": [{"message": {"content": 7}}]}'),
        slow(1.0, say("late")),
    ],
    ids=[
        "500",
        "503",
        "429",
        "408",
        "cut",
        "cut-within",
        "page",
        "nothing",
        "null",
        "none",
        "number",
        "slow",
    ],
)
def test_what_may_pass_is_tried_again(trouble):
    with serving(in_turn(trouble, trouble, say("B"))) as server:
        reply = ask(server, timeout=0.25)
    assert (reply.text, reply.attempts, len(server.asked)) == ("B", 3, 3)


def test_tries_end():
    with serving(fail(502, "upstream is away")) as server, pytest.raises(RequestError) as caught:
        ask(server)
    assert len(server.asked) == caught.value.attempts == QUICK.attempts
    assert str(caught.value) == "HTTP 502: upstream is away"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_refused_request_is_not_sent_again(status):
    with serving(fail(status, "bad\nrequest " + "x" * 2000)) as server, pytest.raises(RequestError) as caught:
        ask(server)
    assert len(server.asked) == 1
    assert str(caught.value).startswith(f"HTTP {status}: bad request x")
    assert len(str(caught.value)) < 400


def test_retry_after_in_seconds_is_kept():
    with serving(in_turn(fail(429, Retry_After="0.3"), say("B"))) as server:
        ask(server)
    first, second = (each.at for each in server.asked)
    assert 0.3 <= second - first < 2


def test_retry_after_as_a_date_is_kept_up_to_a_limit():
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with serving(in_turn(fail(503, Retry_After=later), say("B"))) as server:
        ask(server, Retry(first=0.001, longest=0.3))
    first, second = (each.at for each in server.asked)
    assert 0.3 <= second - first < 2


@pytest.mark.parametrize("told", ["soon", "-5", "Tue, 99 Nov"])
def test_a_strange_retry_after_holds_nothing_up(told):
    with serving(in_turn(fail(429, Retry_After=told), say("B"))) as server:
        assert ask(server).attempts == 2


def test_waits_double_up_to_a_limit_and_differ():
    retry = Retry(first=1.0, most=8.0)
    for attempt, full in enumerate((1, 2, 4, 8, 8), 1):
        waits = {retry.wait(attempt, None) for _ in range(50)}
        assert all(full / 2 <= wait <= full for wait in waits)
        assert len(waits) > 1
    assert retry.wait(1, 1e9) == retry.longest


def test_nobody_there_is_an_error_after_all_tries():
    with serving(say("B")) as server:
        pass  # the port is free again
    with pytest.raises(RequestError, match="ConnectionRefusedError"):
        ask(server)


def test_a_refusal_of_the_interface_is_text_and_marked():
    with serving(say(None, refusal="That is not for me.")) as server:
        reply = ask(server)
    assert (reply.text, reply.finish) == ("That is not for me.", REFUSED)


def test_tokens_may_be_missing_or_nonsense():
    for usage in ({}, {"prompt_tokens": None}, {"prompt_tokens": "many", "completion_tokens": True}):
        with serving(say("B", usage=usage)) as server:
            reply = ask(server)
        assert (reply.text, reply.input_tokens, reply.output_tokens) == ("B", None, None)


def test_connections_are_kept_and_limited():
    async def many(url: str) -> None:
        client = ChatClient(url, limit=3)
        await asyncio.gather(*(client.ask(BODY, QUICK) for _ in range(12)))
        await client.close()

    with serving(slow(0.02, say("B"))) as server:
        asyncio.run(many(server.url))
    assert server.most_in_flight == 3
    assert all(later.at >= earlier.at for earlier, later in pairwise(server.asked))


def test_a_base_url_has_a_scheme():
    with pytest.raises(BenchError, match="http"):
        ChatClient("localhost:8000/v1")
