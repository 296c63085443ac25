"""Courses: what they count as, the titles that wait for a decision, and the categories."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from core.web.paths import id_argument
from core.words import THIN, day, hours_about, moment, plural
from ledger.forms import MOST_SHARES, CategoryForm, ClassifyForm, MoveCategoryForm
from ledger.queries import courses as queries
from ledger.rules.classifying import ClassificationDraft
from ledger.rules.kinds import Basis, Kind, Side, kind_of
from ledger.rules.selection_words import KIND_LABELS
from ledger.rules.suggesting import Suggester
from ledger.rules.titles import word_key
from ledger.services.classifying import add_category, classify_each, move_category
from ledger.views.imports import bp
from people.rules.levels import BEGINNING

MOST_CHOSEN = 500
LAST_DAY = date(2100, 12, 31)
SIDES = {"hard": (Side.HARD, False), "family": (Side.SOFT, True), "other": (Side.SOFT, False)}
SIDE_OF_KIND = {Kind.HARD: "hard", Kind.FAMILY: "family", Kind.OTHER_SOFT: "other"}
CHOICE_PREFIX, ACCEPT_PREFIX = "category-", "accept-"
SEVERAL = (
    "Nothing of what you chose was recorded. Your choices are still in the list: send them again "
    "to have them follow what is there. A course that is no longer listed is changed on its page."
)


@bp.get("/courses")
@requires("courses:read")
def course_list() -> ResponseReturnValue:
    """Show the courses with their hours and what they count as; several can be classified."""
    return _course_list(_new_form())


def _new_form() -> ClassifyForm:
    return ClassifyForm(version=queries.last_classification())


@bp.post("/courses")
@requires("courses:classify")
def course_classify_chosen() -> ResponseReturnValue:
    """Say of several courses at once what they count as."""
    form = _new_form()
    chosen = _chosen_ids()
    if form.validate_on_submit():
        try:
            if not chosen:
                raise RefusedError("Tick at least one course.")
            if not request.form.get("category"):
                raise RefusedError("Choose a category for the ticked courses.")
            draft = _draft(form, ((request.form["category"], 100),))
            drafts = dict.fromkeys(chosen, draft)
            _classify(form, drafts)
        except ConflictError as error:
            form.collide(error, _said_of_several(drafts, form.seen() or 0))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return redirect(_here())
    return _course_list(form, frozenset(chosen))


def _course_list(form: ClassifyForm, chosen: frozenset[int] = frozenset()) -> ResponseReturnValue:
    wanted = queries.CourseFilter(
        request.args.get("search", "").strip()[:200], request.args.get("state", "")[:60], _basis()
    )
    shows = _shows_hours()
    courses = queries.course_page(wanted, today(), _page_number(), by_hours=shows)
    page = render_template(
        "ledger/course_list.html",
        form=form,
        chosen=chosen,
        wanted=wanted,
        page=courses,
        shows_hours=shows,
        hidden=_hidden([course.id for course in courses.courses]),
        categories=queries.category_options(today()),
        kinds=KIND_LABELS,
        page_url=_page_url,
    )
    return page, form.status


@bp.get("/courses/<int:course_id>")
@requires("courses:read")
def course_page(course_id: int) -> ResponseReturnValue:
    """Show a course: its hours, what it counts as since when, and who said so."""
    return _course_page(course_id, _new_form())


@bp.post("/courses/<int:course_id>")
@requires("courses:classify")
def course_classify(course_id: int) -> ResponseReturnValue:
    """Say what a course counts as from a day on, in up to four shares."""
    queries.course_detail(course_id, today())
    form = _new_form()
    if form.validate_on_submit():
        try:
            draft = _draft(form, _typed_shares())
            _classify(form, {course_id: draft})
        except ConflictError as error:
            form.collide(error, _said_of(course_id, draft))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".course_page", course_id=course_id))
    return _course_page(course_id, form)


def _shows_hours() -> bool:
    """Tell whether the reader sees the hours of courses at all."""
    return not g.permissions.isdisjoint({"hours:correct", "reports:read"})


def _hidden(course_ids: list[int]) -> frozenset[int]:
    """Return the courses whose hours would tell of too few people, or are not for the reader.

    HR sees every person anyway; trainers and executives see groups of five and more; others see
    hours only in the balance of their own people.
    """
    if "hours:correct" in g.permissions:
        return frozenset()
    if not _shows_hours():
        return frozenset(course_ids)
    return queries.taken_by_few(course_ids)


def _course_page(course_id: int, form: ClassifyForm) -> ResponseReturnValue:
    course = queries.course_detail(course_id, today())
    page = render_template(
        "ledger/course_page.html",
        course=course,
        is_hidden=course_id in _hidden([course_id]),
        form=form,
        typed=_typed_rows(course),
        categories=queries.category_options(today()),
        kinds=KIND_LABELS,
    )
    return page, form.status


def _typed_rows(course: queries.CourseDetail) -> list[tuple[str, str]]:
    """Return the shares as the form shows them: as sent, else as they count now."""
    if request.method == "POST":
        places = range(1, MOST_SHARES + 1)
        return [
            (request.form.get(f"category-{at}", ""), request.form.get(f"percent-{at}", "")[:10])
            for at in places
        ]
    shares = course.current.shares if course.current else ()
    rows = [(share.code, str(share.percent)) for share in shares[:MOST_SHARES]]
    return [*rows, *[("", "")] * (MOST_SHARES - len(rows))]


def _typed_shares() -> tuple[tuple[str, int], ...]:
    rows = [
        (request.form.get(f"category-{at}", ""), request.form.get(f"percent-{at}", "").strip())
        for at in range(1, MOST_SHARES + 1)
    ]
    named = [(code, percent) for code, percent in rows if code]
    if not named:
        raise RefusedError("Choose at least one category.")
    if len(named) == 1 and not named[0][1]:
        return ((named[0][0], 100),)
    for _, percent in named:
        if not _is_percentage(percent):
            raise RefusedError(
                f"“{percent[:20]}” is no percentage; write whole numbers that sum to 100."
            )
    return tuple((code, int(percent)) for code, percent in named)


def _is_percentage(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("100") and int(text) > 0


@bp.route("/courses/unclassified", methods=["GET", "POST"])
@requires("courses:classify")
def course_unclassified() -> ResponseReturnValue:
    """Work through the titles nobody has classified, the heaviest first."""
    form = _new_form()
    if form.validate_on_submit():
        try:
            drafts = {
                course_id: _draft(form, ((code, 100),)) for course_id, code in _decided().items()
            }
            _classify(form, drafts)
        except ConflictError as error:
            form.collide(error, _said_of_several(drafts, form.seen() or 0))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return redirect(_here())
    categories = queries.category_options(today())
    names = {category.code: category.name for category in categories}
    work = queries.work_list(_basis(), _page_number())
    suggester = Suggester(queries.classified_titles(today()), names)
    page = render_template(
        "ledger/course_unclassified.html",
        form=form,
        work=work,
        hidden=_hidden([row.id for row in work.rows]),
        suggestions={row.id: suggester.suggest(row.title) for row in work.rows},
        chosen=_sent(CHOICE_PREFIX),
        accepted=_sent(ACCEPT_PREFIX),
        categories=categories,
        names=names,
        kinds=KIND_LABELS,
        page_url=_page_url,
        is_empty=queries.course_count() == 0,
    )
    return page, form.status


def _decided() -> dict[int, str]:
    """Return the categories decided on the work list, by course.

    A suggestion counts where it was ticked; a category that was chosen goes before it.
    """
    return {**_sent(ACCEPT_PREFIX), **_sent(CHOICE_PREFIX)}


def _sent(prefix: str) -> dict[int, str]:
    found = {
        name.removeprefix(prefix): code
        for name, code in request.form.items()
        if name.startswith(prefix) and code
    }
    return {int(text): code for text, code in found.items() if _is_id(text)}


def _chosen_ids() -> list[int]:
    texts = request.form.getlist("course")[:MOST_CHOSEN]
    return sorted({int(text) for text in texts if _is_id(text)})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len(str(2**31))


def _draft(form: ClassifyForm, shares: tuple[tuple[str, int], ...]) -> ClassificationDraft:
    from_on = form.from_on.data or BEGINNING
    _check_day(from_on)
    return ClassificationDraft(shares, from_on, (form.why.data or "").strip() or None)


def _check_day(from_on: date) -> None:
    if not BEGINNING <= from_on <= LAST_DAY:
        raise RefusedError("Days from 1900 to 2100 work.", field="from_on")


def _classify(form: ClassifyForm, drafts: dict[int, ClassificationDraft]) -> None:
    """Record and say what changed.

    Raises:
        RefusedError: Nothing was chosen, or it cannot be so.
        ConflictError: Somebody else has classified one of the courses since.
    """
    if not drafts:
        raise RefusedError("Choose a category, or accept a suggestion, for at least one course.")
    changed = classify_each(drafts, account_id=g.viewer.account_id, seen=form.seen())
    if not changed:
        flash("Nothing changed. These courses counted so before.")
        return
    from_on = next(iter(drafts.values())).from_on
    minutes = queries.minutes_from(list(drafts), from_on, _basis())
    courses = plural(changed, "course is", "courses are")
    whose = "Its" if changed == 1 else "Their"
    as_what = _as_what({draft.shares for draft in drafts.values()})
    flash(
        f"{courses} classified. {whose} {hours_about(minutes)} count{as_what} {_since(from_on)}.",
        "success",
    )


def _said_of(course_id: int, draft: ClassificationDraft) -> Conflict:
    """Return what was sent beside what somebody else has said of the course since."""
    spell = queries.latest_spell(course_id)
    values = [
        Both("Counts as", _shares_words(draft.shares), _spell_words(spell)),
        Both("From", _since(draft.from_on), _since(spell.from_on)),
        Both("Why", draft.why or "", spell.why or ""),
    ]
    return Conflict(values, spell.who, spell.recorded_at)


def _said_of_several(drafts: dict[int, ClassificationDraft], seen: int) -> Conflict:
    """Return the same for those of several courses of which somebody else has said something."""
    values = [
        Both(
            title,
            f"{_shares_words(drafts[course_id].shares)} {_since(drafts[course_id].from_on)}",
            f"{_spell_words(spell)} {_since(spell.from_on)}; by {spell.who}, "
            f"{moment(spell.recorded_at)}",
        )
        for course_id, (title, spell) in queries.classified_since(list(drafts), seen).items()
    ]
    return Conflict(values, remedy=SEVERAL)


def _spell_words(spell: queries.SpellRow) -> str:
    words = ", ".join(_share_words(share.name, share.percent) for share in spell.shares)
    return f"{words}, which was taken back" if spell.taken_back_at else words


def _shares_words(pairs: Sequence[tuple[str, int]]) -> str:
    names = {category.code: category.name for category in queries.category_options(today())}
    return ", ".join(_share_words(names.get(code, code), percent) for code, percent in pairs)


def _share_words(name: str, percent: int) -> str:
    return name if percent == 100 else f"{name} {percent}{THIN}%"


def _since(from_on: date) -> str:
    return "from the beginning" if from_on == BEGINNING else f"from {day(from_on)}"


def _as_what(shares: set[tuple[tuple[str, int], ...]]) -> str:
    """Return " as Compliance" where all count as the same."""
    if len(shares) != 1:
        return " as you chose"
    [pairs] = shares
    return f" as {_shares_words(pairs)}"


def _basis() -> Basis:
    text = request.args.get("basis", "")
    return Basis(text) if text in {one.value for one in Basis} else queries.usual_basis()


def _page_number() -> int:
    return min(max(id_argument("page") or 1, 1), 100_000)


def _page_url(number: int) -> str:
    values: dict[str, Any] = {**request.args.to_dict(), "page": number}
    return url_for(str(request.endpoint).replace("_classify_chosen", "_list"), **values)


def _here() -> str:
    """Return the list one was on, with its search and page."""
    values: dict[str, Any] = request.args.to_dict()
    return url_for(str(request.endpoint).replace("_classify_chosen", "_list"), **values)


@bp.get("/courses/categories")
@requires("courses:read")
def category_list() -> ResponseReturnValue:
    """Show the categories with the side each belongs to since when."""
    return _category_list(CategoryForm())


@bp.post("/courses/categories")
@requires("courses:classify")
def category_add() -> ResponseReturnValue:
    """Add a category of the organisation's own."""
    form = CategoryForm()
    if form.validate_on_submit():
        name = form.name.data.strip()
        try:
            code = _new_code(name)
            side, family = SIDES[form.side.data]
            add_category(code, name, side, family, account_id=g.viewer.account_id)
        except RefusedError as refusal:
            form.refuse(RefusedError(refusal.message, field="name"))
        else:
            flash(f"{name} is added. Courses can be classified as it from now on.", "success")
            return redirect(url_for(".category_list"))
    return _category_list(form)


def _new_code(name: str) -> str:
    code = word_key(name).replace(" ", "_")[:60]
    if not code or code in ("none", "unclassified", "classified"):
        raise RefusedError("This cannot be a name; use another word.")
    return code


def _category_list(form: CategoryForm) -> ResponseReturnValue:
    rows = queries.category_rows(today())
    return render_template(
        "ledger/category_list.html", form=form, categories=rows, kinds=KIND_LABELS
    )


@bp.route("/courses/categories/<int:category_id>", methods=["GET", "POST"])
@requires("courses:classify")
def category_move(category_id: int) -> ResponseReturnValue:
    """Let a category belong to another side from a day on."""
    category = queries.category_row(category_id, today())
    side = SIDE_OF_KIND.get(category.kind)
    form = MoveCategoryForm(side=side, version=queries.last_move())
    if form.validate_on_submit():
        try:
            _move(form, category_id)
        except ConflictError as error:
            form.collide(error, _moved_meanwhile(form, category_id))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{category.name} is moved from {day(form.from_on.data)} on.", "success")
            return redirect(url_for(".category_list"))
    page = render_template(
        "ledger/category_move.html", category=category, form=form, kinds=KIND_LABELS
    )
    return page, form.status


def _move(form: MoveCategoryForm, category_id: int) -> None:
    from_on = form.from_on.data
    _check_day(from_on)
    side, family = SIDES[form.side.data]
    by = g.viewer.account_id
    move_category(category_id, from_on, side, family, account_id=by, seen=form.seen())


def _moved_meanwhile(form: MoveCategoryForm, category_id: int) -> Conflict:
    spell = queries.latest_move(category_id)
    sent = KIND_LABELS[kind_of(*SIDES[form.side.data])]
    return Conflict(
        [
            Both("Counts as", sent, KIND_LABELS[spell.kind]),
            Both("From", day(form.from_on.data), _since(spell.from_on)),
        ],
        spell.who,
        spell.recorded_at,
    )
