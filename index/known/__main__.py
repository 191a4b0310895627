"""Read the known questions with the encoder and keep their vectors beside them.

    python -m index.known [--model FOLDER] [--edition FOLDER] [--checked DOCUMENT …]

To be run after ``questions.jsonl`` has changed; questions that have a vector are not read again.
Where a document was amended, what it was known not to say no longer counts, until somebody has held
these lines against the new text and says so with ``--checked``.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.edition import SHIPPED, read_edition
from index.embeddings import SentenceEmbeddings
from index.known.questions import QUESTIONS, VECTORS, Floats, read_entries
from index.known.vectors import digest_of, read_vectors, write_vectors
from index.provision import Document

MODEL = Path("var/models/multilingual-e5-small-zh")


@dataclass(frozen=True)
class Written:
    """What became of the file of vectors.

    Args:
        read: how many questions had to be read.
        amended: ids of the documents whose text is no longer the one that was looked at.
    """

    read: int
    amended: tuple[str, ...]


def write(
    embeddings: SentenceEmbeddings,
    documents: Iterable[Document],
    questions: Path = QUESTIONS,
    vectors: Path = VECTORS,
    checked: Collection[str] = (),
) -> Written:
    """Make the vectors of *questions* whole.

    Args:
        embeddings: reads what is new.
        documents: of which the questions were asked.
        questions: the lines.
        vectors: what is written.
        checked: ids of amended documents whose lines without an answer still hold.
    """
    texts = sorted({text for entry in read_entries(questions) for text in entry.questions})
    kept = read_vectors(vectors, embeddings.reader)
    known = [text for text in texts if kept is not None and text in kept]
    new = [text for text in texts if kept is None or text not in kept]
    parts: list[Floats] = [kept.of(known)] if kept is not None and known else []
    parts += [_read(embeddings, new)] if new else []
    now = {document.id: digest_of(document.text) for document in documents}
    before = {} if kept is None else kept.texts
    holds = now | {name: old for name, old in before.items() if name not in checked}
    if parts:
        write_vectors(vectors, embeddings.reader, [*known, *new], np.concatenate(parts), holds)
    return Written(len(new), tuple(name for name in sorted(now) if holds[name] != now[name]))


def _read(embeddings: SentenceEmbeddings, texts: Sequence[str]) -> Floats:
    return np.asarray([embeddings.read_query(text).vector for text in texts], np.float32)


def main() -> None:
    """Read what is new."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the encoder")
    parser.add_argument("--edition", type=Path, default=SHIPPED, help="folder of the documents")
    parser.add_argument("--checked", nargs="+", default=[], metavar="DOCUMENT", help="amended ones")
    given = parser.parse_args()
    embeddings = SentenceEmbeddings.open(given.model)
    done = write(embeddings, read_edition(given.edition), checked=given.checked)
    print(f"新读了 {done.read} 个问题。")
    for name in done.amended:
        print(
            f"{name} 的文字改过了：“文件没有写到”的那些问题不再算数。"
            f"逐条核对 questions.jsonl 之后，用 --checked {name} 重新启用。"
        )


if __name__ == "__main__":
    main()
