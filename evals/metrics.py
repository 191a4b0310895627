"""What is measured on one answer and on many, each as a pure function.

Citations are compared as sets of characters (see `evals.spans`), so that it does not matter how
the parser cuts the provisions. A measure that cannot be taken is None, never 0 or 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from assistant.models import Reason, Status
from evals.served import Cited, Documents, Reply
from evals.spans import Characters
from index.provision import Authority, Metadata, Standing

LEAST_RECALL = 0.9
LEAST_PRECISION = 0.75
_MARK = re.compile(r"\[\d+\]")
#: Words that tell a reader how far the text can be relied on; one of them suffices.
_SAYS_SO = {
    Standing.DRAFT: ("征求意见", "草案", "尚未生效", "未生效"),
    Standing.LAPSED: ("到期", "过期", "失效", "不是现行", "已废止"),
    Standing.SUPERSEDED: ("取代", "废止", "失效", "不是现行", "新的规定"),
    Standing.IN_FORCE: ("还没有这份文件", "尚未施行"),  # asked of a day before its first
}
_SAYS_PRESS = ("媒体", "报道", "新闻")


def citation_precision(cited: Characters, right: Characters) -> float | None:
    """The share of the cited characters that may be cited: ``|cited ∩ right| / |cited|``, 0 to 1.

    *right* are the gold, allowed and alternative stretches, widened to whole sentences.
    None where nothing is cited.
    """
    return len(cited & right) / len(cited) if cited else None


def citation_recall(cited: Characters, gold: Sequence[Sequence[Characters]]) -> float | None:
    """The share of the gold characters that are cited, 0 to 1.

    Each entry of *gold* is a stretch and its alternatives; of these the one covered best counts:
    ``Σ |cited ∩ best| / Σ |best|``. None without gold.
    """
    best = [best_covered(cited, entry) for entry in gold]
    total = sum(len(stretch) for stretch in best)
    return sum(len(cited & stretch) for stretch in best) / total if total else None


def best_covered(cited: Characters, entry: Sequence[Characters]) -> Characters:
    """The stretch of an entry of which the largest share is cited; the first of equals."""
    return max(entry, key=lambda stretch: len(cited & stretch) / max(len(stretch), 1))


def fabricated_quotes(citations: Iterable[Cited], documents: Documents) -> int:
    """How many quotations are not ``text[start:end]`` of the provision they name, 0 upwards."""
    return sum(not _is_exact(citation, documents) for citation in citations)


def _is_exact(citation: Cited, documents: Documents) -> bool:
    document = documents.get(citation.document)
    place = document.by_id.get(citation.provision_id) if document else None
    if document is None or place is None or not citation.quote:
        return False
    words = document.text[place.start : place.end]
    inside = 0 <= citation.start < citation.end <= len(words)
    return inside and words[citation.start : citation.end] == citation.quote


def missing_facts(answer: str, facts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The facts of which the answer holds no alternative, each as its alternatives with ／."""
    said = plain(answer)
    return tuple(
        "／".join(fact) for fact in facts if not any(plain(words) in said for words in fact)
    )


def fact_recall(missing: Collection[str], facts: Collection[Sequence[str]]) -> float | None:
    """The share of the facts that the answer holds: ``1 - missing / all``, 0 to 1; None of none."""
    return 1 - len(missing) / len(facts) if facts else None


def unwanted_words(answer: str, absent: Iterable[str]) -> tuple[str, ...]:
    """The words that the answer must not hold and holds."""
    said = plain(answer)
    return tuple(words for words in absent if plain(words) in said)


def plain(text: str) -> str:
    """Text without citation marks and white space, full-width forms folded."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", _MARK.sub("", text)))


def reason_right(reason: Reason | None, wanted: Collection[Reason]) -> bool | None:
    """Whether a refusal gives a reason that is right; None where any is, or nothing was refused."""
    return reason in wanted if wanted and reason is not None else None


def wrong_places(
    citations: Iterable[Cited], jurisdictions: Collection[str], documents: Documents
) -> int:
    """How many citations are of a document for another place than *jurisdictions*, 0 upwards."""
    cited = (documents[c.document] for c in citations if c.document in documents)
    return sum(document.metadata.jurisdiction not in jurisdictions for document in cited)


def wrong_addresses(citations: Iterable[Cited], documents: Documents) -> int:
    """How many citations print another address than their provision has, 0 upwards."""
    return sum(not _has_address(citation, documents) for citation in citations)


def _has_address(citation: Cited, documents: Documents) -> bool:
    document = documents.get(citation.document)
    place = document.by_id.get(citation.provision_id) if document else None
    return place is not None and place.address == citation.address


def wrong_standings(reply: Reply, documents: Documents, day: date) -> int:
    """How many cited documents do not bind on *day* without the answer saying so, 0 upwards."""
    said = reply.answer + "".join(reply.notices)
    cited = {c.document for c in reply.citations if c.document in documents}
    return sum(not _says_standing(documents[d].metadata, said, day) for d in cited)


def _says_standing(metadata: Metadata, said: str, day: date) -> bool:
    if metadata.binds_on(day):
        return True
    if metadata.authority is Authority.PRESS_REPORT:
        return any(word in said for word in _SAYS_PRESS)
    return any(word in said for word in _SAYS_SO[metadata.standing_on(day)])


def is_correct(
    wanted: Status,
    got: Status | None,
    recall: float | None,
    precision: float | None,
    faults: int,
) -> bool:
    """Whether an answer counts as right.

    The status is; and where there is an answer: recall ≥ 0.9 and precision ≥ 0.75 (so far as they
    can be taken), and no *faults*: facts missing, words that must not be there, invented quotes.
    """
    if got is not wanted:
        return False
    if wanted is Status.REFUSED:
        return True
    covered = recall is None or recall >= LEAST_RECALL
    to_the_point = precision is None or precision >= LEAST_PRECISION
    return covered and to_the_point and faults == 0


def refusal_precision(pairs: Iterable[tuple[bool, bool]]) -> tuple[int, int]:
    """Right refusals of all refusals, as ``(hits, total)``.

    Args:
        pairs: for each question: must it be refused, was it refused.
    """
    refused = [must for must, was in pairs if was]
    return sum(refused), len(refused)


def refusal_recall(pairs: Iterable[tuple[bool, bool]]) -> tuple[int, int]:
    """Right refusals of all questions that must be refused, as ``(hits, total)``."""
    asked = [was for must, was in pairs if must]
    return sum(asked), len(asked)
