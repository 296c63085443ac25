"""Why a page reads otherwise than the last row of its history, though nobody said anything new."""

from dataclasses import dataclass
from datetime import date

from aptitude.rules.course import Point
from core.words import day

TOLD = "Nothing new that others said is behind it."


@dataclass(frozen=True)
class Since:
    """What has changed since the last row of a history.

    Attributes:
        measured_on: The day the error of one rating in use now was measured; None where it is the
            one of that row.
        error_then: That error at the row; None for the usual one.
        error: That error now; None for the usual one.
        ratings: Some of what was said then counts no longer.
        targets: Other targets hold now.
        framework: The version in force now where it is another; None for the same.
    """

    measured_on: date | None = None
    error_then: float | None = None
    error: float | None = None
    ratings: bool = False
    targets: bool = False
    framework: int | None = None


def since_words(then: Point, now: Point, since: Since) -> str:
    """Return why the figures of a page are not those of the last row; "" where they are the same.

    Args:
        then: The last row.
        now: What is known on the day of the page, as a row of that day would hold it.
        since: What has changed between them.
    """
    if _figures(then) == _figures(now):
        return ""
    why = ", and ".join(_reasons(then, now, since))
    because = f": {why}" if why else ""
    return (
        f"On {day(now.on)} it reads {_figures(now)}; the last row holds {_figures(then)}{because}. "
        f"{TOLD}"
    )


def _figures(point: Point) -> str:
    """Return what a row holds: "5 of 7 targets met and 3.5 ± 0.4 overall"."""
    met = f"{point.met_words} targets met" if point.counts.all else "no targets"
    if point.overall is None:
        return f"{met} and too little known for an overall figure"
    half = "" if point.overall.half is None else f" ± {point.overall.half:.1f}"
    return f"{met} and {point.overall.mean:.1f}{half} overall"


def _reasons(then: Point, now: Point, since: Since) -> list[str]:
    told = []
    if since.measured_on is not None:
        told.append(_measured_words(then, now, since, since.measured_on))
    if since.ratings:
        told.append("some of what was said before counts no longer")
    if now.level is not then.level:
        told.append("the level is another since")
    elif since.targets:
        told.append("other targets hold since")
    if since.framework is not None:
        told.append(f"version {since.framework} of the framework is in force")
    return told


def _measured_words(then: Point, now: Point, since: Since, on: date) -> str:
    before = "the usual one" if since.error_then is None else f"{since.error_then:.2f}"
    found = "the usual one" if since.error is None else f"{since.error:.2f}"
    words = f"the error of one rating was measured anew on {day(on)} ({found}, {before} before)"
    return f"{words}{_band_words(then, now, since)}"


def _band_words(then: Point, now: Point, since: Since) -> str:
    """Say what the other error did to the bands, where nothing else can have done it."""
    before, found = (one.overall.half if one.overall else None for one in (then, now))
    if since.ratings or before is None or found is None or f"{before:.1f}" == f"{found:.1f}":
        return ""
    is_less = found < before
    error, error_then = since.error, since.error_then
    if error is not None and error_then is not None and is_less != (error < error_then):
        return ""
    return f", so the bands are {'narrower' if is_less else 'wider'}"
