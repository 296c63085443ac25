"""What may be expected of whom."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import RefusedError
from people.rules.levels import Level

FAR_AHEAD_DAYS = 366


@dataclass(frozen=True)
class TargetDraft:
    """What is expected from a day on, of a level or a job title.

    Attributes:
        tenths: In tenths of a level; None where the job title has no target of its own any more.
    """

    dimension_code: str
    level: Level | None
    job_title: str | None
    tenths: int | None
    floor_tenths: int | None
    required: bool
    from_on: date
    why: str = ""
    is_return: bool = False
    """Whether it brings back what held before, which may have been no target at all."""

    @property
    def signature(self) -> str:
        """Return all that counts in one line, to tell whether it is what somebody looked at."""
        of = self.level.value if self.level else f"job {self.job_title}"
        parts = (self.dimension_code, of, self.tenths, self.floor_tenths, self.required)
        return "|".join(str(one) for one in (*parts, self.from_on.isoformat()))


def check_target(draft: TargetDraft, codes: Container[str]) -> None:
    """Refuse a target that says nothing, or too much.

    Raises:
        RefusedError: There is no such dimension, nobody or two are meant, or the floor lies above
            the target.
    """
    if draft.dimension_code not in codes:
        raise RefusedError("Choose a dimension of the framework.", "dimension")
    if draft.level is None and not draft.job_title:
        raise RefusedError("Choose a level or a job title.", "of")
    if draft.level is not None and draft.job_title:
        raise RefusedError("Choose a level or a job title, not both.", "of")
    if draft.tenths is None and draft.level is not None and not draft.is_return:
        raise RefusedError("Choose what is expected of the level, from 1 to 5.", "score")
    if draft.tenths is not None and (draft.floor_tenths or 0) > draft.tenths:
        raise RefusedError("The least score lies above the target; choose a lower one.", "floor")


def target_words(tenths: int | None, floor_tenths: int | None, *, required: bool) -> str:
    """Return a target in words: "3.5, required, at least 3.0"."""
    if tenths is None:
        return "no target of its own"
    if not required:
        return f"{tenths / 10:.1f}, not required"
    return f"{tenths / 10:.1f}, required, at least {(floor_tenths or tenths) / 10:.1f}"


def day_warning(from_on: date, today: date) -> str:
    """Return what to think of before a target is set from a day that is not about today."""
    if from_on < today:
        return (
            "This day has gone by. It counts from today on as if it had held since then; whoever "
            "was told something else in between is told nothing new. Mostly today is meant."
        )
    if from_on > today + timedelta(days=FAR_AHEAD_DAYS):
        return "This day lies more than a year ahead. Until then nothing changes for anybody."
    return ""
