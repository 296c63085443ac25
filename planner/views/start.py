"""Beginning with one's own data: four steps, with an example file for each."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.web.access import PUBLIC, SIGNED_IN, requires
from core.web.downloads import download
from people.queries.accounts import has_accounts
from planner.queries.beginnings import beginnings
from planner.rules.examples import EXAMPLES

bp = Blueprint("start", __name__, url_prefix="/start")

THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


@bp.get("")
@requires(PUBLIC)
def start() -> ResponseReturnValue:
    """Show the four steps; in the demo, say where one's own data have their place."""
    if current_app.config["DEMO"]:
        own_url = current_app.config.get("OWN_URL")
        return render_template("planner/start_demo.html", own_url=own_url)
    return render_template(
        "planner/start.html",
        so_far=beginnings() if "hours:import" in g.permissions else None,
        is_signed_in=SIGNED_IN in g.permissions,
        set_up_url=None if has_accounts() else _set_up_url(),
    )


@bp.get("/example-<string:name>.csv")
@requires(PUBLIC)
def start_example(name: str) -> Response:
    """Hand out a small file that shows the columns."""
    if name not in EXAMPLES:
        abort(404)
    return download(EXAMPLES[name].encode(), f"example-{name}.csv")


def _set_up_url() -> str:
    """Return where the first account is made.

    Who sits at the machine itself need not copy the set-up word from the terminal: there the
    address carries it. `SETUP_HERE` is only set when nobody else can reach the server.
    """
    is_here = urlsplit(f"//{request.host}").hostname in THIS_MACHINE
    if current_app.config.get("SETUP_HERE") and is_here:
        return url_for("accounts.set_up", token=current_app.config["SETUP_TOKEN"])
    return url_for("accounts.set_up")
