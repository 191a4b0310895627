"""The audit log: who asked what and what he was told, kept before he is told it."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.audit.database import connect, faults, url_of
from assistant.audit.entry import Asked, row_of
from assistant.audit.tables import answers, feedback
from assistant.callers import Caller
from assistant.errors import AuditUnavailable, NotFound
from assistant.models import Feedback, FeedbackReceipt
from assistant.settings import Settings
from index.privacy import hide

_LOG = logging.getLogger(__name__)
_DAY = timedelta(days=1)


class AuditLog:
    """Keeps answered questions and what callers thought of the answers.

    Safe to share between threads, and several processes may write to one database.

    Args:
        engine: the database.
        days: how long rows are kept.
    """

    def __init__(self, engine: Engine, days: int) -> None:
        self.engine = engine
        self._days = days
        self._expired_at = datetime.min.replace(tzinfo=UTC)
        # SQLite takes one writer at a time and lets the others sleep; queueing here is quicker
        one_writer = engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[Any] = threading.Lock() if one_writer else nullcontext()

    @classmethod
    def open(cls, settings: Settings) -> AuditLog | None:
        """The log that the settings name; None where it is switched off.

        Raises:
            SettingsError: ``ANZE_AUDIT_URL`` names no database that we can speak to.
            AuditUnavailable: it cannot be reached or written, or another version of us made it.
        """
        url = url_of(settings)
        return cls(connect(url), settings.audit_days) if url else None

    def record(self, asked: Asked) -> None:
        """Keep an answered question; when this returns it is committed.

        Raises:
            AuditUnavailable: it could not be written, so the answer must not be given.
        """
        row = row_of(asked)
        with faults("写不进"), self._turn, self.engine.begin() as connection:
            connection.execute(insert(answers), row)
        self._expire_daily()

    def judge(self, given: Feedback, caller: Caller) -> FeedbackReceipt:
        """Keep what *caller* thought of an answer that he was given; committed when this returns.

        Judging the same answer again replaces what was said first, under the same id.

        Raises:
            NotFound: there is no such answer, or another caller was given it.
            AuditUnavailable: it could not be written.
        """
        values = {
            "at": datetime.now(UTC),
            "helpful": given.helpful,
            "comment": hide(given.comment) if given.comment else None,
        }
        with faults("写不进"), self._turn:
            try:
                with self.engine.begin() as connection:
                    kept = _keep(connection, given.answer_id, caller.name, values)
            except IntegrityError:  # another process kept one for the same answer just now
                with self.engine.begin() as connection:
                    kept = _keep(connection, given.answer_id, caller.name, values)
        return FeedbackReceipt(id=kept, answer_id=given.answer_id)

    def expire(self) -> None:
        """Delete what is older than the days for which it is kept.

        Raises:
            AuditUnavailable: the database cannot be written.
        """
        now = datetime.now(UTC)
        self._expired_at = now
        self.purge(now - timedelta(days=self._days))

    def purge(self, before: datetime) -> int:
        """Delete answers given before that moment, with their feedback; how many answers.

        Raises:
            AuditUnavailable: the database cannot be written.
        """
        old = select(answers.c.id).where(answers.c.at < before)
        with faults("写不进"), self._turn, self.engine.begin() as connection:
            connection.execute(delete(feedback).where(feedback.c.answer_id.in_(old)))
            return connection.execute(delete(answers).where(answers.c.at < before)).rowcount

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()

    def _expire_daily(self) -> None:
        """Once a day; an answer that is recorded is given whether or not this succeeds."""
        if datetime.now(UTC) - self._expired_at < _DAY:
            return
        try:
            self.expire()
        except AuditUnavailable as error:
            _LOG.error("%s", error)


def _keep(connection: Connection, answer_id: str, caller: str, values: Mapping[str, Any]) -> str:
    """Write one feedback, over an older one where there is; its id."""
    own = (feedback.c.answer_id == answer_id) & (feedback.c.caller == caller)
    if connection.execute(update(feedback).where(own).values(**values)).rowcount:
        return str(connection.scalar(select(feedback.c.id).where(own)))
    given = (answers.c.id == answer_id) & (answers.c.caller == caller)
    if connection.scalar(select(answers.c.id).where(given)) is None:
        raise NotFound("没有这个回答：answer_id 应是您得到的回答的 id，且仍在保存期限内。")
    new = uuid.uuid4().hex
    row = {"id": new, "answer_id": answer_id, "caller": caller, **values}
    connection.execute(insert(feedback), row)
    return new
