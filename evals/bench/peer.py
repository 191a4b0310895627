"""paper-qa's retrieval, with our encoder and without a language model.

Its own embeddings go over the network or cut by a tokenizer that is fetched from there, so it is
given ours, and its chunks are cut by characters: as long as its settings have them, and as ours.
"""

from __future__ import annotations

import asyncio
import importlib
import os
from math import ceil
from typing import Any

from evals.bench.corpus import Corpus
from evals.bench.cost import measured
from evals.bench.material import Made, Material, Say
from evals.bench.stretch import Stretch
from evals.bench.systems import Search, System
from index.chunk import LONGEST
from index.embeddings import SentenceEmbeddings

#: Of a chunk and of what it has in common with its neighbours, in characters: its own settings.
_OWN = (5_000, 250)


def paper_qa(material: Material, say: Say) -> list[System]:
    """Its retrieval over the material's documents; none where it is not installed."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # else it is fetched at import
    try:
        found = {name: importlib.import_module(f"paperqa{name}") for name in _MODULES}
        lmi = importlib.import_module("lmi")
    except ImportError as error:
        say(f"paper-qa is skipped: {error}. See docs/benchmarks.md for how to install it.")
        return []
    sizes = (_OWN, (LONGEST, LONGEST // 5))
    return [_system(material, found, lmi, size, overlap) for size, overlap in sizes]


_MODULES = ("", ".docs", ".types", ".settings")


def _system(material: Material, paperqa: Any, lmi: Any, size: int, overlap: int) -> System:
    part = f"paperqa-{size}"
    loop = asyncio.new_event_loop()
    encoder = _encoder(lmi, material.embeddings)
    settings = paperqa[".settings"].Settings(
        parsing={"reader_config": {"chunk_chars": size, "overlap": overlap}}
    )
    with measured() as cost:
        docs = loop.run_until_complete(_filled(paperqa, material.corpus, encoder, settings))
    material.made[part] = Made(cost.seconds, cost.grown, 0)

    def opened() -> Search:
        def found(question: str, k: int) -> list[Stretch]:
            texts = loop.run_until_complete(
                docs.retrieve_texts(question, k, settings=settings, embedding_model=encoder)
            )
            return [Stretch(text.doc.dockey, text.start, text.end) for text in texts]

        return found

    return System(f"paper-qa, chunks of {size:,}", (part,), opened)


async def _filled(paperqa: Any, corpus: Corpus, encoder: Any, settings: Any) -> Any:
    """Its collection, with every document cut and embedded."""
    docs = paperqa[".docs"].Docs()
    for name, text in corpus.texts.items():
        doc = paperqa[".types"].Doc(docname=name, dockey=name, citation=name)
        await docs.aadd_texts(_cut(paperqa, doc, text, settings), doc, settings, encoder)
    return docs


def _cut(paperqa: Any, doc: Any, text: str, settings: Any) -> list[Any]:
    """A document as `paperqa.readers.chunk_text` cuts it by characters, each chunk told where.

    That function itself cannot be called: it fetches a tokenizer's table even where it needs none.
    """
    size, overlap = (settings.parsing.reader_config[key] for key in ("chunk_chars", "overlap"))
    chunks = []
    for n in range(ceil(len(text) / size)):
        start, end = max(n * size - overlap, 0), min((n + 1) * size + overlap, len(text))
        name = f"{doc.docname} chunk {n + 1}"
        chunks.append(paperqa[".types"].Text(text=text[start:end], name=name, doc=doc))
        chunks[-1].start, chunks[-1].end = start, end
    return chunks


def _encoder(lmi: Any, embeddings: SentenceEmbeddings) -> Any:
    """Our encoder as paper-qa asks for one."""

    class Encoder(lmi.EmbeddingModel):  # type: ignore[misc]
        name: str = embeddings.name
        asks: bool = False

        def set_mode(self, mode: Any) -> None:
            self.asks = mode is lmi.EmbeddingModes.QUERY

        async def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if self.asks:
                return [embeddings.embed_query(text) for text in texts]
            return embeddings.embed_documents(texts)

    return Encoder()
