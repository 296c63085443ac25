"""What a balance says in words, true for every value, range included.

A share under broad is not compared with the 90/10 pattern, which counts the four families only.
"""

from datetime import date
from fractions import Fraction

from ledger.rules.kinds import Basis, Definition
from planner.rules.gaps import Gap, per_person
from planner.rules.intervals import Interval
from planner.rules.periods import Period
from planner.rules.proportions import share_sentence
from planner.rules.shares import Figures, as_fraction
from planner.rules.standings import Standing, standing, target_standing
from planner.rules.wording import (
    MINUTES_PER_HOUR,
    amount,
    day,
    each,
    percent,
    percent_down,
    short_amount,
    span,
    thousands,
)

NOTHING_RECORDED = "No training hours are recorded for this choice."
NOT_KNOWN = "How much of the training was soft is not known yet: none of the hours is classified."
TOO_FEW_PEOPLE = "This choice is about fewer than five people, so its figures are not shown."
TOO_FEW_ON_A_SIDE = (
    "The share is not shown: fewer than five people stand behind the soft, the hard or the "
    "unclassified hours, here or in a group beside this one."
)

PATTERN = "the 90/10 pattern"
OTHER_TERMS = "The 90/10 pattern counts the four families only and is no line for this share."


def headline(
    figures: Figures,
    definition: Definition,
    pattern_share: float | Fraction = Fraction(1, 10),
    target_share: float | Fraction | None = None,
    interval: Interval | None = None,
    basis: Basis = Basis.LEARNER,
) -> str:
    """Return the title of a balance.

    Args:
        figures: Figures of the scope and period, under `definition`.
        definition: Under broad the 90/10 pattern is no line for the share.
        pattern_share: The pattern, 0.0 to 1.0.
        target_share: A target of the same definition, or None where nobody has set one.
        interval: When it holds the pattern and the range does not, the sentence says so.
        basis: Learner-hours are called training hours, contact-hours contact hours.
    """
    if figures.total_minutes <= 0:
        return NOTHING_RECORDED
    if figures.soft_share is None:
        return NOT_KNOWN
    pattern = None if definition is Definition.BROAD else standing(figures, pattern_share)
    target = None if target_share is None else target_standing(figures, target_share)
    aim = "" if target_share is None else f"the target of {percent(as_fraction(target_share))}"
    doubt = _doubt(pattern, pattern_share, interval)
    said = [share_sentence(figures, basis), _comparison(pattern, target, aim, figures, doubt)]
    if definition is Definition.BROAD:
        said.append(OTHER_TERMS)
    return " ".join(part for part in said if part)


def lede(
    figures: Figures,
    definition: Definition,
    period: Period,
    recorded_to: date,
    people: int | None,
    basis: Basis = Basis.LEARNER,
    scope: str = "",
) -> str:
    """Return what a balance counts: hours, people, period, as-of day and definition.

    Args:
        figures: Figures of the scope and period; the hours are written exactly.
        definition: What counts as soft.
        period: The days in view.
        recorded_to: The day up to which records count.
        people: How many people completed them; None on contact basis.
        basis: What an hour is one of.
        scope: "Contact centre", or nothing for everybody.
    """
    unit = "learner-" if basis is Basis.LEARNER else "contact-"
    done = "held" if basis is Basis.CONTACT else "completed"
    who = "" if people is None else f"by {_people(people)}"
    where = f"in {scope}" if scope else ""
    counted = [
        amount(figures.total_minutes, unit, _in_tenths(figures)),
        done,
        who,
        where,
        period.phrase,
    ]
    first = " ".join(part for part in counted if part)
    terms = f"as recorded on {day(recorded_to)}; {definition.value} definition."
    return f"{first}, {terms} {_classified_part(figures)}".rstrip()


def gap_sentence(
    gap: Gap, target_share: float | Fraction, deadline_label: str, people: int | None
) -> str:
    """Return what it takes to reach a target, in total and for each person.

    Amounts are rounded up, to tenths of hours and from a hundred on to hours, so that they always
    reach the target.

    Args:
        gap: The gap to `target_share`.
        target_share: Above 0.0, below 1.0.
        deadline_label: "December".
        people: Who would share the added hours; None leaves that part out.
    """
    aim = percent(as_fraction(target_share))
    if gap.add_minutes is None or gap.swap_minutes is None:
        return f"How far it is to {aim} is not known yet: none of the hours is classified."
    if gap.is_reached:
        which = " by the hours classified so far" if gap.unclassified_minutes else ""
        return f"The target of {aim} is reached{which}: nothing has to be added or swapped."
    part = per_person(gap.add_minutes, people)
    tail = f"; that is {each(part)} a person." if part else "."
    add = _rounded_up(gap.add_minutes)
    if gap.swap_feasible:
        swap = _rounded_up(gap.swap_minutes, gap.free_minutes)
        return (
            f"Add {amount(add, 'soft ')}, or swap {short_amount(swap)}, "
            f"to reach {aim} by {deadline_label}{tail}"
        )
    first = f"Add {amount(add, 'soft ')} to reach {aim} by {deadline_label}{tail}"
    return f"{first} {_best_swap(gap)}"


def floor_sentence(mandatory_minutes: int) -> str:
    """Return that compliance hours are never proposed for cutting; nothing where there are none."""
    if mandatory_minutes <= 0:
        return ""
    one = mandatory_minutes in (1, MINUTES_PER_HOUR)
    verb, stay = ("is", "stays as it is") if one else ("are", "stay as they are")
    hours = amount(mandatory_minutes, "compliance ")
    return f"{hours} {verb} a floor and {stay}."


def _doubt(pattern: Standing | None, line: float | Fraction, interval: Interval | None) -> str:
    """Return the remark that the differences between people are as large as the distance."""
    if interval is None or pattern not in (Standing.BELOW, Standing.ABOVE):
        return ""
    inside = interval.low <= float(line) <= interval.high
    return ", though the pattern lies within the interval" if inside else ""


_SURE = (Standing.BELOW, Standing.AT, Standing.ABOVE, Standing.AT_OR_ABOVE)
_HOWEVER = "however the unclassified hours turn out"


def _comparison(
    pattern: Standing | None, target: Standing | None, aim: str, figures: Figures, doubt: str
) -> str:
    """Return the sentence that sets the share against pattern and target."""
    however = "" if figures.is_exact else _HOWEVER
    sure = [
        (state, line)
        for state, line in ((pattern, PATTERN), (target, aim))
        if state in _SURE and state is not None
    ]
    opens = _open_questions(pattern, target, aim)
    if pattern is Standing.ABOUT:
        return _about(sure, opens, however)
    if not sure:
        asked = " and ".join(opens)
        return f"{asked[0].upper()}{asked[1:]} depends on the unclassified hours." if opens else ""
    stated = _stated(sure)
    if doubt:
        stated = stated.replace(PATTERN, PATTERN + doubt + ("," if len(sure) > 1 else ""), 1)
    if not opens:
        return f"That is, {however}, {stated}." if however else f"That is {stated}."
    return f"That is, {however}, {stated}; {opens[0]} depends on them."


def _open_questions(pattern: Standing | None, target: Standing | None, aim: str) -> list[str]:
    asked = []
    if pattern is Standing.OPEN:
        asked.append(f"whether that is below or above {PATTERN}")
    if target is Standing.OPEN:
        asked.append(f"whether it reaches {aim}")
    return asked


def _about(sure: list[tuple[Standing, str]], opens: list[str], however: str) -> str:
    """Return the sentence for a share about the pattern; its range is never a point."""
    if sure:
        return f"That is about {PATTERN} and, {however}, {_stated(sure)}."
    if opens:
        return f"That is about {PATTERN}; {opens[0]} depends on the unclassified hours."
    return f"That is about {PATTERN}."


def _stated(sure: list[tuple[Standing, str]]) -> str:
    if len(sure) == 2 and sure[0][0] is sure[1][0]:
        return f"{sure[0][0].value} both {sure[0][1]} and {sure[1][1]}"
    return " and ".join(f"{state.value} {line}" for state, line in sure)


def _classified_part(figures: Figures) -> str:
    if figures.total_minutes <= 0:
        return ""
    if figures.is_exact:
        return "All of them are classified."
    if figures.classified_minutes <= 0:
        return "None of them are classified yet."
    verb = "is" if figures.unclassified_minutes == MINUTES_PER_HOUR else "are"
    tenths = _in_tenths(figures)
    left = short_amount(figures.unclassified_minutes, tenths)
    rest = short_amount(figures.classified_minutes, tenths)
    return f"{left} of them {verb} not classified yet; the share is of the other {rest}."


def _in_tenths(figures: Figures) -> bool:
    """Whether one decimal writes every figure of the sentence exactly."""
    return figures.classified_minutes % 6 == 0 and figures.unclassified_minutes % 6 == 0


def _people(people: int) -> str:
    return "one person" if people == 1 else f"{thousands(people)} people"


def _best_swap(gap: Gap) -> str:
    floor = span(gap.mandatory_minutes)
    if gap.best_share is None or gap.free_minutes == 0:
        return f"No hours can be swapped: all {floor} on the hard side are compliance hours."
    best = percent_down(gap.best_share)
    return (
        f"A swap cannot reach it: {floor} of compliance are a floor, "
        f"and swapping all other hard hours gives {best} at best."
    )


def _rounded_up(minutes: int, at_most_minutes: int | None = None) -> int:
    """Return tenths of hours, whole ones from a hundred on, unless that is more than there is."""
    if minutes < MINUTES_PER_HOUR:
        return minutes
    step = MINUTES_PER_HOUR // 10 if minutes < 100 * MINUTES_PER_HOUR else MINUTES_PER_HOUR
    rounded = -(-minutes // step) * step
    return minutes if at_most_minutes is not None and rounded > at_most_minutes else rounded
