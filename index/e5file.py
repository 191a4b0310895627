"""Reads `e5-small-q4.bin`: a BERT encoder in 4-bit blocks, its pieces, its normalisation table.

The layout is little-endian and without padding::

    "E5S1", u32 version
    i32 hidden, layers, heads, feed-forward, vocabulary, positions, token types
    f32 layer-norm epsilon, i32 weights a block (32)
    i32 pieces n, <s>, </s>, <pad>, <unk>; u64 blob length
    u32 offsets [n + 1], f32 scores [n], UTF-8 blob of the pieces
    i32 table entries, u32 table bytes, entries of (u32 code point, u8 k, k x u32 code point)
    i32 tensors, entries of (u16 length, name, u8 kind, u32 count, u64 offset, u64 bytes)

A tensor is either plain f32 (kind 0) or blocks (kind 1). A block holds 32 weights: an f16 scale,
then 16 bytes whose low nibbles are weights 0 to 15 and whose high nibbles are weights 16 to 31;
a weight is (nibble - 8) x scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import AnzeError

MAGIC = b"E5S1"
BLOCK = 32
_HEADER = struct.Struct("<4sI7ifi5iQ")
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])


class WeightsError(AnzeError):
    """The weights cannot be had, are damaged, or are not what this program expects."""


@dataclass(frozen=True)
class Sizes:
    """The numbers that fix the network's shape."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Stored:
    """Where one tensor lies: `start` and `length` in bytes, in blocks or in plain float32."""

    blocks: bool
    start: int
    length: int


@dataclass(frozen=True)
class E5File:
    """The file, read; tensors are turned into numbers only when asked for."""

    data: bytes
    sizes: Sizes
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    unk: int
    table: dict[int, str]
    tensors: dict[str, Stored]

    def vector(self, name: str) -> npt.NDArray[np.float32]:
        """A plain tensor, float32 [count].

        Raises:
            KeyError: the file has no tensor of that name.
        """
        stored = self.tensors[name]
        return np.frombuffer(self.data, "<f4", stored.length // 4, stored.start).astype(np.float32)

    def matrix(
        self, name: str, columns: int, rows: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float32]:
        """A block tensor as float32 [rows, columns]; with `rows`, only those, in that order."""
        stored = self.tensors[name]
        count = stored.length // _BLOCK_TYPE.itemsize
        blocks = np.frombuffer(self.data, _BLOCK_TYPE, count, stored.start)
        grid = blocks.reshape(-1, columns // BLOCK)
        return _dequantised(grid if rows is None else grid[rows]).reshape(-1, columns)

    def normalised(self, character: str) -> str:
        """What the table makes of one character; a character it lacks stays as it is."""
        return self.table.get(ord(character), character)


def _dequantised(blocks: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    nibbles = blocks["nibbles"]
    halves = [nibbles & 0x0F, nibbles >> 4]
    weights = np.concatenate(halves, axis=-1).astype(np.float32) - 8
    return np.asarray(weights * blocks["scale"].astype(np.float32)[..., None], dtype=np.float32)


def read(data: bytes) -> E5File:
    """The file's directory, pieces and table; its tensors stay undecoded bytes.

    Raises:
        WeightsError: `data` is not such a file, or is cut short.
    """
    try:
        return _read(data)
    except (struct.error, ValueError, IndexError) as error:
        raise WeightsError(f"权重文件格式不对，读不下去：{error}") from error


def _read(data: bytes) -> E5File:
    magic, _, *numbers = _HEADER.unpack_from(data)
    block, count, bos, eos, pad, unk, blob = numbers[8:]
    if magic != MAGIC or block != BLOCK or (bos, pad, eos) != (0, 1, 2):
        raise ValueError("开头不是 E5S1 或分块不是 32")
    pieces, scores, at = _pieces(data, _HEADER.size, count, blob)
    table, at = _table(data, at)
    return E5File(data, Sizes(*numbers[:8]), pieces, scores, unk, table, _directory(data, at))


def _pieces(
    data: bytes, at: int, count: int, blob: int
) -> tuple[tuple[str, ...], tuple[float, ...], int]:
    """The pieces with their scores (log probabilities), and where the next section starts."""
    offsets = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).tolist()
    at += 4 * count
    text = data[at : at + blob]
    return tuple(text[a:b].decode() for a, b in pairwise(offsets)), tuple(scores), at + blob


def _table(data: bytes, at: int) -> tuple[dict[int, str], int]:
    """Code point → what replaces it, and where the next section starts."""
    entries, length = struct.unpack_from("<iI", data, at)
    at += 8
    end = at + length
    table: dict[int, str] = {}
    for _ in range(entries):
        code, k = struct.unpack_from("<IB", data, at)
        table[code] = "".join(map(chr, struct.unpack_from(f"<{k}I", data, at + 5)))
        at += 5 + 4 * k
    if at != end:
        raise ValueError("规范化表长度不符")
    return table, end


def _directory(data: bytes, at: int) -> dict[str, Stored]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, Stored] = {}
    for _ in range(count):
        (size,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + size].decode()
        kind, _, start, length = struct.unpack_from("<BIQQ", data, at + 2 + size)
        if start + length > len(data):
            raise ValueError(f"张量 {name} 超出文件末尾")
        tensors[name] = Stored(kind == 1, start, length)
        at += 2 + size + 21
    return tensors
