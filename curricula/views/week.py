"""The trainer's home."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from core.clock import today
from core.web.access import requires
from curricula.queries.week import trainer_week
from curricula.views.modules import bp
from curricula.views.sessions import SHOWN


@bp.get("/week")
@requires("sessions:run")
def week() -> ResponseReturnValue:
    """Show this week's sessions, sheets to close, what is wanted, and what has grown stale."""
    return render_template("curricula/week.html", week=trainer_week(g.viewer, today()), **SHOWN)
