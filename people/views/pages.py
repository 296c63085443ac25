"""Pages about people and units."""

from decimal import Decimal

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from core.web.paths import id_argument
from core.words import hours
from people.forms import OrganisationForm
from people.queries import employees, settings, units
from people.queries.auditing import last_change
from people.rules.levels import LEVEL_LABELS, LEVELS_TOP_DOWN, Level
from people.services.auditing import note_look
from people.services.settings import set_organisation

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
@requires("people:read")
def employee_list() -> ResponseReturnValue:
    """Show the people one may see, by name, with a search."""
    wanted = _wanted()
    page = employees.employee_page(wanted, g.viewer, today(), request.args.get("after"))
    note_look(g.viewer, [person.id for person in page.people], "people")
    return render_template(
        "people/employee_list.html",
        page=page,
        wanted=wanted,
        units=units.all_units(),
        levels=[(level.value, LEVEL_LABELS[level]) for level in LEVELS_TOP_DOWN],
        level_labels=LEVEL_LABELS,
        is_empty=employees.employee_count() == 0,
    )


def _wanted() -> employees.EmployeeFilter:
    level = request.args.get("level", "")
    return employees.EmployeeFilter(
        text=request.args.get("search", "").strip()[:200],
        unit_id=id_argument("unit"),
        level=Level(level) if level in {one.value for one in Level} else None,
    )


@bp.get("/<int:employee_id>")
@requires("people:read")
def employee_detail(employee_id: int) -> ResponseReturnValue:
    """Show a person: where they stood when, who is above, who reports to them."""
    person = employees.person_detail(employee_id, g.viewer, today())
    note_look(g.viewer, [employee_id], "person")
    return render_template(
        "people/employee_detail.html",
        person=person,
        level_labels=LEVEL_LABELS,
        entries_page=_entries_page(employee_id),
    )


def _entries_page(employee_id: int) -> str | None:
    """Return where the hours of a person are listed: a page of the package above this one."""
    if "ledger.entry_list" not in current_app.view_functions:
        return None
    return url_for("ledger.entry_list", person=employee_id)


@bp.route("/organisation", methods=["GET", "POST"])
@requires("people:import")
def organisation() -> ResponseReturnValue:
    """Say what the organisation is called and how long its day of training is."""
    form = OrganisationForm(
        version=settings.organisation_version(),
        organisation=settings.organisation_name(),
        day_hours=Decimal(settings.day_minutes()) / 60,
    )
    if form.validate_on_submit():
        try:
            set_organisation(form.organisation.data, form.day_minutes(), seen=form.seen())
        except ConflictError as error:
            form.collide(error, _changed_meanwhile(form))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Saved. Reports carry the name from now on.", "success")
            return redirect(url_for(".organisation"))
    return render_template("people/organisation.html", form=form), form.status


def _changed_meanwhile(form: OrganisationForm) -> Conflict:
    keys = ("organisation", "day_minutes")
    who, at = last_change(["setting.change"], "setting", None, *keys)
    days = (hours(form.day_minutes()), hours(settings.day_minutes()))
    names = (form.organisation.data, settings.organisation_name())
    return Conflict(
        [Both("Name of the organisation", *names), Both("Day of training", *days)], who, at
    )


@bp.get("/tree")
@requires("people:read")
def unit_tree() -> ResponseReturnValue:
    """Show the units below one unit, or the top ones, with their head counts today."""
    unit_id = id_argument("unit")
    chain = units.unit_chain(unit_id) if unit_id is not None else []
    if unit_id is not None and not chain:
        abort(404)
    return render_template(
        "people/unit_tree.html",
        chain=chain,
        children=units.unit_children(unit_id, today()),
        head_count=units.head_count(today()),
        day=today(),
    )
