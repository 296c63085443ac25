"""What was recorded: the report of an import, its refused rows, and how to take it back."""

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import RefusedError
from core.web.access import requires
from core.web.downloads import download
from core.words import plural
from ledger.exports import refused_rows_csv
from ledger.forms import ConfirmForm
from ledger.queries import batches as queries
from ledger.rules.fields import FIELD_LABELS
from ledger.services.correcting import undo_batch
from ledger.views.imports import MOST_SHOWN_REFUSALS, SHOWN_REFUSALS, bp, owner
from people.queries.employees import employees_numbered
from people.services.auditing import note_rows_look

ORDER_WORDS = {"day_first": "day first", "month_first": "month first"}


@bp.get("/import/batches/<int:batch_id>")
@requires("hours:import")
def batch_page(batch_id: int) -> ResponseReturnValue:
    """Show what an import, an undoing or a correction recorded."""
    batch = queries.get_batch(batch_id, owner())
    if request.args.get("refused") == "all":
        refusals = list(queries.refused_rows(batch_id, MOST_SHOWN_REFUSALS))
    else:
        refusals = queries.first_of_each_reason(batch_id, SHOWN_REFUSALS)
    named = employees_numbered(cell for refusal in refusals for cell in refusal.cells)
    note_rows_look(g.viewer, ("batch", batch_id), "refused rows", len(refusals), named)
    return render_template(
        "ledger/batch_page.html",
        batch=batch,
        refusals=refusals,
        refused=queries.refused_count(batch_id),
        later=queries.later_batches(batch),
        labels=FIELD_LABELS,
        orders=ORDER_WORDS,
    )


@bp.get("/import/batches/<int:batch_id>/refused.csv")
@requires("hours:import")
def batch_refused(batch_id: int) -> Response:
    """Hand out the refused rows, to be mended and brought again."""
    batch = queries.get_batch(batch_id, owner())
    header = [str(name) for name in batch.reading.get("header", [])]
    content = b"".join(refused_rows_csv(header, queries.refused_rows(batch_id)))
    return download(content, f"import {batch_id} refused rows.csv")


@bp.route("/import/batches/<int:batch_id>/undo", methods=["GET", "POST"])
@requires("hours:import")
def batch_undo(batch_id: int) -> ResponseReturnValue:
    """Ask, and then take back everything an import recorded."""
    batch = queries.get_batch(batch_id, owner())
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            undo = undo_batch(batch_id, account_id=g.viewer.account_id)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"Undone. {_taken(undo.counts)}; nothing is deleted.", "success")
            return redirect(url_for(".batch_page", batch_id=undo.id))
    return render_template(
        "ledger/batch_undo.html", batch=batch, form=form, what=queries.to_undo(batch)
    )


def _taken(counts: dict[str, int]) -> str:
    if "courses" in counts:
        courses = plural(counts["courses"], "course counts", "courses count")
        return f"{courses} as without the file"
    taken = plural(counts["reversed"], "entry is", "entries are")
    return f"{taken} taken back by reversals"
