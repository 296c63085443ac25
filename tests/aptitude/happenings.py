"""Stories about one person, drawn by a seed, and what was shown and kept on each of their days."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from aptitude.models.agreement import CorrectedOverall, RatingAgreement
from aptitude.models.assessments import AptitudeStanding, AssessmentComment
from aptitude.queries.agreement import error_book, ratings_shown
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import get_draft, get_framework, target_book
from aptitude.queries.known import Known, standing_values, stands_of
from aptitude.queries.profiles import AptitudePage, aptitude_page, page_of
from aptitude.queries.records import record_of
from aptitude.queries.versions import framework_book
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.rules.texts import DimensionTexts, FrameworkTexts
from aptitude.rules.words import ContestOutcome
from aptitude.services.commenting import answer
from aptitude.services.frameworks import begin_version, change_draft, publish_version, set_target
from aptitude.services.renewing import renew_with_new_error
from aptitude.services.standings import outdated, renew_standings
from core.clock import at
from core.db import db, transaction
from core.errors import NotFoundError
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.importing import import_people
from tests.aptitude.worlds import CODES, PLACES, company, contest, rate, round_of, viewer
from tests.curricula.learners import complete, taught
from tests.ledger.worlds import write


def noon(day: date) -> datetime:
    """Return the middle of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class Happenings:
    """What may happen to a person and to what is known of them, by a seed."""

    def __init__(self, folder: Path, seed: int, who: str) -> None:
        self.folder, self.people, self.who = folder, company(folder), who
        self.rng = random.Random(seed)  # noqa: S311  # no secret
        self.subject, self.above = self.people[who], PLACES[who][0]
        self.module = taught()

    def all_of_them(self) -> list[Callable[[date], None]]:
        found = [self.rating] * 5 + [self.target] * 4 + [self.move] * 3 + [self.version] * 3
        found += [self.error] * 2 + [self.contest] * 2 + [self.completion, self.corrected] * 2
        self.rng.shuffle(found)
        return found

    def target(self, day: date) -> None:
        """A target and its floor, of a level or of the job title, also from an earlier day on."""
        since = day - timedelta(days=self.rng.choice((0, 40)))
        level, title = self.rng.choice(((Level.FRONTLINE, None), (None, "Keeper")))
        least = self.rng.choice((20, 30))
        draft = TargetDraft(self.rng.choice(CODES), level, title, 40, least, True, since)
        set_target(draft, account_id=None)

    def version(self, day: date) -> None:
        """A new version, in which a dimension has another name and other anchors."""
        number = begin_version(account_id=None)
        held, code = get_draft(), self.rng.choice(CODES)
        texts = [
            DimensionTexts(
                one.code,
                f"Name since {day}" if one.code == code else one.name,
                one.definition,
                {level: [f"{text} {day}" for text in some] for level, some in one.anchors.items()},
            )
            for one in held.dimensions
        ]
        change_draft(number, FrameworkTexts(held.title, held.purpose, "New", texts))
        publish_version(number, account_id=None)

    def move(self, day: date) -> None:
        """A move that is known at once, or only weeks later."""
        level = self.rng.choice(("senior", "frontline", "team_lead"))
        moves = write(self.folder, f"employee_number,level\n{self.who},{level}\n", f"{day}.csv")
        since = day - timedelta(days=self.rng.choice((0, 3, 50)))
        import_people(moves, file_name="moves.csv", account_id=None, effective_on=since)

    def error(self, day: date) -> None:
        sem = self.rng.choice((0.4, 0.7, None))
        with transaction() as session:
            session.add(RatingAgreement(measured_at=noon(day), sem=sem, figures={}))
            session.flush()
            renew_with_new_error(session)

    def corrected(self, day: date) -> None:
        with transaction() as session:
            basis = ratings_shown(session, get_framework().names, day).bases[self.subject]
            session.add(
                CorrectedOverall(
                    subject_id=self.subject,
                    measured_at=noon(day),
                    overall=self.rng.choice((2.4, 3.6, None)),
                    basis=basis,
                )
            )

    def completion(self, day: date) -> None:
        complete(self.subject, self.module, on=day)

    def contest(self, day: date) -> None:
        """A contest that HR answers days later."""
        try:
            contest(self.subject, Source.MANAGER, "I was ill.")
        except NotFoundError:  # it was set aside before, and nothing was said since
            return
        newest = select(AssessmentComment.id).order_by(AssessmentComment.id.desc()).limit(1)
        row = db.session.scalars(newest).one()
        with at(noon(day) + timedelta(days=self.rng.choice((0, 3)))):
            answer(row, "You are right.", ContestOutcome.SET_ASIDE, OPERATOR)

    def rating(self, day: date) -> None:
        others = [one for one in ("E1", "E2", "E3", "E4", "E5") if one != self.who]
        raters = self.rng.sample([*others[:4], self.above, self.who], 4)
        said = {one: self.rng.choice((1.5, 3.0, 4.5)) for one in raters}
        round_of(self.people, self.who, said, on=day)


class Told:
    """What was shown and kept of somebody on the evenings of a story, day after day."""

    def __init__(self, world: Happenings) -> None:
        self.world = world
        self.viewers = (viewer(world.subject), OPERATOR)
        self.pages: dict[tuple[date, int | None], AptitudePage] = {}
        self.standings: dict[date, Mapping[str, object]] = {}

    def live(self, happenings: Sequence[Callable[[date], None]]) -> date:
        """Let these things happen, and write down every evening what stands; return the last."""
        day, evening = date(2026, 2, 2), date(2026, 2, 1)
        above = self.world.people[self.world.above]
        rate(self.world.subject, above, Source.MANAGER, 3.0, on=evening)
        for happens in happenings:
            with at(noon(day)):
                happens(day)
            evening, day = day + timedelta(days=4), day + timedelta(days=9)
            with at(noon(evening)):
                with transaction() as session:  # as every night, of whom time alone changes
                    renew_standings(session, outdated(evening), evening)
                for who in self.viewers:
                    page = aptitude_page(self.world.subject, who, evening)
                    self.pages[evening, who.employee_id] = page
                self.standings[evening] = kept(self.world.subject)
        return evening

    def assert_replayed(self, on: date) -> None:
        """Assert that the log, cut off at each evening, says what was shown and kept there."""
        for who in self.viewers:
            record = record_of(self.world.subject, who, on)
            for (evening, looked), shown in self.pages.items():
                if looked == who.employee_id:
                    assert page_of(record.as_of(noon(evening)), evening) == shown, evening
        known = known_of(self.world.subject)
        for evening, held in self.standings.items():
            assert standing_values(known.as_of(noon(evening)), evening) == held, evening


def known_of(employee_id: int) -> Known:
    """Return all that is recorded of a person."""
    return Known(
        framework_book(),
        target_book(),
        stands_of(employee_id, None),
        evidence_on([employee_id], None)[employee_id],
        error_book(),
    )


def kept(employee_id: int) -> Mapping[str, object]:
    """Return what is kept of where a person stands, but for when it was worked out."""
    db.session.expire_all()
    held = db.session.get_one(AptitudeStanding, employee_id)
    columns = (one.key for one in AptitudeStanding.__table__.columns)
    when = {"employee_id", "changed_at", "turn"}
    return {name: getattr(held, name) for name in columns if name not in when}
