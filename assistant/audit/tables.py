"""The tables of the audit log; they hold on any database that SQLAlchemy speaks to."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

#: Goes up when a table changes; a database of another number is not written to.
SCHEMA = 2

metadata = MetaData()


class Utc(TypeDecorator[datetime]):
    """A moment, kept as UTC without a zone, since not every database keeps zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As the database gets it."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As we get it."""
        return value.replace(tzinfo=UTC) if value else None


schema = Table(
    "anze_schema",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
)

#: One row a question answered or refused. ``citations`` is a list of ``n``, ``provision_id``,
#: ``document``, ``start``, ``end`` and ``quote``; ``history`` one of ``role`` and ``content``.
answers = Table(
    "anze_answers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", Utc, nullable=False, index=True),
    Column("caller", String(200), nullable=False),
    Column("door", String(20), nullable=False),
    Column("question", Text, nullable=False),
    Column("history", JSON, nullable=False),
    Column("jurisdiction", String(40)),
    Column("role", String(40)),
    Column("as_of", Date),
    Column("status", String(20), nullable=False),
    Column("reason", String(40)),
    Column("answer", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("mode", String(20), nullable=False),
    Column("model", String(200)),
    Column("prompt_digest", String(64)),
    Column("index_version", String(64), nullable=False),
    Column("embedding_model", String(200), nullable=False),
    Column("timings_ms", JSON, nullable=False),
)

#: What a caller thought of an answer that he was given; one row a caller and answer.
feedback = Table(
    "anze_feedback",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("answer_id", ForeignKey("anze_answers.id"), nullable=False),
    Column("caller", String(200), nullable=False),
    Column("at", Utc, nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("comment", Text),
    UniqueConstraint("answer_id", "caller"),
)
