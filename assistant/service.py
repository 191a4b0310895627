"""The assistant: what the page, the API and the command line call."""

from __future__ import annotations

import threading
from datetime import date
from time import perf_counter

from assistant.ask import answer_question
from assistant.library import Library
from assistant.locate import locate
from assistant.lookup import look_up
from assistant.models import (
    Answer,
    DocumentList,
    DocumentView,
    ProvisionView,
    Question,
    Readiness,
    SearchResults,
)
from assistant.settings import Settings
from assistant.understand import Understanding
from index.embeddings import SentenceEmbeddings
from index.provision import Audience
from index.store import Index, current_version


class Assistant:
    """Answers questions from one index, and lets people look things up in it.

    Safe to share between threads. When a new version has been built, the next call serves it;
    calls under way finish on the old one.
    """

    def __init__(self, settings: Settings, index: Index) -> None:
        self.settings = settings
        self._index = index
        self._understanding = Understanding.over(index)
        self._reopening = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """The assistant over the index that serves now.

        Raises:
            IndexUnavailable: there is no index, or it is damaged.
        """
        embeddings = SentenceEmbeddings.open(settings.model, threads=settings.threads or None)
        assistant = cls(settings, Index.open(settings.index, embeddings))
        assistant.search("安全生产")  # what is loaded on first use is loaded now
        return assistant

    @property
    def index(self) -> Index:
        """The index that serves now."""
        return self._current()

    @property
    def understanding(self) -> Understanding:
        """What reads questions to that index."""
        return self._understanding

    def ask(self, question: Question, audience: Audience = Audience.INTERNAL) -> Answer:
        """The answer to *question*, or a refusal with its reason.

        Raises:
            BadQuestion: an empty question, or a place that is none.
        """
        library = self._library(audience, question.as_of)
        return answer_question(question, library, self._understanding)

    def search(
        self,
        query: str,
        jurisdiction: str | None = None,
        limit: int = 10,
        audience: Audience = Audience.INTERNAL,
    ) -> SearchResults:
        """Provisions for somebody who is looking a rule up, best first.

        Raises:
            BadQuestion: an empty query, or a place that is none.
        """
        started = perf_counter()
        library = self._library(audience)
        results = look_up(query, jurisdiction, limit, library, self._understanding)
        return SearchResults(
            results=tuple(results),
            index_version=library.index.version,
            timings_ms={"total": round((perf_counter() - started) * 1000, 1)},
        )

    def provision(self, provision_id: str, audience: Audience = Audience.INTERNAL) -> ProvisionView:
        """One provision in its place.

        Raises:
            NotFound: there is none that the caller may read.
        """
        return self._library(audience).provision_view(provision_id)

    def locate(self, text: str, audience: Audience = Audience.INTERNAL) -> ProvisionView:
        """The provision that *text* means: an id, or an address with a document's name.

        Raises:
            NotFound: there is none, or several.
        """
        library = self._library(audience)
        return library.provision_view(locate(text, library).id)

    def documents(self, audience: Audience = Audience.INTERNAL) -> DocumentList:
        """All documents that the caller may read."""
        return self._library(audience).document_list()

    def document(self, document_id: str, audience: Audience = Audience.INTERNAL) -> DocumentView:
        """One document with its text and tree.

        Raises:
            NotFound: there is none that the caller may read.
        """
        return self._library(audience).document_view(document_id)

    def readiness(self) -> Readiness:
        """Which index is loaded."""
        manifest = self._current().manifest
        return Readiness(
            index_version=manifest.version,
            documents=manifest.documents,
            provisions=manifest.provisions,
            embedding_model=manifest.model,
        )

    def _library(self, audience: Audience, as_of: date | None = None) -> Library:
        return Library(self._current(), audience, as_of or date.today())

    def _current(self) -> Index:
        """The index that serves now, opened anew where the pointer has moved."""
        version = current_version(self.settings.index)
        if version is not None and version != self._index.version:
            with self._reopening:
                if version != self._index.version:
                    index = Index.open(self.settings.index, self._index.embeddings)
                    self._understanding = Understanding.over(index)
                    self._index = index
        return self._index
