"""Composes a person's sheet and the booklet of the framework."""

from collections.abc import Mapping, Sequence
from datetime import date

from reportlab.platypus import Flowable, KeepTogether, Spacer

from aptitude.queries.frameworks import DimensionView, FrameworkView
from aptitude.queries.next_steps import NextSteps, Owed
from aptitude.queries.profiles import AptitudePage, SourceLine
from aptitude.rules.course import Row
from aptitude.rules.profile_words import headline
from aptitude.rules.profiles import HIGH, LOW, Target
from aptitude.rules.profiles import Line as ProfileLine
from aptitude.rules.sittings import points_at
from aptitude.rules.sources import Source
from aptitude.rules.words import SOURCE_LABELS_OF_OTHERS
from core.export.pdf import COLOURS, WIDTH, Line, P, data_table, rich, section, terms_strip
from core.markdown import markdown_blocks
from core.words import day, day_short, hours
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level

RULER = 122.0
KEY = "Dot: others. Band: 95 %. Ring: self. Line: target."
NOT_FOR = (
    "Aptitude is taught, not innate. A low score opens a duty for the company. This sheet is not "
    "used for hiring or dismissal. Keep it where only the person, those who lead them and HR "
    "find it."
)
METHOD = (
    "Others: mean of all raters besides the person, each once; peers and direct reports only from "
    "three on. The own rating is no part of it. A level is granted by the lowest required "
    "dimension, not by the mean. The history has one row a month: what was known on the last day "
    "on which what others say changed."
)


def sheet_story(page: AptitudePage, steps: NextSteps, on: date) -> list[Flowable]:
    """Return the parts of a person's sheet."""
    return [
        P(page.name, "title"),
        P(headline(page.lines, page.level, page.name, page.owed), "lede"),
        Spacer(0, 8),
        terms_strip(_terms(page, on)),
        Spacer(0, 6),
        P(NOT_FOR),
        Spacer(0, 8),
        section("Dimensions against their targets", KEY, share=0.5),
        _profile(page.lines),
        Spacer(0, 8),
        *_sources(page),
        *_list("Next", [(one.title, f"{hours(one.minutes)}. {one.why}") for one in steps.modules]),
        *_list(
            "What the company owes",
            [
                (
                    page.framework.names.get(one.dimension_code, one.dimension_code),
                    f"{_taught(one) or 'training'}, by {day(one.due_on)}"
                    + (f", owed by {one.owner}" if one.owner else "")
                    + (f", with {one.coach} as coach" if one.coach else ", no coach yet")
                    + (", overdue" if one.days_late else "")
                    + f". {one.seen_words}",
                )
                for one in steps.owed
            ],
        ),
        # Together, so that the note never stands alone on a page of its own.
        KeepTogether([*_history(page.history, page.progress), P(_method(page), "cell")]),
    ]


def _method(page: AptitudePage) -> str:
    return f"{METHOD} {page.error_words} {page.overall_missing} {page.corrected_words}".strip()


def _taught(owed: Owed) -> str:
    """Return the modules of a duty: "Notice more, See the person (done 9 April 2026)"."""
    return ", ".join(
        one.title + (f" (done {day(one.done_on)})" if one.done_on else "") for one in owed.modules
    )


def _terms(page: AptitudePage, on: date) -> list[tuple[str, str]]:
    evidence = day(page.evidence_to) if page.evidence_to else "none yet"
    return [
        ("Level", LEVEL_LABELS[page.level]),
        ("Job title", page.job_title or "not recorded"),
        ("Framework", f"version {page.framework.number}"),
        ("Evidence to", evidence),
        ("As known on", day(on)),
    ]


def _profile(lines: Sequence[ProfileLine]) -> Flowable:
    rows = [
        Line(
            [
                P(f"{line.code} {line.name}", "cell"),
                InkRow(line, RULER - 10),
                _figure(line.score.mean if line.score else None),
                f"± {line.half_band:.1f}" if line.half_band is not None else "–",
                _figure(line.target.value if line.target else None),
                str(line.score.raters if line.score else 0),
                _figure(line.own),
                line.state.value,
            ]
        )
        for line in lines
    ]
    head = ["Dimension", "1 to 5", "Others", "Band", "Target", "Raters", "Self", "State"]
    rest = WIDTH - 120 - RULER - 5 * 34
    widths = [120, RULER, 34, 34, 34, 34, 34, rest]
    return data_table(head, rows, widths, left=(0, 1, 7), strong=2)


class InkRow(Flowable):
    """A dimension on the scale from 1 to 5, in ink: people are never coloured."""

    def __init__(self, line: ProfileLine, width: float) -> None:
        super().__init__()
        self.line, self.width, self.height = line, width, 10.6

    def draw(self) -> None:
        """Draw base, band, target, the own rating and the others'."""
        c, line = self.canv, self.line
        c.setStrokeColor(COLOURS["control"])
        c.setLineWidth(0.5)
        c.line(0, 0.8, self.width, 0.8)
        if line.band is not None:
            low, high = (self._at(value) for value in line.band)
            c.setFillColor(COLOURS["line"])
            c.rect(low, 1.2, max(high - low, 0.5), 6.2, stroke=0, fill=1)
        c.setStrokeColor(COLOURS["ink"])
        c.setFillColor(COLOURS["ink"])
        if line.target is not None:
            at = self._at(line.target.value)
            c.setLineWidth(1.2)
            c.line(at, -0.8, at, self.height)
        if line.own is not None:
            c.setLineWidth(0.8)
            c.circle(self._at(line.own), 4.3, 2.1, stroke=1, fill=0)
        if line.score is not None:
            c.circle(self._at(line.score.mean), 4.3, 2.4, stroke=0, fill=1)

    def _at(self, value: float) -> float:
        return (value - LOW) / (HIGH - LOW) * self.width


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _sources(page: AptitudePage) -> list[Flowable]:
    codes = [line.code for line in page.lines]
    rows = [Line(_source_cells(one, codes)) for one in page.sources]
    if not rows:
        return []
    each = (WIDTH - 150) / (len(codes) + 1)
    return [
        section("Each source by itself", "Means; nobody is named."),
        data_table(["Source", "Raters", *codes], rows, [150, *[each] * (len(codes) + 1)]),
        Spacer(0, 8),
    ]


def _source_cells(one: SourceLine, codes: Sequence[str]) -> list[str]:
    """Return one source by dimension; a scenario test in points of 100, its own scale."""
    label = SOURCE_LABELS_OF_OTHERS[one.source]
    scores = [one.scores[code] for code in codes]
    means = [score.mean if score else None for score in scores]
    if one.source is Source.SCENARIO:
        points = ["–" if mean is None else str(points_at(mean)) for mean in means]
        return [f"{label}, of 100", "–", *points]
    return [label, str(one.raters), *map(_figure, means)]


def _list(title: str, items: Sequence[tuple[str, str]]) -> list[Flowable]:
    if not items:
        return []
    parts: list[Flowable] = [section(title)]
    for first, rest in items:
        parts += [P(rest, lead=f"{first}:"), Spacer(0, 2)]
    return [KeepTogether(parts), Spacer(0, 8)]


def _history(rows: Sequence[Row], progress: str) -> list[Flowable]:
    if not rows:
        return []
    head = ["Known on", "Level then", "Framework", "Targets met", "Overall"]
    widths = [70, WIDTH - 70 - 70 - 70 - 60, 70, 70, 60]
    lines = [Line(_history_cells(one)) for one in rows]
    return [
        section("As it was known at each time", progress, share=0.4),
        data_table(head, lines, widths, left=(0, 1)),
        Spacer(0, 8),
    ]


def _history_cells(one: Row) -> list[str | Flowable]:
    point = one.point
    if point is None:
        return [day_short(one.on), P(one.words, "cell"), "", "", ""]
    overall = _figure(point.overall.mean if point.overall else None)
    if point.overall is not None and point.overall.half is not None:
        overall += f" ± {point.overall.half:.1f}"
    level = LEVEL_LABELS[point.level]
    return [day_short(point.on), level, str(point.framework), point.met_words, overall]


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
