"""What a reader of the balance can choose from, and what is chosen by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import func, select

from core.clock import today
from core.db import db
from core.errors import NotFoundError
from core.words import day as day_words
from core.words import day_short
from ledger.models import Batch, UnitMonth
from ledger.rules.cells import WHOLE
from ledger.rules.kinds import Basis, Definition
from people.models import Site, Unit, UnitPath
from people.queries.visibility import BalanceScope
from people.rules.levels import LEVEL_LABELS, LEVELS_TOP_DOWN
from planner.queries.balances import recorded_span, whole_of
from planner.queries.everybody import month_number
from planner.rules.addresses import address_of, question_from
from planner.rules.periods import (
    LAST_YEAR,
    Period,
    all_recorded,
    between,
    choices,
    month_end,
    year_of,
)
from planner.rules.questions import Question, Structure, check_for_groups

SOME_UNITS = 60
SOME_BATCHES = 8


@dataclass(frozen=True)
class Option:
    """One thing to choose; `address` are the arguments of the page that shows it."""

    label: str
    hint: str
    address: dict[str, str]
    current: bool


@dataclass(frozen=True)
class Ask:
    """A day that can be typed where no option fits."""

    name: str
    label: str
    value: str
    required: bool = True


@dataclass(frozen=True)
class Choice:
    """One choice of the strip above a balance.

    Attributes:
        label: What is chosen.
        value: What is chosen now.
        options: What can be chosen with one click.
        asks: Days that can be typed instead.
        kept: The rest of the address, which stays.
    """

    label: str
    value: str
    options: list[Option]
    asks: tuple[Ask, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


def usual_basis() -> Basis:
    """Return learner-hours, unless only contact-hours are recorded."""
    if _has_training(Basis.LEARNER) or not _has_training(Basis.CONTACT):
        return Basis.LEARNER
    return Basis.CONTACT


def usual_period(basis: Basis) -> Period:
    """Return the last quarter that is over and has training, else everything."""
    span = recorded_span(basis)
    day = today()
    start = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    for _ in range(8):
        end = start - timedelta(days=1)
        start = date(end.year, end.month - 2, 1)
        if end < span.first_on:
            break
        if _has_training(basis, start, end):
            return between(start, month_end(end))
    return all_recorded()


def _has_training(basis: Basis, start: date = date.min, end: date = date.max) -> bool:
    """Tell whether a month between two days has a standing entry, from the key of the table."""
    months = (month_number(start), month_number(end))
    query = select(UnitMonth.month).where(
        UnitMonth.unit_id == WHOLE,
        UnitMonth.basis == basis.value,
        UnitMonth.month.between(*months),
        UnitMonth.entries > 0,
    )
    return db.session.scalar(query.limit(1)) is not None


def question_of(arguments: Mapping[str, str], scope: BalanceScope) -> Question:
    """Return the question an address asks, within what the viewer may see.

    Raises:
        RefusedError: The address means nothing, or would single people out for who sees groups.
        NotFoundError: It asks for a unit that does not exist or may not be seen.
    """
    basis = Basis.CONTACT if arguments.get("basis") == Basis.CONTACT.value else usual_basis()
    usual = usual_period(basis)
    if scope.groups_only:
        usual = year_of(usual)
    question = question_from(arguments, today(), usual, basis)
    if question.unit_id is not None:
        if db.session.get(Unit, question.unit_id) is None:
            raise NotFoundError("There is no such unit.")
        if scope.unit_id is not None and scope.unit_id != question.unit_id:
            raise NotFoundError("There is no such unit.")
    if question.site_id is not None and db.session.get(Site, question.site_id) is None:
        raise NotFoundError("There is no such site.")
    if scope.groups_only:
        check_for_groups(question)
    return question


def strip_for(question: Question, scope: BalanceScope) -> list[Choice]:
    """Return the choices of a balance in their order."""
    if scope.groups_only:
        return [
            _unit_choice(replace(question, level=None, site_id=None), scope),
            _calendar_choice(question),
            _definition_choice(question),
            _basis_choice(question),
            _level_choice(replace(question, unit_id=None, site_id=None, opened=frozenset())),
        ]
    return [
        _unit_choice(question, scope),
        _period_choice(question),
        _definition_choice(question),
        _basis_choice(question),
        _choice(
            question,
            "Structure",
            "structure",
            {
                Structure.THEN: ("On the day", "where each person stood then"),
                Structure.TODAY: ("Today", "where each person stands now"),
            },
        ),
        _as_of_choice(question),
        _level_choice(question),
    ]


def _definition_choice(question: Question) -> Choice:
    return _choice(
        question,
        "Definition",
        "definition",
        {
            Definition.NARROW: ("Narrow", "the four families only"),
            Definition.BROAD: ("Broad", "adds leadership, communication and the like"),
        },
    )


def _basis_choice(question: Question) -> Choice:
    return _choice(
        question,
        "Basis",
        "basis",
        {
            Basis.LEARNER: ("Learner-hours", "one per person per hour attended"),
            Basis.CONTACT: ("Contact-hours", "one per hour a session ran"),
        },
    )


def _choice(
    question: Question,
    label: str,
    name: str,
    options: Mapping[Definition | Basis | Structure, tuple[str, str]],
) -> Choice:
    chosen = getattr(question, name)
    return Choice(
        label,
        options[chosen][0],
        [
            Option(title, hint, address_of(question, **{name: member.value}), member is chosen)
            for member, (title, hint) in options.items()
        ],
    )


def _unit_choice(question: Question, scope: BalanceScope) -> Choice:
    everything = address_of(question, unit=None, open=None)
    value = whole_of(scope)
    options = [Option(value, "", everything, question.unit_id is None)]
    if question.unit_id is not None:
        unit = db.session.get_one(Unit, question.unit_id)
        value = unit.name
        above = db.session.scalars(
            select(Unit)
            .join(UnitPath, UnitPath.ancestor_id == Unit.id)
            .where(UnitPath.unit_id == unit.id)
            .order_by(UnitPath.depth.desc())
        )
        options += [_unit_option(question, one) for one in above]
    if scope.unit_id is None:
        below = db.session.scalars(
            select(Unit)
            .where(Unit.parent_id == _parent(question))
            .order_by(Unit.name)
            .limit(SOME_UNITS)
        )
        options += [_unit_option(question, one) for one in below]
    return Choice("Unit", value, options)


def _parent(question: Question) -> int | None:
    if question.unit_id is not None:
        return question.unit_id
    roots = db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))).all()
    return roots[0] if len(roots) == 1 else None


def _unit_option(question: Question, unit: Unit) -> Option:
    address = address_of(question, unit=unit.id, open=None)
    return Option(unit.name, "", address, unit.id == question.unit_id)


def _period_choice(question: Question) -> Choice:
    span = recorded_span(question.basis)
    offered = choices(span.first_on, span.last_on, today())
    options = [
        Option(
            period.label,
            _span_words(period),
            address_of(question, period=period.name),
            period.name == question.period.name,
        )
        for period in offered
    ]
    period = question.period
    asks = (
        Ask("from", "From", period.from_on.isoformat() if period.from_on else ""),
        Ask("to", "To", period.to_on.isoformat() if period.to_on else ""),
    )
    return Choice("Period", period.label, options, asks, address_of(question, period=None))


def _calendar_choice(question: Question) -> Choice:
    """Return the periods for those who see groups only: those of the calendar."""
    offered = _period_choice(question)
    options = [option for option in offered.options if option.address["period"] != LAST_YEAR]
    return replace(offered, options=options, asks=())


def _span_words(period: Period) -> str:
    if period.from_on is None or period.to_on is None:
        return ""
    return f"{day_short(period.from_on)} to {day_short(period.to_on)}"


def _as_of_choice(question: Question) -> Choice:
    options = [
        Option(
            "Now",
            "everything recorded so far",
            address_of(question, as_of=None),
            question.as_of is None,
        )
    ]
    moments = db.session.scalars(
        select(func.max(Batch.recorded_at)).group_by(Batch.id).order_by(Batch.id.desc()).limit(60)
    )
    days = list(dict.fromkeys(moment.date() for moment in moments))[:SOME_BATCHES]
    if question.as_of is not None and question.as_of not in days:
        days = sorted([question.as_of, *days], reverse=True)
    options += [
        Option(
            day_words(on),
            "as recorded on that day",
            address_of(question, as_of=on.isoformat()),
            on == question.as_of,
        )
        for on in days
    ]
    value = day_words(question.as_of) if question.as_of else "Now"
    typed = (Ask("as_of", "As recorded by the end of", str(question.as_of or "")),)
    return Choice("As of", value, options, typed, address_of(question, as_of=None))


def _level_choice(question: Question) -> Choice:
    options = [Option("All levels", "", address_of(question, level=None), question.level is None)]
    options += [
        Option(
            LEVEL_LABELS[level],
            "",
            address_of(question, level=level.value),
            level is question.level,
        )
        for level in LEVELS_TOP_DOWN
    ]
    value = LEVEL_LABELS[question.level] if question.level else "All levels"
    return Choice("Level", value, options)
