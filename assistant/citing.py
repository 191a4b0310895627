"""Citations as official letters write them: 《…》（常办〔2018〕30号）第三十条."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models import Citation, DocumentRef
from index.provision import Authority, Standing

_NOT_IN_FORCE = {
    Standing.DRAFT: "征求意见稿",
    Standing.LAPSED: "已过期",
    Standing.SUPERSEDED: "已被取代",
}


def official(citation: Citation) -> str:
    """Title, number and address of what is cited."""
    document = citation.document
    title = document.title if "《" in document.title else f"《{document.title}》"
    number = f"（{document.number}）" if document.number else ""
    return f"{title}{number}{citation.address}"


def basis(citations: Sequence[Citation]) -> str:
    """What an answer rests on, one citation a line, for readers who see nothing but text."""
    return "\n".join(["依据：", *map(_line, citations)]) if citations else ""


def cited(citation: Citation) -> str:
    """One citation with its words, that the document does not bind said before them."""
    return f"{official(citation)}{_caution(citation.document)}：“{citation.quote}”"


def _line(citation: Citation) -> str:
    return f"[{citation.n}] {cited(citation)}"


def _caution(document: DocumentRef) -> str:
    """That the document does not bind, in brackets; empty for one in force."""
    if document.authority is Authority.PRESS_REPORT:
        return "（媒体报道）"
    word = _NOT_IN_FORCE.get(document.standing)
    return f"（{word}）" if word else ""
