"""Read the known questions with the encoder and keep their vectors beside them.

    python -m index.known [--model FOLDER]

To be run after ``questions.jsonl`` has changed; questions that have a vector are not read again.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embeddings import SentenceEmbeddings
from index.known.questions import QUESTIONS, VECTORS, Floats, read_entries
from index.known.vectors import read_vectors, write_vectors

MODEL = Path("var/models/multilingual-e5-small-zh")


def write(
    embeddings: SentenceEmbeddings, questions: Path = QUESTIONS, vectors: Path = VECTORS
) -> int:
    """Make the vectors of *questions* whole; how many had to be read."""
    texts = sorted({text for entry in read_entries(questions) for text in entry.questions})
    kept = read_vectors(vectors, embeddings.reader)
    known = [text for text in texts if kept is not None and text in kept]
    new = [text for text in texts if kept is None or text not in kept]
    parts: list[Floats] = [kept.of(known)] if kept is not None and known else []
    parts += [_read(embeddings, new)] if new else []
    if parts:
        write_vectors(vectors, embeddings.reader, [*known, *new], np.concatenate(parts))
    return len(new)


def _read(embeddings: SentenceEmbeddings, texts: Sequence[str]) -> Floats:
    return np.asarray([embeddings.read_query(text).vector for text in texts], np.float32)


def main() -> None:
    """Read what is new."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the encoder")
    given = parser.parse_args()
    count = write(SentenceEmbeddings.open(given.model))
    print(f"新读了 {count} 个问题。")


if __name__ == "__main__":
    main()
