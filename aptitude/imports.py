"""Reading files of ratings."""

from pathlib import Path

from aptitude.rules.rating_files import FIELDS, RatingReader, ReadFile, check_columns
from core.headers import match_headers
from core.tables import COMMAND_LIMITS, Limits, open_table


def read_ratings(path: Path, limits: Limits = COMMAND_LIMITS) -> ReadFile:
    """Return the ratings of a file, with the rows that cannot be taken.

    Raises:
        RefusedError: It is not a table, or lacks a column every row needs.
    """
    table = open_table(path, limits)
    at = {name: match.column for name, match in match_headers(table.header, FIELDS).items()}
    check_columns(at, table.header)
    return RatingReader(table.header, at).read(table.blocks(used=set(at.values())))
