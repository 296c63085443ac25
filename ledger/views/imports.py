"""Bringing in hours: choose a file, check what it would do, record it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import RefusedError
from core.tables import WEB_LIMITS
from core.web.access import requires
from core.web.downloads import download
from ledger.exports import refused_rows_csv
from ledger.forms import BringFileForm, HoursChoicesForm
from ledger.imports import (
    HoursFile,
    open_catalogue,
    open_classification,
    open_hours,
    unknown_statuses,
)
from ledger.queries.batches import recent_batches
from ledger.queries.profiles import find_profile
from ledger.rules.classify_files import classify_lines_of
from ledger.rules.fields import FIELD_CHOICES, FIELD_LABELS
from ledger.rules.hours_files import ImportResult, Reading
from ledger.rules.kinds import Basis
from ledger.services.catalogue import record_catalogue
from ledger.services.classifying import classify_lines
from ledger.services.importing import import_hours
from ledger.services.profiles import remember_profile
from people.imports import as_file
from people.queries.batches import get_upload
from people.queries.employees import employee_count
from people.queries.settings import day_minutes
from people.services import uploads

bp = Blueprint("ledger", __name__)

KIND = "hours"
SHOWN_REFUSALS = 50
COLUMN_PREFIX = "column-"
STATUS_PREFIX = "status-"
NO_PERSON = "No column names a person, so each line is read as one session (contact-hours)."


@dataclass(frozen=True)
class ColumnView:
    """A column of the file as the page explains it."""

    name: str
    examples: list[str]
    field: str
    because: str


@dataclass
class Preview:
    """What the page of a file knows: how it is read and what recording it would do."""

    problem: RefusedError | None = None
    hours: HoursFile | None = None
    columns: tuple[ColumnView, ...] = ()
    result: ImportResult | None = None
    statuses: tuple[str, ...] = ()
    is_catalogue: bool = False
    is_known: bool = False


@bp.route("/import", methods=["GET", "POST"])
@requires("hours:import")
def import_start() -> ResponseReturnValue:
    """Choose a file of hours; show what was recorded before."""
    form = BringFileForm()
    if form.validate_on_submit():
        name = form.file.data.filename or "hours file"
        content = form.file.data.read()
        upload_id = uploads.keep_upload(KIND, name, content, g.viewer.account_id)
        return redirect(url_for(".import_check", upload_id=upload_id))
    return render_template(
        "ledger/import_start.html",
        form=form,
        batches=recent_batches(),
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
    form = HoursChoicesForm(data=_for_form(upload.choices))
    if form.validate_on_submit():
        choices = _chosen(form, request.form)
        uploads.keep_choices(upload_id, choices)
        if request.form.get("action") == "record":
            return _record(upload_id, choices)
        return redirect(url_for(".import_check", upload_id=upload_id))
    with as_file(upload.content) as path:
        preview = _preview(path, upload.file_name, upload.choices)
    if not upload.choices and preview.hours is not None:
        form = HoursChoicesForm(data=_for_form(_remembered(preview.hours)))
    return render_template(
        "ledger/import_check.html",
        upload=upload,
        form=form,
        preview=preview,
        choices=FIELD_CHOICES,
        shown=SHOWN_REFUSALS,
        usual_day_hours=day_minutes() / 60,
    )


def _preview(path: Any, file_name: str, choices: Mapping[str, Any]) -> Preview:
    preview = Preview()
    try:
        hours = _open(path, file_name, choices)
        preview.hours = hours
        preview.is_known = not choices and find_profile(hours.signature) is not None
        used = choices or _remembered(hours)
        preview.columns = _columns(hours)
        preview.is_catalogue = hours.guess.looks_like_catalogue and not choices
        reading = reading_of(used)
        missing = hours.missing(reading.basis is Basis.LEARNER)
        if missing:
            raise RefusedError(missing)
        preview.statuses = tuple(unknown_statuses(hours))
        preview.result = import_hours(
            hours.source(), reading, account_id=g.viewer.account_id, dry_run=True
        )
        if not choices and reading.basis is Basis.CONTACT:
            preview.result.notes.append(NO_PERSON)
    except RefusedError as refusal:
        preview.problem = refusal
    return preview


def _open(path: Any, file_name: str, choices: Mapping[str, Any]) -> HoursFile:
    """Open a file as a person chose, or as files of its layout were read before."""
    sheet = choices.get("sheet") or None
    hours = open_hours(path, file_name=file_name, limits=WEB_LIMITS, sheet=sheet)
    named = (choices or _remembered(hours)).get("mapping")
    if named:
        header = list(hours.table.header)
        hours = open_hours(
            path,
            file_name=file_name,
            limits=WEB_LIMITS,
            sheet=sheet,
            mapping={field: header.index(c) for c, field in named.items() if field and c in header},
        )
    return hours


def _remembered(hours: HoursFile) -> dict[str, Any]:
    """Return how files of this layout were read before; one that names nobody lists sessions."""
    known = find_profile(hours.signature)
    if known is None and not {"employee_number", "email"} & hours.guess.columns.keys():
        return {"basis": Basis.CONTACT.value}
    return known or {}


def _columns(hours: HoursFile) -> tuple[ColumnView, ...]:
    field_at = {place: name for name, place in hours.mapping.items()}
    reasons = {match.column: match.reason for match in hours.guess.matches.values()}
    guessed = {place: name for name, place in hours.guess.columns.items()}
    views = []
    for place, name in enumerate(hours.table.header):
        texts = hours.samples[place] if place < len(hours.samples) else []
        examples = list(dict.fromkeys(text for text in texts if text))[:3]
        field = field_at.get(place, "")
        if not field:
            because = "no field asks for it" if place not in guessed else "you chose so"
        elif guessed.get(place) == field:
            because = reasons.get(place, "")
        else:
            because = "you chose so"
        views.append(ColumnView(name, examples, field, because))
    return tuple(views)


def reading_of(choices: Mapping[str, Any]) -> Reading:
    """Return how values are read by these choices."""
    return Reading(
        basis=Basis(choices.get("basis") or Basis.LEARNER.value),
        day_minutes=choices.get("day_minutes") or day_minutes(),
        date_order=choices.get("date_order") or None,
        statuses=dict(choices.get("statuses") or {}),
        allow_long=bool(choices.get("allow_long")),
        allow_future=bool(choices.get("allow_future")),
        add_people=bool(choices.get("add_people")),
    )


def _for_form(choices: Mapping[str, Any]) -> dict[str, Any]:
    minutes = choices.get("day_minutes")
    return {
        "basis": choices.get("basis") or Basis.LEARNER.value,
        "date_order": choices.get("date_order") or "",
        "day_hours": Decimal(minutes) / 60 if minutes else None,
        "sheet": choices.get("sheet") or "",
        "allow_long": bool(choices.get("allow_long")),
        "allow_future": bool(choices.get("allow_future")),
        "add_people": bool(choices.get("add_people")),
    }


def _chosen(form: HoursChoicesForm, given: Mapping[str, str]) -> dict[str, Any]:
    def prefixed(prefix: str) -> dict[str, str]:
        return {k.removeprefix(prefix): v for k, v in given.items() if k.startswith(prefix)}

    decided = {text: answer == "yes" for text, answer in prefixed(STATUS_PREFIX).items() if answer}
    return {
        "basis": form.basis.data,
        "date_order": form.date_order.data,
        "day_minutes": form.day_minutes(),
        "sheet": form.sheet.data or None,
        "allow_long": form.allow_long.data,
        "allow_future": form.allow_future.data,
        "add_people": form.add_people.data,
        "mapping": prefixed(COLUMN_PREFIX) or None,
        "statuses": decided,
    }


def _record(upload_id: int, choices: dict[str, Any]) -> ResponseReturnValue:
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    with as_file(upload.content) as path:
        try:
            hours = _open(path, upload.file_name, choices)
            reading = reading_of(choices)
            missing = hours.missing(reading.basis is Basis.LEARNER)
            if missing:
                raise RefusedError(missing)
            result = import_hours(hours.source(), reading, account_id=g.viewer.account_id)
        except RefusedError as refusal:
            flash(f"Nothing is recorded. {refusal.message}", "error")
            return redirect(url_for(".import_check", upload_id=upload_id))
        kept = {k: v for k, v in choices.items() if k not in ("allow_long", "allow_future")}
        remember_profile(_profile_name(upload.file_name), hours.signature, _by_name(kept, hours))
    if result.batch_id is None:
        raise RuntimeError("a file that is recorded has a batch")
    uploads.mark_recorded(upload_id, result.batch_id)
    return redirect(url_for(".batch_page", batch_id=result.batch_id))


def _by_name(choices: dict[str, Any], hours: HoursFile) -> dict[str, Any]:
    header = hours.table.header
    return {**choices, "mapping": {header[place]: f for f, place in hours.mapping.items()}}


def _profile_name(file_name: str) -> str:
    return file_name.rpartition(".")[0] or file_name


@bp.get("/import/hours/<int:upload_id>/refused.csv")
@requires("hours:import")
def import_refused(upload_id: int) -> Response:
    """Hand out the rows that would be refused, to be mended."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    with as_file(upload.content) as path:
        hours = _open(path, upload.file_name, upload.choices)
        used = upload.choices or _remembered(hours)
        result = import_hours(hours.source(), reading_of(used), dry_run=True, keep_all=True)
        content = b"".join(refused_rows_csv(list(hours.table.header), result.refusals))
    return download(content, f"{_profile_name(upload.file_name)} refused rows.csv")


@bp.post("/import/hours/<int:upload_id>/catalogue")
@requires("courses:classify")
def import_catalogue(upload_id: int) -> ResponseReturnValue:
    """Record a list of courses with their lengths as the catalogue."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    with as_file(upload.content) as path:
        result = record_catalogue(open_catalogue(path, WEB_LIMITS))
    flash(f"{result.courses} courses are in the catalogue, {result.new} of them new.", "success")
    return redirect(url_for(".course_list"))


@bp.route("/import/classification", methods=["GET", "POST"])
@requires("courses:classify")
def import_classification() -> ResponseReturnValue:
    """Record a file that says what courses count as."""
    form = BringFileForm()
    outcome = None
    if form.validate_on_submit():
        with as_file(form.file.data.read()) as path:
            try:
                opened = open_classification(path, WEB_LIMITS)
                lines, refusals = classify_lines_of(
                    opened.table.blocks(), opened.mapping, opened.order
                )
                outcome = classify_lines(lines, refusals, account_id=g.viewer.account_id)
            except RefusedError as refusal:
                form.refuse(refusal)
    return render_template("ledger/import_classification.html", form=form, outcome=outcome)
