"""Privacy: what is held on me and who looked, and erasing a person."""

import json
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import now, today
from core.errors import RefusedError
from core.web.access import SIGNED_IN, requires
from core.web.downloads import download
from people.exports import my_data_csv
from people.forms import EraseForm
from people.queries.auditing import who_looked_at
from people.queries.employees import person_detail
from people.queries.subjects import Section, held_on_oneself
from people.rules.plain_words import shown
from people.rules.retention import PERIODS
from people.services.erasing import erase_person

bp = Blueprint("privacy", __name__)

SHOWN_ROWS = 100


def _mine() -> list[Section]:
    return held_on_oneself(g.viewer)


@bp.get("/my-data")
@requires(SIGNED_IN)
def my_data() -> ResponseReturnValue:
    """Show everything that is held on whoever is signed in, and who looked at it."""
    return render_template(
        "people/my_data.html",
        sections=[(part, shown(part.columns, part.rows, SHOWN_ROWS)) for part in _mine()],
        looks=who_looked_at(g.viewer),
        shown=SHOWN_ROWS,
    )


@bp.get("/my-data.json")
@requires(SIGNED_IN)
def my_data_json() -> Response:
    """Hand out the same for programs."""
    document: dict[str, Any] = {
        "made_at": now().isoformat(timespec="seconds"),
        "tables": {
            section.table: {
                "what": section.what,
                "why": section.why,
                "kept": section.kept,
                "rows": [dict(zip(section.columns, row, strict=True)) for row in section.rows],
            }
            for section in _mine()
        },
        "looks": [
            {
                "at": line.at.isoformat(timespec="seconds"),
                "who": line.who,
                "as": line.capacity,
                "what": line.what,
            }
            for line in who_looked_at(g.viewer)
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return download(text.encode(), "my data.json")


@bp.get("/my-data.csv")
@requires(SIGNED_IN)
def my_data_csv_file() -> Response:
    """Hand out the same as a table: one line for each value."""
    looks = who_looked_at(g.viewer)
    return download(my_data_csv(_mine(), looks), "my data.csv")


@bp.route("/people/<int:employee_id>/erase", methods=["GET", "POST"])
@requires("people:erase")
def person_erase(employee_id: int) -> ResponseReturnValue:
    """Ask for the legal ground, and then erase a person; totals stay."""
    person = person_detail(employee_id, g.viewer, today())
    form = EraseForm()
    if form.validate_on_submit():
        try:
            _check_not_oneself(employee_id)
            erase_person(employee_id, form.ground.data, form.why.data or "")
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Erased. The hours stay under a pseudonym, so that totals are as before.")
            return redirect(url_for("people.employee_detail", employee_id=employee_id))
    return render_template(
        "people/person_erase.html",
        person=person,
        form=form,
        works_here=person.left_on is None or person.left_on >= today(),
        periods=PERIODS,
    )


def _check_not_oneself(employee_id: int) -> None:
    if g.viewer.employee_id == employee_id:
        raise RefusedError("Somebody else has to erase you.")
