"""What selection hands on: stretches that answer, place by place."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.query import Scope
from index.provision import Provision
from index.units import Unit


@dataclass(frozen=True)
class Evidence:
    """One stretch that answers, or leads to what answers.

    Args:
        unit: the stretch.
        label: the item's printed label where it is shown as part of a list, else empty.
        opens: whether it only opens a list (…主要包括：).
        verdict: for questions of standing, what follows for the document; else empty.
    """

    unit: Unit
    label: str = ""
    opens: bool = False
    verdict: str = ""


@dataclass(frozen=True)
class Group:
    """The evidence for one place.

    Args:
        scope: the place and its documents.
        evidence: in the order in which it is shown.
        score: how well it answers, 0 to 1; for a list the share of the question that it covers.
        likely: the scorer's probability that it is right; None where no scorer judged (a list, a
            named provision).
        trust: the same where questions were asked before, so that it counts for more than rules
            do; else 0. A list may have it too.
        is_reckoned: whether the question's own numbers chose it, or it is the names of so many
            things; what was asked before with other numbers says nothing against it.
    """

    scope: Scope
    evidence: tuple[Evidence, ...]
    score: float
    likely: float | None = None
    trust: float = 0.0
    is_reckoned: bool = False


@dataclass(frozen=True)
class Selection:
    """What was selected, place by place; no groups mean a refusal.

    Args:
        groups: the places with an answer.
        silent: the places asked about without one.
        nearby: provisions that come nearest, for a refusal to point to.
        unanswered: of several things asked those without an answer, in the asker's words.
    """

    groups: tuple[Group, ...]
    silent: tuple[Scope, ...]
    nearby: tuple[Provision, ...] = ()
    unanswered: tuple[str, ...] = ()
