"""How many questions are answered right: ``python -m evals.answers [CASES.jsonl]``.

A case is right when its status is, and, where it is answered, exactly the gold provisions are cited
(those under ``ok`` may be), every word under ``must_contain`` stands in the answer and none under
``must_not``. ``x/2/4*`` stands for a provision and all below it that have words of their own.

The shipped cases are TUNING cases: the rules were improved on them, so that their figures say
nothing about questions nobody has seen.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.models import Answer, Question, Status, Turn
from assistant.service import Assistant
from assistant.settings import load_settings

_CASES = Path(__file__).parent / "cases" / "colloquial.jsonl"


def main(path: Path) -> None:
    """Print the figures by kind, and each case that is not right."""
    assistant = Assistant.open(load_settings())
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrongly_refused = 0
    for case in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        answer = assistant.ask(_question(case))
        kind = case["kind"] if case["status"] == "answered" else "must refuse"
        total[kind] += 1
        if is_right(case, answer, assistant):
            right[kind] += 1
        else:
            print(f"✗ {case['id']} {case['question']} → {answer.status} {_cited(answer)}")
        wrongly_refused += case["status"] == "answered" and answer.status is Status.REFUSED
    for kind, count in sorted(total.items()):
        print(f"{kind:12} {right[kind]:3} / {count}")
    answerable = total.total() - total["must refuse"]
    print(f"answerable: {right.total() - right['must refuse']} / {answerable} right, ", end="")
    print(
        f"{wrongly_refused} refused; must refuse: {right['must refuse']} / {total['must refuse']}"
    )


def _question(case: dict[str, Any]) -> Question:
    history = tuple(Turn(role="user", content=words) for words in case["history"])
    return Question(question=case["question"], history=history)


def is_right(case: dict[str, Any], answer: Answer, assistant: Assistant) -> bool:
    """Whether *answer* is what the case asks for."""
    if answer.status != case["status"]:
        return False
    if answer.status is Status.REFUSED:
        return True
    gold = _provisions(case["gold"], assistant)
    allowed = gold | _provisions(case["ok"], assistant)
    cited = set(_cited(answer))
    return (
        gold <= cited <= allowed
        and all(words in answer.answer for words in case["must_contain"])
        and not any(words in answer.answer for words in case["must_not"])
    )


def _cited(answer: Answer) -> list[str]:
    return list(dict.fromkeys(citation.provision_id for citation in answer.citations))


def _provisions(patterns: Iterable[str], assistant: Assistant) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if pattern.endswith("*"):
            found |= set(_with_words(assistant, pattern.removesuffix("*")))
        else:
            found.add(pattern)
    return found


def _with_words(assistant: Assistant, provision_id: str) -> Iterable[str]:
    view = assistant.provision(provision_id)
    first = assistant.provision(view.children[0]) if view.children else None
    if first is None or first.start > view.start:
        yield provision_id
    for child in view.children:
        yield from _with_words(assistant, child)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _CASES)
