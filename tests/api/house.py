"""A running server with keys, and what its operator does to them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.keys import read_ring, write_ring
from index.provision import Audience
from tests.conftest import free_port

INTERNAL_DOCUMENT = "zhanjiang-2016"
QUESTION = {"question": "常州市受到诫勉处理多久不得提拔？"}
Client = Callable[..., TestClient]


class House:
    """A server with keys, and what its operator does to them."""

    def __init__(self, url: str, path: Path) -> None:
        self.url = url
        self.path = path

    def new_key(
        self,
        name: str,
        audience: Audience = Audience.PUBLIC,
        rate: str = "",
        until: date | None = None,
    ) -> str:
        ring, key = read_ring(self.path).with_new(name, audience, rate, until)
        write_ring(self.path, ring)
        return key

    def remove(self, name: str) -> None:
        write_ring(self.path, read_ring(self.path).without(name))

    def client(self, key: str | None = None) -> httpx.Client:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.url, timeout=60, headers=headers)

    @contextmanager
    def browser(self, key: str) -> Iterator[httpx.Client]:
        """A client that has logged in, and says where its calls come from as a browser does."""
        with self.client() as client:
            client.headers["origin"] = self.url
            assert client.post("/login", data={"key": key}).status_code == 303
            yield client


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of *app*, served in a thread on a free port of the loopback."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True  # heartbeats of the page never end
        thread.join(30)
