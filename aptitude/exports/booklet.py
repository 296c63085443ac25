"""Composes the booklet of the framework: purpose, dimensions, and anchors of every level."""

from collections.abc import Mapping

from reportlab.platypus import Flowable, Spacer

from aptitude.queries.frameworks import DimensionView, FrameworkView
from aptitude.rules.profiles import Target
from core.export.pdf import WIDTH, Line, P, data_table, rich, section
from core.markdown import markdown_blocks
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level


def booklet_story(
    framework: FrameworkView, targets: Mapping[Level, Mapping[str, Target]]
) -> list[Flowable]:
    """Return the parts of the booklet."""
    story: list[Flowable] = [P(framework.title, "title"), Spacer(0, 6)]
    for block in markdown_blocks(framework.purpose):
        story += [rich(block.spans, mark=block.mark), Spacer(0, 4)]
    for one in framework.dimensions:
        story += [Spacer(0, 6), section(f"{one.code} {one.name}", one.definition, share=0.5)]
        story.append(_anchors(one, targets))
    return story


def _anchors(dimension: DimensionView, targets: Mapping[Level, Mapping[str, Target]]) -> Flowable:
    rows = []
    for level in LEVELS_BOTTOM_UP:
        target = targets[level].get(dimension.code)
        told = f"target {target.value:.1f}" if target else "no target"
        label = [P(LEVEL_LABELS[level], "cell_strong"), P(told, "cell")]
        rows.append(Line([label, *(P(text, "cell") for text in dimension.anchors[level])]))
    each = (WIDTH - 80) / 5
    return data_table(["Level", "1", "2", "3", "4", "5"], rows, [80, *[each] * 5], left=range(6))
