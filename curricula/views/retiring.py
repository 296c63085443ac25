"""Retiring a module or a curriculum, once it was said what hangs on it."""

from collections.abc import Callable

from flask import flash, g, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import RefusedError
from core.web.access import requires
from curricula.forms import ConfirmForm
from curricula.queries.curricula import curriculum_page
from curricula.queries.modules import module_page
from curricula.queries.retiring import hanging_on
from curricula.rules.few import people_words
from curricula.rules.words import ModuleState
from curricula.services.curricula import retire_curriculum
from curricula.services.modules import retire_module
from curricula.views.modules import bp
from people.rules.levels import RoleName


def _people(count: int, one: str, many: str) -> str:
    """Return a number of people in words; of few, only to those who see them one by one."""
    return people_words(count, one, many, groups_only=not g.viewer.is_a(RoleName.HR))


def _retire(retire: Callable[..., None], number: int, words: str) -> None:
    """Retire one and say so, or say why not."""
    try:
        retire(number, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        flash(refusal.message, "bad")
    else:
        flash(f"Retired. {words}", "success")


@bp.post("/modules/<int:module_id>/retire")
@requires("curricula:write")
def module_retire(module_id: int) -> ResponseReturnValue:
    """Retire the published version, once it was said what hangs on it."""
    page = module_page(module_id, None, today(), drafts=True)
    if page.published and not request.form.get("sure"):
        return render_template(
            "curricula/module_retire.html",
            page=page,
            hanging=hanging_on(module_id, g.viewer, today()),
            people=_people,
            form=ConfirmForm(formdata=None),
        )
    _retire(retire_module, module_id, "It is taught no more; what was recorded stays.")
    return redirect(url(".module_page", module_id=module_id))


@bp.post("/curricula/<int:curriculum_id>/retire")
@requires("curricula:write")
def curriculum_retire(curriculum_id: int) -> ResponseReturnValue:
    """Retire a curriculum, once it was said who has it to do."""
    page = curriculum_page(curriculum_id, today(), drafts=True)
    if page.state is ModuleState.PUBLISHED and not request.form.get("sure"):
        return render_template(
            "curricula/curriculum_retire.html",
            page=page,
            people=_people,
            form=ConfirmForm(formdata=None),
        )
    words = "It is assigned no more; those who have it to do go on."
    _retire(retire_curriculum, curriculum_id, words)
    return redirect(url(".curriculum_detail", curriculum_id=curriculum_id))
