"""What a correction says."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CorrectionDraft:
    """What an entry should have been; `minutes` None takes it back without replacing it."""

    course_id: int
    done_on: date
    minutes: int | None
    why: str
