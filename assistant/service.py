"""The assistant: what the page, the API and the command line call."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.ask import answering
from assistant.comparison import (
    Comparison,
    ComparisonQuestion,
    ComparisonRow,
    Plan,
    conclude,
    plan,
)
from assistant.library import Library
from assistant.locate import locate
from assistant.lookup import look_up
from assistant.models import (
    Answer,
    DocumentList,
    DocumentView,
    Event,
    ProvisionView,
    Question,
    Readiness,
    SearchResults,
)
from assistant.received import Received, received
from assistant.records import DutyList, SanctionList
from assistant.registers import Registers, RegisterSearch, Window
from assistant.rereading import Rereader
from assistant.settings import Settings, Use
from assistant.understand import Understanding
from assistant.views import View, Views
from index.embeddings import SentenceEmbeddings
from index.provision import Audience
from index.store import Index, current_build, serving_version
from prompts import load

if TYPE_CHECKING:  # a language model is loaded only where one is set
    from assistant.compose.generative import Composer


class Served:
    """The index that serves now, and what reads questions to it, for each audience.

    Safe to share between threads. When a new version has been built, the next call gets it; calls
    under way finish on the old one.
    """

    def __init__(self, settings: Settings, index: Index) -> None:
        self.settings = settings
        self._home = settings.home
        self.registers = Registers()
        self.composer = composer_of(settings)
        self.rereader = rereader_of(settings)
        self._views = Views(index)
        self._reopening = threading.Lock()

    def now(self, audience: Audience) -> View:
        """What *audience* may read of the index that the pointer names, opened anew if it moved."""
        build = current_build(self.settings.index, self._home)
        if build is not None and build != self._views.whole.build:
            with self._reopening:
                before = self._views
                if build != before.whole.build:
                    embeddings = before.whole.embeddings
                    index = Index.open(self.settings.index, embeddings, self._home)
                    self._views = Views(index).made_for(before.audiences)
        return self._views.of(audience)


def composer_of(settings: Settings) -> Composer | None:
    """What words answers through the language model of *settings*; None without one."""
    if not settings.llm_base_url:
        return None
    from assistant.compose.generative import Composer
    from assistant.llm.endpoint import Endpoint

    endpoint = Endpoint(
        settings.llm_base_url,
        settings.llm_model,
        settings.llm_key,
        settings.llm_timeout,
        settings.llm_calls,
        schema=settings.llm_schema,
    )
    return Composer(endpoint, load("compose"))


def rereader_of(settings: Settings) -> Rereader | None:
    """What the language model of *settings* helps to understand; None without one, or if unused."""
    uses = (settings.llm_follow_ups, settings.llm_expand)
    if not settings.llm_base_url or set(uses) == {Use.OFF}:
        return None
    from assistant.llm.expansion import Expander
    from assistant.llm.follow_ups import FollowUpReader

    follow_ups, expander = FollowUpReader(load("follow_up")), Expander(load("expand"))
    return Rereader(follow_ups, settings.llm_follow_ups, expander, settings.llm_expand)


class Reader:
    """The edition as one audience sees it: answers questions, and lets people look things up.

    Args:
        served: the index that serves.
        audience: what may be read; for a public reader internal documents do not exist.
    """

    def __init__(self, served: Served, audience: Audience) -> None:
        self._served = served
        self.audience = audience

    def ask(self, question: Question) -> Answer:
        """The answer to *question*, or a refusal with its reason.

        Raises:
            BadQuestion: an empty question, or a place that is none.
        """
        *_, answer = self.asking(question)
        assert isinstance(answer, Answer)
        return answer

    def asking(self, question: Question) -> Iterator[Event]:
        """What happens while *question* is answered; the last event is the answer.

        Raises:
            BadQuestion: an empty question, or a place that is none.
        """
        library, understanding = self._open(question.as_of)
        served = self._served
        yield from answering(question, library, understanding, served.composer, served.rereader)

    def plan(self, asked: ComparisonQuestion) -> Plan:
        """How to ask each of the places by itself.

        Raises:
            BadQuestion: an empty question, a place that is none, too many places.
        """
        return plan(asked, *self._open(asked.as_of))

    def conclude(
        self, asked: ComparisonQuestion, plan: Plan, rows: Sequence[ComparisonRow], ms: float
    ) -> Comparison:
        """The comparison that *rows*, answered one after another in *ms* milliseconds, make."""
        return conclude(plan.text, rows, *self._open(asked.as_of), ms)

    def search(self, query: str, jurisdiction: str | None = None, limit: int = 10) -> SearchResults:
        """Provisions for somebody who is looking a rule up, best first.

        Raises:
            BadQuestion: an empty query, or a place that is none.
        """
        started = perf_counter()
        library, understanding = self._open()
        results = look_up(query, jurisdiction, limit, library, understanding)
        return SearchResults(
            results=tuple(results),
            index_version=library.index.version,
            timings_ms=_since(started),
        )

    def provision(self, provision_id: str) -> ProvisionView:
        """One provision in its place.

        Raises:
            NotFound: there is none that the caller may read.
        """
        return self.library().provision_view(provision_id)

    def locate(self, text: str) -> ProvisionView:
        """The provision that *text* means: an id, or an address with a document's name.

        Raises:
            NotFound: there is none, or several.
        """
        library = self.library()
        return library.provision_view(locate(text, library).id)

    def documents(self) -> DocumentList:
        """All documents that the caller may read."""
        return self.library().document_list()

    def document(self, document_id: str) -> DocumentView:
        """One document with its text and tree.

        Raises:
            NotFound: there is none that the caller may read.
        """
        return self.library().document_view(document_id)

    def duties(
        self, role: str = "", jurisdiction: str | None = None, limit: int = 50, offset: int = 0
    ) -> DutyList:
        """The duty register: whose duties they are, as people call the post; all where empty.

        Raises:
            BadQuestion: a place that is none, or a number out of range.
        """
        started = perf_counter()
        search, version = self._registers()
        said, duties, total = search.duties(role, jurisdiction, Window(limit, offset))
        return DutyList(
            role=said,
            duties=tuple(duties),
            total=total,
            notices=search.notices(jurisdiction, role, total),
            index_version=version,
            timings_ms=_since(started),
        )

    def sanctions(
        self,
        kind: str = "",
        conduct: str = "",
        whom: str = "",
        jurisdiction: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> SanctionList:
        """The sanction register, by kind, by words of the conduct, by who is sanctioned.

        Raises:
            BadQuestion: a place that is none, or a number out of range.
        """
        started = perf_counter()
        search, version = self._registers()
        window = Window(limit, offset)
        said, found, total = search.sanctions(kind, conduct, whom, jurisdiction, window)
        return SanctionList(
            kind=said,
            sanctions=tuple(found),
            total=total,
            notices=search.notices(jurisdiction, whom, total),
            index_version=version,
            timings_ms=_since(started),
        )

    def _registers(self) -> tuple[RegisterSearch, str]:
        library, understanding = self._open()
        registers = self._served.registers.of(library.index)
        return RegisterSearch(registers, library, understanding), library.index.version

    def received(self, document_id: str) -> Received:
        """The file behind a document, and what was changed in it.

        Raises:
            NotFound: there is no document that the caller may read.
        """
        return received(self.library().document(document_id), self._served.settings.edition)

    def readiness(self) -> Readiness:
        """Which index is loaded; counts of what the caller may read."""
        library = self.library()
        return Readiness(
            index_version=library.index.version,
            documents=len(library.documents),
            provisions=sum(len(document.provisions) for document in library.documents),
            embedding_model=library.index.manifest.model,
        )

    def check(self) -> None:
        """See whether questions can be answered now.

        Raises:
            IndexUnavailable: the vectors are on a server that does not answer.
        """
        self.library().index.vectors.check()

    def prepare(self) -> None:
        """Load what is loaded on first use, so that the first question does not wait for it."""
        self.search("安全生产")
        self.ask(Question(question="安全生产职责有哪些"))

    def library(self, as_of: date | None = None) -> Library:
        """What may be read of the index that serves now, as it stands on *as_of*."""
        return self._open(as_of)[0]

    def _open(self, as_of: date | None = None) -> tuple[Library, Understanding]:
        view = self._served.now(self.audience)
        library = Library(view.index, self.audience, as_of or date.today())
        return library, view.understanding


def _since(started: float) -> dict[str, float]:
    return {"total": round((perf_counter() - started) * 1000, 1)}


class Assistant(Reader):
    """Reads everything, and hands out readers that may read less."""

    def __init__(self, settings: Settings, index: Index) -> None:
        super().__init__(Served(settings, index), Audience.INTERNAL)
        self.settings = settings

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """The assistant over the index that serves now.

        Raises:
            EmbeddingsError: there is no model, or it is damaged.
            IndexUnavailable: there is no index, it is damaged, or the server of its vectors does
                not answer.
        """
        serving_version(settings.index)  # these two before the seconds that the model takes
        settings.home.check()
        embeddings = SentenceEmbeddings.open(settings.model, threads=settings.threads or None)
        assistant = cls(settings, Index.open(settings.index, embeddings, settings.home))
        assistant.prepare()
        return assistant

    @property
    def has_model(self) -> bool:
        """Whether a language model words answers."""
        return self._served.composer is not None

    def reader(self, audience: Audience) -> Reader:
        """The edition as *audience* sees it."""
        return Reader(self._served, audience)

    @property
    def index(self) -> Index:
        """The index that serves now."""
        return self._served.now(self.audience).index

    @property
    def understanding(self) -> Understanding:
        """What reads questions to that index."""
        return self._served.now(self.audience).understanding
