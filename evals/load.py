"""Many people at once: ``python -m evals.load --people 50 --seconds 60``.

Each person has a connection of his own and does one thing after another, drawn by lot: asks (60 of
100), asks and reads the answer as a stream (10), types a search and sends every beginning of it
(20), opens the list of documents, a document or a provision (10). Questions are those of the cases
for tuning. Prints requests a second and, by kind, how long a reply took; a stream counts until its
end. Last it looks whether every answer that was given is in the audit log.

    python -m evals.load [--people N] [--seconds N] [--think LEAST MOST] [--url URL [--data FOLDER]]

Without ``--url`` it starts ``anze serve`` as a process of its own over the index that serves, with
records in a folder that is thrown away. ``--think 1 3``: seconds between one thing and the next;
without it nobody pauses. Asking a server with keys: ``ANZE_EVAL_KEY``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from assistant.audit.log import AuditLog
from assistant.audit.tables import answers
from assistant.settings import Settings, load_settings
from evals.case import load, shipped_files
from evals.over_http import headers_with
from evals.statistics import percentile

_KINDS = {"ask": 60, "stream": 10, "search": 20, "read": 10}
_TYPED = 8  # characters that are typed of a search
_PATIENCE = 120.0


@dataclass
class Log:
    """What happened.

    Args:
        spent: milliseconds of each reply by kind.
        statuses: how often each came of what; ``status`` 0 is a broken connection.
        given: ids of the answers that were received.
    """

    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    given: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def timing(self, kind: str) -> AsyncIterator[dict[str, int]]:
        """Times the block; it puts the status where it is told."""
        started, told = time.perf_counter(), {"status": 0}
        try:
            yield told
        except httpx.HTTPError:
            told["status"] = 0
        self.spent[kind].append((time.perf_counter() - started) * 1000)
        self.statuses[kind, told["status"]] += 1


class Person:
    """Somebody at a browser.

    Args:
        client: his connection.
        log: where it is written down.
        chance: what he draws from.
        questions: what he may ask.
        pages: what he may open.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        log: Log,
        chance: random.Random,
        questions: list[dict[str, Any]],
        pages: list[str],
    ) -> None:
        self._client = client
        self._log = log
        self._chance = chance
        self._questions = questions
        self._pages = pages

    async def live(self, until: float, think: tuple[float, float]) -> None:
        """Do one thing after another *until* then (of `time.monotonic`).

        Who thinks between one thing and the next also comes at some moment of his own.
        """
        await asyncio.sleep(self._chance.uniform(0, think[1]))
        while time.monotonic() < until:
            [kind] = self._chance.choices(list(_KINDS), list(_KINDS.values()))
            await getattr(self, f"_{kind}")()
            if think[1]:
                await asyncio.sleep(self._chance.uniform(*think))

    async def _ask(self) -> None:
        async with self._log.timing("ask") as told:
            reply = await self._client.post("/api/v1/ask", json=self._question())
            told["status"] = reply.status_code
            if reply.status_code == httpx.codes.OK:
                self._log.given.append(reply.json()["id"])

    async def _stream(self) -> None:
        async with self._log.timing("stream") as told:
            reply = await self._client.post("/api/v1/ask/stream", json=self._question())
            done = reply.text.partition("event: done")[2].partition("data: ")[2].splitlines()
            told["status"] = reply.status_code if done else 0
            if done:
                self._log.given.append(httpx.Response(200, text=done[0]).json()["id"])

    async def _search(self) -> None:
        words = self._question()["question"][:_TYPED]
        for end in range(1, len(words) + 1):
            if any(map(str.isalnum, words[:end])):  # a mark alone is nothing to look for
                await self._get("search", "/api/v1/search", q=words[:end])

    async def _read(self) -> None:
        await self._get("read", self._chance.choice(self._pages))

    async def _get(self, kind: str, path: str, **query: str) -> None:
        async with self._log.timing(kind) as told:
            told["status"] = (await self._client.get(path, params=query)).status_code

    def _question(self) -> dict[str, Any]:
        return self._chance.choice(self._questions)


async def crowd(url: str, people: int, seconds: float, think: tuple[float, float]) -> Log:
    """*people* at the server at *url* for *seconds*; what happened."""
    questions, log = _questions(), Log()
    headers = headers_with(load_settings().eval_key.get_secret_value())
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=_PATIENCE) as client:
        pages = await _pages(client)
    until = time.monotonic() + seconds

    async def one(number: int) -> None:
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=_PATIENCE) as client:
            person = Person(client, log, random.Random(number), questions, pages)
            await person.live(until, think)

    await asyncio.gather(*(one(number) for number in range(people)))
    return log


def _questions() -> list[dict[str, Any]]:
    cases = [case for case in load(shipped_files()) if case.part == "tune"]
    return [
        {
            "question": case.question,
            "history": [turn.model_dump() for turn in case.history],
            "jurisdiction": case.jurisdiction,
        }
        for case in cases
    ]


async def _pages(client: httpx.AsyncClient) -> list[str]:
    """The list of documents, each document, and its provisions at the top."""
    pages = ["/api/v1/documents"]
    listed = (await client.get(pages[0])).raise_for_status().json()["documents"]
    for path in [f"/api/v1/documents/{document['id']}" for document in listed]:
        pages.append(path)
        tree = (await client.get(path)).json()["tree"]
        pages += [f"/api/v1/provisions/{node['provision_id']}" for node in tree]
    return pages


def show(log: Log, seconds: float) -> Iterator[str]:
    """The figures, line by line."""
    for kind in (*_KINDS, "all"):
        spent = [ms for name in log.spent for ms in log.spent[name] if kind in {name, "all"}]
        cuts = [percentile(spent, percent) or 0 for percent in (50, 95, 99)]
        yield (
            f"{kind:7} {len(spent):6} requests {len(spent) / seconds:6.1f}/s  "
            f"p50 {cuts[0]:6.0f}  p95 {cuts[1]:6.0f}  p99 {cuts[2]:6.0f} ms"
        )
    other = {key: n for key, n in log.statuses.items() if key[1] != httpx.codes.OK}
    told = ", ".join(f"{kind} {status}: {n}" for (kind, status), n in sorted(other.items()))
    yield f"not 200 (0: broken off): {told or 'none'}"


def missing(log: Log, settings: Settings) -> list[str]:
    """Answers that were given and are not in the audit log."""
    audit = AuditLog.open(settings)
    if audit is None:
        return log.given
    with audit.engine.connect() as connection:
        kept = set(connection.scalars(select(answers.c.id)))
    audit.close()
    return [answer for answer in log.given if answer not in kept]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of an ``anze serve`` whose data lie in *folder*."""
    port = _free_port()
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=os.environ | {"ANZE_DATA": str(folder)}, stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    sys.exit("anze serve 没有启动。")


def main(arguments: list[str]) -> int:
    """Print the figures; 1 where a reply was no 200 or an answer is not on record."""
    parser = argparse.ArgumentParser(prog="python -m evals.load")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, nargs=2, default=(0.0, 0.0), metavar="SECONDS")
    parser.add_argument("--url", help="a server that runs already")
    parser.add_argument("--data", type=Path, help="its ANZE_DATA, to look into the audit log")
    given = parser.parse_args(arguments)
    before = os.getloadavg()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data: Path | None = given.data if given.url else scratch
        url = given.url or stack.enter_context(served(scratch))
        log = asyncio.run(crowd(url, given.people, given.seconds, tuple(given.think)))
        lost = missing(log, Settings(data=data)) if data else None
    print("\n".join(show(log, given.seconds)))
    kept = "not looked at" if lost is None else f"{len(log.given)} given, {len(lost)} not recorded"
    print(
        f"audit: {kept}; load of the machine {before[0]:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    return 1 if lost or any(status != httpx.codes.OK for _, status in log.statuses) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
