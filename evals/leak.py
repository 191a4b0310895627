"""Whether an internal document shows through to a public reader: ``python -m evals.leak``.

Builds one index of the edition without its internal documents and one of the whole edition, lets a
public reader of each answer the same questions and searches, and prints what differs. Every
difference is a leak: the first reader cannot know the internal documents.

    python -m evals.leak [--folder FOLDER] [--every N]

``--every 7`` asks each seventh case only, but all that name what is internal.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import Any

from assistant.models import Question
from assistant.service import Assistant, Reader
from assistant.settings import Settings, load_settings
from evals.asker import question_of
from evals.case import load, shipped_files
from index.building import build
from index.edition import read_document
from index.embeddings import SentenceEmbeddings
from index.errors import AnzeError
from index.partition import is_public
from index.provision import Audience, Document
from index.store import Index

#: What differs between any two calls.
_OF_THE_CALL = frozenset({"id", "timings_ms"})
_SHOWN = 20

Call = Callable[[Reader], Any]
Named = tuple[str, Call]


@dataclass(frozen=True)
class Pair:
    """Two assistants that must be the same to a public reader.

    Args:
        whole: over the whole edition.
        alone: over the edition from which the internal documents were taken out.
        internal: those documents.
    """

    whole: Assistant
    alone: Assistant
    internal: tuple[Document, ...]

    @property
    def with_internal(self) -> Reader:
        """The public reader of the whole edition."""
        return self.whole.reader(Audience.PUBLIC)

    @property
    def without(self) -> Reader:
        """The public reader of the other."""
        return self.alone.reader(Audience.PUBLIC)

    @classmethod
    def build(cls, settings: Settings, folder: Path, whole: Path | None = None) -> Pair:
        """Both indexes, built in *folder* where they do not stand there yet.

        Args:
            settings: the whole edition, and the model.
            folder: for what is built.
            whole: where the index of the whole edition is or shall be, if not in *folder*.
        """
        files = sorted(settings.edition.glob("*.md"))
        documents = [read_document(path) for path in files]
        kept = folder / "edition"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for path, document in zip(files, documents, strict=True):
            if is_public(document):
                shutil.copy2(path, kept / path.name)
        embeddings = SentenceEmbeddings.open(settings.model, threads=settings.threads or None)
        assistants = []
        roots = {whole or folder / "whole": settings.edition, folder / "public": kept}
        for root, edition in roots.items():
            build(root, edition, embeddings)
            over = settings.model_copy(update={"edition": edition, "index": root, "chroma": ""})
            assistant = Assistant(over, Index.open(over.index, embeddings))
            assistant.prepare()  # what internal readers ask first must leave no trace
            assistants.append(assistant)
        hidden = (document for document in documents if not is_public(document))
        return cls(assistants[0], assistants[1], tuple(hidden))

    def differs(self, call: Call) -> tuple[Any, Any] | None:
        """What the two say to *call*, where it is not the same."""
        said = said_by(self.with_internal, call), said_by(self.without, call)
        return said if said[0] != said[1] else None


def said_by(reader: Reader, call: Call) -> Any:
    """What *reader* says, as plain values without what belongs to the single call."""
    try:
        said = call(reader).model_dump(mode="json")
    except AnzeError as error:
        return {"fault": type(error).__name__, "message": str(error)}
    return {key: value for key, value in said.items() if key not in _OF_THE_CALL}


def asked(every: int, names: Iterable[str]) -> list[Question]:
    """Each *every*-th of the shipped cases, and all in which one of *names* stands."""
    cases = load(shipped_files())
    known = tuple(names)
    return [
        question_of(case)
        for n, case in enumerate(cases)
        if n % every == 0 or any(name in case.model_dump_json() for name in known)
    ]


def names_of(documents: Iterable[Document]) -> Iterator[str]:
    """What internal documents are called: ids, numbers, places and their first two characters."""
    for document in documents:
        metadata = document.metadata
        yield metadata.id
        yield from filter(None, (metadata.number, metadata.jurisdiction, *metadata.aliases))
        if metadata.jurisdiction:
            yield metadata.jurisdiction[:2]


def look_ups(pair: Pair) -> Iterator[Named]:
    """Every look-up but searches: lists, counts, each id, each internal id, errors."""
    yield "documents", methodcaller("documents")
    yield "readiness", methodcaller("readiness")
    public = [summary.id for summary in pair.without.documents().documents]
    for name in (*public, *(document.id for document in pair.internal), "no-such"):
        yield f"document {name}", methodcaller("document", name)
    inside = [p.id for document in pair.internal for p in document.provisions]
    outside = [
        node["provision_id"]
        for name in public
        for node in pair.without.document(name).model_dump()["tree"]
    ]
    for name in (*inside, *outside, "no-such/1"):
        yield f"provision {name}", methodcaller("provision", name)
        yield f"locate {name}", methodcaller("locate", name)


def questions(pair: Pair, every: int) -> Iterator[Named]:
    """Questions, as cases ask them."""
    for question in asked(every, names_of(pair.internal)):
        yield f"ask {question.question}", methodcaller("ask", question)


def searches(pair: Pair, every: int) -> Iterator[Named]:
    """Searches with the cases' questions, and with sentences of the internal documents."""
    texts = [question.question for question in asked(every, names_of(pair.internal))]
    for document in pair.internal:
        texts += [p.text[:60] for p in document.provisions if p.is_leaf and p.text.strip()]
    for text in texts:
        yield f"search {text}", methodcaller("search", text, limit=50)


def differences(pair: Pair, calls: Iterable[Named]) -> tuple[int, list[str]]:
    """How many calls were made, and for each that shows something what the two readers said."""
    found, count = [], 0
    for name, call in calls:
        count += 1
        said = pair.differs(call)
        if said is not None:
            found.append(f"{name}\n  + {_brief(said[0])}\n  - {_brief(said[1])}")
    return count, found


def _brief(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False)[:600]


def main(arguments: list[str]) -> int:
    """Print the count of differences; 1 where there are any."""
    parser = argparse.ArgumentParser(prog="python -m evals.leak")
    parser.add_argument("--folder", type=Path, help="where the two indexes are kept")
    parser.add_argument("--every", type=int, default=1, help="each N-th case only")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        pair = Pair.build(load_settings(), given.folder or Path(scratch))
        leaks = 0
        for what, calls in (
            ("查阅", look_ups(pair)),
            ("提问", questions(pair, given.every)),
            ("检索", searches(pair, given.every)),
        ):
            count, found = differences(pair, calls)
            leaks += len(found)
            print(f"{what} {count} 次，不同 {len(found)} 处", flush=True)
            print("\n".join(found[:_SHOWN]), end="\n" if found else "")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
