"""Noticing every change of a SQLite database, and taking it back."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from aptitude.queries.mirror import forget_mirrors
from planner.queries.balances import forget_balances

FREE = {"attempts", "audit_chain", "audit_event", "alembic_version", "sqlite_sequence"}
"""What a refused request may write: that it was tried."""

FREE_COLUMNS = {("account_session", "last_seen_at")}


class Watched:
    """A database file with its state as it was built."""

    def __init__(self, path: Path, copy: Path) -> None:
        self.path, self.copied = path, copy
        self._copy(path, copy)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.questions = self._questions()
        self.seen = self._version()
        self.first = self.fingerprint()

    def _version(self) -> int:
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def changed(self) -> set[str]:
        """Return the tables that are no longer as they were built."""
        version = self._version()
        if version == self.seen:
            return set()
        self.seen = version
        now = self.fingerprint()
        return {table for table in now if now[table] != self.first.get(table)}

    def fingerprint(self) -> dict[str, str]:
        """Return a digest of the rows of every table that is not free to change."""
        found = {}
        for table, question in self.questions.items():
            told = "\n".join(sorted(map(repr, self.connection.execute(question))))
            found[table] = hashlib.sha256(told.encode()).hexdigest()
        return found

    def _questions(self) -> dict[str, str]:
        """Return for every table that is not free to change how to read what of it is not."""
        names = {
            name
            for (name,) in self.connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            )
        }
        return {table: self._question(table) for table in sorted(names - FREE)}

    def _question(self, table: str) -> str:
        columns = [
            row[1]
            for row in self.connection.execute(f"PRAGMA table_info('{table}')")
            if (table, row[1]) not in FREE_COLUMNS
        ]
        listed = ", ".join(f'"{column}"' for column in columns)
        return f'SELECT {listed} FROM "{table}"'  # noqa: S608  # names of ours

    def restore(self) -> None:
        """Bring back the state as it was built."""
        self._copy(self.copied, self.path)
        self.seen = self._version()
        forget_balances()
        forget_mirrors()

    def close(self) -> None:
        self.connection.close()

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with (
            closing(sqlite3.connect(source)) as reader,
            closing(sqlite3.connect(target, timeout=10)) as writer,
        ):
            writer.execute("PRAGMA synchronous=OFF").close()
            reader.backup(writer)
