"""What is sent to each route of the curricula that writes."""

import io
from collections.abc import Callable
from datetime import timedelta

from curricula.exports.exchange import exchange_file
from curricula.rules.exchange import Exchange
from tests.access.world import TODAY, World, number_of
from tests.curricula.worlds import module

Data = dict[str, object]

DONE = f"employee_number,module,completed_on\n{number_of('A2')},CAN-01,2026-03-05\n"
SESSION: Data = {
    "days-0-on": "2026-04-20", "days-0-starts": "10:00", "days-0-ends": "12:00",
    "zone": "UTC", "place": "Quay", "delivery": "classroom", "trainer": "0", "capacity": "9",
    "hold_hours": "24", "confirmed": "y",
}  # fmt: skip
MODULE: Data = {
    "title": "Another title", "minutes": "60", "category-1": "hospitality", "percent-1": "100",
    "levels": ["frontline"], "review_days": "180", "revision": "1",
}  # fmt: skip


def _as_is(**data: object) -> Callable[[World], Data]:
    return lambda _: dict(data)


def _file(content: bytes, name: str, **more: object) -> Callable[[World], Data]:
    return lambda _: {"file": (io.BytesIO(content), name), **more}


def _in_draft(**data: object) -> Callable[[World], Data]:
    """The curriculum in work was written once, and had one module added by that."""
    return _as_is(revision="1", **data)


LEARNING: dict[str, Callable[[World], Data]] = {
    "curricula.curriculum_describe": _in_draft(title="Another", levels=["frontline"]),
    "curricula.curriculum_item_add": _in_draft(module="CAN-03", kind="required"),
    "curricula.curriculum_item_change": _in_draft(module="CAN-01", kind="elective"),
    "curricula.curriculum_new": _as_is(code="NEW-PATH", title="New", levels=["frontline"]),
    "curricula.curriculum_publish": _in_draft(),
    "curricula.curriculum_publish_version": _in_draft(),
    "curricula.curriculum_renewal": _in_draft(renewal=["CAN-01"]),
    "curricula.exchange": _file(exchange_file(Exchange((module("NEW-02"),), ())), "package.json"),
    "curricula.exchange_export": _as_is(module=["CAN-01"]),
    "curricula.material_add": _file(b"Another card", "card.txt", title="Card", use="trainer"),
    "curricula.module_copy": _as_is(code="COPY-01", title="Copy"),
    "curricula.module_new": _as_is(code="NEW-01", title="New", hours="60", category="hospitality"),
    "curricula.module_owner": lambda world: {"owner": str(world.accounts["hr"])},
    "curricula.module_publish": _as_is(revision="1"),
    "curricula.module_preview": _as_is(text="**Good morning**"),
    "curricula.module_save": _as_is(**MODULE),
    "curricula.module_stand_in": _as_is(stands="yes"),
    "curricula.session_attend": lambda world: {
        "action": "save", f"is-{world.things['seat to decide']['A2']}": "present"},
    "curricula.session_cancel": _as_is(reason="The trainer is ill."),
    "curricula.session_edit": _as_is(**SESSION),
    "curricula.session_enrol": _as_is(
        numbers=f"{number_of('A3')}, {number_of('B4')}", leave_out="y"),
    "curricula.session_here": lambda world: {"code": world.codes["session now"]},
    "curricula.session_new": lambda world: {
        **SESSION, "module": str(world.things["module"]["taught"])},
    "curricula.session_staffing": lambda world: {
        "unit": str(world.things["unit"]["Alder / Ash"]), "least": "2"},
    "learning.assignment": _as_is(action="due", due_on=str(TODAY + timedelta(days=90))),
    "learning.audience": _as_is(action="save", level="manager", unit_id=""),
    "learning.audience_end": _as_is(sure="y"),
    "curricula.module_retire": _as_is(sure="y"),
    "curricula.curriculum_retire": _as_is(sure="y"),
    "learning.certificate_revoke": _as_is(reason="It was somebody else."),
    "learning.completion_file": _file(DONE.encode(), "done.csv", source="LMS"),
    "learning.past_review_list": _as_is(days="45"),
    "learning.person_assign": lambda world: {
        "curriculum_id": str(world.things["curriculum"]["published"])},
}  # fmt: skip
"""By endpoint; every other route of the curricula writes when an empty form is sent."""
