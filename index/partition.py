"""The part of an edition that anybody may read, laid out so that it can be taken by itself.

A public reader must not learn of an internal document, not even through what is counted over all
texts: how rare a word is, which words are known, about which mean vectors are measured. So a
version holds the public documents as if there were no others, and the internal ones behind them:

    chunks.jsonl    the chunks of public documents first
    bm25/           over all chunks
    bm25-public/    over the public ones; only where there are others
    chroma/         one collection for the public ones, one for the others
    tokens/         in the order of the chunks, about the mean of the public ones

What stands in front is then, number for number, what an edition without the internal documents
would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from index.chunk import Chunk
from index.lexical import LexicalIndex
from index.provision import Audience, Document

_LEXICAL = "bm25-public"


def is_public(document: Document) -> bool:
    """Whether anybody may read the document."""
    return document.metadata.audience is Audience.PUBLIC


def public_first(documents: Iterable[Document]) -> list[Document]:
    """The documents in the order in which their chunks are kept."""
    return sorted(documents, key=lambda document: not is_public(document))


def count_public(chunks: Sequence[Chunk], documents: Iterable[Document]) -> int:
    """How many chunks, from the first on, are public.

    Raises:
        ValueError: a public chunk stands behind one that is not, or belongs to no document.
    """
    public = {document.id: is_public(document) for document in documents}
    try:
        open_to_all = [public[chunk.document_id] for chunk in chunks]
    except KeyError as error:
        raise ValueError(f"有文本块不属于任何文件：{error}") from error
    count = sum(open_to_all)
    if not all(open_to_all[:count]):
        raise ValueError("公开文件和内部文件的文本块混在一起")
    return count


def save_lexical(folder: Path, texts: Sequence[str], public: int) -> None:
    """Write the ranking of the first *public* of *texts* beside that of all, if it is another."""
    if 0 < public < len(texts):
        LexicalIndex.build(texts[:public]).save(folder / _LEXICAL)


def open_lexical(folder: Path, public: int) -> LexicalIndex:
    """The ranking of the *public* chunks; there must be others besides them.

    Raises:
        ValueError: it is damaged.
    """
    if not public:
        return LexicalIndex.of_nothing()
    lexical = LexicalIndex.open(folder / _LEXICAL)
    if len(lexical) != public:
        raise ValueError("公开部分的条数不一致")
    return lexical
