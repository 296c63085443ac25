"""Bringing in hours: choose a file, check what it would do, record it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import ConflictError, RefusedError
from core.tables import WEB_LIMITS
from core.web.access import requires
from core.web.downloads import download
from core.web.forms import Conflict, differing
from ledger.exports import refused_rows_csv
from ledger.forms import BringFileForm, HoursChoicesForm
from ledger.imports import open_catalogue, open_hours
from ledger.queries.batches import recent_batches
from ledger.rules.choices import HoursChoices, choices_from
from ledger.rules.fields import FIELD_CHOICES, FIELD_LABELS
from ledger.rules.kinds import Basis
from ledger.services.catalogue import record_catalogue
from ledger.services.importing import BroughtFile, import_hours
from ledger.views.previews import (
    Preview,
    as_shown,
    named_mapping,
    one_of_each,
    preview_file,
    read_as,
    reading_of,
)
from people.imports import as_file
from people.queries.batches import get_upload
from people.queries.employees import employee_count
from people.queries.settings import day_minutes
from people.services import uploads
from people.services.profiles import bare_name

bp = Blueprint("ledger", __name__)

KIND = "hours"
SHOWN_REFUSALS = 50
MOST_SHOWN_REFUSALS = 500
COLUMN_PREFIX = "column-"
STATUS_PREFIX = "status-"
CHOICE_WORDS = {
    **FIELD_LABELS,
    "basis": "One line of the file",
    "learner": "one person at one training",
    "contact": "one session",
    "date_order": "Days such as 03/04/2025",
    "day_first": "day first",
    "month_first": "month first",
    "day_minutes": "Minutes in a day of training",
    "sheet": "Sheet of the workbook",
    "allow_long": "Lines of more than 24 hours",
    "allow_future": "Days in the future",
    "add_people": "Add unknown people",
    "True": "yes",
    "False": "no",
}
EVERY_ROW_REFUSED = "Every row is refused; mend the file, or read its columns in another way."

NOTHING_NEW = "Every row of the file stands in the ledger already or does not count."


def owner() -> int | None:
    """Return whose imports the person sees: None for everybody's, else only their own."""
    return None if "hours:correct" in g.permissions else g.viewer.account_id


def brought(form: BringFileForm, kind: str, usual_name: str) -> int:
    """Keep the file of a form until it is recorded, and return its number."""
    name = form.file.data.filename or usual_name
    return uploads.keep_upload(kind, name, form.file.data.read(), g.viewer.account_id)


@bp.route("/import", methods=["GET", "POST"])
@requires("hours:import")
def import_start() -> ResponseReturnValue:
    """Choose a file of hours; show what was recorded before."""
    form = BringFileForm()
    if form.validate_on_submit():
        return redirect(url_for(".import_check", upload_id=brought(form, KIND, "hours file")))
    return render_template(
        "ledger/import_start.html",
        form=form,
        batches=recent_batches(owner()),
        people=employee_count(),
        columns=FIELD_LABELS,
    )


@bp.route("/import/hours/<int:upload_id>", methods=["GET", "POST"])
@requires("hours:import")
def import_check(upload_id: int) -> ResponseReturnValue:
    """Show what a file would record, let its reading be mended, and record it."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    if upload.batch_id is not None:
        return redirect(url_for(".batch_page", batch_id=upload.batch_id))
    form = HoursChoicesForm()
    choices = _held(upload.choices)
    if form.validate_on_submit():
        try:
            return _take(upload_id, form)
        except ConflictError as error:
            choices = _chosen(form, request.form)
            form.collide(error, _chosen_meanwhile(choices, upload.choices))
    show_all = request.args.get("refused") == "all"
    with as_file(upload.content) as path:
        preview = preview_file(path, upload.file_name, choices, keep_all=show_all)
    if request.method == "GET":
        form = HoursChoicesForm(formdata=None, data=_for_form(preview), version=upload.version)
    form.sheet.choices = preview.hours.table.sheets if preview.hours else []
    refusals = preview.result.refusals if preview.result else []
    page = render_template(
        "ledger/import_check.html",
        upload=upload,
        form=form,
        preview=preview,
        seen=as_shown(preview).digest(),
        refusals=refusals[:MOST_SHOWN_REFUSALS]
        if show_all
        else one_of_each(refusals, SHOWN_REFUSALS),
        choices=FIELD_CHOICES,
        usual_day_hours=day_minutes() / 60,
    )
    return page, form.status


def _chosen_meanwhile(sent: HoursChoices, held: Mapping[str, Any]) -> Conflict:
    there = choices_from(held).stored()
    return Conflict(differing(sent.stored(), there, CHOICE_WORDS), "you, in another window")


def _held(stored: Mapping[str, Any]) -> HoursChoices | None:
    return choices_from(stored) if stored else None


def _take(upload_id: int, form: HoursChoicesForm) -> ResponseReturnValue:
    """Keep what was chosen, and record the file where that is what was looked at."""
    action = request.form.get("action")
    again = redirect(url_for(".import_check", upload_id=upload_id))
    if action == "begin again":
        uploads.keep_choices(upload_id, {}, seen=form.seen())
        return again
    choices = _chosen(form, request.form)
    uploads.keep_choices(upload_id, choices.stored(), seen=form.seen())
    if action != "record":
        return again
    if request.form.get("seen") != choices.digest():
        flash("The file is now read as you chose. Look again before it is recorded.", "info")
        return again
    return _record(upload_id, choices)


def _for_form(preview: Preview) -> dict[str, Any]:
    choices = preview.choices
    minutes = choices.day_minutes
    return {
        "basis": choices.basis.value,
        "date_order": choices.date_order or "",
        "day_hours": Decimal(minutes) / 60 if minutes else None,
        "sheet": as_shown(preview).sheet or "",
        "allow_long": choices.allow_long,
        "allow_future": choices.allow_future,
        "add_people": choices.add_people,
    }


def _chosen(form: HoursChoicesForm, given: Mapping[str, str]) -> HoursChoices:
    def prefixed(prefix: str) -> dict[str, str]:
        return {k.removeprefix(prefix): v for k, v in given.items() if k.startswith(prefix) and v}

    return HoursChoices(
        basis=Basis(form.basis.data),
        date_order=form.date_order.data or None,
        day_minutes=form.day_minutes(),
        sheet=form.sheet.data or None,
        allow_long=form.allow_long.data,
        allow_future=form.allow_future.data,
        add_people=form.add_people.data and "people:import" in g.permissions,
        mapping=prefixed(COLUMN_PREFIX),
        statuses={s: answer == "yes" for s, answer in prefixed(STATUS_PREFIX).items()},
    )


def _record(upload_id: int, choices: HoursChoices) -> ResponseReturnValue:
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    if upload.batch_id is not None:
        return redirect(url_for(".batch_page", batch_id=upload.batch_id))
    account_id = g.viewer.account_id
    with as_file(upload.content) as path:
        try:
            opened = open_hours(
                path, file_name=upload.file_name, limits=WEB_LIMITS, sheet=choices.sheet
            )
            hours = read_as(opened, choices)
            reading = reading_of(choices)
            brought = BroughtFile(upload_id, hours.signature, choices, named_mapping(hours))
            result = import_hours(hours.source(), reading, account_id=account_id, brought=brought)
            if result.batch_id is None:
                raise RefusedError(EVERY_ROW_REFUSED if result.refused else NOTHING_NEW)
        except RefusedError as refusal:
            flash(f"Nothing is recorded. {refusal.message}", "error")
            return redirect(url_for(".import_check", upload_id=upload_id))
    return redirect(url_for(".batch_page", batch_id=result.batch_id))


@bp.get("/import/hours/<int:upload_id>/refused.csv")
@requires("hours:import")
def import_refused(upload_id: int) -> Response:
    """Hand out the rows that would be refused, to be mended."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    with as_file(upload.content) as path:
        preview = preview_file(path, upload.file_name, _held(upload.choices), keep_all=True)
    if preview.hours is None or preview.result is None:
        raise preview.problem or RefusedError("The file was recorded; see its report.")
    content = b"".join(refused_rows_csv(preview.hours.table.header, preview.result.refusals))
    return download(content, f"{bare_name(upload.file_name)} refused rows.csv")


@bp.post("/import/hours/<int:upload_id>/catalogue")
@requires("courses:classify")
def import_catalogue(upload_id: int) -> ResponseReturnValue:
    """Record a list of courses with their lengths as the catalogue."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    with as_file(upload.content) as path:
        outcome = record_catalogue(open_catalogue(path, WEB_LIMITS))
    return render_template("ledger/import_catalogue.html", upload=upload, outcome=outcome)
