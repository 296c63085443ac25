"""The leader mirror, and the files of it."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from aptitude.exports.mirror import management_table, mirror_tables, workbook_tables
from aptitude.exports.pdf import mirror_pdf
from aptitude.queries.mirror import MirrorPage, leader_mirror
from aptitude.rules.between_teams import HOW_BETWEEN_TEAMS, between_words
from aptitude.rules.examples import lately_words
from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.mirror_words import (
    REVIEWED,
    WHO_LEADS,
    headline,
    leaders_words,
    levels_words,
    management_words,
    renewing_words,
    untold_words,
)
from aptitude.views.own import WORDS, bp, with_framework
from core.clock import today
from core.errors import NotFoundError
from core.export.sheets import csv_bytes, xlsx_bytes
from core.web.access import requires
from core.web.downloads import download
from people.queries.settings import organisation_name
from people.services.auditing import note_look
from planner.rules.suppression import HIDDEN, WHY_HIDDEN

FEW_UNITS = 12
"""So many stand open above the ladder; more are folded."""


def _asked() -> MirrorPage:
    """Return the mirror of the year in the address; looks at named leaders are on record."""
    text = request.args.get("year", "")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFoundError("There is no such year.")
    page = leader_mirror(g.viewer, int(text) if text else today().year, today())
    named = [one.employee_id for one in (*page.teams.flagged, *page.teams.unknown)]
    note_look(g.viewer, named, "leader mirror")
    return page


@bp.get("/leader-mirror")
@requires("aptitude:groups")
@with_framework
def mirror_page() -> ResponseReturnValue:
    """Show aptitude, evidence and soft hours from the executives to the front line."""
    page = _asked()
    teams = page.teams
    return render_template(
        "aptitude/mirror.html",
        page=page,
        headline=headline(page.rungs, teams.leaders, teams.below),
        levels_words=levels_words(page.rungs),
        leaders=leaders_words(teams.leaders, teams.compared, teams.below, teams.not_assessed),
        between=between_words(teams.between),
        how_between_teams=HOW_BETWEEN_TEAMS,
        management=management_words(page.debts.total),
        untold=untold_words(page.debts),
        lately=lately_words(teams.leaders, teams.seen),
        reviewed_words=REVIEWED,
        renewing=renewing_words(page.behind),
        smallest=SMALLEST_GROUP,
        few_units=FEW_UNITS,
        hidden=HIDDEN,
        why_hidden=WHY_HIDDEN,
        who_leads=WHO_LEADS,
        **WORDS,
    )


@bp.get("/leader-mirror.csv")
@requires("aptitude:groups")
@with_framework
def mirror_csv() -> ResponseReturnValue:
    """Hand out the ladder as CSV."""
    return download(csv_bytes(mirror_tables(_asked())[0]), "Leader mirror.csv")


@bp.get("/leader-mirror/reviews.csv")
@requires("aptitude:groups")
@with_framework
def mirror_reviews_csv() -> ResponseReturnValue:
    """Hand out who took part in reviews as CSV, as GRI 404-3 and ESRS S1-13 ask."""
    return download(csv_bytes(mirror_tables(_asked())[1]), "Review participation.csv")


@bp.get("/leader-mirror/management.csv")
@requires("aptitude:groups")
@with_framework
def mirror_management_csv() -> ResponseReturnValue:
    """Hand out what management does for those below a target, by unit, as CSV."""
    return download(csv_bytes(management_table(_asked())), "What management does.csv")


@bp.get("/leader-mirror.xlsx")
@requires("aptitude:groups")
@with_framework
def mirror_xlsx() -> ResponseReturnValue:
    """Hand out every table of the mirror as a workbook."""
    return download(xlsx_bytes(workbook_tables(_asked())), "Leader mirror.xlsx")


@bp.get("/leader-mirror.pdf")
@requires("aptitude:groups")
@with_framework
def mirror_paper() -> ResponseReturnValue:
    """Hand out the mirror on paper."""
    return download(mirror_pdf(_asked(), organisation_name()), "Leader mirror.pdf")
