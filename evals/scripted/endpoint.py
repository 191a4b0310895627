"""The endpoint itself: an HTTP server on loopback, in threads of its own."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from evals.scripted.asked import Asked
from evals.scripted.scripts import SCRIPTS, Port, Script
from evals.scripted.wire import Closing, Wire

_COMPLETIONS, _MODELS = "/v1/chat/completions", "/v1/models"
_NAME = "scripted"


class Endpoint:
    """An endpoint of the OpenAI shape that plays a part.

    Attributes:
        received: the requests for completions, oldest first.
        script: the part; another may be set at any time and holds from the next request.
    """

    def __init__(self, script: Script, pace: float = 1.0) -> None:
        self.script = script
        self.pace = pace
        self.received: list[Asked] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self._server.endpoint = self
        self._server.server_bind()
        self._waiting: list[socket.socket] = []
        self._thread: threading.Thread | None = None

    @classmethod
    @contextmanager
    def playing(cls, script: Script | str, pace: float = 1.0) -> Iterator[Endpoint]:
        """An endpoint that plays *script* until the block ends.

        Args:
            pace: seconds between two bytes of a part that drips.
        """
        endpoint = cls(SCRIPTS[script] if isinstance(script, str) else script, pace)
        try:
            endpoint.begin()
            yield endpoint
        finally:
            endpoint.close()

    @property
    def url(self) -> str:
        """What to set as ``ANZE_LLM_BASE_URL``."""
        return f"{self.address}/v1"

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def name(self) -> str:
        """The model's name."""
        return _NAME

    def play(self, name: str) -> None:
        """Play another part from now on; a port that was shut opens."""
        self.script = SCRIPTS[name]
        self.begin()

    def begin(self) -> None:
        """Listen, or not, as the part wants it."""
        if self.script.port is Port.DROPPED:
            self._fill()
        elif self.script.port is Port.OPEN and self._thread is None:
            self._drain()
            self._server.server_activate()
            self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
            self._thread.start()

    def close(self) -> None:
        """Shut the port and end every reply under way."""
        self.closing.set()
        self._drain()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        if "elsewhere" in self.__dict__:
            self.elsewhere.close()

    @cached_property
    def elsewhere(self) -> Endpoint:
        """Another endpoint, a good one, to which clients may be sent."""
        other = Endpoint(SCRIPTS["copyist"])
        other.begin()
        return other

    def _fill(self) -> None:
        """Fill the queue of connections, which nobody takes: the next one waits."""
        self._server.socket.listen(0)
        for _ in range(2):
            waiting = socket.socket()
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(self._server.server_address[:2])
            self._waiting.append(waiting)

    def _drain(self) -> None:
        while self._waiting:
            self._waiting.pop().close()


class _Server(ThreadingHTTPServer):
    """Lends its endpoint to the handlers; those that hang end with the process at the latest."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    endpoint: Endpoint

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; a fault of ours is."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Takes requests in and hands them to the part."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """The models that there are: one."""
        is_models = self.path == _MODELS
        card = {"id": _NAME, "object": "model", "created": 0, "owned_by": _NAME}
        said = {"object": "list", "data": [card]} if is_models else {"error": {"message": "?"}}
        self._wire(Asked(self.path, {})).whole(200 if is_models else 404, json.dumps(said).encode())

    def do_POST(self) -> None:
        """A completion, as the part that is played gives it."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        content = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(self.path, headers, content)
        self.server.endpoint.received.append(asked)
        try:
            if self.path == _COMPLETIONS:
                self.server.endpoint.script.plays(asked, self._wire(asked))
            else:
                self._wire(asked).error(404, "Not Found")
        except (OSError, Closing):  # the client has gone, or we are closing
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `Endpoint.received` tells all."""

    def _wire(self, asked: Asked) -> Wire:
        endpoint = self.server.endpoint
        return Wire(
            self, asked, endpoint.closing, endpoint.pace, lambda: endpoint.elsewhere.address
        )
