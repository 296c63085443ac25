"""What every step of the story has."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """Something that happened at a moment."""

    at: datetime


@dataclass(frozen=True)
class FileCame(Step):
    """A file came in."""

    file_name: str
    text: str
