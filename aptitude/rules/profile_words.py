"""The sentences of a profile: its headline, why something comes next and what is missing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from aptitude.rules.certainty import TINY, Certainty, beside, certainty, gap_text
from aptitude.rules.profiles import Counts, Line, State, counts_of, weakest
from aptitude.rules.scores import RATERS_FOR_OVERALL, Overall
from aptitude.rules.sources import Rating, Source, is_shown
from core.headers import listed
from core.words import day, number_word
from people.rules.levels import LEVEL_LABELS, Level

SOURCE_WORDS = (
    "± is the standard error. Of one rater alone, and of the own rating, it is that of one rating. "
    "“3\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}4” says that fewer raters of this source have seen "
    "that dimension than another one."
)


def older_words(ratings: Iterable[Rating], names: Mapping[str, str]) -> str:
    """Return which figures of the manager are older than the newest day; empty where none is.

    Of the manager alone: of everybody else such a day would tell something of one of several.

    Args:
        ratings: What makes the figures of a day.
        names: Of the dimensions, by code.
    """
    said = [one for one in ratings if one.source is Source.MANAGER]
    newest: dict[str, date] = {}
    for one in said:
        if one.score is not None:
            on = one.given_at.date()
            newest[one.dimension] = max(on, newest.get(one.dimension, on))
    last = max((one.given_at.date() for one in said), default=None)
    by_day: dict[date, list[str]] = {}
    for code in names:
        if code in newest and newest[code] != last:
            by_day.setdefault(newest[code], []).append(names[code])
    if not by_day:
        return ""
    parts = [f"{listed(some)} of {day(on)}" for on, some in sorted(by_day.items())]
    return f"Older figures of the manager: {'; '.join(parts)}. Nothing newer was said there."


def headline(
    lines: Sequence[Line], level: Level, name: str = "", owed: Collection[str] = ()
) -> str:
    """Return the sentence above a profile.

    Args:
        lines: The profile.
        level: Where the person stands.
        name: Without one it speaks to the person.
        owed: The dimensions on which the company owes training.
    """
    who, meets = (name, "meets") if name else ("You", "meet")
    counts = counts_of(lines)
    label = LEVEL_LABELS[level].lower()
    if not counts.all:
        return f"No targets are set for the level {label} yet."
    if counts.one and counts.unknown + counts.one == counts.all:
        of_whom = f"{name}’s" if name else "your"
        return (
            f"One rater so far on {number_word(counts.one)} of {of_whom} {number_word(counts.all)} "
            f"{label} dimensions: it takes two to tell where somebody stands."
        )
    if counts.unknown == counts.all:
        whom = f"{name} has" if name else "You have"
        return f"{whom} not been assessed yet: nothing is known, and nothing is assumed."
    targets = number_word(counts.all)
    if counts.met == counts.all:
        return f"{who} clearly {meets} all {targets} {label} targets."
    first = f"{who} clearly {meets} {number_word(counts.met)} of {targets} {label} targets."
    if not counts.met:
        first = f"Of {targets} {label} targets none is clearly met yet."
    whom = "them" if name else "you"
    sure = [one for one in weakest(lines) if one.state is State.BELOW][:2]
    if not sure:
        debt = f" The company owes {whom} {_training(len(owed))}." if owed else ""
        return f"{first} {_open_words(counts)}{debt}"
    return f"{first} {_comes_next([_short(one.name) for one in sure])}{_debt(sure, owed, whom)}."


def overall_words(overall: Overall, lines: Sequence[Line], whom: str) -> str:
    """Return how many dimensions and raters are behind the overall figure, or why there is none.

    Args:
        overall: The figure, or that there is none.
        lines: The profile it is of.
        whom: Whose own rating is no part of it: "yourself".
    """
    few = RATERS_FOR_OVERALL
    if overall.score is None:
        seen = number_word(overall.dimensions) if overall.dimensions else "none"
        return (
            f"It needs {number_word(few)} raters besides {whom} on {number_word(overall.needed)} "
            f"dimensions; so far that is so on {seen}."
        )
    raters = [one.score.raters for one in lines if one.score and one.score.raters >= few]
    least, most = min(raters), max(raters)
    told = number_word(least) + (f" to {number_word(most)}" if most > least else "")
    return (
        f"The mean of {number_word(overall.dimensions)} of {number_word(len(lines))} dimensions, "
        f"each seen by {told} raters besides {whom}."
    )


def other_level_words(said: Iterable[tuple[Rating, Level]], level: Level) -> str:
    """Say that scores were given by other anchors, so that a drop is no mystery.

    Of peers and reports it tells from three raters on, as their figures do: of fewer it would tell
    when one of them answered.

    Args:
        said: What makes the figures, each with the level by whose anchors it was given.
        level: Where the person stands now.
    """
    raters: dict[tuple[Source, str], set[int]] = {}
    for rating, anchors in said:
        if anchors is not level:
            raters.setdefault((rating.source, rating.dimension), set()).add(rating.rater)
    if not any(is_shown(source, len(some)) for (source, _), some in raters.items()):
        return ""
    return (
        "Some ratings were given before, by what is expected of another level. They count until "
        "newer ones of the same raters take their place."
    )


def _open_words(counts: Counts) -> str:
    """Return of what nothing can be told: a band over its target, or too few who have looked."""
    few, told = counts.unknown + counts.one, []
    if counts.unclear:
        told.append(f"{number_word(counts.unclear)} {_is(counts.unclear)} too close to tell")
    if few:
        told.append(f"on {number_word(few)} too few have spoken")
    return f"{_capital(', and '.join(told))}."


def _comes_next(names: Sequence[str]) -> str:
    first = _capital(names[0])
    if len(names) == 1:
        return f"{first} comes next"
    if any(" and " in name for name in names):
        return f"{first}, then {names[1]}, come next"
    return f"{first} and {names[1]} come next"


def _debt(named: Sequence[Line], owed: Collection[str], whom: str) -> str:
    """Return what the company owes beside the dimensions just named, with its number."""
    if not owed:
        return ""
    if {one.code for one in named} == set(owed):
        return f", and the company owes {'both' if len(named) > 1 else 'it'} to {whom}"
    return f"; the company owes {whom} {_training(len(owed))}"


def _training(number: int) -> str:
    return f"training on {number_word(number)} {'dimension' if number == 1 else 'dimensions'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _short(name: str) -> str:
    return name.lower()


def training_words(line: Line, *, is_first: bool, was_completed: bool = False) -> str:
    """Return why a module that trains a dimension comes next.

    Args:
        line: What is known of the dimension.
        is_first: It is the one that is needed most.
        was_completed: The module was completed before, and none is left that was not.
    """
    if line.score is None or line.target is None:
        return f"Trains {line.name}."
    weak, bar = "", line.target.value
    if is_first and line.target.required and line.state is State.BELOW:
        holds_back = certainty(line.score, line.target.least) is Certainty.BELOW
        bar = line.target.least if holds_back else bar
        below = "the least the level takes" if holds_back else "its target"
        weak = f", the required dimension farthest below {below}"
    sure = {State.UNCLEAR: ", too close to tell", State.ONE: ", by one rater so far"}
    score, target = beside(line.score.mean, bar), f"{bar:.1f}"
    again = " It was completed before; no other trains this." if was_completed else ""
    return f"Trains {line.name}{weak}: {score} against {target}{sure.get(line.state, '')}.{again}"


def missing_words(line: Line) -> str:
    """Return what is still missing on a dimension for a target; evidence, never a verdict."""
    if line.target is None:
        return "Nothing is expected there."
    if line.score is None:
        return "Nobody has seen it yet: two raters are missing."
    if line.state is State.ONE:
        return "One rater so far: another one is missing."
    if line.state is State.AT:
        return "Reached, as far as can be measured."
    gap = line.gap or 0.0
    if line.state is State.BELOW:
        return f"{gap_text(gap)} is missing."
    if abs(gap) <= TINY:
        return "Too close to tell: just at the target."
    return f"Too close to tell: {gap_text(gap)} {'below' if gap > 0 else 'above'} the target."
