"""What may be expected of whom."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from core.errors import RefusedError
from people.rules.levels import Level


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


def check_target(draft: TargetDraft, codes: Container[str]) -> None:
    """Refuse a target that says nothing, or too much.

    Raises:
        RefusedError: There is no such dimension, nobody or two are meant, or the floor lies above
            the target.
    """
    if draft.dimension_code not in codes:
        raise RefusedError("Choose a dimension of the framework.", "dimension")
    if draft.level is None and not draft.job_title:
        raise RefusedError("Choose a level, or type a job title.", "job_title")
    if draft.level is not None and draft.job_title:
        raise RefusedError("Choose a level or type a job title, not both.", "job_title")
    if draft.tenths is None and draft.level is not None:
        raise RefusedError("Choose what is expected of the level, from 1 to 5.", "score")
    if draft.tenths is not None and (draft.floor_tenths or 0) > draft.tenths:
        raise RefusedError("The least score lies above the target; choose a lower one.", "floor")
