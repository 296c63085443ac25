"""Noticing every change of a SQLite database, and taking it back.

The database itself notes which tables are written to, by triggers, so that only these are read
again and compared with what they held.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from aptitude.queries.mirror import forget_mirrors
from planner.queries.balances import forget_balances

FREE = {"attempts", "audit_chain", "audit_event", "alembic_version", "sqlite_sequence"}
"""What a refused request may write: that it was tried."""

FREE_COLUMNS = {("account_session", "last_seen_at")}

WRITTEN = "written_since_built"
"""Where the database notes the tables that were written to."""


class Watched:
    """A database file with its state as it was built."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        self.connection.execute("PRAGMA synchronous=OFF").close()
        self.questions = self._questions()
        self._note_what_is_written()
        self.kept = sqlite3.connect(":memory:")
        self.connection.backup(self.kept)
        self.first = self.fingerprint(self.questions)

    def changed(self) -> set[str]:
        """Return the tables that are no longer as they were built."""
        written = [name for (name,) in self.connection.execute(f"SELECT name FROM {WRITTEN}")]  # noqa: S608  # ours
        now = self.fingerprint(written)
        return {table for table in written if now[table] != self.first[table]}

    def fingerprint(self, tables: Iterable[str]) -> dict[str, str]:
        """Return a digest of the rows of tables that are not free to change."""
        found = {}
        for table in tables:
            rows = self.connection.execute(self.questions[table])
            told = "\n".join(sorted(map(repr, rows)))
            found[table] = hashlib.sha256(told.encode()).hexdigest()
        return found

    def _note_what_is_written(self) -> None:
        # No conflict is left to the primary key: an upsert outside would decide what becomes of it.
        script = [f"CREATE TABLE {WRITTEN} (name TEXT PRIMARY KEY);"]
        for table in self.questions:
            known = f"SELECT 1 FROM {WRITTEN} WHERE name = '{table}'"  # noqa: S608  # names of ours
            note = f"INSERT INTO {WRITTEN} SELECT '{table}' WHERE NOT EXISTS ({known});"
            for what in ("INSERT", "UPDATE", "DELETE"):
                when = f'"{WRITTEN}_{table}_{what}" AFTER {what} ON "{table}"'
                script.append(f"CREATE TRIGGER {when} BEGIN {note} END;")
        self.connection.executescript("\n".join(["BEGIN;", *script, "COMMIT;"]))

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
        self.kept.backup(self.connection)
        forget_balances()
        forget_mirrors()

    def close(self) -> None:
        self.connection.close()
        self.kept.close()
