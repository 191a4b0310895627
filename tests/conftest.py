"""What the tests of several packages share."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from filelock import FileLock

from assistant.service import Assistant
from assistant.settings import Settings
from evals import small_model as small
from evals.leak import Pair
from index.building import build
from index.edition import SHIPPED
from index.embeddings import SentenceEmbeddings
from index.store import Index

_API = "assistant.api.app:create_app"
ROOT = Path(__file__).resolve().parent.parent
#: Files that start one process after another: begun first, so that no worker is left with one.
_LONGEST = ("test_cli.py", "test_store.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first; each worker takes whole files, in this order."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The embedding model's folder; tests that need it are skipped where it was not built."""
    folder = ROOT / "var" / "models" / "multilingual-e5-small-zh"
    if not (folder / "anze-model.json").is_file():
        pytest.skip(f"没有向量模型：先运行 python -m index.weights {folder.relative_to(ROOT)}")
    return folder


@pytest.fixture(scope="session")
def embeddings(model_path: Path) -> SentenceEmbeddings:
    """The embedding model, loaded once; several threads may share it."""
    return SentenceEmbeddings.open(model_path)


@pytest.fixture(scope="session")
def index_root(embeddings: SentenceEmbeddings) -> Path:
    """A real index of the shipped edition, built once for each state of the code that builds it.

    Several processes of one run wait for the first; a later run finds it there.
    """
    if not any(SHIPPED.glob("*.md")):
        pytest.skip("没有文件库：index/corpus 是空的")
    root = ROOT / "var" / "test-index" / _digest_of_code()
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / "tests.lock"):
        build(root, SHIPPED, embeddings)
    return root


def _digest_of_code() -> str:
    digest = hashlib.sha256()
    for path in sorted((ROOT / "index").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def settings(
    model_path: Path, index_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings over the index that was built for the tests."""
    data = tmp_path_factory.mktemp("data")
    return Settings(edition=SHIPPED, index=index_root, model=model_path, data=data)


@pytest.fixture(scope="session")
def assistant(settings: Settings, embeddings: SentenceEmbeddings) -> Assistant:
    """The assistant over the index that was built for the tests."""
    return Assistant(settings, Index.open(settings.index, embeddings))


def beside(assistant: Assistant, settings: Settings) -> Assistant:
    """An assistant with other settings over the same index and what was read off it.

    To learn the words of the edition takes a second of a processor, and no setting changes them.
    """
    other = Assistant(settings, assistant.index)
    other._served._views = assistant._served._views
    return other


@pytest.fixture(scope="session")
def pair(settings: Settings, index_root: Path) -> Pair:
    """The assistant over the shipped edition, and over it without its internal documents."""
    folder = index_root.with_name(f"{index_root.name}-public")
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "tests.lock"):
        built = Pair.build(settings, folder, whole=index_root)
    if not built.internal:
        pytest.skip("文件库里没有内部文件")
    return built


@pytest.fixture(scope="session")
def server(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``anze serve``, run as its user runs it, on a free port."""
    with serving(settings, tmp_path_factory.mktemp("server") / "log") as (url, _):
        yield url


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a small language model that runs on this machine; its name is `small.NAME`.

    It answers one request at a time, so let the tests that need it stand in one file.
    """
    weights = ROOT / small.WEIGHTS
    if not (small.is_there(weights) and small.is_runnable()):
        pytest.skip("没有小模型：先运行 make small-model")
    port, log = free_port(), tmp_path_factory.mktemp("small-model") / "log"
    command = [sys.executable, "-m", "evals.small_model", "--weights", str(weights)]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port)], cwd=ROOT, stdout=output, stderr=output
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", process, log, 120)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def serving(
    settings: Settings, log: Path, *, page: bool = True, seconds: float = 240
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """``anze serve`` on a free port: its address and its process, which ends with the block.

    Args:
        page: without it the API alone is served, which starts sooner.
        seconds: how long the start may take.
    """
    port = free_port()
    serve = ["assistant.cli", "serve"] if page else ["uvicorn", "--factory", _API]
    command = [sys.executable, "-m", *serve, "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(settings), stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz", process, log, seconds)
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            process.wait(timeout=20)


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment with *settings* in it, for a process of ours."""
    return os.environ | {
        "ANZE_EDITION": str(settings.edition),
        "ANZE_INDEX": str(settings.index),
        "ANZE_CHROMA": settings.chroma,
        "ANZE_MODEL": str(settings.model),
        "ANZE_DATA": str(settings.data),
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"服务没有启动：\n{log.read_text(encoding='utf-8')}")
