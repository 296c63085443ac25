"""What is sent to each route that writes: good enough that it would write, were nobody refused."""

import io
from collections.abc import Callable
from datetime import timedelta

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.access.sent_learning import LEARNING
from tests.access.world import TODAY, World, number_of
from tests.people.signing import BETTER, GOOD

Data = dict[str, object]

HOURS = f"employee_number,course,date,hours\n{number_of('A2')},Fire,2026-02-27,3\n"
STAFF = f"employee_number,name,unit\n{number_of('A2')},Pat Renamed,Alder / Ash\n"
CLASSES = "course,category\nSystems,technical\n"


def _file(text: str, name: str) -> Callable[[World], Data]:
    return lambda _: {"file": (io.BytesIO(text.encode()), name)}


def _as_is(**data: object) -> Callable[[World], Data]:
    return lambda _: dict(data)


SENT: dict[str, Callable[[World], Data]] = {
    "aptitude.asked_rate": _as_is(**{f"score-D{number}": "30" for number in range(1, 8)}),
    "aptitude.asked_keep": _as_is(**{"score-D1": "30"}),
    "aptitude.self_keep": _as_is(**{"example-D1": "They asked the guest by name."}),
    "aptitude.asked_decline": _as_is(reason="I have not seen them"),
    "aptitude.self_rate": _as_is(**{f"score-D{number}": "30" for number in range(1, 8)}),
    "aptitude.aptitude_comment": lambda world: {
        "source": f"manager-{world.things['said by the manager']}", "kind": "comment",
        "text": "I see it so."},
    "aptitude.person_ask": lambda world: {
        "raters": [f"self-{one}" for one in world.people.values()],
        "purpose": "development", "due_on": str(TODAY + timedelta(days=14))},
    "aptitude.round_ask": _as_is(unit="0", sources=["self", "manager"], peers="3", quiet_days="90",
                                 purpose="development", step="ask",
                                 due_on=str(TODAY + timedelta(days=14))),
    "aptitude.round_take_back": _as_is(until=str(TODAY + timedelta(days=14)), promised="99"),
    "aptitude.panel_judge": lambda world: dict.fromkeys(
        (f"rating-{one}" for one in world.things["options"]), "4"),
    "aptitude.panel_new": lambda world: {
        "title": "Second panel", "experts": number_of("A2"),
        "scenarios": [str(world.things["scenario"]["RCV-01"])]},
    "aptitude.workshop_new": _as_is(
        title="Second workshop", number="1", level="frontline", due_on=str(TODAY),
        judges="\n".join(f"login-{one}@accounts.example" for one in
                         ("hr", "managers-manager", "employee", "manager", "trainer"))),
    "aptitude.workshop_ask": _as_is(judges="login-manager@accounts.example"),
    "aptitude.scenario_edit": lambda world: world.things["wording"],
    "aptitude.scenario_new": lambda world: world.things["wording"],
    "aptitude.sitting_item": lambda world: dict.fromkeys(
        (f"rating-{one}" for one in world.things["sitting options"]), "4"),
    "aptitude.contest_answer": _as_is(answer="We looked at it.", outcome="stands"),
    "aptitude.duty_edit": _as_is(due_on=str(TODAY + timedelta(days=30)), coach=""),
    "aptitude.duty_observed": _as_is(note="They asked the guest by name.", is_done="yes"),
    "aptitude.sight_change": _as_is(levels="3"),
    "aptitude.target_change": _as_is(dimension="D1", of="senior", score="35", floor="", step="set",
                                     from_on=str(TODAY),
                                     promised=f"D1|senior|35|None|False|{TODAY}"),
    "own.password": _as_is(old=GOOD, new=BETTER),
    "own.prove": _as_is(password=GOOD),
    "managing.account_add": _as_is(email="new@accounts.example", name="New", roles=["hr"]),
    "managing.account_roles": _as_is(roles=["hr"]),
    "managing.account_person": _as_is(employee_number=number_of("B5")),
    "managing.group_list": _as_is(group_name="another group", role="hr"),
    "people.organisation": _as_is(organisation="Taken over", day_hours="6"),
    "privacy.person_erase": _as_is(ground="request", why="it was asked for"),
    "people_files.people_file_start": _file(STAFF, "staff.csv"),
    "people_files.people_file_check": _as_is(action="record"),
    "ledger.import_start": _file(HOURS, "hours.csv"),
    "ledger.import_check": _as_is(action="date_order", date_order="day_first", basis="learner"),
    "ledger.import_classification": _file(CLASSES, "classes.csv"),
    "ledger.entry_page": _as_is(action="remove", course="Fire", done_on=str(TODAY), length="1",
                                why="it did not take place"),
    "ledger.course_classify_chosen": lambda world: {
        "course": str(world.things["course"]["Systems"]), "category": "technical"},
    "ledger.course_classify": lambda _: {"category-1": "product_knowledge"},
    "ledger.course_unclassified": lambda world: {
        f"category-{world.things['course']['Systems']}": "technical"},
    "ledger.category_add": _as_is(name="Our own", side="hard"),
    "ledger.category_move": _as_is(side="other", from_on=str(TODAY - timedelta(days=400))),
    **LEARNING,
    "targets.target_list": _as_is(percent="33", definition="narrow", from_on=str(TODAY),
                                  unit_id="0", level=""),
}  # fmt: skip
"""By endpoint; every other route writes when an empty form is sent."""


def sent_to(endpoint: str, world: World) -> Data:
    """Return the form for a route."""
    return SENT.get(endpoint, lambda _: {})(world)


def hidden_fields(client: FlaskClient, page: str, action: str) -> Data:
    """Return what a page sends along without being typed, in the form that leads to `action`."""
    found = BeautifulSoup(client.get(page).text, "lxml")
    for form in found.find_all("form", method="post"):
        if form.get("action") in (action, None) or action in str(form):
            return {
                str(field["name"]): str(field.get("value", ""))
                for field in form.find_all("input", type="hidden")
                if field.get("name")
            }
    return {}
