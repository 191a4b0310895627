"""What the audit log holds, for those who run the server and for whoever makes cases of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from assistant.audit.database import faults
from assistant.audit.log import AuditLog
from assistant.audit.tables import answers, feedback
from assistant.errors import AuditUnavailable, BadQuestion, NotFound
from assistant.settings import load_settings


@dataclass(frozen=True)
class Entry:
    """One answered question; `assistant.audit.tables` says what the columns hold."""

    id: str
    at: datetime
    caller: str
    door: str
    question: str
    history: list[dict[str, str]]
    jurisdiction: str | None
    role: str | None
    as_of: date | None
    status: str
    reason: str | None
    answer: str
    citations: list[dict[str, Any]]
    mode: str
    model: str | None
    prompt_digest: str | None
    index_version: str
    embedding_model: str
    timings_ms: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """The entry as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Judgement:
    """What a caller thought of an answer, and the answer."""

    id: str
    at: datetime
    helpful: bool
    comment: str | None
    entry: Entry

    def as_dict(self) -> dict[str, Any]:
        """The judgement as plain values."""
        return asdict(self)


def open_log() -> AuditLog:
    """The log that the environment names.

    Raises:
        AuditUnavailable: it is switched off, or cannot be reached.
    """
    log = AuditLog.open(load_settings())
    if log is None:
        raise AuditUnavailable("没有开启审计记录（ANZE_AUDIT_URL=none）。")
    return log


def moment(text: str) -> datetime:
    """The first moment of a day, or a moment, as typed; without a zone it is this machine's.

    Raises:
        BadQuestion: it is neither.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadQuestion(f"“{text}”不是日期，应写成 2026-11-21 或 2026-11-21T08:30。") from None
    return found.astimezone(UTC)


def entries(
    log: AuditLog,
    since: datetime | None = None,
    caller: str | None = None,
    status: str | None = None,
    limit: int | None = None,
) -> list[Entry]:
    """Answered questions, the newest first."""
    query = select(answers).order_by(answers.c.at.desc()).limit(limit)
    if since:
        query = query.where(answers.c.at >= since)
    if caller:
        query = query.where(answers.c.caller == caller)
    if status:
        query = query.where(answers.c.status == status)
    return [Entry(**row._mapping) for row in _rows(log, query)]


def entry(log: AuditLog, answer_id: str) -> Entry:
    """The answered question of that id.

    Raises:
        NotFound: there is none.
    """
    found = _rows(log, select(answers).where(answers.c.id == answer_id))
    if not found:
        raise NotFound(f"审计记录里没有编号 {answer_id}。用 anze audit list 查看有哪些。")
    return Entry(**found[0]._mapping)


def judgements(
    log: AuditLog, since: datetime | None = None, helpful: bool | None = None
) -> list[Judgement]:
    """What callers thought of answers, the oldest first."""
    query = (
        select(answers, *(column.label(f"f_{column.name}") for column in feedback.c))
        .join(feedback, feedback.c.answer_id == answers.c.id)
        .order_by(feedback.c.at)
    )
    if since:
        query = query.where(feedback.c.at >= since)
    if helpful is not None:
        query = query.where(feedback.c.helpful == helpful)
    return [_judgement(row) for row in _rows(log, query)]


def _judgement(row: Row[Any]) -> Judgement:
    columns = row._mapping
    return Judgement(
        id=columns["f_id"],
        at=columns["f_at"],
        helpful=columns["f_helpful"],
        comment=columns["f_comment"],
        entry=Entry(**{column.name: columns[column.name] for column in answers.c}),
    )


def _rows(log: AuditLog, query: Select[Any]) -> Sequence[Row[Any]]:
    with faults("读不了"), log.engine.connect() as connection:
        return connection.execute(query).all()
