"""What O*NET says of work like somebody's, for HR to look at before they set a target."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from aptitude.imports import read_occupations
from aptitude.queries.frameworks import get_framework, job_titles, target_book
from aptitude.rules.occupations import ATTRIBUTION, IMPORTANCE, LEVEL, like
from aptitude.views.own import bp, with_framework
from core.clock import today
from core.web.access import requires

LONGEST_WORDS = 300


@bp.get("/aptitude/targets/occupations")
@requires("aptitude:edit")
@with_framework
def occupation_list() -> ResponseReturnValue:
    """Show what O*NET says of occupations beside our own targets of a job title."""
    job_title = request.args.get("job_title", "")[:LONGEST_WORDS]
    words = request.args.get("words", "")[:LONGEST_WORDS] or job_title
    occupations = read_occupations()
    return render_template(
        "aptitude/occupation_list.html",
        found=like(occupations, words),
        known=len(occupations),
        job_title=job_title,
        words=words,
        titles=job_titles(g.viewer, today()),
        names=get_framework().names,
        targets=target_book().targets_of(None, job_title, today()) if job_title else {},
        importance=IMPORTANCE,
        level=LEVEL,
        attribution=ATTRIBUTION,
    )
