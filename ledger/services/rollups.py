"""Keep the roll-ups equal to the entries, in the transaction that writes the entries."""

from core.bulk import AnySession, add_columns
from ledger.models import CourseSum, MixCell, PersonMonth, UnitMonth
from ledger.queries.books import mandatory_ids, unit_ancestors
from ledger.rules.cells import CellBuilder, unit_sums

MIX_KEYS = ["basis", "month", "unit_id", "site_id", "level", "category_id", "kind", "delivery"]
UNIT_KEYS = ["basis", "unit_id", "month"]
PERSON_KEYS = ["month", "employee_id", "unit_id", "site_id", "level"]


def add_cells(session: AnySession, basis: str, cells: CellBuilder) -> None:
    """Add what `cells` holds to the roll-ups of `basis`."""
    mix = cells.mix()
    rows = sorted(
        (
            key.month,
            key.unit_id,
            key.site_id,
            key.level,
            key.category_id,
            key.kind.value,
            key.delivery,
        )
        + tuple(sums)
        for key, sums in mix.items()
    )
    names = [*MIX_KEYS[1:], "minutes", "entries", "firsts"]
    _add(session, MixCell.__table__, basis, names, rows, MIX_KEYS)
    units = unit_sums(mix, unit_ancestors(), mandatory_ids())
    names = [
        "unit_id",
        "month",
        "hard_minutes",
        "family_minutes",
        "other_soft_minutes",
        "unclassified_minutes",
        "mandatory_minutes",
        "entries",
    ]
    unit_rows = sorted(key + tuple(sums) for key, sums in units.items())
    _add(session, UnitMonth.__table__, basis, names, unit_rows, UNIT_KEYS)
    courses = sorted((course, *sums) for course, sums in cells.courses().items())
    names = ["course_id", "minutes", "entries", "unclassified_minutes"]
    _add(session, CourseSum.__table__, basis, names, courses, ["course_id", "basis"])
    if basis == "learner":
        add_columns(session, PersonMonth.__table__, cells.people_columns(), PERSON_KEYS)


def _add(
    session: AnySession, table: "object", basis: str, names: list[str], rows: list, keys: list[str]
) -> None:
    if not rows:
        return
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    add_columns(session, table, {"basis": [basis] * len(rows), **columns}, keys)
