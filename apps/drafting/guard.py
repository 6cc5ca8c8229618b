"""Where calls may go: to the address that a site admin set, public unless allowed, and no redirect's.

The name is looked up at each call and the connection goes to the address that was checked, so that a name
that changes its address in between gains nothing.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
from django.conf import settings

from apps.core.errors import invalid

MOST_BYTES = 4 * 1024 * 1024


class AddressRefused(httpx2.TransportError):  # named for what happened
    """The endpoint's name leads to an address where no call may go."""


class AnswerTooLong(httpx2.TransportError):
    """The server sent more than any answer can be, or for longer."""


def base_url_check(url: str) -> str:
    """`url` without a slash at its end; raises `invalid` in a sentence."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid("A base URL begins with http:// or https:// and names a server.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise invalid("A base URL has no login, query or fragment: the key has a field of its own.")
    try:
        addresses_of(parts.hostname, parts.port or 443)
    except AddressRefused as refused:
        raise invalid(str(refused)) from None
    except OSError:
        pass  # a name that cannot be looked up now is looked up again at each call
    except ValueError:
        raise invalid("A base URL's port is a number.") from None
    return url.strip().rstrip("/")


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of `host`, all of which a call may go to. Raises AddressRefused, or OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not settings.DRAFTING_ALLOW_PRIVATE and not all(map(_is_public, addresses)):
        raise AddressRefused(
            "This server has a private address, to which calls are not allowed on this site."
        )
    return addresses


def _is_public(address: str) -> bool:
    """Whether anybody on the internet could have it; IPv4 inside of IPv6 is looked at as IPv4."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return (inner or parsed).is_global and not (inner or parsed).is_multicast


class GuardedTransport(httpx2.BaseTransport):
    """HTTP to checked addresses only, with a bound on how much and how long an answer is.

    TLS is for the name all the same: it is what the certificate is checked against.
    """

    def __init__(self, seconds: float) -> None:
        self._inner = httpx2.HTTPTransport(trust_env=False)
        self._seconds = seconds

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            address = addresses_of(host, port)[0]
        except OSError as error:
            raise httpx2.ConnectError(f"{host} cannot be looked up") from error
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        response = self._inner.handle_request(request)
        stream = _Bounded(response.stream, time.monotonic() + self._seconds)  # type: ignore[arg-type]
        return httpx2.Response(
            response.status_code, headers=response.headers, stream=stream, extensions=response.extensions
        )

    def close(self) -> None:
        self._inner.close()


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for chunk in self._stream:
            count += len(chunk)
            if count > MOST_BYTES or time.monotonic() > self._deadline:
                raise AnswerTooLong("more than any answer can be")
            yield chunk

    def close(self) -> None:
        self._stream.close()
