"""What an hours file is, how it is to be read, and what came of reading it: plain values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from core.reading.shapes import Block
from ledger.rules.judging import Refusal
from ledger.rules.kinds import Basis

BEFORE_LONG_MINUTES = 24 * 60
MOST_MINUTES = 2000 * 60
REFUSALS_SHOWN = 100


class Blocks(Protocol):
    """What reads a file."""

    def __call__(self, size: int = 50_000) -> Iterator[Block]:
        """Read it from the top, `size` rows at a time."""


@dataclass(frozen=True)
class HoursSource:
    """A file of hours that has been opened and whose columns are understood."""

    file_name: str
    sha256: str
    header: tuple[str, ...]
    mapping: dict[str, int]
    """Field to column index, 0-based."""
    blocks: Blocks
    is_large: bool = False
    """Worth a second process that reads while this one writes."""


@dataclass(frozen=True)
class Reading:
    """How values are to be read, and what is allowed."""

    basis: Basis = Basis.LEARNER
    source: str = "hours file"
    """Where external ids come from; ids are compared within one source only."""
    day_minutes: int | None = None
    date_order: str | None = None
    """"day_first" or "month_first" where a person has decided; None lets the column decide."""
    statuses: dict[str, bool] = field(default_factory=dict)
    """Decisions about statuses the rules do not know."""
    allow_long: bool = False
    allow_future: bool = False
    add_people: bool = False
    strict: bool = False
    replaces_others: bool = True
    """Whether a row may replace an entry that somebody else recorded."""
    names_last_days: bool = True
    """Whether the refusal of a leaver's row may say when the person left."""


@dataclass
class ImportResult:
    """What an import did, or in a dry run would do; every row of the file is in one count."""

    batch_id: int | None = None
    new: int = 0
    same: int = 0
    changed: int = 0
    ignored: int = 0
    refused: int = 0
    minutes: int = 0
    """Minutes added to the ledger, net of what changed rows had before."""
    refusals: list[Refusal] = field(default_factory=list)
    """The first refusals and at least one of each reason."""
    reasons: dict[str, int] = field(default_factory=dict)
    ignored_statuses: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    new_courses: int = 0
    new_people: int = 0
    classified: int = 0
    """Courses the file says the category of, which had none."""
    date_order: str = "iso"
    earlier_batch_id: int | None = None

    @property
    def rows(self) -> int:
        """Rows of the file."""
        return self.new + self.same + self.changed + self.ignored + self.refused
