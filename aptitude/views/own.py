"""My aptitude: where I stand, and what I say about what was said."""

from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.exports.pdf import sheet_pdf
from aptitude.forms.buttons import ConfirmForm
from aptitude.forms.people import CommentForm
from aptitude.queries.comments import count_waiting
from aptitude.queries.examples import find_leading
from aptitude.queries.frameworks import has_framework
from aptitude.queries.judging import workshops_waiting
from aptitude.queries.next_steps import NextSteps, next_steps
from aptitude.queries.profiles import AptitudePage, aptitude_page, past_page
from aptitude.queries.requests import Waiting, waiting_for
from aptitude.queries.team_duties import count_of_hr
from aptitude.rules.asking import tenths_text
from aptitude.rules.closeness import points_at
from aptitude.rules.examples import EXAMPLE_WORDS, Leading
from aptitude.rules.profile_words import SOURCE_WORDS, missing_words
from aptitude.rules.sources import ANONYMOUS_FROM
from aptitude.rules.words import (
    NOT_FOR,
    OUTCOME_LABELS,
    PURPOSE_LABELS,
    SOURCE_LABELS,
    CommentKind,
    seen_by_words,
)
from aptitude.services import commenting
from core.clock import today
from core.errors import NotFoundError, RefusedError
from core.web.access import View, requires
from core.web.downloads import download
from people.queries.settings import organisation_name
from people.queries.visibility import assessed_people, levels_above, levels_down
from people.rules.access import as_oneself
from people.rules.levels import LEVEL_LABELS

bp = Blueprint("aptitude", __name__)


@bp.context_processor
def _waiting() -> dict[str, object]:
    """Let the tabs count what waits for an answer; pages without them ask nothing."""
    return {
        "contests_waiting": lambda: count_waiting(g.viewer, today()),
        "duties_of_hr": lambda: count_of_hr(g.viewer, today()),
        "asked_of_me": _asked_of_me,
    }


def _asked_of_me() -> Waiting:
    """Return what waits for me, counted once for all of a page."""
    if "asked_of_me" not in g:
        asked = waiting_for(g.viewer)
        workshops = len(workshops_waiting(g.viewer))
        g.asked_of_me = replace(asked, ratings=asked.ratings + workshops)
    found: Waiting = g.asked_of_me
    return found


def who_sees(name: str = "", employee_id: int | None = None) -> str:
    """Return who sees somebody's aptitude by what the organisation decided, and who leads them.

    Args:
        name: Of whom it is told; empty for whoever looks.
        employee_id: Their number; None where it is told of many.
    """
    who = employee_id if name else g.viewer.employee_id
    return seen_by_words(levels_down(), name, _levels_above(who) if who else None)


def _has_manager(employee_id: int) -> bool:
    return 1 in _levels_above(employee_id)


def _levels_above(employee_id: int) -> frozenset[int]:
    """Return how far above somebody their leaders stand, asked once for all of a page."""
    held: dict[int, frozenset[int]] = g.setdefault("levels_above", {})
    if employee_id not in held:
        held[employee_id] = levels_above(employee_id, today())
    return held[employee_id]


WORDS = {
    "source_words": SOURCE_WORDS,
    "who_sees": who_sees,
    "is_led": _has_manager,
    "not_for": NOT_FOR,
    "sources": SOURCE_LABELS,
    "purposes": PURPOSE_LABELS,
    "levels": LEVEL_LABELS,
    "fewest": ANONYMOUS_FROM,
    "tenths": tenths_text,
    "points_at": points_at,
    "missing_words": missing_words,
    "example_words": EXAMPLE_WORDS,
}


def with_framework(view: View) -> View:
    """Say that there is no framework yet, instead of a page that needs one."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Any:
        if not has_framework():
            return render_template("aptitude/no_framework.html", form=ConfirmForm())
        return view(*args, **kwargs)

    return shown


@bp.get("/aptitude")
@requires("aptitude:own")
@with_framework
def my_aptitude() -> ResponseReturnValue:
    """Show where I stand, how sure that is, and what the company owes me next.

    With a day of the past, show the page as it was known then.
    """
    day = request.args.get("on", "")
    return _page_of_then(day) if day else _own_page(None)


def day_of(text: str) -> date | None:
    """Return the day an address names; None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page_of_then(text: str) -> ResponseReturnValue:
    on = day_of(text)
    if on is None or on > today():
        raise NotFoundError("There is no such day.")
    return render_template(
        "aptitude/aptitude_then.html",
        page=past_page(g.viewer.employee_id, g.viewer, on, today()),
        on=on,
        outcomes=OUTCOME_LABELS,
        **WORDS,
    )


def _own_page(form: CommentForm | None) -> ResponseReturnValue:
    page = aptitude_page(g.viewer.employee_id, g.viewer, today())
    return render_template(
        "aptitude/my_aptitude.html",
        page=page,
        steps=steps_of(page),
        leading=leading_of(page.employee_id),
        form=form or CommentForm.about(page.sayings),
        outcomes=OUTCOME_LABELS,
        **WORDS,
    )


def steps_of(page: AptitudePage) -> NextSteps:
    """Return what comes next for the person of a page."""
    who, seen = page.employee_id, _sight_of(page.employee_id)
    return next_steps(who, page.level, page.weakest, g.viewer, seen, today())


def leading_of(employee_id: int) -> Leading | None:
    """Return the examples of somebody who leads, quoted to themself alone; None for others."""
    own, seen = employee_id == g.viewer.employee_id, _sight_of(employee_id)
    return find_leading(employee_id, seen, today(), quotes=own)


def _sight_of(employee_id: int) -> Any:
    own = employee_id == g.viewer.employee_id
    return assessed_people(as_oneself(g.viewer) if own else g.viewer, today())


@bp.get("/aptitude/sheet.pdf")
@requires("aptitude:own")
@with_framework
def my_sheet() -> ResponseReturnValue:
    """Hand me my sheet."""
    return sheet_of(g.viewer.employee_id)


def sheet_of(employee_id: int) -> ResponseReturnValue:
    """Return the sheet of a person whom whoever looks may see."""
    page = aptitude_page(employee_id, g.viewer, today())
    made = sheet_pdf(page, steps_of(page), leading_of(employee_id), organisation_name(), today())
    return download(made, f"Service aptitude of {page.name}.pdf")


@bp.post("/aptitude/comment")
@requires("aptitude:own")
@with_framework
def aptitude_comment() -> ResponseReturnValue:
    """Keep what I say about an assessment of mine."""
    page = aptitude_page(g.viewer.employee_id, g.viewer, today())
    form = CommentForm.about(page.sayings)
    if form.validate_on_submit():
        kind, about = CommentKind(form.kind.data), form.saying()
        try:
            commenting.comment(
                about.source,
                kind,
                form.text.data or "",
                g.viewer,
                assessment_id=about.assessment_id,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            is_contest = kind is CommentKind.CONTEST
            said = "HR looks at it and answers here." if is_contest else "It stands on your page."
            flash(f"Kept. {said}", "success")
            return redirect(url_for(".my_aptitude"))
    return _own_page(form)
