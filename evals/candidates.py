"""Feedback → candidate cases: what callers were told, to be corrected and checked by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.audit.reading import Entry, Judgement
from assistant.models import Reason, Status, Turn
from assistant.phrases import Phrases
from assistant.query import Ask
from evals.case import Case, Gold

UNGUESSED = "unchecked"
_KINDS: Mapping[Ask, str] = {
    Ask.PERIOD: "period",
    Ask.FREQUENCY: "frequency",
    Ask.MONEY: "money",
    Ask.DATE: "date",
    Ask.COUNT: "count",
    Ask.STANDING: "standing",
    Ask.COMPARE: "compare",
    Ask.LIST: "list",
    Ask.BODY: "body",
    Ask.DEFINITION: "definition",
    Ask.YES_NO: "yes_no",
}
_MIN_QUOTE = 2  # characters; a shorter stretch is no gold span


def candidate(judgement: Judgement) -> Case:
    """The case that a feedback suggests: what was answered stands for what should have been.

    A person corrects it and takes the mark ``"checked": false`` away; until then `anze eval`
    skips it.
    """
    entry = judgement.entry
    return Case(
        id=f"feedback-{entry.id.lower()}",
        kind=_kind(entry.question),
        question=entry.question,
        history=tuple(Turn.model_validate(turn) for turn in entry.history),
        jurisdiction=entry.jurisdiction,
        role=entry.role,
        as_of=entry.as_of,
        status=Status(entry.status),
        reasons=(Reason(entry.reason),) if entry.reason else (),
        gold=_gold(entry),
        note=_note(judgement),
        split="tune",
        checked=False,
    )


def _kind(question: str) -> str:
    kinds = Phrases.load().kinds(question)
    return next((_KINDS[kind] for kind in kinds if kind in _KINDS), UNGUESSED)


def _gold(entry: Entry) -> tuple[Gold, ...]:
    """The stretches that were cited, each once, in their order."""
    cited = {
        (c["document"], c["quote"]): Gold(
            document=c["document"], text=c["quote"], provision=c["provision_id"]
        )
        for c in reversed(entry.citations)
        if len(c["quote"]) >= _MIN_QUOTE
    }
    return tuple(reversed(cited.values()))


def _note(judgement: Judgement) -> str:
    verdict = "有帮助" if judgement.helpful else "没帮助"
    said = f"反馈：{verdict}。{judgement.comment or ''}".rstrip()
    return f"{said}（回答 {judgement.entry.id}）"


def write_candidates(judgements: Iterable[Judgement], path: Path) -> int:
    """Write one candidate a line, the last judgement of each answer; how many there are."""
    cases = {case.id: case for case in map(candidate, judgements)}
    lines = (case.model_dump_json() + "\n" for case in cases.values())
    path.write_text("".join(lines), encoding="utf-8")
    return len(cases)
