"""The rows behind a figure, one entry with its history, and its correction."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import (
    Response,
    flash,
    g,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError, ValueProblem
from core.export.sheets import csv_stream, xlsx_bytes
from core.web.access import requires
from core.web.downloads import download
from core.web.forms import Both, Conflict
from core.web.layout import has_page
from core.words import day
from ledger.exports import entries_table
from ledger.forms import CorrectionForm
from ledger.queries.histories import EntryDetail, course_called, entry_detail, known_titles
from ledger.queries.narrowing import Visible
from ledger.queries.selections import (
    LinePage,
    Place,
    SelectionNames,
    Totals,
    selected_lines,
    selected_page,
    selected_people,
    selection_names,
    selection_totals,
)
from ledger.rules.corrections import CorrectionDraft
from ledger.rules.durations import check_long, minutes_from_text
from ledger.rules.kinds import DELIVERY_LABELS, Definition
from ledger.rules.selection_words import (
    KIND_LABELS,
    counted_words,
    period_name,
    period_words,
    place_words,
    terms,
    typed_length,
    what_words,
)
from ledger.rules.selections import THEN, TODAY, Selection, selection_from
from ledger.services.correcting import correct_entry
from ledger.views.imports import bp
from people.queries.settings import day_minutes
from people.queries.visibility import visible_employees
from people.rules.levels import LEVEL_LABELS
from people.services.auditing import note_look, note_look_at_all

PAGE = 50
MOST_TITLES = 500
NOW_ANOTHER = (
    "What you wrote is still in the form. Send it again to correct the entry that stands now, or "
    "change it first."
)
NOW_NONE = "The entry was taken back, so nothing is left to correct. What you wrote is below."
MOST_SHEET_ROWS = 1_000_000
MOST_LOOKED_THROUGH = 100_000
"""A file of more entries, for somebody who sees everybody, is a look at everybody."""
"""A sheet of a workbook holds 1 048 576 rows."""


@bp.get("/entries")
@requires("entries:read")
def entry_list() -> ResponseReturnValue:
    """Show the entries that make a figure, newest first."""
    selection = selection_from(request.args)
    visible = visible_employees(g.viewer, today())
    names = selection_names(selection, visible)
    page = selected_page(selection, visible, _place(request.args.get("after", "")), PAGE)
    note_look(g.viewer, _shown_people(selection, page), "entries")
    following = page.following
    after = f"{following.done_on}.{following.entry_id}" if following else None
    return render_template(
        "ledger/entry_list.html",
        page=page,
        totals=selection_totals(selection, visible),
        words=_words(selection, names),
        only_some=visible is not None,
        is_first="after" not in request.args,
        first_url=_address(".entry_list", selection.address()),
        next_url=_address(".entry_list", selection.address(after=after)) if after else None,
        csv_url=_address(".entries_csv", selection.address()),
        xlsx_url=_address(".entries_xlsx", selection.address()),
        choices=[_definitions(selection)],
        balance_url=_balance_url(selection),
        deliveries=DELIVERY_LABELS,
        counted_words=counted_words,
    )


@bp.get("/entries.csv")
@requires("entries:read")
def entries_csv() -> Response:
    """Hand out the entries that make a figure; their minutes add up to it."""
    selection = selection_from(request.args)
    visible = visible_employees(g.viewer, today())
    selection_names(selection, visible)
    _note_file(selection, visible)
    table = entries_table(selected_lines(selection, visible))
    return download(_streamed(csv_stream(table)), "entries.csv")


@bp.get("/entries.xlsx")
@requires("entries:read")
def entries_xlsx() -> Response:
    """Hand out the same as a workbook that says what is counted."""
    selection = selection_from(request.args)
    visible = visible_employees(g.viewer, today())
    names = selection_names(selection, visible)
    totals = selection_totals(selection, visible)
    if totals.entries > MOST_SHEET_ROWS:
        raise RefusedError("A sheet holds a million rows; take the CSV file, or fewer entries.")
    _note_file(selection, visible)
    table = entries_table(selected_lines(selection, visible), _notes(selection, names, totals))
    return download(xlsx_bytes([table]), "entries.xlsx")


@bp.route("/entries/<int:entry_id>", methods=["GET", "POST"])
@requires("entries:read")
def entry_page(entry_id: int) -> ResponseReturnValue:
    """Show one entry with its history; those who may, correct it."""
    entry = entry_detail(entry_id, visible_employees(g.viewer, today()))
    note_look(g.viewer, [entry.line.person_id], "entry")
    form = None
    if "hours:correct" in g.permissions and (entry.stands or request.method == "POST"):
        form = CorrectionForm(
            course=entry.line.course,
            done_on=entry.line.done_on,
            length=typed_length(entry.line.minutes),
        )
        if form.validate_on_submit():
            try:
                batch = correct_entry(entry_id, _draft(form, entry), account_id=g.viewer.account_id)
            except ConflictError as error:
                entry = entry_detail(entry_id, visible_employees(g.viewer, today()))
                form.collide(error, _corrected_meanwhile(form, entry))
            except RefusedError as refusal:
                form.refuse(refusal)
            else:
                flash("Corrected. The entry is taken back by a reversal, nothing is deleted.")
                return redirect(url_for(".entry_page", entry_id=batch.last_entry_id))
    page = render_template(
        "ledger/entry_page.html",
        entry=entry,
        form=form,
        standing=entry.standing,
        titles=known_titles(MOST_TITLES) if form else [],
        deliveries=DELIVERY_LABELS,
        kinds=KIND_LABELS,
        levels={level.value: label for level, label in LEVEL_LABELS.items()},
    )
    return page, form.status if form else 200


def _corrected_meanwhile(form: CorrectionForm, entry: EntryDetail) -> Conflict:
    """Return what was sent beside the entry that stands now, or that none does."""
    held, reversal = entry.standing, entry.taken_back_by
    wanted = form.action.data != "remove"
    values = [
        Both("Course", form.course.data if wanted else "", held.course if held else ""),
        Both("Day", day(form.done_on.data) if wanted else "", day(held.done_on) if held else ""),
        Both(
            "Length",
            form.length.data if wanted else "",
            typed_length(held.minutes) if held else "",
        ),
        Both("Why", form.why.data, (reversal.why or "") if reversal else ""),
    ]
    who = (reversal.who or "Command line") if reversal else ""
    remedy = NOW_ANOTHER if held else NOW_NONE
    return Conflict(values, who, reversal.recorded_at if reversal else None, remedy)


def _shown_people(selection: Selection, page: LinePage) -> list[int | None]:
    """Return whose entries are on a page: one person's, or those of everybody in the list."""
    if selection.person_id is not None:
        return [selection.person_id]
    return [line.person_id for line in page.lines]


def _note_file(selection: Selection, visible: Visible) -> None:
    """Write down whose entries are handed out, so that they can read it."""
    if visible is None and selection_totals(selection, visible).entries > MOST_LOOKED_THROUGH:
        note_look_at_all("entries as a file")
    else:
        note_look(g.viewer, selected_people(selection, visible), "entries as a file")


def _draft(form: CorrectionForm, entry: EntryDetail) -> CorrectionDraft:
    if form.action.data == "remove":
        line = entry.line
        return CorrectionDraft(line.course_id, line.done_on, None, form.why.data)
    try:
        minutes = minutes_from_text(form.length.data, "hours", day_minutes())
        check_long(minutes, allow=False)
    except ValueProblem as problem:
        raise RefusedError(f"{problem.reason} {problem.remedy}", field="length") from problem
    return CorrectionDraft(
        course_called(form.course.data, entry.line.course_id),
        form.done_on.data,
        minutes,
        form.why.data,
    )


def _streamed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    streamed: Iterator[bytes] = stream_with_context(pieces)
    return streamed


def _words(selection: Selection, names: SelectionNames) -> str:
    """Return which cut is listed, as one sentence without its full stop."""
    parts = place_words(selection, names.unit, names.site)
    parts += [name for name in (names.person, names.course) if name]
    if selection.batch_id is not None:
        parts.append(f"recorded by import {selection.batch_id} ({names.batch})")
    parts += what_words(selection, names.category)
    parts.append(period_words(selection.from_on, selection.to_on))
    parts += terms(selection)
    text = "; ".join(parts)
    return text[0].upper() + text[1:]


def _notes(selection: Selection, names: SelectionNames, totals: Totals) -> list[str]:
    return [
        f"Counted: {_words(selection, names)}",
        f"Entries: {totals.entries}",
        f"Minutes: {totals.minutes}",
        "Reversals: an entry that was taken back stays, and its reversal stands with the same "
        "minutes below zero; together they make nothing.",
    ]


def _address(endpoint: str, arguments: dict[str, str]) -> str:
    values: dict[str, Any] = dict(arguments)
    return url_for(endpoint, **values)


def _definitions(selection: Selection) -> dict[str, object]:
    labels = {
        Definition.NARROW: ("Narrow", "The four families are soft"),
        Definition.BROAD: ("Broad", "Other soft is soft too"),
    }
    return {
        "label": "Definition",
        "value": labels[selection.definition][0],
        "options": [
            {
                "label": label,
                "hint": hint,
                "url": _address(".entry_list", selection.address(definition=one.value)),
                "current": one is selection.definition,
            }
            for one, (label, hint) in labels.items()
        ],
    }


def _balance_url(selection: Selection) -> str | None:
    """Return the balance with the same choices, as far as it knows them."""
    if "balance:read" not in g.permissions or not has_page("planner.balance_page"):
        return None
    values: dict[str, Any] = {
        "unit": selection.unit_id or None,
        "period": period_name(selection),
        "definition": selection.definition.value,
        "basis": selection.basis.value,
        "structure": TODAY if selection.by_today else THEN,
        "as_of": selection.as_of,
        "level": selection.level or None,
        "site": selection.site_id or None,
    }
    return url_for("planner.balance_page", **{k: v for k, v in values.items() if v is not None})


def _place(text: str) -> Place | None:
    """Return where a list goes on, from the address; None for its beginning."""
    on, dot, entry_id = text.partition(".")
    if not dot or not entry_id.isascii() or not entry_id.isdigit() or len(entry_id) > len("9" * 18):
        return None
    try:
        return Place(date.fromisoformat(on), int(entry_id))
    except ValueError:
        return None
