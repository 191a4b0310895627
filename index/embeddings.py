"""A sentence-transformers model in a local folder, as LangChain Embeddings.

Nothing heavy is imported until `SentenceEmbeddings.open`, and nothing is ever fetched.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from index.errors import AnzeError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

CARD = "anze-model.json"
#: What is added to the weights, of low rank, where a question is read; see `_reader_of_questions`.
QUESTIONS = "questions.safetensors"
#: Models name the prompt of what is searched in one of these ways; the first one defined counts.
#: So many questions read ahead are kept at most.
_MOST_AHEAD = 32
_PASSAGE_PROMPTS = ("document", "passage", "corpus")
_DIGESTED = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})

Vectors = npt.NDArray[np.float32]
Spans = npt.NDArray[np.int32]
Dtype = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Reading:
    """What the encoder makes of one text.

    Args:
        vector: the text's unit vector, float32 [dimension].
        tokens: the unit vectors of its tokens in their context, float32 [tokens, dimension];
            those of the prompt and the encoder's own marks are left out.
        spans: where each token stands in the text, int32 [tokens, 2], in characters.
    """

    vector: Vectors
    tokens: Vectors
    spans: Spans


class EmbeddingsError(AnzeError):
    """The model's folder is missing, or is no model that can be loaded."""


class SentenceEmbeddings(Embeddings):
    """Unit vectors of passages and questions, each with the prompt that its model defines.

    Several threads may share one: a batch of passages or a question at a time goes through the
    model, so that a question waits for one batch at most.

    float32 is the default. Measured on two cores that have bfloat16 instructions, with
    multilingual-e5-small, in float32 / bfloat16: a question takes 18 / 10 ms (median), law articles
    of 96 tokens go at 25 / 60 a second. bfloat16's cosines to float32's vectors are .99996 at least
    (152 questions, 320 articles) and nDCG@10 was .670 with both (152 questions, 2,200 articles).
    Processors without these instructions were not measured, so bfloat16 is for those who ask.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        *,
        name: str,
        digest: str,
        batch_size: int = 16,
        asking: SentenceTransformer | None = None,
        reader: str = "",
    ) -> None:
        """Wraps a loaded model; see `open` for one in a folder.

        Args:
            model: gives one vector a text.
            name: shown to people.
            digest: changes whenever the model's vectors of passages may change.
            batch_size: passages that go through the model together.
            asking: reads questions; without it `model` does.
            reader: changes whenever the vectors of questions may change.

        Raises:
            ValueError: `batch_size` is below 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size 应至少为 1，得到 {batch_size}")
        self._model = model
        self._asking = asking or model
        self._name = name
        self._digest = digest
        self._reader = reader or digest
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self._ahead: dict[str, Reading] = {}
        self._dimension = int(model.get_embedding_dimension() or 0)
        prompts = model.prompts
        self._query_prompt = prompts.get("query") or ""
        named = (prompts.get(key) for key in _PASSAGE_PROMPTS)
        self._passage_prompt: str = next((prompt for prompt in named if prompt), "")

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        batch_size: int = 16,
        threads: int | None = 1,
        dtype: Dtype = "float32",
    ) -> SentenceEmbeddings:
        """Loads the model in folder `path`, on the processor, without any network.

        Args:
            path: a sentence-transformers folder, such as `python -m index.weights` makes.
            batch_size: passages that go through the model together.
            threads: processor threads for torch, in the whole process; None leaves torch's choice.
                One by default: on two cores that others use too, a second thread makes a question
                wait at every layer (20 ms with one, 950 ms with two, measured on a busy machine).
            dtype: what the model computes in; vectors are float32 in any case.

        Raises:
            EmbeddingsError: there is no such folder, or no model in it that can be loaded.
        """
        folder = Path(path)
        if not (folder / "modules.json").is_file():
            raise EmbeddingsError(
                f"{folder} 里没有向量模型。请先运行 python -m index.weights {folder}"
            )
        try:
            name, digest = _identity(folder)
            model = _load(folder, threads, dtype)
            asking = _reader_of_questions(model, folder / QUESTIONS)
        except Exception as error:  # the loaders below raise whatever their parsers raise
            raise EmbeddingsError(
                f"{folder} 里的向量模型无法加载（{error}）。请移走该目录，重新生成模型。"
            ) from error
        reader = _digest_of_reader(digest, folder / QUESTIONS)
        return cls(
            model, name=name, digest=digest, batch_size=batch_size, asking=asking, reader=reader
        )

    @property
    def name(self) -> str:
        """The model's name, from its card, else its folder's name."""
        return self._name

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what reads passages: an index made with this digest may be searched."""
        return self._digest

    @property
    def reader(self) -> str:
        """SHA-256 (hex) of what reads questions; their vectors may be kept under this name."""
        return self._reader

    @property
    def computes_in(self) -> str:
        """What the model computes in: float32, bfloat16. Vectors of the two differ a little."""
        return str(self._model.dtype).removeprefix("torch.")

    @property
    def dimension(self) -> int:
        """Numbers in one vector."""
        return self._dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages, in their order, each of length `dimension`."""
        vectors: list[list[float]] = self.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question, of length `dimension`."""
        with self._lock:
            vectors = self._asking.encode_query(
                [text], prompt=self._query_prompt, show_progress_bar=False
            )
        vector: list[float] = _units(vectors)[0].tolist()
        return vector

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Vectors of passages, float32 [texts, dimension], in the order of `texts`."""
        readings = self.read_passages(texts, progress)
        vectors = [reading.vector for reading in readings]
        return np.stack(vectors) if vectors else np.empty((0, self._dimension), np.float32)

    def read_passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> list[Reading]:
        """Passages with the vectors of their tokens, in the order of `texts`.

        Texts of similar length go through the model together, the longest first; what lies beyond
        the model's length is not read.

        Args:
            texts: passages without any prompt.
            progress: told after each batch how many of how many texts are done.
        """
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        readings: dict[int, Reading] = {}
        for start in range(0, len(order), self._batch_size):
            batch = order[start : start + self._batch_size]
            some = [texts[index] for index in batch]
            read = self._read(self._model, some, self._passage_prompt)
            readings.update(zip(batch, read, strict=True))
            if progress is not None:
                progress(start + len(batch), len(order))
        return [readings[index] for index in range(len(texts))]

    def read_query(self, text: str) -> Reading:
        """One question with the vectors of its tokens."""
        with self._lock:
            ahead = self._ahead.pop(text, None)
        return ahead or self._read(self._asking, [text], self._query_prompt)[0]

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Read questions together that `read_query` will be asked for: half the time of each alone.

        Each is kept until it is asked for, or until others take its place.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._ahead]
        if not new:
            return
        read = self._read(self._asking, new, self._query_prompt)
        with self._lock:
            self._ahead.update(zip(new, read, strict=True))
            for old in list(self._ahead)[:-_MOST_AHEAD]:
                del self._ahead[old]

    def embed_alike(self, text: str) -> Vectors:
        """A question's unit vector as what reads passages reads it, float32 [dimension].

        For questions that are compared with one another: what reads questions has learnt to put
        them beside their passages, those that it knows nearer than others.
        """
        return self._read(self._model, [text], self._query_prompt)[0].vector

    def _read(self, model: SentenceTransformer, texts: list[str], prompt: str) -> list[Reading]:
        prompted = [f"{prompt}{text}" for text in texts]
        with self._lock:
            read = model.encode(
                prompted,
                prompt="",
                output_value=None,
                batch_size=len(texts),
                show_progress_bar=False,
                convert_to_numpy=False,
            )
            tokenizer = model.tokenizer
            marked = tokenizer(
                prompted,
                return_offsets_mapping=True,
                truncation=True,
                max_length=model.max_seq_length,
            )
        offsets = marked["offset_mapping"]
        return [_reading(r, spans, len(prompt)) for r, spans in zip(read, offsets, strict=True)]


def _reading(features: Any, offsets: Sequence[tuple[int, int]], prompt: int) -> Reading:
    """One text's vectors, without what belongs to its prompt.

    Args:
        features: as the model gives them, with padding.
        offsets: the span of each token in the prompted text; marks of the encoder are empty.
        prompt: length of the prompt, in characters.
    """
    spans = np.asarray(offsets, dtype=np.int32).reshape(-1, 2) - prompt
    kept = (spans[:, 1] > spans[:, 0]) & (spans[:, 0] >= 0)
    tokens = np.asarray(features["token_embeddings"].float().numpy())[: len(spans)][kept]
    vector = np.asarray(features["sentence_embedding"].float().numpy())
    return Reading(_units(vector[None])[0], _units(tokens), spans[kept])


def _units(vectors: npt.ArrayLike) -> Vectors:
    """The vectors at length 1, float32 [n, dimension]."""
    plain = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(plain, axis=1, keepdims=True)
    return np.asarray(plain / np.maximum(lengths, 1e-12), dtype=np.float32)


def _load(folder: Path, threads: int | None, dtype: Dtype) -> SentenceTransformer:
    with _offline():
        import torch  # noqa: PLC0415 - seconds to import
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - likewise

        if threads is not None:
            torch.set_num_threads(threads)
        with _without_progress_bars():
            model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": getattr(torch, dtype)},
            )
    return model.eval()


def _reader_of_questions(model: SentenceTransformer, changes: Path) -> SentenceTransformer | None:
    """The model as it reads questions, where the folder says that they are read otherwise.

    Questions are put into the space of passages that stay as they are, so an index outlives a
    better reader of questions. The twin shares the vocabulary's vectors, most of the weights.

    Args:
        model: as it reads passages.
        changes: a file with ``<layer>.up`` [out, rank] and ``<layer>.down`` [rank, in], whose
            product is added to the layer's weight; where there is none, questions are read alike.
    """
    if not changes.is_file():
        return None
    import torch  # noqa: PLC0415 - seconds to import
    from safetensors.torch import load_file  # noqa: PLC0415 - needs torch

    network: torch.nn.Module = model[0].model  # type: ignore[assignment]
    vocabulary: torch.nn.Module = network.get_input_embeddings()  # type: ignore[operator]
    twin = copy.deepcopy(model, {id(shared): shared for shared in vocabulary.parameters()})
    layers: torch.nn.Module = twin[0].model  # type: ignore[assignment]
    parts = load_file(changes)
    with torch.no_grad():
        for name in {part.rpartition(".")[0] for part in parts}:
            layer: torch.nn.Linear = layers.get_submodule(name)  # type: ignore[assignment]
            change = parts[f"{name}.up"].float() @ parts[f"{name}.down"].float()
            layer.weight.copy_(layer.weight.float() + change)
    return twin.eval()


@contextmanager
def _offline() -> Iterator[None]:
    """While the libraries load, their hub is off; an operator's own setting is left alone."""
    if "HF_HUB_OFFLINE" in os.environ:
        yield
        return
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        yield
    finally:
        os.environ.pop("HF_HUB_OFFLINE", None)


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    from transformers.utils import logging  # noqa: PLC0415 - seconds to import

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _identity(folder: Path) -> tuple[str, str]:
    """Name and digest: from the card that `index.weights` writes, else worked out."""
    try:
        card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
        return str(card["name"]), str(card["sha256"])
    except FileNotFoundError:
        return folder.absolute().name, _digest(folder)


def _digest_of_reader(digest: str, changes: Path) -> str:
    """SHA-256 (hex) of the model and, where questions are read otherwise, of what changes it."""
    if not changes.is_file():
        return digest
    return hashlib.sha256(digest.encode() + changes.read_bytes()).hexdigest()


def _digest(folder: Path) -> str:
    """SHA-256 (hex) over names and bytes of what reads passages: weights, tokenizer, settings."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _DIGESTED and path.name != QUESTIONS and path.is_file():
            total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
