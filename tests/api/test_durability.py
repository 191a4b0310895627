"""kill -9 while people ask and while an index is built: what was acknowledged is there."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from assistant.settings import Settings
from index.building import build
from index.edition import SHIPPED
from index.embeddings import SentenceEmbeddings
from tests.conftest import ROOT, environment, serving

_DOCUMENT = "shanghai-2015.md"  # the shortest, so that a build takes seconds
_ASKED = "上海约谈警示的情形有哪些"
_CLIENTS = 4
_SECONDS = 3
_PATIENCE = 240  # seconds for a start on a busy machine


@dataclass
class Aftermath:
    """What is left when builder and server were killed and the server was started again.

    Attributes:
        given, judged: ids of the answers and the feedback that clients got a reply for.
        url: the server that was started again.
        version: the index that served before.
        served_again: the index that served after the new start.
        rebuilt: the version that a later build made.
    """

    settings: Settings
    url: str = ""
    version: str = ""
    leftovers: list[str] = field(default_factory=list)
    answered_after_the_builder_was_killed: bool = False
    served_again: str = ""
    rebuilt: str = ""
    given: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)


pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def left(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """The whole story, told once."""
    folder = tmp_path_factory.mktemp("durability")
    embeddings = SentenceEmbeddings.open(model_path)
    own = _small_index(embeddings, model_path, folder)
    left = Aftermath(own)
    with serving(own, folder / "log", seconds=_PATIENCE) as (url, process):  # page and all
        left.version = _ready(url)
        _kill_a_build(own, left)
        left.answered_after_the_builder_was_killed = _ask(url) is not None
        _load(url, left, process)
    with serving(own, folder / "again", page=False, seconds=_PATIENCE) as (left.url, _):
        left.served_again = _ready(left.url)
        left.rebuilt = build(own.index, own.edition, embeddings, force=True).version
        yield left


def _small_index(embeddings: SentenceEmbeddings, model: Path, folder: Path) -> Settings:
    edition = folder / "edition"
    edition.mkdir()
    shutil.copy2(SHIPPED / _DOCUMENT, edition)
    build(folder / "index", edition, embeddings)
    data = folder / "data"
    return Settings(edition=edition, index=folder / "index", model=model, data=data)


def _kill_a_build(settings: Settings, left: Aftermath) -> None:
    """SIGKILL when the texts are written and the vectors are being made."""
    command = [sys.executable, "-m", "assistant.cli", "index", "--force"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(settings))
    while process.poll() is None and not list(settings.index.glob("versions/.building-*/bm25")):
        time.sleep(0.01)
    process.kill()
    process.wait()
    left.leftovers = [path.name for path in settings.index.glob("versions/.building-*")]


def _load(url: str, left: Aftermath, process: subprocess.Popen[bytes]) -> None:
    """Clients ask and judge until the server is killed under them."""

    def client() -> None:
        while True:
            try:
                answer_id = _ask(url)
                if answer_id is None:
                    return
                left.given.append(answer_id)
                body = {"answer_id": answer_id, "helpful": True, "comment": "可以"}
                reply = httpx.post(f"{url}/api/v1/feedback", json=body)
                left.judged.append(reply.json()["id"])
            except httpx.TransportError:
                return

    threads = [threading.Thread(target=client) for _ in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(_SECONDS)
    process.kill()
    for thread in threads:
        thread.join(timeout=30)


def _ask(url: str) -> str | None:
    reply = httpx.post(f"{url}/api/v1/ask", json={"question": _ASKED}, timeout=30)
    return str(reply.json()["id"]) if reply.status_code == 200 else None


def _ready(url: str) -> str:
    return str(httpx.get(f"{url}/readyz").json()["index_version"])


def _kept(left: Aftermath, query: str) -> set[str]:
    with sqlite3.connect(left.settings.data / "audit.db") as connection:
        return {row[0] for row in connection.execute(query)}


def test_every_acknowledged_answer_is_on_record(left: Aftermath) -> None:
    assert len(left.given) > _CLIENTS
    assert set(left.given) <= _kept(left, "SELECT id FROM anze_answers")


def test_every_acknowledged_feedback_is_on_record(left: Aftermath) -> None:
    assert left.judged
    assert set(left.judged) <= _kept(left, "SELECT id FROM anze_feedback")


def test_the_database_is_whole(left: Aftermath) -> None:
    assert _kept(left, "PRAGMA integrity_check") == {"ok"}
    assert _kept(left, "PRAGMA foreign_key_check") == set()


def test_a_build_was_killed_halfway_and_the_server_went_on(left: Aftermath) -> None:
    assert left.leftovers, "the build ended before it could be killed"
    assert left.answered_after_the_builder_was_killed


def test_a_fresh_start_serves_the_last_good_version(left: Aftermath) -> None:
    assert left.served_again == left.version


def test_a_later_build_succeeds_and_clears_up(left: Aftermath) -> None:
    assert left.rebuilt == left.version
    assert not list(left.settings.index.glob("versions/.building-*"))
    assert _ask(left.url)
