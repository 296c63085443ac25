"""The last round was held in waves, so that not everything the company owes ends on one day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from demo.rules.sayings import RoundHeld, Saying
from demo.rules.staffing import Staff

LATER_DAYS = {"senior": 26, "team_lead": 26, "manager": 40, "executive": 40}
"""By how many days those of a level came after the front line."""


def in_waves(held: RoundHeld, staff: Staff) -> Iterator[RoundHeld]:
    """Yield a round as it was held: the front line first, who leads later, managers in the end."""
    subjects = {one.subject: LATER_DAYS.get(one.level, 0) for one in held.sayings}
    later = frozenset(one for one, days in subjects.items() if days)
    for days in sorted(set(subjects.values())):
        shift = timedelta(days=days)
        moved = (
            replace(one, given_on=one.given_on + shift)
            for one in held.sayings
            if subjects[one.subject] == days
        )
        yield replace(
            held,
            at=held.at + shift,
            asked_on=held.asked_on + shift,
            due_on=held.due_on + shift,
            sayings=tuple(one for one in moved if _were_there(one, staff)),
            renewed=() if days else held.renewed,
            is_wave=bool(days),
            later=frozenset() if days else later,
        )


def _were_there(one: Saying, staff: Staff) -> bool:
    """Tell whether neither of the two had left by then."""
    gone = (staff.members[number].left_on for number in (one.subject, one.rater))
    return all((left or date.max) > one.given_on for left in gone)
