"""A Chroma server of one's own on the loopback, for tests and measurements."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import IndexUnavailable
from index.home import Server

_PATIENCE = 120.0  # seconds for a start on a busy machine


@contextmanager
def chroma_run(folder: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """``chroma run`` over *folder*: its address and its process, which ends with the block.

    Args:
        folder: where it keeps its data; made where it is not there.
        port: where it listens; 0 for a free one.

    Raises:
        RuntimeError: it did not start.
    """
    port = port or _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process)
            yield url, process
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(IndexUnavailable):
            Server(url).check()
            return
        time.sleep(0.2)
    raise RuntimeError(f"chroma run 没有启动：{url}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
