"""The audit log's database: opened, its tables made or checked, its faults told in Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, make_url, select, text, update
from sqlalchemy.exc import (
    ArgumentError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)

from assistant.audit.tables import SCHEMA, metadata, schema
from assistant.errors import AuditUnavailable, SettingsError
from assistant.private_files import keep_private
from assistant.settings import Settings

#: Seconds that a write waits for another process's write to end.
_PATIENCE = 5


def url_of(settings: Settings) -> str | None:
    """Where the log is kept, as an SQLAlchemy URL; None where it is switched off."""
    if settings.audit_url.strip().lower() == "none":
        return None
    return settings.audit_url.strip() or f"sqlite:///{settings.data / 'audit.db'}"


def connect(url: str) -> Engine:
    """The database at *url*, its tables made where there are none.

    Raises:
        SettingsError: no URL, or one of a database whose driver is not installed.
        AuditUnavailable: it cannot be reached or written, or another version of us made it.
    """
    try:
        parsed = make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        waiting: dict[str, Any] = {"timeout": _PATIENCE} if is_sqlite else {}
        engine = create_engine(
            parsed,
            connect_args=waiting,
            pool_pre_ping=not is_sqlite,
            json_serializer=lambda value: json.dumps(value, ensure_ascii=False),
        )
    except (ArgumentError, SQLAlchemyError) as error:
        raise SettingsError(
            "ANZE_AUDIT_URL 不是数据库地址，应写成 sqlite:///文件 或 "
            "postgresql+psycopg://用户:口令@主机/库名；不需要记录时写 none。"
        ) from error
    except ImportError as error:
        raise SettingsError(
            f"ANZE_AUDIT_URL 所用的数据库缺少驱动程序 {error.name}，请先用 pip 安装。"
        ) from error
    if is_sqlite:
        _prepare_file(parsed.database)
        event.listen(engine, "connect", _set_up_sqlite)
    with faults("打不开"):
        _make_tables(engine)
    return engine


@contextmanager
def faults(what: str) -> Iterator[None]:
    """Tell a database's faults as ours; *what* is what could not be done (打不开, 写不进).

    The words of the fault are left out: they may quote a question.

    Raises:
        AuditUnavailable: the database did not do what it was told.
    """
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None)
        kind = getattr(cause, "sqlite_errorname", None) or type(cause or error).__name__
        raise AuditUnavailable(
            f"审计数据库{what}（{kind}）。请管理员检查 ANZE_DATA 或 ANZE_AUDIT_URL "
            "所指的位置：是否有写权限、磁盘是否已满、数据库是否在运行。"
        ) from None


def _prepare_file(name: str | None) -> None:
    """Make the file, so that nobody else on the machine may read what was asked."""
    if not name or name == ":memory:":
        raise SettingsError("ANZE_AUDIT_URL 要给出文件：内存里的数据库重启后就没有了。")
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_private(path)
    except OSError as error:
        raise AuditUnavailable(
            f"审计数据库 {path} 写不进（{error.strerror}）。请修改文件夹的权限，"
            "或用 ANZE_DATA 换一个文件夹；不需要记录时设 ANZE_AUDIT_URL=none。"
        ) from error


def _set_up_sqlite(connection: Any, _: object) -> None:
    """Readers beside a writer; what is committed outlives the process, however it ends.

    ``FULL`` would outlive a loss of power too, at some ten times the time a write takes.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


#: How the tables of each older version become those of the next.
_STEPS = {1: "ALTER TABLE anze_answers ADD COLUMN role VARCHAR(40)"}


def _make_tables(engine: Engine) -> None:
    try:
        _make_or_check(engine)
    except (OperationalError, ProgrammingError, IntegrityError):
        _make_or_check(engine)  # another process was making them at the same time


def _make_or_check(engine: Engine) -> None:
    metadata.create_all(engine)
    with engine.begin() as connection:
        found = connection.scalars(select(schema.c.version)).all()
        steps = [_STEPS.get(version) for version in range(max(found, default=SCHEMA), SCHEMA)]
        if steps and all(steps):
            for step in steps:
                connection.execute(text(str(step)))
            connection.execute(update(schema).values(version=SCHEMA))
        elif not found:
            connection.execute(insert(schema), {"version": SCHEMA})
        elif found != [SCHEMA]:
            raise AuditUnavailable(
                f"审计数据库的表是第 {max(found)} 版，本程序用第 {SCHEMA} 版，不能混用。"
                "请用建立它的那一版程序，或换一个位置（ANZE_DATA、ANZE_AUDIT_URL）。"
            )
