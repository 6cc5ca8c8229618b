"""The real adapter: any server that speaks the OpenAI chat protocol, by the official client, streaming."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletionChunk

from apps.drafting.adapters.base import Piece, Prompt, Target, Trouble
from apps.drafting.guard import AddressRefused, AnswerTooLong, GuardedTransport

TRANSIENT = 4  # tries of what may well go better the next time
LONGEST_WAIT = 60.0  # a server that wants more is given up for now
MOST_CHARACTERS = 20_000
WHOLE_ANSWER = 5  # times the time-out: silence is one thing, a trickle another


def stream(prompt: Prompt, target: Target) -> Iterator[Piece]:
    """Send once; yield the answer. Nothing is retried in here, no redirect is followed."""
    with _troubles(target), _client(target) as client:
        yield from _read(_open(client, prompt, target))


def _client(target: Target) -> openai.OpenAI:
    transport = GuardedTransport(target.timeout * WHOLE_ANSWER)
    http = httpx2.Client(transport=transport, follow_redirects=False, trust_env=False)
    return openai.OpenAI(
        base_url=target.base_url,
        api_key=target.key or "none",  # the client wants one; servers without keys pass over it
        timeout=target.timeout,
        max_retries=0,
        http_client=http,
    )


def _open(client: openai.OpenAI, prompt: Prompt, target: Target) -> openai.Stream[ChatCompletionChunk]:
    """What a server refuses to be asked besides the answer, it is asked without."""
    body: dict[str, Any] = {
        "model": target.model,
        "messages": messages(prompt),
        "max_tokens": target.max_tokens,
        "stream": True,
    }
    for besides in _besides(target):
        try:
            return client.chat.completions.create(**body, **besides)
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            continue
    return client.chat.completions.create(**body)


def _besides(target: Target) -> list[dict[str, Any]]:
    """How many tokens it took; and of a model that proposes, how sure it is."""
    usage = {"stream_options": {"include_usage": True}}
    return [{**usage, "logprobs": True}, usage] if target.purpose == "propose" else [usage]


def messages(prompt: Prompt) -> list[dict[str, Any]]:
    """The prompt in the protocol's form; pictures as data URLs."""
    content = [_part(part) for part in prompt.parts]
    system = [{"role": "system", "content": prompt.system}] if prompt.system else []
    return [*system, {"role": "user", "content": content}]


def _part(part: str | bytes) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    url = f"data:image/jpeg;base64,{base64.b64encode(part).decode()}"
    return {"type": "image_url", "image_url": {"url": url}}


def _read(chunks: openai.Stream[ChatCompletionChunk]) -> Iterator[Piece]:
    length, finish = 0, None
    for chunk in chunks:
        piece, end = _piece(chunk)
        length, finish = length + len(piece.text), end or finish
        yield piece
        if length > MOST_CHARACTERS:
            raise Trouble("The model's answer was far too long and was stopped.")
    _require_whole(finish)


def _piece(chunk: ChatCompletionChunk) -> tuple[Piece, str | None]:
    usage = None
    if chunk.usage is not None:
        usage = (_count(chunk.usage.prompt_tokens), _count(chunk.usage.completion_tokens))
    choice = chunk.choices[0] if chunk.choices else None
    if choice is None:
        return Piece(usage=usage), None
    if choice.delta.refusal:
        raise Trouble("The model declined to answer.")
    told = (choice.logprobs and choice.logprobs.content) or []
    text = choice.delta.content if isinstance(choice.delta.content, str) else ""
    return Piece(text, usage, tuple(each.logprob for each in told)), choice.finish_reason


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0


def _require_whole(finish: str | None) -> None:
    match finish:
        case None:
            raise Trouble("The server's answer was cut off.", tries=TRANSIENT)
        case "content_filter":
            raise Trouble("The model declined to answer.")
        case "length":
            raise Trouble("The model used up the tokens that it may write before it was done.", tries=2)


@contextmanager
def _troubles(target: Target) -> Iterator[None]:
    """Whatever goes wrong on the way, as Trouble; nothing of what the server says is repeated but numbers."""
    try:
        yield
    except openai.APIStatusError as error:
        raise _of_status(error) from error
    except openai.APITimeoutError as error:
        raise _silence(target) from error
    except openai.APIConnectionError as error:
        raise _of_connection(error.__cause__, target) from error
    except httpx2.TransportError as error:  # in the middle of the stream the client passes these on
        raise _of_connection(error, target) from error
    except (openai.APIError, json.JSONDecodeError, AttributeError, TypeError, LookupError) as error:
        # The client does not check what it parses: a page of a proxy fails wherever it is looked into.
        raise Trouble("The server's answer is not in the form of the protocol.", tries=2) from error


def _silence(target: Target) -> Trouble:
    return Trouble(f"The server did not answer within {target.timeout:g} seconds.", tries=TRANSIENT)


def _of_connection(error: BaseException | None, target: Target) -> Trouble:
    match error:
        case AddressRefused():
            return Trouble(str(error))
        case AnswerTooLong():
            return Trouble("The model's answer was far too long and was stopped.")
        case httpx2.TimeoutException():
            return _silence(target)
        case httpx2.ConnectError():
            return Trouble("The server cannot be reached.", tries=TRANSIENT)
    return Trouble("The server's answer was cut off.", tries=TRANSIENT)


def _of_status(error: openai.APIStatusError) -> Trouble:
    status = error.status_code
    if 300 <= status < 400:
        return Trouble("The server sends calls on to another address, which is not followed.")
    if status in (401, 403):
        return Trouble("The server does not accept the key of this project.")
    if status == 404:
        return Trouble("The server does not know this model, or its address is wrong.")
    if status in (408, 409, 425, 429) or status >= 500:
        return _of_load(status, _retry_after(error.response.headers.get("Retry-After")))
    return Trouble(f"The server refused the request (HTTP {status}).")


def _of_load(status: int, after: float | None) -> Trouble:
    if after is not None and after > LONGEST_WAIT:
        return Trouble(f"The server has too much to do and asks to come back in {after:.0f} seconds.")
    if status == 429:
        return Trouble("The server has too much to do for this key just now.", tries=TRANSIENT, after=after)
    return Trouble(f"The server had a fault (HTTP {status}).", tries=TRANSIENT, after=after)


def _retry_after(value: str | None) -> float | None:
    """Seconds, of either form of the header (RFC 9110, section 10.2.3); None where it says nothing."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
