"""For whom a curriculum is: its audience rules, each with a preview before it is saved."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import NotFoundError, RefusedError
from core.web.access import requires
from core.words import plural
from curricula.forms import AudienceForm, ConfirmForm
from curricula.queries.audiences import Preview, audience_of, preview_of, rule_sentence, unit_path
from curricula.queries.curricula import curriculum_page
from curricula.queries.drafts import get_curriculum
from curricula.rules.few import is_few, people_words
from curricula.services import assigning
from curricula.views.learning import bp
from people.rules.levels import RoleName


@bp.route("/curricula/<int:curriculum_id>/audience", methods=["GET", "POST"])
@requires("curricula:write")
def audience(curriculum_id: int) -> ResponseReturnValue:
    """Show for whom a curriculum is, preview another rule, and save it."""
    levels = get_curriculum(curriculum_id).levels
    form, preview = AudienceForm.offered(levels), None
    if form.validate_on_submit():
        try:
            preview = preview_of(
                curriculum_id,
                form.draft(),
                today(),
                named_to=g.viewer if _sees_names() else None,
            )
            if request.form.get("action") == "save":
                return _save(curriculum_id, form)
        except RefusedError as refusal:
            form.refuse(refusal)
    return _page(curriculum_id, form, preview)


def _sees_names() -> bool:
    return bool(g.viewer.is_a(RoleName.HR))


def _save(curriculum_id: int, form: AudienceForm) -> ResponseReturnValue:
    outcome = assigning.add_audience_rule(
        curriculum_id, form.draft(), account_id=g.viewer.account_id
    )
    words = _counted(outcome.assigned)
    flash(f"Saved. {words} it to do now; they are told in their weekly letter.", "success")
    return redirect(url_for(".audience", curriculum_id=curriculum_id))


def _counted(people: int) -> str:
    return people_words(people, "person has", "people have", groups_only=not _sees_names())


def _page(curriculum_id: int, form: AudienceForm, preview: Preview | None) -> ResponseReturnValue:
    draft = form.draft() if preview else None
    return render_template(
        "curricula/audience.html",
        page=curriculum_page(curriculum_id, today(), drafts=True),
        rules=audience_of(curriculum_id),
        form=form,
        counted=_counted,
        confirm=ConfirmForm(formdata=None),
        preview=preview,
        sentence=rule_sentence(draft, unit_path(draft.unit_id)) if draft else "",
    )


@bp.post("/curricula/<int:curriculum_id>/audience/<int:rule_id>/end")
@requires("curricula:write")
def audience_end(curriculum_id: int, rule_id: int) -> ResponseReturnValue:
    """Let a rule hold no longer, once it was said whom that concerns."""
    rule = next((one for one in audience_of(curriculum_id) if one.id == rule_id), None)
    if rule is None:
        raise NotFoundError("There is no such rule any more.")
    if not request.form.get("sure"):
        return render_template(
            "curricula/audience_ask.html",
            page=curriculum_page(curriculum_id, today(), drafts=True),
            rule=rule,
            standing=_counted(rule.people),
            form=ConfirmForm(formdata=None),
        )
    outcome = assigning.end_audience_rule(rule_id, account_id=g.viewer.account_id)
    few = not _sees_names() and is_few(outcome.ended)
    ended = "A few assignments" if few else plural(outcome.ended, "assignment", "assignments")
    flash(f"Ended. {ended} ended with it; what was begun goes on.", "success")
    return redirect(url_for(".audience", curriculum_id=curriculum_id))
