"""How a reader came to a provision's page: in which language, and from which tab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from ui.words import LANGUAGES, Words, words_of

TABS = ("chat", "lookup", "compare", "documents")


@dataclass(frozen=True)
class Way:
    """What every link of a reading page keeps, so that the way back leads where one came from.

    Args:
        words: the language of the words around the text.
        tab: the tab that the reader came from.
    """

    words: Words = field(default_factory=lambda: words_of(LANGUAGES[0]))
    tab: str = TABS[0]

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Way:
        """The way that the query string *given* tells; what it does not know is left out."""
        language, tab = given.get("lang", ""), given.get("from", "")
        return cls(
            words_of(language if language in LANGUAGES else LANGUAGES[0]),
            tab if tab in TABS else TABS[0],
        )

    @property
    def back(self) -> str:
        """The tab that the reader came from."""
        return f"{self.words.home}#{self.tab}"

    def to(self, provision_id: str, mark: tuple[int, int] | None = None, at: str = "") -> str:
        """The address of a provision's or a document's page.

        Args:
            provision_id: of the provision, or of the document.
            mark: the words to mark, as offsets in the provision's text.
            at: the place on the page to go to; the marked words, where there are any.
        """
        given = {"s": str(mark[0]), "e": str(mark[1])} if mark else {}
        if self.tab != TABS[0]:
            given["from"] = self.tab
        if self.words.language != LANGUAGES[0]:
            given["lang"] = self.words.language
        at = at or ("mark" if mark else "")
        query = f"?{urlencode(given)}" if given else ""
        return f"/p/{quote(provision_id)}{query}{'#' + at if at else ''}"
