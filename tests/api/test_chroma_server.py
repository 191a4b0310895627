"""Several servers over one index whose vectors a Chroma server keeps, all of them real."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings
from evals.chroma_run import chroma_run
from index.building import build
from index.embeddings import SentenceEmbeddings
from index.home import Server
from tests.conftest import ROOT, environment, serving

_TEXT = """---
id: a
title: 常州市甲办法
jurisdiction: 常州市
---
第一条 受到诫勉处理的，{months}个月内不得提拔。
第二条 本办法自发布之日起施行。
"""
_ASKED = {"question": "常州受到诫勉处理多久不得提拔"}
_PATIENCE = 240.0  # seconds for a start on a busy machine

pytestmark = pytest.mark.timeout(900)


@dataclass
class Story:
    """What callers of two servers met while a version was built, and while Chroma was down.

    Attributes:
        before, after: the versions built.
        met: status and version of every answer given during the build.
        told: version and answer of each server after it.
        down: replies of one server while Chroma was down: to a question, whether it is ready, to
            one who opens a document, its metrics.
        back: the status of a question when Chroma was there again.
        start: what a start without Chroma printed.
    """

    before: str = ""
    after: str = ""
    met: list[tuple[int, str]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    down: list[httpx.Response] = field(default_factory=list)
    back: int = 0
    start: subprocess.CompletedProcess[str] | None = None


@pytest.fixture(scope="module")
def story(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The whole story, told once."""
    folder, story = tmp_path_factory.mktemp("servers"), Story()
    embeddings = SentenceEmbeddings.open(model_path)
    edition = folder / "edition"
    edition.mkdir()
    write(edition, months=6)
    with ExitStack() as servers:
        with chroma_run(folder / "chroma") as (chroma, _):
            settings = Settings(
                edition=edition,
                index=folder / "index",
                model=model_path,
                data=folder / "data",
                chroma=chroma,
            )
            story.before = built(settings, embeddings)
            urls = [
                servers.enter_context(
                    serving(settings, folder / f"log{n}", page=False, seconds=_PATIENCE)
                )[0]
                for n in range(2)
            ]
            build_while_asked(story, settings, embeddings, urls)
        down(story, settings, urls[0])
        with chroma_run(folder / "chroma", int(chroma.rpartition(":")[2])):
            story.back = ask(urls[0]).status_code
    return story


def write(edition: Path, months: int) -> None:
    (edition / "a.md").write_text(_TEXT.format(months=months), encoding="utf-8")


def built(settings: Settings, embeddings: SentenceEmbeddings) -> str:
    home = Server(settings.chroma)
    return build(settings.index, settings.edition, embeddings, home=home).version


def ask(url: str) -> httpx.Response:
    return httpx.post(f"{url}/api/v1/ask", json=_ASKED, timeout=60)


def build_while_asked(
    story: Story, settings: Settings, embeddings: SentenceEmbeddings, urls: list[str]
) -> None:
    done = threading.Event()

    def caller(url: str) -> None:
        while not done.is_set():
            reply = ask(url)
            story.met.append((reply.status_code, reply.json().get("index_version", "")))

    threads = [threading.Thread(target=caller, args=[url]) for url in urls]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    write(settings.edition, months=8)
    story.after = built(settings, embeddings)
    time.sleep(0.5)
    done.set()
    for thread in threads:
        thread.join(timeout=60)
    replies = [ask(url).json() for url in urls]
    story.told = [(reply["index_version"], reply["answer"]) for reply in replies]


def down(story: Story, settings: Settings, url: str) -> None:
    paths = ("/readyz", "/api/v1/documents/a", "/metrics")
    story.down = [ask(url), *(httpx.get(f"{url}{path}") for path in paths)]
    command = [sys.executable, "-m", "assistant.cli", "ask", _ASKED["question"]]
    story.start = subprocess.run(
        command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False
    )


def test_nobody_misses_an_answer_while_a_version_is_built(story: Story) -> None:
    assert {status for status, _ in story.met} == {200}
    assert {version for _, version in story.met} <= {story.before, story.after}


def test_all_servers_move_to_the_new_version(story: Story) -> None:
    assert [version for version, _ in story.told] == [story.after] * 2
    assert all("8个月" in answer for _, answer in story.told)


def test_a_question_is_not_answered_in_part_while_chroma_is_down(story: Story) -> None:
    asked, ready, *_ = story.down
    assert asked.status_code == ready.status_code == 503
    problem = asked.json()
    assert "向量检索暂时没有应答" in problem["detail"]
    assert "127.0.0.1" not in asked.text


def test_documents_and_metrics_are_read_all_the_same(story: Story) -> None:
    assert [reply.status_code for reply in story.down[2:]] == [200, 200]


def test_a_start_without_chroma_ends_with_a_sentence(story: Story) -> None:
    assert story.start
    assert story.start.returncode == 1
    assert "ANZE_CHROMA 所指的 Chroma 服务没有正常应答" in story.start.stderr


def test_no_restart_is_needed_when_chroma_is_back(story: Story) -> None:
    assert story.back == 200


@pytest.mark.parametrize("url", ["127.0.0.1:8100", "ftp://a", "http://user:secret@a"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(SettingsError, match="ANZE_CHROMA"):
        load_settings({"ANZE_CHROMA": url})


def test_the_token_goes_to_the_server_and_is_not_shown() -> None:
    settings = load_settings({"ANZE_CHROMA": "http://a:8100", "ANZE_CHROMA_TOKEN": "geheim"})
    assert settings.home == Server("http://a:8100", "geheim")
    assert "geheim" not in repr(settings.home) + repr(settings)
