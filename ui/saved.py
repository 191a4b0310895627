"""Files made for a reader, kept for some minutes until his browser fetches them.

The framework's own file routes stay shut: a file here is found by a token that cannot be guessed,
and given only to the caller that it was made for.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import cast
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.api.calling import Called
from assistant.api.problems import problem

#: How long a file is kept, in seconds, and how much is kept in all.
LIFE = 600.0
MAX_FILES = 100
MAX_BYTES = 32 * 2**20


@dataclass(frozen=True)
class File:
    """A file for one caller.

    Args:
        name: as it is saved.
        kind: its media type.
        content: its bytes.
        owner: the name of the caller it was made for.
    """

    name: str
    kind: str
    content: bytes
    owner: str


class SavedFiles:
    """Files in memory, the oldest dropped first. Safe to share between threads."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._files: OrderedDict[str, tuple[float, File]] = OrderedDict()

    def keep(self, file: File) -> str:
        """Keep *file*; the path it is fetched at."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._files[token] = (self._now() + LIFE, file)
            self._drop()
        return f"/saved/{token}/{quote(file.name)}"

    def fetch(self, token: str, name: str, owner: str) -> File | None:
        """The file, if it is still there and *owner*'s."""
        with self._lock:
            self._drop()
            _, file = self._files.get(token, (0.0, None))
        return file if file and (file.name, file.owner) == (name, owner) else None

    def _drop(self) -> None:
        while self._files and self._is_too_much():
            self._files.popitem(last=False)

    def _is_too_much(self) -> bool:
        ends, _ = next(iter(self._files.values()))
        held = sum(len(file.content) for _, file in self._files.values())
        return ends <= self._now() or len(self._files) > MAX_FILES or held > MAX_BYTES


def saved_router() -> APIRouter:
    """``/saved/{token}/{name}``."""
    router = APIRouter(include_in_schema=False)
    router.get("/saved/{token}/{name}")(send)
    return router


def send(token: str, name: str, request: Request, caller: Called) -> Response:
    """The file as a download."""
    files = cast(SavedFiles, request.app.state.saved)
    file = files.fetch(token, name, caller.name)
    if file is None:
        return problem(404, "这份文件已经不在了。请回到问答页再保存一次。")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "Cache-Control": "no-store",
    }
    return Response(file.content, media_type=file.kind, headers=headers)
