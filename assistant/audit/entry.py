"""An answered question as the audit log keeps it: personal data masked, long history cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.callers import Caller
from assistant.models import Answer, Citation, Question, Turn
from index.privacy import hide

#: Characters kept of a turn of the history; what we said ourselves has a row of its own.
MAX_TURN = 2_000


@dataclass(frozen=True)
class Asked:
    """One question with its answer, and by which way it came.

    Args:
        door: the name of the door, e.g. ``rest``.
        embedding_model: the encoder of the index that answered.
    """

    question: Question
    answer: Answer
    caller: Caller
    door: str
    embedding_model: str


def row_of(asked: Asked) -> Mapping[str, Any]:
    """The row of ``anze_answers``."""
    question, answer = asked.question, asked.answer
    return {
        "id": answer.id,
        "at": datetime.now(UTC),
        "caller": asked.caller.name,
        "door": asked.door,
        "question": hide(question.question),
        "history": [_turn(turn) for turn in question.history],
        "jurisdiction": question.jurisdiction,
        "role": hide(question.role) if question.role else None,
        "as_of": question.as_of,
        "status": answer.status.value,
        "reason": answer.reason.value if answer.reason else None,
        "answer": hide(answer.answer),
        "citations": [_citation(citation) for citation in answer.citations],
        "mode": answer.mode.value,
        "model": answer.model,
        "prompt_digest": answer.trace.prompt if answer.trace else None,
        "index_version": answer.index_version,
        "embedding_model": asked.embedding_model,
        "timings_ms": dict(answer.timings_ms),
    }


def _turn(turn: Turn) -> dict[str, str]:
    kept = hide(turn.content[:MAX_TURN])
    left_out = len(turn.content) - MAX_TURN
    if left_out > 0:
        kept += f"……（另有{left_out}字未记录）"
    return {"role": turn.role, "content": kept}


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "provision_id": citation.provision_id,
        "document": citation.document.id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }
