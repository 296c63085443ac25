"""The framework for everybody to read, and for HR to change as a new version."""

from dataclasses import replace

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.exports.pdf import booklet_pdf
from aptitude.forms.buttons import ConfirmForm, SeenForm
from aptitude.forms.frameworks import FrameworkForm
from aptitude.imports import read_aptitude_library
from aptitude.queries.frameworks import (
    FrameworkView,
    find_draft,
    find_framework,
    find_numbered,
    get_draft,
    get_framework,
    has_framework,
    published_versions,
    target_book,
)
from aptitude.queries.workshops import notes_for_draft
from aptitude.rules.promises import left_out, repeated
from aptitude.rules.texts import FrameworkTexts, changes, check_texts
from aptitude.rules.words import NOT_FOR, FrameworkState, seen_by_words
from aptitude.services import frameworks
from aptitude.views.own import WORDS, bp, with_framework
from core.clock import today
from core.errors import ConflictError, NotFoundError, RefusedError
from core.web.access import requires
from core.web.downloads import download
from core.web.forms import Both, Conflict
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.queries.settings import organisation_name
from people.queries.visibility import levels_down


@bp.get("/aptitude/framework")
@requires("aptitude:read")
def framework_page() -> ResponseReturnValue:
    """Show what service aptitude is, on every level."""
    number = _number("version")
    shown = find_framework() if number is None else find_numbered(number)
    if shown is None or shown.state is not FrameworkState.PUBLISHED:
        if not has_framework():
            return render_template("aptitude/no_framework.html", form=ConfirmForm())
        raise NotFoundError("There is no such version.")
    book = target_book()
    return render_template(
        "aptitude/framework_page.html",
        framework=shown,
        targets={one: book.targets_of(one, None, today()) for one in LEVELS_BOTTOM_UP},
        ladder=LEVELS_BOTTOM_UP,
        versions=published_versions(),
        draft=find_draft() if "aptitude:edit" in g.permissions else None,
        left_out=left_out(shown.purpose),
        repeated=repeated(shown.purpose),
        form=ConfirmForm(),
        **WORDS,
    )


@bp.get("/aptitude/framework.pdf")
@requires("aptitude:read")
@with_framework
def framework_booklet() -> ResponseReturnValue:
    """Hand out the framework as a booklet to print."""
    framework, book = get_framework(), target_book()
    targets = {one: book.targets_of(one, None, today()) for one in LEVELS_BOTTOM_UP}
    promise = f"**Who sees it, and what it is not for.** {seen_by_words(levels_down())} {NOT_FOR}"
    framework = replace(framework, purpose=f"{framework.shown_purpose.rstrip()}\n\n{promise}")
    made = booklet_pdf(framework, targets, organisation_name())
    return download(made, f"{framework.title}, version {framework.number}.pdf")


@bp.post("/aptitude/framework/load")
@requires("aptitude:edit")
def framework_load() -> ResponseReturnValue:
    """Publish the framework that ships, where there is none yet."""
    shipped = read_aptitude_library().framework
    if shipped is None:
        raise RefusedError("The framework that ships cannot be read.")
    if frameworks.load_framework(shipped, account_id=g.viewer.account_id):
        flash("Loaded. Read it with people of each level before the first round.", "success")
    else:
        flash("There is a framework already; nothing was changed.", "success")
    return redirect(url_for(".framework_page"))


@bp.post("/aptitude/framework/begin")
@requires("aptitude:edit")
def framework_begin() -> ResponseReturnValue:
    """Begin a new version as a copy of the one in force."""
    try:
        frameworks.begin_version(account_id=g.viewer.account_id)
    except RefusedError as refusal:
        flash(f"Not begun. {refusal.message}", "bad")
        return redirect(url_for(".framework_page"))
    return redirect(_draft_path())


def _draft_path() -> str:
    """Return where the draft is written, with the workshop whose findings stand beside it."""
    return url_for(".framework_edit", revise=_revised())


def _revised() -> int | None:
    return _number("revise")


def _number(name: str) -> int | None:
    """Return a number of the address; None where it is none, or larger than any there is."""
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


@bp.route("/aptitude/framework/draft", methods=["GET", "POST"])
@requires("aptitude:edit")
def framework_edit() -> ResponseReturnValue:
    """Let HR write the next version; nothing changes for anybody before it is published."""
    draft = get_draft()
    form = FrameworkForm.for_draft(draft)
    if form.validate_on_submit():
        texts = form.texts(draft)
        try:
            if _is_to_publish():
                check_texts(texts, has_news=bool(changes(get_framework().texts, texts)))
            frameworks.change_draft(draft.number, texts, seen=form.seen())
        except ConflictError as error:
            form.collide(error, _written_meanwhile(draft.texts, texts))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return _after_keeping()
    base = get_framework()
    page = render_template(
        "aptitude/framework_edit.html",
        draft=draft,
        form=form,
        base=base,
        was={one.field: one.before for one in changes(base.texts, draft.texts)},
        judged=notes_for_draft(_revised()),
        **WORDS,
    )
    return page, form.status


def _is_to_publish() -> bool:
    return request.form.get("then") == "publish"


def _after_keeping() -> ResponseReturnValue:
    """Lead on to the question whether to publish, where that was the button and there is news."""
    if not _is_to_publish():
        flash("Kept. It is a draft until you publish it.", "success")
        return redirect(_draft_path())
    base = get_framework()
    if not changes(base.texts, get_draft().texts):
        return _nothing_new(base)
    return redirect(url_for(".framework_publish"))


def _nothing_new(base: FrameworkView) -> ResponseReturnValue:
    flash(
        f"Nothing to publish. The draft says word for word what version {base.number} says; "
        "write what is to be another, or throw it away.",
        "bad",
    )
    return redirect(url_for(".framework_edit"))


def _written_meanwhile(held: FrameworkTexts, mine: FrameworkTexts) -> Conflict:
    """Return each text that somebody wrote beside the one that stands there now."""
    both = [Both(one.label, one.after, one.before) for one in changes(held, mine)]
    if mine.change_note.strip() != held.change_note.strip():
        both.append(Both("What is new", mine.change_note, held.change_note))
    return Conflict(both)


@bp.route("/aptitude/framework/publish", methods=["GET", "POST"])
@requires("aptitude:edit")
def framework_publish() -> ResponseReturnValue:
    """Say what publishing changes, and put the draft into force once HR says so."""
    draft, base, form = get_draft(), get_framework(), SeenForm()
    found = changes(base.texts, draft.texts)
    if not found:
        return _nothing_new(base)
    if not draft.change_note:
        flash("Not published. Say first in one line what is new; it cannot be added later.", "bad")
        return redirect(url_for(".framework_edit", _anchor="change_note"))
    if not form.is_submitted():
        form = SeenForm(version=str(draft.revision))
        return render_template(
            "aptitude/framework_publish.html", draft=draft, base=base, changes=found, form=form
        )
    try:
        frameworks.publish_version(draft.number, account_id=g.viewer.account_id, seen=form.seen())
    except RefusedError as refusal:
        flash(f"Not published. {refusal.message} Read the draft as it is now.", "bad")
        return redirect(url_for(".framework_edit"))
    flash(f"Published. Version {draft.number} is in force.", "success")
    return redirect(url_for(".framework_page"))


@bp.route("/aptitude/framework/discard", methods=["GET", "POST"])
@requires("aptitude:edit")
def framework_discard() -> ResponseReturnValue:
    """Ask, and throw the draft away."""
    draft, form = get_draft(), SeenForm()
    if not form.is_submitted():
        differing = len(changes(get_framework().texts, draft.texts))
        return render_template("aptitude/framework_discard.html", draft=draft, differing=differing)
    try:
        frameworks.discard_draft(draft.number, account_id=g.viewer.account_id, seen=form.seen())
    except RefusedError as refusal:
        flash(f"Not thrown away. {refusal.message} Read the draft as it is now.", "bad")
        return redirect(url_for(".framework_edit"))
    flash(f"Thrown away: the draft of version {draft.number}.", "success")
    return redirect(url_for(".framework_page"))
