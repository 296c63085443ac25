"""Who of several people cannot be enrolled: all of them at once, each by name and with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import RefusedError
from core.words import moment, plural
from curricula.rules.enrolling import MOST_NAMED, Elsewhere, Missing


@dataclass(frozen=True)
class Refused:
    """Somebody who cannot be enrolled.

    Attributes:
        who: A name, or a number as it was typed.
        why: The rest of the sentence, without its full stop.
        waivable: Whoever runs the session may enrol them all the same, with a reason.
    """

    who: str
    why: str
    waivable: bool = False

    @property
    def sentence(self) -> str:
        """Return it in words: "Noor Haddad works here no longer."."""
        return f"{self.who} {self.why}."


class NotEnrolledError(RefusedError):
    """Nobody was enrolled, because some of the people cannot be.

    Attributes:
        people: All of those, with the reason of each.
        room: Why there are too few seats for the others, as a sentence; empty where there are not.
    """

    def __init__(self, people: Sequence[Refused], room: str, *, may_waive: bool) -> None:
        super().__init__(" ".join([*_told(people, may_waive=may_waive), *([room] if room else [])]))
        self.people = tuple(people)
        self.room = room


def _told(people: Sequence[Refused], *, may_waive: bool) -> Iterable[str]:
    yield from (one.sentence for one in people[:MOST_NAMED])
    more = len(people) - MOST_NAMED
    if more > 0:
        yield f"{plural(more, 'more person', 'more people')} cannot be enrolled either."
    if any(one.waivable for one in people):
        yield way_on(may_waive=may_waive)


def way_on(*, may_waive: bool) -> str:
    """Return what to do about those who lack what the module needs first."""
    earlier = "This module builds on it. Enrol them in an earlier session of it first,"
    if may_waive:
        return f"{earlier} or say why they need not have completed it."
    return f"{earlier} or ask the trainer to waive it."


def refused_people(
    missing: Iterable[Missing],
    gone: Iterable[str],
    unknown: Iterable[str],
    elsewhere: Iterable[Elsewhere] = (),
) -> list[Refused]:
    """Return everybody who cannot be enrolled as things stand.

    Args:
        missing: Who lacks what the module needs first, where nobody waived that.
        gone: The names of those who work here no longer.
        unknown: Numbers and addresses as typed that stand for nobody whom one may enrol.
        elsewhere: Who has a seat in another session of the module: they need no second one.
    """
    return [
        *(Refused(one.name, f"has not completed {one.listed}", waivable=True) for one in missing),
        *(Refused(one.name, _has_a_seat(one)) for one in elsewhere),
        *(Refused(name, "works here no longer") for name in gone),
        *(Refused(f"“{text}”", "stands for nobody whom you may enrol") for text in unknown),
    ]


def _has_a_seat(one: Elsewhere) -> str:
    when = moment(one.begins)
    return f"has a seat in another session of this module, on {when}; withdraw them there first"


def check_no_second_seat(elsewhere: Elsewhere | None) -> None:
    """Refuse to approve a seat for somebody who has one in another session of the module.

    Raises:
        RefusedError: With when the other one is, and what to do.
    """
    if elsewhere is not None:
        has_one = Refused(elsewhere.name, _has_a_seat(elsewhere)).sentence
        raise RefusedError(f"{has_one} Or decline this request.")


def listed(people: Sequence[Refused]) -> str:
    """Return who they are in a few words, for a sentence: "Noor Haddad and “P99”"."""
    named = [one.who for one in people[:MOST_NAMED]]
    more = len(people) - MOST_NAMED
    if more > 0:
        named.append(plural(more, "other", "others"))
    *first, last = named
    return f"{', '.join(first)} and {last}" if first else last
