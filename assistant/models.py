"""What crosses rooms and HTTP: questions, answers and their citations.

Every model is frozen and rejects unknown keys. The API returns these models themselves, so
there is no second set of schemas.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from index.provision import Authority, Standing

MAX_QUESTION = 2_000
MAX_HISTORY = 40
MAX_TURN = 20_000
_EXAMPLE = "常州受到诫勉处理多久不得提拔"
#: A text from outside. Whoever takes it in refuses NUL characters, and says so in the schema.
Text = Annotated[StrictStr, Field(json_schema_extra={"pattern": "^[^\\u0000]*$"})]
#: The same with something in it besides blanks.
Words = Annotated[
    StrictStr, Field(json_schema_extra={"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"})
]


class Model(BaseModel):
    """A frozen model that rejects keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a question was refused."""

    OUT_OF_SCOPE = "out_of_scope"
    JURISDICTION_NOT_COVERED = "jurisdiction_not_covered"
    NO_PROVISION = "no_provision"
    PERSONAL_DATA = "personal_data"
    UNCLEAR = "unclear"


class Mode(StrEnum):
    """Who wrote the sentences: the regulation itself, or a language model."""

    EXTRACTIVE = "extractive"
    GENERATIVE = "generative"


class Turn(Model):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Text = Field(max_length=MAX_TURN)


class Question(Model):
    """What somebody asks.

    Args:
        question: as typed.
        history: what was said before, oldest first.
        jurisdiction: the place the asker is in, used where the question names none.
        role: the office of the asker (区委书记), used where the question speaks of him or names no
            office.
        as_of: the day for which the answer is to hold; None means today.
    """

    question: Words = Field(min_length=1, max_length=MAX_QUESTION, examples=[_EXAMPLE])
    history: tuple[Turn, ...] = Field(default=(), max_length=MAX_HISTORY)
    jurisdiction: Text | None = Field(default=None, max_length=40)
    role: Text | None = Field(default=None, max_length=40)
    as_of: date | None = None


class DocumentRef(Model):
    """A document as a citation names it."""

    id: str
    title: str
    number: str
    issuer: str
    jurisdiction: str
    issued_on: date | None
    standing: Standing
    authority: Authority


class Citation(Model):
    """One provision and the words in it: ``text[start:end] == quote``.

    Args:
        n: the number in the answer's ``[n]``, from 1.
        provision_id: e.g. ``changzhou-2018/30``.
        address: as printed, e.g. 第三十条.
        heading_path: labels and headings above the provision, outermost first.
        quote: a stretch of the provision's text, character for character.
        start, end: where it stands in the provision's text, in characters.
    """

    n: int
    provision_id: str
    address: str
    document: DocumentRef
    heading_path: tuple[str, ...] = ()
    quote: str
    start: int
    end: int


class Statement(Model):
    """A sentence of the answer and the citations that carry it."""

    text: str
    citations: tuple[int, ...]


class Trace(Model):
    """How a language model took part in an answer.

    Args:
        model: its name.
        prompt: the first twelve digits of the SHA-256 of the file of the prompt that it wrote the
            answer to; None where it was asked only to understand.
        prompts: the same for each prompt used, by name.
        tokens_in, tokens_out: as the endpoint counts them; None where it does not say.
        used: how many of its sentences are shown.
        replaced: for how many pieces of evidence the regulation's words stand instead.
        dropped: how many of its sentences did not stand up to the evidence.
        fault: what went wrong with it, if anything.
    """

    model: str
    prompt: str | None = None
    prompts: dict[str, str] = Field(default_factory=dict)
    tokens_in: int | None = None
    tokens_out: int | None = None
    used: int = 0
    replaced: int = 0
    dropped: int = 0
    fault: str | None = None


class Answer(Model):
    """The outcome of a question, answered or refused.

    Args:
        confidence: the probability, 0 to 1, that the answer is right and whole, as far as questions
            with known answers tell; None for a refusal.
        mode: `generative` where at least one sentence is a language model's.
        model: whose, then.
        trace: what became of asking a model; None where none was asked.
    """

    id: str
    status: Status
    reason: Reason | None = None
    answer: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    notices: tuple[str, ...] = ()
    mode: Mode = Mode.EXTRACTIVE
    model: str | None = None
    trace: Trace | None = None
    confidence: float | None = None
    index_version: str
    timings_ms: dict[str, float] = Field(default_factory=dict)


class Stage(StrEnum):
    """What an answer in the making has come to."""

    UNDERSTANDING = "understanding"
    SEARCHING = "searching"
    COMPOSING = "composing"
    VERIFYING = "verifying"


class Written(Model):
    """A stretch of an answer's text: all of them, joined, are it. A refusal has none."""

    text: str


class Notice(Model):
    """What is said before the substance: that a text is a draft, has lapsed, is a press report."""

    notice: str


#: What happens while a question is answered: stages, the notices, then each statement after the
#: citations that it brings and before what is written of it, at the end the whole answer.
Event = Stage | Notice | Citation | Statement | Written | Answer


class Feedback(Model):
    """What somebody thought of an answer that he was given.

    Args:
        answer_id: the answer's id.
        helpful: whether it helped.
        comment: what he says of it; personal data in it is masked.
    """

    answer_id: Text = Field(min_length=1, max_length=64)
    helpful: StrictBool
    comment: Text | None = Field(default=None, max_length=2_000)


class FeedbackReceipt(Model):
    """What was thought of an answer is kept."""

    id: str
    answer_id: str
    status: Literal["recorded"] = "recorded"


class SearchResult(Model):
    """A provision found for a person who is looking something up.

    Args:
        marks: stretches of ``text`` that match the query, as pairs ``[start, end]``.
        score: larger is better; comparable within one search only.
        near: whether it was found by its meaning alone: it was not named, and neither it nor a
            heading above it has a word of the query or what regulations write for one.
    """

    provision_id: str
    address: str
    document: DocumentRef
    heading_path: tuple[str, ...]
    text: str
    marks: tuple[tuple[int, int], ...]
    score: float
    near: bool = False


class SearchResults(Model):
    """The ranked provisions for a query."""

    results: tuple[SearchResult, ...]
    index_version: str
    timings_ms: dict[str, float]


class ProvisionView(Model):
    """A provision in its place; ``children``, ``previous`` and ``next`` are provision ids."""

    provision_id: str
    address: str
    label: str
    heading: str
    document: DocumentRef
    heading_path: tuple[str, ...]
    text: str
    start: int
    end: int
    parent: str | None
    children: tuple[str, ...]
    previous: str | None
    next: str | None


class TreeNode(Model):
    """A provision in a document's tree; ``start`` and ``end`` are offsets in its ``text``."""

    provision_id: str
    address: str
    label: str
    heading: str
    label_start: int
    start: int
    end: int
    children: tuple[TreeNode, ...]


class DocumentSummary(DocumentRef):
    """A document in the list of documents."""

    effective_on: date | None
    expires_on: date | None
    standing_note: str
    aliases: tuple[str, ...]
    provisions: int
    characters: int


class DocumentView(DocumentSummary):
    """One document with its whole text and its tree of provisions."""

    text: str
    tree: tuple[TreeNode, ...]


class DocumentList(Model):
    """All documents that the caller may read."""

    documents: tuple[DocumentSummary, ...]


class Health(Model):
    """Liveness: the process answers."""

    status: Literal["ok"] = "ok"


class Readiness(Model):
    """Readiness: an index is loaded, and which."""

    status: Literal["ready"] = "ready"
    index_version: str
    documents: int
    provisions: int
    embedding_model: str
