"""Every page of hours asks whose data it may show, whatever it is asked, for whoever looks at it.

All pages, without questions, are asked for in `tests/access/test_matrix.py`.
"""

from datetime import date

import pytest
from flask import current_app

from core.clock import today
from ledger.queries.histories import entry_detail
from people.queries.visibility import visible_employees
from people.rules.access import Viewer
from tests.ledger.worlds import take
from tests.people.files import bring
from tests.planner.worlds import employee_id, entry_id

ASKED = ("", "?as_of=2025-04-01", "?structure=today&period=all", "?level=frontline")
PAPERS = (".pdf", ".svg", ".xlsx")
"""Made of the answer the page is made of: what else can be asked is asked there."""

WHO = {
    "hr": ("hr", None),
    "trainer": ("trainer", None),
    "executive": ("executive", None),
    "admin": ("admin", None),
    "top manager": ("manager", "P01"),
    "manager": ("manager", "P06"),
    "employee": ("employee", "P07"),
    "leaver": ("employee", "P09"),
}
SHOWN = {
    "hr": 43,
    "trainer": 9,
    "executive": 9,
    "admin": 0,
    "top manager": 39,
    "manager": 39,
    "employee": 21,
    "leaver": 0,
}
"""How many of the pages are shown; the others are refused or not there."""

WORDS = {"cut": "unit", "name": "people", "role": "hr"}


def addresses(person_id: int, one_entry: int) -> list[str]:
    """Return every page of which more can be asked than its address says, with what exists."""
    found = []
    for rule in current_app.url_map.iter_rules():
        path = rule.rule
        if "GET" not in rule.methods or not path.startswith(("/balance", "/entries")):
            continue
        values = {name: WORDS.get(name, 1) for name in rule.arguments}
        values |= {"employee_id": person_id, "entry_id": one_entry}
        for name in rule.arguments:
            start = path.index("<")
            path = path[:start] + str(values[name]) + path[path.index(">", start) + 1 :]
        found += [path + asked for asked in (("",) if path.endswith(PAPERS) else ASKED)]
    return [*found, f"/entries?person={person_id}", "/entries?unit=1", "/people/tree?unit=1"]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", WHO)
def test_every_page_of_hours_is_answered_for_everybody(own_lumen, browser, tmp_path, who):
    bring(tmp_path, "employee_number,left_on\nP09,2025-05-01")
    role, number = WHO[who]
    browser.sign_in(role, employee_id(number) if number else None)
    own = number or "P08"

    found = addresses(employee_id(own), entry_id("P08", date(2025, 3, 10)))
    codes = {}
    for path in found:
        answer = browser.open(path, status=None)
        answer.get_data()  # a file is read while it is handed out
        codes[path] = answer.status_code

    assert [path for path, code in codes.items() if code >= 500] == []
    assert sum(code == 200 for code in codes.values()) == SHOWN[who]


def test_the_history_of_an_entry_ends_where_it_goes_on_with_somebody_out_of_sight(
    own_lumen, tmp_path
):
    header = "external_id,employee_number,course,date,hours"
    assert take(tmp_path, "x1,P11,Walks,2025-05-05,2", header=header).new == 1
    entry = entry_id("P11", date(2025, 5, 5))
    assert take(tmp_path, "x1,P07,Walks,2025-05-05,2", header=header).changed == 1
    jo = Viewer(1, "Jo", employee_id("P10"), frozenset(), manages=True)

    def people(visible):
        return {line.person for line in entry_detail(entry, visible).history}

    assert people(None) == {"Kim Krog", "Gus Gran"}
    assert people(visible_employees(jo, today())) == {"Kim Krog"}
