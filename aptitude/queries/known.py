"""All that is recorded about one person, to be asked for any day: what was known then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Select, select

from aptitude.queries.agreement import NO_ERRORS, ErrorBook
from aptitude.queries.evidence import Evidence
from aptitude.queries.frameworks import TargetBook
from aptitude.queries.versions import FrameworkBook, Version
from aptitude.rules.asking import level_or_frontline
from aptitude.rules.profiles import Line, Target, lines_of
from aptitude.rules.release import released_on, turning_days
from aptitude.rules.scores import Profile, Score, profile_of
from aptitude.rules.sources import RATERS
from core.db import db
from people.models import Assignment, Unit
from people.queries.visibility import within
from people.rules.levels import Level


@dataclass(frozen=True)
class Stand:
    """Where somebody stood from a day until a day.

    Attributes:
        recorded_at: From when on it was believed, until `superseded_at`; None for ever.
    """

    level: Level
    job_title: str | None
    unit: str | None
    from_on: date
    until_on: date
    recorded_at: datetime | None = None
    superseded_at: datetime | None = None

    @property
    def is_believed(self) -> bool:
        """Tell whether it is taken for true."""
        return self.superseded_at is None

    def as_of(self, moment: datetime) -> "Stand | None":
        """Return it as it was believed at a moment; None where it was not recorded yet."""
        if self.recorded_at is not None and self.recorded_at > moment:
            return None
        if self.superseded_at is None or self.superseded_at <= moment:
            return self
        return replace(self, superseded_at=None)


@dataclass(frozen=True)
class Known:
    """All that is recorded about one person, and how sure a rating was known to be.

    A day of the past is asked of the log cut off there: `known.as_of(moment).lines_on(day)`.

    Attributes:
        frameworks: The versions that were ever in force.
        places: Where the person stood when, with what was believed before it was corrected.
    """

    frameworks: FrameworkBook
    targets: TargetBook
    places: Sequence[Stand]
    evidence: Sequence[Evidence]
    errors: ErrorBook = NO_ERRORS
    _shown: dict[date, list[Evidence]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _profiles: dict[date, Profile] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _then: dict[datetime, "Known"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def as_of(self, moment: datetime) -> "Known":
        """Return what was known at a moment: the log without anything recorded later."""
        if moment not in self._then:
            then = (one.as_of(moment) for one in self.places)
            self._then[moment] = Known(
                self.frameworks.as_of(moment),
                self.targets.as_of(moment),
                [one for one in then if one is not None],
                [one.as_of(moment) for one in self.evidence if one.given.rating.given_at <= moment],
                self.errors.as_of(moment),
            )
        return self._then[moment]

    @property
    def framework(self) -> Version:
        """Return the version in force."""
        return self.frameworks.in_force

    @property
    def stands(self) -> Sequence[Stand]:
        """Return where the person stood when."""
        return [one for one in self.places if one.is_believed]

    def stand_on(self, on: date) -> Stand | None:
        """Return where the person stood on a day."""
        return next((one for one in self.stands if one.from_on <= on < one.until_on), None)

    def level_on(self, on: date) -> Level:
        """Return the level on a day; whoever has none stands at the front line."""
        stand = self.stand_on(on)
        return level_or_frontline(stand.level if stand else None)

    def shown_on(self, on: date) -> list[Evidence]:
        """Return what makes the figures of a day."""
        if on not in self._shown:
            known = {id(one.given): one for one in self.evidence}
            released = released_on((one.given for one in self.evidence), on)
            self._shown[on] = [known[id(one)] for one in released]
        return self._shown[on]

    def profile_on(self, on: date) -> Profile:
        """Return the profile as it could be shown on a day."""
        if on not in self._profiles:
            ratings = [one.given.rating for one in self.shown_on(on)]
            codes = tuple(self.framework.names)
            self._profiles[on] = profile_of(ratings, codes, self.errors.sem_at(None))
        return self._profiles[on]

    def last_said(self, code: str, on: date) -> date | None:
        """Return the last day a rater besides the person said what is shown on a dimension."""
        shown = (one.given.rating for one in self.shown_on(on))
        days = [
            one.given_at.date() for one in shown if one.source in RATERS and one.dimension == code
        ]
        return max(days, default=None)

    def was_set_aside(self, code: str, on: date, moment: datetime) -> bool:
        """Tell whether something that made the score of a moment was set aside later."""
        later = {
            one.assessment_id
            for one in self.evidence
            if one.withdrawn_at is not None and one.withdrawn_at > moment
        }
        return bool(later) and any(
            one.assessment_id in later
            for one in self.as_of(moment).shown_on(on)
            if one.given.rating.dimension == code and one.given.rating.source in RATERS
        )

    def left_of(self, code: str, on: date, moment: datetime) -> Score | None:
        """Return what was known on a dimension at a moment, less what was set aside since."""
        given = [one.given for one in self.evidence if one.given.rating.given_at <= moment]
        ratings = [one.rating for one in released_on(given, on)]
        profile = profile_of(ratings, (code,), self.errors.sem_at(moment))
        return profile.dimensions[code].others

    def changes_on(self, on: date) -> date | None:
        """Return the next day on which time alone changes what is shown; None for never."""
        days = [day for one in self.evidence for day in turning_days(one.given.opens_on)]
        days += [day for one in self.stands for day in (one.from_on, one.until_on)]
        days += self.targets.begin_after(on, [(one.level, one.job_title) for one in self.stands])
        return min((day for day in days if day > on), default=None)

    def is_of_level(self, on: date) -> bool:
        """Tell whether all others who are in a profile went by the anchors of the day's level."""
        level = self.level_on(on)
        return all(
            one.level is level for one in self.shown_on(on) if one.given.rating.source in RATERS
        )

    def expected_on(self, on: date) -> dict[str, Target]:
        """Return what was expected of the person on a day, by dimension."""
        stand = self.stand_on(on)
        return self.targets.targets_of(self.level_on(on), stand.job_title if stand else None, on)

    def lines_on(self, on: date) -> tuple[Line, ...]:
        """Return the profile against the targets of the day."""
        return lines_of(self.profile_on(on), self.framework.named, self.expected_on(on))


def stands_of(employee_id: int, seen: Select[int] | None) -> list[Stand]:
    """Return where a person stood when, in order, with what was believed before."""
    rows = db.session.execute(
        select(
            Assignment.level,
            Assignment.job_title,
            Unit.path,
            Assignment.from_on,
            Assignment.until_on,
            Assignment.recorded_at,
            Assignment.superseded_at,
        )
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(
            Assignment.employee_id == employee_id,
            *within(Assignment.employee_id, seen),
        )
        .order_by(Assignment.from_on, Assignment.id)
    )
    return [
        Stand(level_or_frontline(level), title, unit, from_on, until_on, recorded_at, superseded_at)
        for level, title, unit, from_on, until_on, recorded_at, superseded_at in rows
    ]


def last_seen(known: Known, on: date) -> date | None:
    """Return the last day something of others came into the figures of a day.

    What somebody says of themselves, and a test, make no evidence of others younger. Of peers and
    reports it is the day their figure was first shown: when one of them answered is nobody's.
    """
    shown = known.shown_on(on)
    days = [one.given.opens_on for one in shown if one.given.rating.source in RATERS]
    return max(days, default=None)


def standing_values(known: Known, on: date) -> Mapping[str, object]:
    """Return what `aptitude_standing` keeps of a person."""
    profile = known.profile_on(on)
    score = profile.overall.score
    return {
        "framework_id": known.framework.id,
        "level": known.level_on(on),
        "assessed_on": last_seen(known, on),
        "overall": score.mean if score else None,
        "overall_error": score.even_error if score else None,
        "raters": score.raters if score else 0,
        "dimensions": profile.overall.dimensions,
        "profile": _kept(profile),
        "renew_on": known.changes_on(on),
    }


def _kept(profile: Profile) -> dict[str, dict[str, float | int | None]]:
    found: dict[str, dict[str, float | int | None]] = {}
    for code, one in profile.dimensions.items():
        if one.others is None and one.own is None:
            continue
        found[code] = {
            "score": one.others.mean if one.others else None,
            "error": one.others.even_error if one.others else None,
            "raters": one.others.raters if one.others else 0,
            "own": one.own.mean if one.own else None,
        }
    return found
