"""The way back to the client: whole replies, streams, pauses and cut wires."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

from evals.scripted.asked import Asked

_JSON, _STREAM = "application/json", "text/event-stream"
#: How many characters a stream brings at a time, as a model's tokens do.
_PIECE = 8


class Closing(Exception):
    """The endpoint is being closed: whoever pauses for ever stops now."""


class Wire:
    """What a part replies with.

    Args:
        handler: the connection.
        asked: the request that is replied to.
        closing: set when the endpoint closes.
        pace: seconds between the bytes of a part that drips.
        elsewhere: the address of another endpoint, for those that send the client away.
    """

    def __init__(
        self,
        handler: BaseHTTPRequestHandler,
        asked: Asked,
        closing: threading.Event,
        pace: float,
        elsewhere: Callable[[], str],
    ) -> None:
        self._handler = handler
        self._asked = asked
        self._closing = closing
        self.pace = pace
        self.elsewhere = elsewhere

    def whole(
        self,
        status: int,
        content: bytes,
        kind: str = _JSON,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Reply with *content* and its length."""
        self._head(status, kind, {**(headers or {}), "Content-Length": str(len(content))})
        self.raw(content)

    def error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        """Reply as the OpenAI shape tells an error."""
        said = {"error": {"message": message, "type": "scripted", "code": status}}
        self.whole(status, json.dumps(said).encode(), headers=headers)

    def begin(self, kind: str = _STREAM, headers: Mapping[str, str] | None = None) -> None:
        """Begin a reply of unknown length."""
        self._head(200, kind, {**(headers or {}), "Transfer-Encoding": "chunked"})

    def chunk(self, content: bytes) -> None:
        """Send a stretch of a reply that was begun."""
        if content:
            self.raw(b"%x\r\n%s\r\n" % (len(content), content))

    def end(self) -> None:
        """End a reply that was begun."""
        self.raw(b"0\r\n\r\n")

    def raw(self, content: bytes) -> None:
        """Send bytes as they are."""
        if self._closing.is_set():
            raise Closing
        self._handler.wfile.write(content)
        self._handler.wfile.flush()

    def cut(self) -> None:
        """Close the connection at once, whatever was promised."""
        self._handler.close_connection = True
        self._handler.connection.shutdown(socket.SHUT_RDWR)

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than the endpoint is open."""
        if self._closing.wait(seconds):
            raise Closing

    def text(self, pieces: Iterable[str], finish: str = "stop") -> None:
        """Reply with a model's text, piece by piece, in the shape that was asked for."""
        counted = _Counted(pieces)
        if self._asked.is_stream:
            self._stream(counted, finish)
        else:
            self._document(counted, finish)

    def events(self, *data: Mapping[str, Any] | bytes) -> None:
        """Reply with a stream of *data*, and with nothing behind them."""
        self.begin()
        for said in data:
            self.chunk(event(said))
        self.end()

    def delta(self, finish: str | None = None, **delta: Any) -> Mapping[str, Any]:
        """A stretch of a streamed answer; *delta* holds ``content`` and the like."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return self._shape("chat.completion.chunk", [choice])

    def _stream(self, counted: _Counted, finish: str) -> None:
        self.begin()
        self.chunk(event(self.delta(role="assistant", content="")))
        for piece in counted:
            self.chunk(event(self.delta(content=piece)))
        self.chunk(event(self.delta(finish)))
        if self._asked.counts_tokens:
            self.chunk(event(self._shape("chat.completion.chunk", []) | self._usage(counted)))
        self.chunk(event(b"[DONE]"))
        self.end()

    def _document(self, counted: _Counted, finish: str) -> None:
        """One JSON document, written as the pieces come, since they may never end."""
        message = {"role": "assistant", "content": "\0"}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        shape = json.dumps(self._shape("chat.completion", [choice]))
        before, _, after = shape.partition(json.dumps("\0")[1:-1])
        self.begin(_JSON)
        self.chunk(before.encode())
        for piece in counted:
            self.chunk(json.dumps(piece)[1:-1].encode())
        usage = json.dumps(self._usage(counted))[1:]
        self.chunk(f"{after[:-1]}, {usage}".encode())
        self.end()

    def _shape(self, kind: str, choices: list[Any]) -> dict[str, Any]:
        return {
            "id": "scripted",
            "object": kind,
            "created": 0,
            "model": self._asked.model,
            "choices": choices,
        }

    def _usage(self, counted: _Counted) -> dict[str, Any]:
        """A token is a character here."""
        read, written = len(self._asked.system + self._asked.user), counted.characters
        total = {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        }
        return {"usage": total}

    def _head(self, status: int, kind: str, headers: Mapping[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()


class _Counted:
    """A text cut into pieces such as a stream brings, and how much of it was taken."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = pieces
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            for start in range(0, len(piece), _PIECE):
                self.characters += len(piece[start : start + _PIECE])
                yield piece[start : start + _PIECE]


def event(data: Mapping[str, Any] | bytes) -> bytes:
    """A server-sent event."""
    said = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return b"data: %s\n\n" % said
