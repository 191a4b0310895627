"""HTTP to an endpoint that is not trusted: bounded in bytes, not redirected, not compressed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import cache

import httpx

#: An answer of a few sentences, in server-sent events of a few hundred bytes a character.
MOST_BYTES = 2_000_000


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


def client(timeout: float) -> httpx.Client:
    """A client for one call; closing it from another thread ends the call.

    A redirect is not followed, since the key would go with it. Proxies of the
    environment do not apply.

    Args:
        timeout: seconds for connecting and for each read.
    """
    return httpx.Client(
        transport=_Bounded(verify=_trusted()),
        timeout=timeout,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
    )
