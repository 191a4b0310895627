"""Files that nobody else on the machine may read."""

from __future__ import annotations

from pathlib import Path


def keep_private(database: Path) -> None:
    """Make the file of a SQLite database, or take the rights of others off it.

    SQLite gives ``-wal`` and ``-shm`` the rights of the database when it makes them; those that
    were made before have theirs taken off here.

    Raises:
        OSError: it cannot be made, or is another user's.
    """
    database.touch(mode=0o600, exist_ok=True)
    for name in (database.name, f"{database.name}-wal", f"{database.name}-shm"):
        path = database.with_name(name)
        if path.exists() and path.stat().st_mode & 0o077:
            path.chmod(0o600)
