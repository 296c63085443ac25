"""Anchor workshops: HR asks judges and reads what they say; judges sort and weigh anchors."""

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.exports.workshops import workshop_table
from aptitude.forms.buttons import ConfirmForm, ReadSeenForm
from aptitude.forms.workshops import MoreJudgesForm, PortionForm, WorkshopForm
from aptitude.queries.frameworks import find_draft, published_versions
from aptitude.queries.judging import own_workshop
from aptitude.queries.workshops import WorkshopPage, workshop_lines, workshop_page
from aptitude.rules.workshops import (
    FEWEST_JUDGES,
    closed_words,
    elsewhere_words,
    kappa_words,
    order_words,
    reason_words,
    rule_words,
    summary_words,
)
from aptitude.services import workshops
from aptitude.services.workshops import WorkshopDraft
from aptitude.views.own import bp, with_framework
from core.errors import ConflictError, NotFoundError, RefusedError
from core.export.sheets import csv_bytes, xlsx_bytes
from core.web.access import requires
from core.web.downloads import download
from core.web.forms import Both, Conflict
from core.words import plural
from people.rules.levels import LEVEL_LABELS

LOOK_AGAIN = "Nothing was closed. Read who has handed in now; press the button again if it holds."
WORDS = {
    "levels": LEVEL_LABELS,
    "fewest": FEWEST_JUDGES,
    "elsewhere_words": elsewhere_words,
    "order_words": order_words,
    "reason_words": reason_words,
    "rule_words": rule_words,
}


@bp.get("/aptitude/framework/workshops")
@requires("aptitude:edit")
@with_framework
def workshop_list() -> ResponseReturnValue:
    """List the anchor workshops."""
    return render_template("aptitude/workshop_list.html", workshops=workshop_lines(), **WORDS)


@bp.route("/aptitude/framework/workshops/new", methods=["GET", "POST"])
@requires("aptitude:edit")
@with_framework
def workshop_new() -> ResponseReturnValue:
    """Ask judges to sort the anchors of a version."""
    form = WorkshopForm()
    draft = find_draft()
    form.number.choices = [
        *([(draft.number, f"Draft of version {draft.number}")] if draft else []),
        *((one.number, f"Version {one.number}, {one.title}") for one in published_versions()),
    ]
    if form.validate_on_submit():
        wanted = WorkshopDraft(
            form.title.data, form.number.data, form.on_level(), form.due_on.data, form.lines()
        )
        try:
            workshop_id = workshops.open_workshop(wanted, g.viewer)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Asked. It stands under “Ratings asked of me” of each judge.", "success")
            return redirect(url_for(".workshop_detail", workshop_id=workshop_id))
    elif form.is_submitted() and not form.judges.errors:
        _tell_of_judges(form)
    return render_template("aptitude/workshop_new.html", form=form, **WORDS)


def _tell_of_judges(form: WorkshopForm) -> None:
    """Say who is not found while the day or the name is missing, so that all is mended at once."""
    try:
        workshops.judges_named(form.lines())
    except RefusedError as refusal:
        form.refuse(refusal)


@bp.get("/aptitude/framework/workshops/<int:workshop_id>")
@requires("aptitude:edit")
def workshop_detail(workshop_id: int) -> ResponseReturnValue:
    """Show a workshop: who has handed in and, once it is closed, what judges say together."""
    return _detail(workshop_page(workshop_id), MoreJudgesForm())


def _detail(page: WorkshopPage, more: MoreJudgesForm) -> str:
    return render_template(
        "aptitude/workshop_detail.html",
        page=page,
        more=more,
        summary=summary_words(page.found, page.reworded),
        kappa=kappa_words(page.kappa),
        draft=find_draft(),
        form=ConfirmForm(),
        **WORDS,
    )


@bp.post("/aptitude/framework/workshops/<int:workshop_id>/judges")
@requires("aptitude:edit")
def workshop_ask(workshop_id: int) -> ResponseReturnValue:
    """Ask further judges of a workshop that is open."""
    form = MoreJudgesForm()
    if form.validate_on_submit():
        try:
            count = workshops.ask_more(workshop_id, form.lines())
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{plural(count, 'more judge is', 'more judges are')} asked.", "success")
            return redirect(url_for(".workshop_detail", workshop_id=workshop_id))
    return _detail(workshop_page(workshop_id), form)


@bp.get("/aptitude/framework/workshops/<int:workshop_id>.csv")
@requires("aptitude:edit")
def workshop_csv(workshop_id: int) -> Response:
    """Hand out what judges say of each anchor as CSV."""
    page = workshop_page(workshop_id)
    return download(csv_bytes(workshop_table(page)), f"{page.line.title}.csv")


@bp.get("/aptitude/framework/workshops/<int:workshop_id>.xlsx")
@requires("aptitude:edit")
def workshop_xlsx(workshop_id: int) -> Response:
    """Hand out what judges say of each anchor as a workbook."""
    page = workshop_page(workshop_id)
    return download(xlsx_bytes([workshop_table(page)]), f"{page.line.title}.xlsx")


@bp.route("/aptitude/framework/workshops/<int:workshop_id>/close", methods=["GET", "POST"])
@requires("aptitude:edit")
def workshop_close(workshop_id: int) -> ResponseReturnValue:
    """Ask, and let nobody judge any more, as far as as many have handed in as was seen."""
    page, form = workshop_page(workshop_id), ReadSeenForm()
    if page.is_open and not form.is_submitted():
        return _ask_to_close(page, ReadSeenForm(version=str(page.version), saw=page.words))
    if page.is_open:
        try:
            workshops.close_workshop(workshop_id, seen=form.seen())
        except ConflictError as error:
            return _handed_in_meanwhile(workshop_page(workshop_id), form, error)
        flash(f"Closed. {closed_words(page.line.finished)}", "success")
    return redirect(url_for(".workshop_detail", workshop_id=workshop_id))


def _ask_to_close(page: WorkshopPage, form: ReadSeenForm) -> str:
    return render_template("aptitude/workshop_close.html", page=page, form=form, **WORDS)


def _handed_in_meanwhile(
    page: WorkshopPage, form: ReadSeenForm, error: ConflictError
) -> ResponseReturnValue:
    both = [Both("The workshop", form.saw.data or "", page.words)]
    form.collide(error, Conflict(both, remedy=LOOK_AGAIN))
    form.saw.data = page.words
    return _ask_to_close(page, form), form.status


@bp.get("/aptitude/workshops/<int:workshop_id>")
@requires("aptitude:rate")
def judging_page(workshop_id: int) -> ResponseReturnValue:
    """Show what I am asked to judge, how far I am, and after handing in what I said."""
    return render_template(
        "aptitude/judging_page.html",
        workshop=own_workshop(workshop_id, g.viewer),
        form=ConfirmForm(),
        **WORDS,
    )


@bp.route("/aptitude/workshops/<int:workshop_id>/<int:place>", methods=["GET", "POST"])
@requires("aptitude:rate")
def judging_portion(workshop_id: int, place: int) -> ResponseReturnValue:
    """Let me say of a few anchors where they belong and how effective they are; kept at once."""
    workshop = own_workshop(workshop_id, g.viewer)
    if not workshop.is_open:
        return redirect(url_for(".judging_page", workshop_id=workshop_id))
    portion = next((one for one in workshop.portions if one.place == place), None)
    if portion is None:
        raise NotFoundError("There is no such part of this workshop.")
    form = PortionForm.asking(portion.anchors, workshop.dimensions)
    if form.validate_on_submit():
        try:
            after = workshops.save_portion(workshop_id, place, form.said(), g.viewer)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            if request.form.get("leave"):
                flash("Kept. Go on whenever you like, on any device.", "success")
                return redirect(url_for(".judging_page", workshop_id=workshop_id))
            if after.portions[place - 1].is_done:
                return _next_of(workshop_id, after.next_place)
            form.ask_for_the_rest()
    return render_template(
        "aptitude/judging_portion.html", workshop=workshop, portion=portion, form=form
    )


def _next_of(workshop_id: int, place: int | None) -> ResponseReturnValue:
    if place is None:
        return redirect(url_for(".judging_page", workshop_id=workshop_id))
    return redirect(url_for(".judging_portion", workshop_id=workshop_id, place=place))


@bp.post("/aptitude/workshops/<int:workshop_id>/hand-in")
@requires("aptitude:rate")
def judging_hand_in(workshop_id: int) -> ResponseReturnValue:
    """Hand in what I said, once."""
    try:
        workshops.hand_in(workshop_id, g.viewer)
    except RefusedError as refusal:
        flash(f"Not handed in. {refusal.message}", "bad")
    else:
        flash("Handed in. Thank you.", "success")
    return redirect(url_for(".judging_page", workshop_id=workshop_id))
