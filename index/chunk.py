"""Provisions → chunks: what is embedded and ranked.

Small to big: each leaf is a chunk of its own, long paragraphs are cut between sentences, and a
provision with children is also one chunk of its opening words and what they open. Each chunk
carries the document's title and the headings above it, since an item such as （二）其他情形 says
nothing without them (measured in the project's notes: worth more than a larger model).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.address import Level
from index.provision import Document, Provision

#: Longest stretch of a provision in one chunk, in characters; with its context it stays well
#: below the 512 tokens that the encoder reads.
LONGEST = 320
#: From so many characters on words before or behind the provisions say something: a sentence; a
#: paragraph without one, which leads to the provisions (为认真贯彻落实…，现就…通知如下：).
_SENTENCE, _PARAGRAPH = 20, 80
_SENTENCE_END = re.compile(r"(?<=[。；！？\n])")
_HEADED_ONLY = frozenset(
    {Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION, Level.PREFACE, Level.CLOSING}
)


@dataclass(frozen=True)
class Chunk:
    """A stretch of one provision, with its context.

    Args:
        id: ``<provision id>#<n>``.
        provision_id: the provision that the stretch is in.
        start, end: the stretch in the provision's text.
        context: document title and heading path, on one line.
        text: the stretch itself.
    """

    id: str
    provision_id: str
    start: int
    end: int
    context: str
    text: str

    @property
    def document_id(self) -> str:
        """The id of the document that the chunk is from."""
        return self.provision_id.partition("/")[0]

    @property
    def embedded(self) -> str:
        """What the encoder reads: context, line end, words."""
        return f"{self.context}\n{self.text}"


def chunk_document(document: Document) -> Iterator[Chunk]:
    """The chunks of *document*, in the order of its text."""
    for provision in document.provisions:
        if _is_worth_a_chunk(provision):
            yield from _chunk_provision(document, provision)


def _is_worth_a_chunk(provision: Provision) -> bool:
    if provision.level in _HEADED_ONLY:
        return False
    top = provision.address.steps[0].level
    if top in {Level.PREFACE, Level.CLOSING}:
        least = _SENTENCE if re.search("[。；]", provision.text) else _PARAGRAPH
        return len(provision.text) >= least
    return bool(provision.text.strip())


def _chunk_provision(document: Document, provision: Provision) -> Iterator[Chunk]:
    context = " ".join((document.metadata.title, *provision.heading_path, _own_label(provision)))
    if provision.is_leaf:
        stretches = split_sentences(provision.text)
    else:
        stretches = [(0, min(len(provision.text), LONGEST))]
    for n, (start, end) in enumerate(stretches):
        words = provision.text[start:end]
        yield Chunk(f"{provision.id}#{n}", provision.id, start, end, context.strip(), words)


def _own_label(provision: Provision) -> str:
    return provision.heading or provision.label


def split_sentences(text: str, longest: int = LONGEST) -> list[tuple[int, int]]:
    """Stretches of at most *longest* characters, cut between sentences where there are any.

    A single sentence longer than that is cut hard; together the stretches cover *text*.
    """
    ends = [m.start() for m in _SENTENCE_END.finditer(text) if 0 < m.start() < len(text)]
    stretches: list[tuple[int, int]] = []
    start = 0
    for end, following in zip([*ends, len(text)], [*ends[1:], len(text), len(text)], strict=False):
        if end > start and (end == len(text) or following - start > longest):
            stretches.extend(_cut(start, end, longest))
            start = end
    return stretches


def _cut(start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    for left in range(start, end, longest):
        yield left, min(left + longest, end)
