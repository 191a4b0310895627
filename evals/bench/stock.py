"""LangChain's recipe as its tutorials have it: recursive splitter, Chroma, the same encoder.

Once as they have it, 1,000 characters with 200 in common, and once with what their pages advise
for Chinese: its stops among the separators, and chunks as long as ours.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from evals.bench.corpus import Corpus
from evals.bench.material import Material, Say
from evals.bench.stretch import Stretch
from evals.bench.systems import Search, System
from index.chunk import LONGEST
from index.embeddings import SentenceEmbeddings

#: Chroma refuses more at once, and langchain-chroma does not divide them.
_BATCH = 500
_STOPS = ["\n\n", "\n", "。", "；", "，", "、", ""]


@dataclass(frozen=True)
class Recipe:
    """How documents are cut.

    Args:
        name: shown in tables.
        part: the part of the material that it makes.
        size, overlap: of a chunk, in characters.
        separators: where it may be cut, dearest first; None for the splitter's own.
    """

    name: str
    part: str
    size: int
    overlap: int
    separators: tuple[str, ...] | None = None


RECIPES = (
    Recipe("LangChain, chunks of 1,000", "langchain-1000", 1000, 200),
    Recipe(
        f"LangChain, chunks of {LONGEST}, Chinese stops",
        f"langchain-{LONGEST}",
        LONGEST,
        LONGEST // 5,
        tuple(_STOPS),
    ),
)


def langchain(
    material: Material, say: Say, skip: Say, recipes: Sequence[Recipe] = RECIPES
) -> list[System]:
    """The recipes over the material's documents; none where the splitter is not installed.

    Args:
        material: the documents and the encoder.
        say: told how far it is.
        skip: told what is left out.
        recipes: what is made.
    """
    try:
        splitters = importlib.import_module("langchain_text_splitters")
    except ImportError:
        skip("LangChain's recipe is skipped: langchain-text-splitters is not installed.")
        return []
    return [_system(material, recipe, splitters, say) for recipe in recipes]


def _system(material: Material, recipe: Recipe, splitters: Any, say: Say) -> System:
    remembered = Remembered(material.embeddings, material.folder / f"{recipe.part}-vectors")

    def make(folder: Path) -> None:
        chunks = split(material.corpus, recipe, splitters)
        for start in range(0, len(chunks), _BATCH):
            batch = chunks[start : start + _BATCH]
            Chroma.from_documents(batch, remembered, persist_directory=str(folder))
            say(f"  {min(start + _BATCH, len(chunks)):,} of {len(chunks):,} chunks")

    folder = material.part(recipe.part, make, say)
    return System(recipe.name, (recipe.part,), lambda: _opened(folder, material.embeddings))


def split(corpus: Corpus, recipe: Recipe, splitters: Any) -> list[Document]:
    """The documents cut by the recipe, each chunk knowing where it stands."""
    ways = {} if recipe.separators is None else {"separators": list(recipe.separators)}
    splitter = splitters.RecursiveCharacterTextSplitter(
        chunk_size=recipe.size, chunk_overlap=recipe.overlap, add_start_index=True, **ways
    )
    documents = [Document(text, metadata={"document": name}) for name, text in corpus.texts.items()]
    chunks: list[Document] = splitter.split_documents(documents)
    return chunks


def _opened(folder: Path, embeddings: Embeddings) -> Search:
    store = Chroma(persist_directory=str(folder), embedding_function=embeddings)

    def found(question: str, k: int) -> list[Stretch]:
        return [_stretch(document) for document in store.similarity_search(question, k)]

    return found


def _stretch(document: Document) -> Stretch:
    start = document.metadata["start_index"]
    return Stretch(document.metadata["document"], start, start + len(document.page_content))


class Remembered(Embeddings):
    """An encoder whose vectors of passages are kept, so that a stopped run goes on."""

    def __init__(self, embeddings: SentenceEmbeddings, folder: Path) -> None:
        self._embeddings = embeddings
        self._folder = folder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The passages' vectors, one list a text."""
        digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
        path = self._folder / f"{digest}.npy"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            np.save(path, self._embeddings.embed_passages(texts), allow_pickle=False)
        vectors: list[list[float]] = np.load(path, allow_pickle=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The question's vector."""
        return self._embeddings.embed_query(text)
