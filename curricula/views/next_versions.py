"""The next version of a published curriculum: begun, looked at, published or thrown away."""

from flask import Response, flash, g, redirect, render_template
from flask import url_for as url
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, NotFoundError, RefusedError
from core.web.access import requires
from curricula.forms import ConfirmForm
from curricula.queries.curricula import curriculum_page
from curricula.rules.few import people_words
from curricula.services import next_versions as services
from curricula.views.modules import LABELS, bp, revision_seen
from people.rules.levels import RoleName


@bp.post("/curricula/<int:curriculum_id>/begin-version")
@requires("curricula:write")
def curriculum_begin_version(curriculum_id: int) -> ResponseReturnValue:
    """Begin the next version of a published curriculum and open it."""
    try:
        found = services.begin_next_version(curriculum_id, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        flash(refusal.message, "bad")
        return redirect(url(".curriculum_detail", curriculum_id=curriculum_id))
    return redirect(url(".curriculum_edit", curriculum_id=found))


@bp.get("/curricula/<int:curriculum_id>/what-changes")
@requires("curricula:write")
def curriculum_what_changes(curriculum_id: int) -> ResponseReturnValue:
    """Show what publishing the next version changes, and for how many people."""
    return _what_changes(curriculum_id)


def _what_changes(curriculum_id: int) -> str:
    page = curriculum_page(curriculum_id, today(), drafts=True)
    if page.replaces_id is None:
        raise NotFoundError("There is no such version in work.")
    held = curriculum_page(page.replaces_id, today(), drafts=True)
    few_stay_untold = not g.viewer.is_a(RoleName.HR)
    standing = people_words(page.standing, "person has", "people have", groups_only=few_stay_untold)
    return render_template(
        "curricula/curriculum_what_changes.html",
        page=page,
        held=held,
        standing=standing,
        form=ConfirmForm(),
        **LABELS,
    )


@bp.post("/curricula/<int:curriculum_id>/publish-version")
@requires("curricula:write")
def curriculum_publish_version(curriculum_id: int) -> ResponseReturnValue:
    """Let the next version count from now on."""
    try:
        found = services.publish_next_version(
            curriculum_id, revision=revision_seen(), account_id=g.viewer.account_id
        )
    except ConflictError as conflict:
        flash(conflict.message, "bad")
        return Response(_what_changes(curriculum_id), status=409)
    except RefusedError as refusal:
        flash(refusal.message, "bad")
        return redirect(url(".curriculum_what_changes", curriculum_id=curriculum_id))
    flash("Published. It counts from now on.", "success")
    return redirect(url(".curriculum_detail", curriculum_id=found))


@bp.post("/curricula/<int:curriculum_id>/drop-version")
@requires("curricula:write")
def curriculum_drop_version(curriculum_id: int) -> ResponseReturnValue:
    """Throw the next version away; what is published stays as it is."""
    found = services.drop_next_version(curriculum_id, account_id=g.viewer.account_id)
    flash("Thrown away. The published version stays as it is.", "success")
    return redirect(url(".curriculum_detail", curriculum_id=found))
