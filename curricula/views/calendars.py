"""Own sessions, the files for calendars, and the secret address calendars read."""

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.web.access import PUBLIC, requires
from core.web.downloads import download
from curricula.queries.calendars import (
    feed_made_at,
    feed_of,
    invitation_of,
    own_sessions_of,
)
from curricula.rules.calendars import feed, invitation, method_of
from curricula.services.feeds import make_feed, revoke_feed
from curricula.services.inviting import organizers
from curricula.views.modules import bp
from curricula.views.sessions import SHOWN


def _address(session_id: int) -> str:
    return url_for(".session_detail", session_id=session_id, _external=True)


@bp.get("/sessions/mine")
@requires("sessions:read")
def my_sessions() -> ResponseReturnValue:
    """Show the sessions one has a place in, and one's calendar."""
    return _mine(None)


def _mine(address: str | None) -> ResponseReturnValue:
    rows = own_sessions_of(g.viewer)
    return render_template(
        "curricula/my_sessions.html",
        coming=[row for row in rows if row.span is None or row.span.ends_at >= now()],
        past=[row for row in rows if row.span and row.span.ends_at < now()],
        made_at=feed_made_at(g.viewer.account_id),
        address=address,
        **SHOWN,
    )


@bp.post("/sessions/mine/calendar")
@requires("sessions:read")
def my_calendar_make() -> ResponseReturnValue:
    """Make a new secret address and show it once."""
    token = make_feed(g.viewer.account_id)
    return _mine(url_for(".calendar_feed", token=token, _external=True))


@bp.post("/sessions/mine/calendar/revoke")
@requires("sessions:read")
def my_calendar_revoke() -> ResponseReturnValue:
    """Let the address work no longer."""
    revoke_feed(g.viewer.account_id)
    flash("Revoked. The address shows nothing any more.", "success")
    return redirect(url_for(".my_sessions"))


@bp.get("/sessions/<int:session_id>/invitation-<int:position>.ics")
@requires("sessions:read")
def session_invitation(session_id: int, position: int) -> ResponseReturnValue:
    """Hand out one's invitation to a date as a file for calendars."""
    found = invitation_of(session_id, position, g.viewer, _address)
    content = invitation(found.meeting, organizers[-1](), found.attendee)
    method = method_of(found.meeting)
    response = download(content, f"session-{session_id}-{position}.ics")
    response.headers["Content-Type"] = f"text/calendar; charset=utf-8; method={method}"
    return response


@bp.get("/calendar/<string:token>.ics")
@requires(PUBLIC)
def calendar_feed(token: str) -> ResponseReturnValue:
    """Hand out somebody's sessions to their own calendar, by its secret address."""
    content = feed(feed_of(token, _address), "Training")
    response = Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Cache-Control"] = "private, max-age=900"
    return response
