"""Where tables about people are opened, and where SQL is written by hand: nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from people.rules.opening import Reason
from tests.architecture.files import product_trees, tree_of

READINGS = {
    ("aptitude/queries/asked_rounds.py", "ASKING"),
    ("aptitude/queries/begun.py", "BEGUN"),
    ("aptitude/queries/coached.py", "COACHING"),
    ("aptitude/queries/evidence.py", "SCORING"),
    ("aptitude/queries/care.py", "CROWD"),
    ("aptitude/queries/examples.py", "CROWD"),
    ("aptitude/queries/examples.py", "NAMES_ABOVE"),
    ("aptitude/queries/next_steps.py", "NAMES_ABOVE"),
    ("aptitude/queries/experts.py", "EXPERTS"),
    ("aptitude/queries/experts.py", "WHO_LOOKS"),
    ("aptitude/queries/own_panels.py", "PANEL"),
    ("aptitude/queries/judging.py", "WORKSHOP"),
    ("aptitude/queries/panels.py", "PANEL"),
    ("aptitude/queries/asking.py", "ASKING"),
    ("aptitude/queries/requests.py", "RATING"),
    ("aptitude/services/asking.py", "ASKING"),
    ("aptitude/services/begun.py", "RATING"),
    ("aptitude/services/late.py", "ASKING"),
    ("aptitude/services/round_ends.py", "ASKING"),
    ("aptitude/services/rounds.py", "ASKING"),
    ("aptitude/queries/rounds.py", "ASKING"),
    ("aptitude/services/asking.py", "RATING"),
    ("aptitude/services/assessing.py", "RATING"),
    ("aptitude/services/agreement.py", "STANDINGS"),
    ("aptitude/services/commenting.py", "STANDINGS"),
    ("aptitude/services/sittings.py", "RATING"),
    ("aptitude/services/renewing.py", "STANDINGS"),
    ("aptitude/services/standings.py", "STANDINGS"),
    ("aptitude/services/telling.py", "LETTERS"),
    ("aptitude/services/telling_duties.py", "LETTERS"),
    ("aptitude/queries/duties.py", "COMPLETING"),
    ("aptitude/queries/duty_pages.py", "COMPLETING"),
    ("aptitude/queries/duty_pages.py", "NAMES_ABOVE"),
    ("aptitude/queries/duties.py", "STANDINGS"),
    ("aptitude/queries/crowd.py", "CROWD"),
    ("aptitude/queries/freshness.py", "CROWD"),
    ("aptitude/queries/mirror_counts.py", "CROWD"),
    ("aptitude/queries/team_duties.py", "NAMES_ABOVE"),
    ("aptitude/services/duties.py", "STANDINGS"),
    ("curricula/queries/audiences.py", "MATCHING"),
    ("curricula/queries/calendars.py", "OWN_CALENDAR"),
    ("curricula/queries/care.py", "TEACHERS"),
    ("curricula/queries/certificates.py", "CERTIFICATE_CODE"),
    ("curricula/queries/clashes.py", "HEAD_COUNTS"),
    ("curricula/queries/curricula.py", "LEARNER_COUNTS"),
    ("curricula/queries/effects.py", "LEARNER_COUNTS"),
    ("curricula/queries/feedback.py", "FEEDBACK_GROUPS"),
    ("curricula/queries/invited.py", "LETTERS"),
    ("curricula/queries/notices.py", "OWN_LETTERS"),
    ("curricula/queries/outside.py", "MATCHING"),
    ("curricula/queries/practices.py", "COMPLETING"),
    ("curricula/queries/picking.py", "SEATS"),
    ("curricula/queries/questions.py", "OWN_QUESTIONS"),
    ("curricula/queries/retiring.py", "LEARNER_COUNTS"),
    ("curricula/queries/withdrawing.py", "SEATS"),
    ("curricula/queries/session_reach.py", "BY_NUMBER"),
    ("curricula/queries/session_lists.py", "SEAT_COUNTS"),
    ("curricula/queries/session_lists.py", "TEACHERS"),
    ("curricula/queries/sessions.py", "HEAD_COUNTS"),
    ("curricula/queries/sessions.py", "TEACHERS"),
    ("curricula/queries/week.py", "SEAT_COUNTS"),
    ("curricula/services/assigning.py", "MATCHING"),
    ("curricula/services/attending.py", "SEATS"),
    ("curricula/services/attending.py", "UNDOING"),
    ("curricula/services/badges.py", "CERTIFICATE_CODE"),
    ("curricula/services/completing.py", "COMPLETING"),
    ("curricula/services/ending.py", "SEATS"),
    ("curricula/services/enrolling.py", "SEATS"),
    ("curricula/services/feedback.py", "FEEDBACK_LINK"),
    ("curricula/services/notifying.py", "LETTERS"),
    ("curricula/services/notifying.py", "OWN_LETTERS"),
    ("curricula/services/notifying.py", "STOP_LINK"),
    ("curricula/services/sessions.py", "SEATS"),
    ("curricula/services/standing_in.py", "COMPLETING"),
    ("curricula/services/telling.py", "LETTERS"),
    ("ledger/queries/courses.py", "FEW_LEARNERS"),
    ("ledger/queries/standing.py", "EXTENT"),
    ("people/queries/accounts.py", "WHOSE_ACCOUNT"),
    ("people/queries/auditing.py", "WHO_CHANGED"),
    ("people/queries/employees.py", "HEAD_COUNTS"),
    ("people/queries/finding.py", "COLLEAGUES"),
    ("people/queries/employees.py", "NAMES_ABOVE"),
    ("people/queries/units.py", "HEAD_COUNTS"),
    ("people/queries/visibility.py", "NAMES_ABOVE"),
    ("people/queries/visibility.py", "WHOM_THEY_SEE"),
    ("people/queries/visibility.py", "WHO_LOOKS"),
    ("people/services/accounts.py", "WHOSE_ACCOUNT"),
    ("people/services/acting.py", "WHO_LOOKS"),
    ("people/services/submissions.py", "SENT_BEFORE"),
    ("people/views/visiting.py", "WHO_LOOKS"),
    ("planner/queries/balances.py", "EXTENT"),
}
"""Every block of code that may read more than its page: a review asks each whether it has to."""

KEEPERS = {
    "as_sight": {"core/guarding.py", "people/queries/visibility.py"},
    "Mark": {"core/guarding.py", "people/queries/opening.py", "people/queries/visibility.py"},
    "also_open": {"core/guarding.py", "people/queries/opening.py"},
    "apart": {"core/guarding.py", "people/queries/opening.py"},
    "close_all": {"core/guarding.py", "people/queries/opening.py"},
    "guard_nothing": {"core/guarding.py", "people/views/visiting.py"},
    "open_sight": {"people/queries/opening.py", "people/queries/visibility.py"},
    "begin_looking": {"people/queries/opening.py", "people/views/visiting.py"},
    "looking": {"people/queries/opening.py", "people/services/acting.py"},
    "own_data": {
        "people/queries/opening.py", "people/queries/auditing.py", "people/queries/subjects.py",
    },
    "_annotate": {"core/guarding.py"},
    "_PEOPLE": {"people/queries/visibility.py"},
    "_BALANCE": {"people/queries/visibility.py"},
    "_ASSESSED": {"people/queries/visibility.py"},
    "_IN_GROUPS": {"people/queries/visibility.py"},
}  # fmt: skip
"""Who may use what opens and closes; everybody else asks `people.queries.visibility`."""

BY_HAND = {
    "aptitude/models/begun.py": "conditions of indexes",
    "aptitude/models/duties.py": "conditions of indexes",
    "aptitude/models/frameworks.py": "conditions of indexes",
    "core/bulk.py": "writes many rows at once, and asks how large a table is",
    "core/copying.py": "writes rows into PostgreSQL",
    "core/db.py": "begins transactions",
    "core/limits.py": "says how long the statements of a transaction may take",
    "curricula/models/modules.py": "conditions of indexes",
    "curricula/models/outcomes.py": "conditions of indexes",
    "curricula/models/paths.py": "conditions of indexes",
    "curricula/models/sessions.py": "conditions of indexes",
    "ledger/models.py": "conditions of indexes",
    "ledger/queries/standing.py": "fills a temporary table with what is asked for",
    "people/services/applying.py": "changes many rows at once",
    "core/web/health.py": "reads the number of the last migration",
}
RAW = {"exec_driver_sql", "raw_connection", "cursor", "connection"}


def uses(tree: ast.AST) -> Iterator[str]:
    """Yield every name and attribute of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    found = product_trees()
    return {path.as_posix(): tree for path, tree in found.items() if path.parts[0] != "scripts"}


def is_raw(tree: ast.AST) -> bool:
    """Tell whether a file reaches the database beside the session, or writes SQL as text."""
    return any(
        (
            isinstance(node, ast.ImportFrom)
            and str(node.module).startswith("sqlalchemy")
            and any(alias.name == "text" for alias in node.names)
        )
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in RAW
        )
        for node in ast.walk(tree)
    )


def test_more_than_the_page_is_read_where_this_list_says_and_nowhere_else(trees):
    found = {
        (path, node.args[0].attr)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "reading"
        and isinstance(node.args[0], ast.Attribute)
    }

    assert found == READINGS
    assert {name for _, name in READINGS} == {one.name for one in Reason} - {"OWN_DATA"}


def test_only_the_place_that_decides_opens_and_closes(trees):
    found = {name: set() for name in KEEPERS}
    for path, tree in trees.items():
        for name in set(uses(tree)) & KEEPERS.keys():
            found[name].add(path)

    assert {name: paths - KEEPERS[name] for name, paths in found.items()} == {
        name: set() for name in KEEPERS
    }


def test_sql_is_written_by_hand_in_named_files_only(trees):
    assert {path for path, tree in trees.items() if is_raw(tree)} <= BY_HAND.keys()
    assert {path for path in BY_HAND if not is_raw(tree_of(Path(path)))} <= {"core/copying.py"}


def test_the_check_sees_sql_that_is_written_by_hand():
    for source in (
        "from sqlalchemy import text",
        "db.session.connection().execute(query)",
        "connection.exec_driver_sql('SELECT 1')",
        "db.engine.raw_connection()",
    ):
        assert is_raw(ast.parse(source)), source
    assert not is_raw(ast.parse("db.session.execute(select(Unit.id))"))
