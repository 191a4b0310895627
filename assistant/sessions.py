"""Sessions of the page: which browser has shown which key.

They stand in a database, so that several server processes share them and a restart keeps them.
It holds digests alone: with a copy of it nobody gets in.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable

from assistant.errors import SettingsError
from assistant.keys import digest_of
from assistant.private_files import keep_private

#: How long a session lasts, in seconds: a working day.
LIFETIME = 12 * 3600
_FILE = "sessions.db"
_SESSIONS = Table(
    "sessions",
    MetaData(),
    Column("token_sha256", String(64), primary_key=True),
    # of the key itself, not its name: another key of the same name opens nothing
    Column("key_sha256", String(64), nullable=False),
    Column("ends_at", Integer, nullable=False),
)


class Sessions:
    """The sessions kept in *folder*. Safe to share between threads and processes.

    Raises:
        SettingsError: the folder or the database cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_private(folder / _FILE)
            self._engine = _open(folder / _FILE)
            with self._engine.begin() as connection:
                connection.execute(CreateTable(_SESSIONS, if_not_exists=True))
                _drop_ended(connection)
        except (OSError, SQLAlchemyError) as error:
            raise SettingsError(
                f"写不了登录记录 {folder / _FILE}。请检查 ANZE_DATA 所指的文件夹能否写入。"
            ) from error

    def start(self, key_sha256: str) -> str:
        """A new session of the key of this digest: its token, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        ends_at = int(time.time()) + LIFETIME
        with self._engine.begin() as connection:
            _drop_ended(connection)
            row = {"token_sha256": digest_of(token), "key_sha256": key_sha256, "ends_at": ends_at}
            connection.execute(insert(_SESSIONS).values(row))
        return token

    def key_of(self, token: str) -> str | None:
        """The digest of the key that the session of *token* was started with, while it lasts."""
        query = select(_SESSIONS.c.key_sha256).where(
            _SESSIONS.c.token_sha256 == digest_of(token), _SESSIONS.c.ends_at > time.time()
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def end(self, token: str) -> None:
        """Forget the session of *token*, if there is one."""
        with self._engine.begin() as connection:
            connection.execute(
                delete(_SESSIONS).where(_SESSIONS.c.token_sha256 == digest_of(token))
            )

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()


def _open(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)))

    @event.listens_for(engine, "connect")
    def prepare(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.execute("PRAGMA journal_mode=WAL")  # who reads does not wait for who writes
        cursor.close()

    return engine


def _drop_ended(connection: Connection) -> None:
    connection.execute(delete(_SESSIONS).where(_SESSIONS.c.ends_at <= time.time()))
