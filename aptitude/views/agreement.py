"""How far the organisation's own raters agree, for HR."""

from flask import render_template
from flask.typing import ResponseReturnValue

from aptitude.exports.agreement import agreement_table, lines
from aptitude.queries.agreement import agreement_page
from aptitude.queries.frameworks import get_framework
from aptitude.rules.own_ratings import ENOUGH_PERSONS
from aptitude.rules.own_words import (
    headline,
    line_words,
    may_conclude,
    may_not_conclude,
    pairs_words,
)
from aptitude.rules.severity import ENOUGH_RATINGS
from aptitude.views.own import bp, with_framework
from core.export.sheets import csv_bytes
from core.web.access import requires
from core.web.downloads import download


@bp.get("/leader-mirror/agreement")
@requires("aptitude:agreement")
@with_framework
def agreement() -> ResponseReturnValue:
    """Say what the ratings of this organisation are worth, and what not to conclude from them."""
    page = agreement_page(get_framework())
    found = page.found
    return render_template(
        "aptitude/agreement.html",
        page=page,
        headline=headline(found),
        lines=lines(found, page) if found else [],
        may=may_conclude(found) if found else [],
        may_not=may_not_conclude(found) if found else [],
        used=pairs_words(found) if found else "",
        line_words=line_words,
        enough_persons=ENOUGH_PERSONS,
        enough_ratings=ENOUGH_RATINGS,
    )


@bp.get("/leader-mirror/agreement.csv")
@requires("aptitude:agreement")
@with_framework
def agreement_csv() -> ResponseReturnValue:
    """Hand out the figures as CSV."""
    return download(csv_bytes(agreement_table(agreement_page(get_framework()))), "Agreement.csv")
