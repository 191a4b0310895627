"""HTTP to an endpoint that is not trusted: bounded in bytes, not redirected, not compressed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import cache

import httpx

#: An answer of a few sentences, in server-sent events of a few hundred bytes a character.
MOST_BYTES = 2_000_000


#: Header fields that the OpenAI library adds of its own.
_UNTOLD = ("openai-", "x-stainless-")


class _Counted(httpx.SyncByteStream):
    """A reply's body that ends with an error where it grows beyond what an answer can need."""

    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        left = MOST_BYTES
        for part in self._stream:
            left -= len(part)
            if left < 0:
                raise TooMuch("the reply is too long")
            yield part

    def close(self) -> None:
        self._stream.close()


class TooMuch(httpx.TransportError):
    """The reply is longer, or packed tighter, than a reply has to be."""


class _Bounded(httpx.HTTPTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            response.close()  # a few bytes may unpack to any size
            raise TooMuch("the reply is compressed, though that was not asked for")
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Counted(response.stream)
        return response


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _untell(request: httpx.Request) -> None:
    for name in list(request.headers):
        if name.lower().startswith(_UNTOLD):
            del request.headers[name]


def client(timeout: float) -> httpx.Client:
    """A client for one call; closing it from another thread ends the call.

    A redirect is not followed, since the key would go with it. Nothing of the environment applies
    or is told: no proxies, no account's names that the library below reads there, no platform.

    Args:
        timeout: seconds for connecting and for each read.
    """
    return httpx.Client(
        transport=_Bounded(verify=_trusted()),
        timeout=timeout,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        trust_env=False,
        event_hooks={"request": [_untell]},
    )
