"""The tables of the leader mirror for CSV, XLSX and paper: the rows of the page."""

from collections.abc import Iterator

from aptitude.queries.mirror import MirrorPage
from aptitude.rules.between_teams import HOW_BETWEEN_TEAMS, between_words
from aptitude.rules.debts import UnitDuties
from aptitude.rules.examples import EXAMPLE_WORDS, lately_words
from aptitude.rules.group_figures import Rung, Share, Shares
from aptitude.rules.mirror_words import REVIEWED, WHO_LEADS, leaders_words, renewing_words
from core.export.sheets import Cell, Column, Table
from core.words import day
from planner.rules.suppression import HIDDEN, HIDDEN_WORDS, WHY_HIDDEN

LADDER = (
    Column("level", "Level"),
    Column("people", "People", "count"),
    Column("assessed", "Assessed", "count"),
    Column("within_a_year", "Evidence within a year", "count"),
    Column("aptitude", "Aptitude, 1 to 5", "score"),
    Column("half_interval", "± (95 %)", "score"),
    Column("soft_minutes", "Soft minutes", "minutes"),
)
SOFT_HOURS = Column("soft_hours", "Soft hours", "decimal hours")
"""Beside the minutes, in the workbook: page and paper show hours."""
REVIEWS = (
    Column("by", "By"),
    Column("group", "Group"),
    Column("people", "People", "count"),
    Column("reviewed", "Reviewed", "count"),
    Column("share", "Share", "share"),
)
DUTIES = (
    Column("unit", "Unit that owes"),
    Column("open", "Open", "count"),
    Column("overdue", "Overdue", "count"),
    Column("with_coach", "With a coach", "count"),
    Column("met", "Met in the year", "count"),
)
MANAGEMENT = (
    Column("unit", "Unit that owes"),
    Column("below_target", "People below a target", "count"),
    Column("with_plan", "With a plan", "count"),
    Column("with_coach", "With a coach", "count"),
    Column("followed", "Owed now or met within a year", "count"),
    Column("surely_better", "Surely better", "count"),
    Column("not_yet", "Not yet", "count"),
    Column("too_early", "Too early to tell", "count"),
)

HOW_TO_READ = (
    "No figure is about fewer than five people: levels of fewer stand with the next, units that "
    "lead fewer together.",
    "Aptitude is the mean of overall figures with its 95 % interval. Not assessed is not 0.",
    "Who does not see everybody by name gets means of fewer than twenty in steps of 0.2, of "
    "fewer than ten in steps of 0.5.",
    WHO_LEADS,
    f"Reviewed: {REVIEWED[0].lower()}{REVIEWED[1:]}",
)
OWED_BY_UNITS = "Duties count against the unit that owes them, not the person."
HOW_CARE_IS_COUNTED = (
    "What management does counts people, each once: for the unit that owes them the duty opened "
    "last, of those that stand where any does. A plan is a module "
    "and a day to come on every dimension below a target. Surely better is beyond the detectable "
    "change since the duty was opened, on every dimension; too early to tell is neither yes nor "
    "no. Of fewer than five people who are not seen by name nothing is told, nor which of their "
    "duties are overdue or have a coach.",
    EXAMPLE_WORDS,
)


def about(page: MirrorPage) -> tuple[str, ...]:
    """Return what a reader of the figures has to know."""
    return (
        f"{page.whose}, as known on {day(page.on)}; soft hours, reviews and duties met of "
        f"{page.year}.",
        of_leaders(page),
        *of_teams(page),
        *of_examples(page),
        *HOW_TO_READ,
        OWED_BY_UNITS,
        *HOW_CARE_IS_COUNTED,
        *([WHY_HIDDEN] if hides(page) else []),
        *being_renewed(page),
    )


def hides(page: MirrorPage) -> bool:
    """Tell whether anything of the mirror is hidden from whoever looks."""
    of_units = any(not one.tells for one in page.debts.units)
    return page.hides_of_levels or of_units or page.debts.hides_care or page.debts.hides_duties


def being_renewed(page: MirrorPage) -> tuple[str, ...]:
    """Return of which day figures are that are being renewed; nothing where none are."""
    return tuple(filter(None, (renewing_words(page.behind),)))


def of_leaders(page: MirrorPage) -> str:
    """Return how leaders stand to their teams."""
    teams = page.teams
    return leaders_words(teams.leaders, teams.compared, teams.below, teams.not_assessed)


def of_teams(page: MirrorPage) -> tuple[str, str]:
    """Return what lies between teams, and how to read it."""
    return between_words(page.teams.between), HOW_BETWEEN_TEAMS


def of_examples(page: MirrorPage) -> tuple[str, ...]:
    """Return of how many leaders there is an example of late; nothing where that is not told."""
    return tuple(filter(None, (lately_words(page.teams.leaders, page.teams.seen),)))


def mirror_tables(page: MirrorPage) -> list[Table]:
    """Return the ladder, the reviews, the duties and what management does."""
    notes = about(page)
    return [
        Table("Ladder", LADDER, list(_ladder(page)), notes),
        Table("Reviews", REVIEWS, list(_reviews(page)), notes),
        Table("Duties", DUTIES, [_duties(one) for one in all_units(page)], notes),
        management_table(page),
    ]


def management_table(page: MirrorPage) -> Table:
    """Return what management does for those below a target, by unit."""
    rows = [_management(one) for one in all_units(page)]
    return Table("Management", MANAGEMENT, rows, about(page))


def workbook_tables(page: MirrorPage) -> list[Table]:
    """Return the tables for a workbook: management first, the ladder with hours beside minutes."""
    ladder, reviews, duties, management = mirror_tables(page)
    rows = [(*row, row[-1]) for row in ladder.rows]
    with_hours = Table(ladder.title, (*LADDER, SOFT_HOURS), rows, ladder.notes)
    return [management, duties, with_hours, reviews]


def all_rungs(page: MirrorPage) -> list[Rung]:
    """Return the rungs with everybody together at the end."""
    return [*page.rungs.rungs, *([page.rungs.total] if page.rungs.total else [])]


def all_units(page: MirrorPage) -> list[UnitDuties]:
    """Return the units with all together at the end, where that may be shown."""
    return [*page.debts.units, *([page.debts.total] if page.debts.total else [])]


def _ladder(page: MirrorPage) -> Iterator[tuple[Cell, ...]]:
    for one in all_rungs(page):
        soft = page.soft_of_all if one is page.rungs.total else page.soft.get(one.label)
        minutes: Cell = None
        if soft is not None:
            minutes = HIDDEN_WORDS if soft.minutes is None else soft.minutes
        missing = HIDDEN_WORDS if one.missing == HIDDEN else one.missing
        mean: Cell = missing if one.mean is None else round(one.mean, 2)
        half: Cell = None if one.half is None else round(one.half, 2)
        yield one.label, one.people, one.assessed, one.recent, mean, half, minutes


def _reviews(page: MirrorPage) -> Iterator[tuple[Cell, ...]]:
    for by, shares in (("Level", page.by_level), ("Gender", page.by_gender)):
        for one in all_shares(shares):
            yield by, one.label, one.people, one.reviewed, one.share


def all_shares(shares: Shares) -> list[Share]:
    """Return the groups with everybody together at the end, where that may be shown."""
    return [*shares.groups, *([shares.total] if shares.total else [])]


def _duties(one: UnitDuties) -> tuple[Cell, ...]:
    overdue: Cell = HIDDEN_WORDS if one.overdue is None else one.overdue
    coached: Cell = HIDDEN_WORDS if one.coached is None else one.coached
    return one.label, one.open, overdue, coached, one.done


def _management(one: UnitDuties) -> tuple[Cell, ...]:
    below, followed = one.below, one.followed
    return (
        one.label,
        *((below.people, below.planned, below.coached) if below else (HIDDEN_WORDS,) * 3),
        *(
            (followed.people, followed.improved, followed.not_yet, followed.too_early)
            if followed
            else (HIDDEN_WORDS,) * 4
        ),
    )
