"""A draft in a language model's sentences: each is shown only if the evidence says the same.

The model sees the question and the draft's sentences, each under a token issued for this question.
It may reword and join them. A sentence stands where its tokens were issued, the evidence is of one
place, no clause is missing, `verify.stands` and `fidelity.faithful` hold, and the order is
the draft's; evidence whose sentence fell, or which was left out, is given in its own words. So a
model can make an answer read worse, not less true and not less whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.draft import Draft, DraftGroup, DraftStatement, Quote
from assistant.fidelity import faithful, leaves_out
from assistant.library import Library
from assistant.llm.endpoint import Endpoint
from assistant.llm.faults import Fault, ModelFault
from assistant.llm.issued import Issued
from assistant.llm.reply import SCHEMA, Reading, Sentence
from assistant.llm.work import Work
from assistant.models import Trace
from assistant.query import Query
from assistant.verify import stands
from index.privacy import hide
from prompts import Prompt

#: More sentences, or more items, than these are a list, which is given as it stands.
MOST_STATEMENTS, MOST_ITEMS = 6, 2
_STOPS = "。；！？：，、"
#: The share of Chinese characters among the letters of a text in Chinese; Japanese has fewer.
_CHINESE = 0.75


@dataclass(frozen=True)
class _Piece:
    """One piece of evidence: where in the draft, and what it says."""

    group: int
    statement: DraftStatement


@dataclass
class Writing:
    """What came of asking the model; complete when the draft has been read to its end.

    Args:
        work: all that the model is asked for this question.
        prompt: the prompt's digest.
        used: how many of its sentences are shown.
        replaced: for how many pieces of evidence the regulation's words stand instead.
        dropped: how many of its sentences did not stand.
    """

    work: Work
    prompt: str
    used: int = 0
    replaced: int = 0
    dropped: int = 0
    fault: Fault | None = None

    @property
    def model(self) -> str:
        """The model's name."""
        return self.work.model

    @property
    def notices(self) -> tuple[str, ...]:
        """What the asker is told of a fault."""
        return (self.fault.notice(partly=bool(self.used)),) if self.fault else ()

    @property
    def trace(self) -> Trace:
        """The same as the answer shows it."""
        written = {
            "prompt": self.prompt,
            "used": self.used,
            "replaced": self.replaced,
            "dropped": self.dropped,
        }
        fault = {"fault": self.fault.value} if self.fault else {}
        return self.work.trace.model_copy(update=written | fault)


def is_prose(draft: Draft) -> bool:
    """Whether there is anything in *draft* that a model may put into words of its own.

    A list of items and a table of places are given as they stand: nothing is gained by rewording
    them, and to be whole and in order is all their worth.
    """
    return not draft.in_table and any(_is_prose(group) for group in draft.groups)


def _is_prose(group: DraftGroup) -> bool:
    statements = tuple(group.statements)
    items = sum(bool(statement.prefix) for statement in statements)
    is_list = items > MOST_ITEMS or len(statements) > MOST_STATEMENTS
    return not is_list and any(map(_may_be_worded, statements))


def _may_be_worded(statement: DraftStatement) -> bool:
    """Whether the statement is its quotation, and neither what follows from one nor a heading."""
    words = [quote.words for quote in statement.quotes]
    is_quoted = len(words) == 1 and statement.text.rstrip(_STOPS) == words[0].rstrip(_STOPS)
    return is_quoted and not statement.text.endswith("：")


class Composer:
    """Puts drafts into a model's words.

    Args:
        endpoint: the model.
        prompt: how it is asked.
    """

    def __init__(self, endpoint: Endpoint, prompt: Prompt) -> None:
        self.endpoint = endpoint
        self.prompt = prompt

    def begin(self) -> Work:
        """What is asked of the model for one question; the time for all of it begins now."""
        return Work(self.endpoint)

    def reworded(
        self, query: Query, draft: Draft, library: Library, work: Work
    ) -> tuple[Draft, Writing | None]:
        """*draft* with groups that are written as they are read, and what comes of it.

        The groups must be read in order, once. A draft without prose comes back as it is.

        Args:
            work: what else the model was asked for the question, and the time that is left.
        """
        if not is_prose(draft):
            return draft, None
        writing = Writing(work, self.prompt.digest)
        pieces = [
            _Piece(n, statement)
            for n, group in enumerate(draft.groups)
            if _is_prose(group)
            for statement in group.statements
            if _may_be_worded(statement)
        ]
        question = hide(" ".join(query.text.split()))
        words = "\n".join(piece.statement.text for piece in pieces)
        issued = Issued(pieces, apart_from=f"{question}\n{words}")
        reply = self._reply(question, draft, issued, writing)
        told = _Told(reply, issued, library, writing)
        groups = tuple(
            replace(group, statements=told.group(n, tuple(group.statements)))
            for n, group in enumerate(draft.groups)
        )
        return replace(draft, groups=groups), writing

    def _reply(
        self,
        question: str,
        draft: Draft,
        issued: Issued[_Piece],
        writing: Writing,
    ) -> Iterator[Sentence]:
        """The model's sentences; a fault ends them, and is noted."""
        given = {"question": question, "evidence": "\n".join(_lines(draft, issued))}
        reading = Reading(writing.work.write(self.prompt, given, SCHEMA))
        try:
            yield from reading.sentences()
        except ModelFault as failed:
            writing.fault = failed.fault
        except (ValueError, RecursionError):  # JSON nested deeper than Python reads
            writing.fault = Fault.MALFORMED
        if writing.fault is None:
            writing.fault = _what_is_wrong(reading, writing)
        self.endpoint.judge(writing.fault)


def _lines(draft: Draft, issued: Issued[_Piece]) -> Iterator[str]:
    """The evidence as the model sees it: under each place its pieces with their tokens."""
    shown = -1
    for token, piece in issued.items():
        heading = draft.groups[piece.group].heading
        if piece.group != shown and heading:
            yield f"{heading}："
        shown = piece.group
        yield f"[{token}] {' '.join(piece.statement.text.split())}"


def _what_is_wrong(reading: Reading, writing: Writing) -> Fault | None:
    """Why a reply that came to its end is none, or not whole."""
    if writing.used:
        return Fault.MALFORMED if reading.is_cut else None
    if not reading.text.strip():
        return Fault.EMPTY
    letters = [c for c in reading.words if c.isalpha()]
    if not letters:
        return Fault.MALFORMED
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in letters)
    return Fault.WRONG_LANGUAGE if chinese < len(letters) * _CHINESE else Fault.UNPROVEN


@dataclass(frozen=True)
class _Proven:
    """A sentence that stands, its group, and the evidence that it gives."""

    group: int
    statement: DraftStatement
    gives: frozenset[DraftStatement]


class _Told:
    """Deals a model's sentences out to the groups whose evidence they name."""

    def __init__(
        self,
        reply: Iterator[Sentence],
        issued: Issued[_Piece],
        library: Library,
        writing: Writing,
    ) -> None:
        self._reply = reply
        self._issued = issued
        self._library = library
        self._writing = writing
        self._held: _Proven | None = None

    def group(self, number: int, statements: Sequence[DraftStatement]) -> Iterator[DraftStatement]:
        """The sentences of group *number*, and in the regulation's words what they leave out.

        All in the order of *statements*: whose duty a sentence is, or which measure it speaks of,
        often stands in the one before.
        """
        mine = [piece.statement for _, piece in self._issued.items() if piece.group == number]
        told = 0
        for sentence in self._sentences_of(number) if mine else ():
            places = sorted(statements.index(statement) for statement in sentence.gives)
            if places[0] < told or places[-1] - places[0] >= len(places):
                self._writing.dropped += 1
                continue
            yield from self._in_its_words(statements[told : places[0]], mine)
            told = places[-1] + 1
            self._writing.used += 1
            yield sentence.statement
        yield from self._in_its_words(statements[told:], mine)

    def _in_its_words(
        self, statements: Sequence[DraftStatement], mine: Sequence[DraftStatement]
    ) -> Iterator[DraftStatement]:
        for statement in statements:
            self._writing.replaced += statement in mine
            yield statement

    def _sentences_of(self, number: int) -> Iterator[_Proven]:
        """The sentences for group *number* that stand, until one of another group comes."""
        while (found := self._next()) is not None:
            if found.group == number:
                yield found
            elif found.group > number:
                self._held = found
                return
            else:
                self._writing.dropped += 1  # of a place that has been told

    def _next(self) -> _Proven | None:
        held, self._held = self._held, None
        if held is not None:
            return held
        for sentence in self._reply:
            found = self._proven(sentence)
            if found is not None:
                return found
            self._writing.dropped += 1
        return None

    def _proven(self, sentence: Sentence) -> _Proven | None:
        """*sentence* with its group and the evidence that carries it; None where it falls."""
        pieces = [self._issued.get(token) for token in sentence.tokens]
        known = [piece for piece in pieces if piece is not None]
        if not known or len(known) < len(pieces) or len({piece.group for piece in known}) > 1:
            return None
        gives = frozenset(piece.statement for piece in known)
        quotes = tuple(dict.fromkeys(q for piece in known for q in piece.statement.quotes))
        statement = _worded(sentence.text, quotes, tuple(gives))
        words = [quote.words for quote in quotes]
        if any(leaves_out(sentence.text, said) for said in words):
            return None
        # without the question: what it states could be left out of one rule and read into another
        proven = faithful(statement.text, words) and stands(statement, self._library)
        return _Proven(known[0].group, statement, gives) if proven else None


def _worded(
    text: str, quotes: tuple[Quote, ...], gives: tuple[DraftStatement, ...]
) -> DraftStatement:
    """*text* in the place of what it gives; an item keeps its label."""
    if len(gives) > 1:
        return DraftStatement(_closed(text), quotes)
    (one,) = gives
    if text.rstrip(_STOPS + " ") == one.text.rstrip(_STOPS):
        return one
    return DraftStatement(_closed(text), quotes, one.prefix)


def _closed(text: str) -> str:
    """*text* with one full stop at its end."""
    return text.rstrip(_STOPS + " ") + "。"
