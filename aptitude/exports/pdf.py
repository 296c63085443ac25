"""A person's sheet and the framework as PDF. What makes them is loaded when the first is asked."""

from collections.abc import Mapping
from datetime import date

from aptitude.queries.frameworks import FrameworkView
from aptitude.queries.mirror import MirrorPage
from aptitude.queries.next_steps import NextSteps
from aptitude.queries.profiles import AptitudePage
from aptitude.rules.examples import Leading
from aptitude.rules.profiles import Target
from core.words import day
from people.rules.levels import LEVEL_LABELS, Level


def sheet_pdf(
    page: AptitudePage, steps: NextSteps, leading: Leading | None, organisation: str, on: date
) -> bytes:
    """Return where a person stands, for them and their manager.

    Args:
        page: What whoever asks may see.
        steps: What comes next, and what the company owes.
        leading: When they were seen leading by example; None where they lead nobody.
        organisation: Whose it is.
        on: The day it is made.
    """
    from aptitude.exports.sheet import sheet_story  # noqa: PLC0415  # heavy: imported when used
    from core.export import pdf  # noqa: PLC0415  # heavy: imported when used

    return pdf.build(
        sheet_story(page, steps, leading, on),
        title=f"Service aptitude of {page.name}",
        subject="For learning; not for hiring or dismissal",
        author=organisation,
        footer=f"{page.name}, {LEVEL_LABELS[page.level].lower()}, as known on {day(on)}",
        head=organisation,
    )


def booklet_pdf(
    framework: FrameworkView,
    targets: Mapping[Level, Mapping[str, Target]],
    organisation: str,
) -> bytes:
    """Return the framework as a booklet: purpose, dimensions, and anchors of every level."""
    from aptitude.exports.booklet import booklet_story  # noqa: PLC0415  # heavy: when used
    from core.export import pdf  # noqa: PLC0415  # heavy: imported when used

    return pdf.build(
        booklet_story(framework, targets),
        title=f"{framework.title}, version {framework.number}",
        subject="The framework of service aptitude",
        author=organisation,
        footer=f"{framework.title}, version {framework.number}",
        head=organisation,
    )


def mirror_pdf(page: MirrorPage, organisation: str) -> bytes:
    """Return the leader mirror: figures of groups, nobody by name."""
    from aptitude.exports.mirror_paper import mirror_story  # noqa: PLC0415  # heavy: when used
    from core.export import pdf  # noqa: PLC0415  # heavy: imported when used

    return pdf.build(
        mirror_story(page),
        title="Leader mirror",
        subject="Service aptitude from the executives to the front line",
        author=organisation,
        footer=f"{page.whose}, as known on {day(page.on)}",
        head=organisation,
    )
