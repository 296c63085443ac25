"""The tables of a person's sheet: ladder, profile, sources, the next level and the history."""

from collections.abc import Sequence

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from aptitude.queries.profiles import AptitudePage, SourceLine
from aptitude.rules.closeness import points_at
from aptitude.rules.course import Row, Rung
from aptitude.rules.profile_words import missing_words
from aptitude.rules.profiles import HIGH, LOW
from aptitude.rules.profiles import Line as ProfileLine
from aptitude.rules.scores import Score
from aptitude.rules.sources import Source
from aptitude.rules.words import SOURCE_LABELS_OF_OTHERS
from core.export.pdf import COLOURS, STYLES, WIDTH, Line, P, data_table
from core.words import day_short
from people.rules.levels import LEVEL_LABELS

RULER = 122.0


def ladder_table(rungs: Sequence[Rung], stand: str) -> Flowable:
    """Return the rungs of the ladder, the highest first as on a ladder.

    Args:
        rungs: The rungs.
        stand: Whose place it tells, as the head of the column.
    """
    rows = [
        Line([P(one.label, "cell_strong" if one.kind == "here" else "cell"), P(one.words, "cell")])
        for one in reversed(rungs)
    ]
    return data_table(["Level", stand], rows, [150, WIDTH - 150], left=(0, 1))


def profile_table(lines: Sequence[ProfileLine]) -> Flowable:
    """Return every dimension against its target."""
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


def source_table(page: AptitudePage) -> Flowable:
    """Return what each source says by itself, nobody by name."""
    codes = [line.code for line in page.lines]
    rows = [Line(_source_cells(one, codes)) for one in page.sources]
    each = (WIDTH - 150) / (len(codes) + 1)
    return data_table(["Source", "Raters", *codes], rows, [150, *[each] * (len(codes) + 1)])


def _source_cells(one: SourceLine, codes: Sequence[str]) -> list[str | Flowable]:
    """Return one source by dimension; a scenario test in points of 100, its own scale."""
    label = SOURCE_LABELS_OF_OTHERS[one.source]
    scores = [one.scores[code] for code in codes]
    if one.source is Source.SCENARIO:
        points = [str(points_at(score.mean)) if score else "–" for score in scores]
        return [f"{label}, of 100", "–", *points]
    return [label, str(one.raters), *(_with_error(score, one.raters) for score in scores)]


def _with_error(score: Score | None, most: int) -> str | Flowable:
    """Return a mean with its error, and how many raters it is of where others were more."""
    if score is None:
        return _figure(None)
    error = "" if score.standard_error is None else f" ± {score.standard_error:.1f}"
    told = f"{score.mean:.1f}{error}"
    if score.raters == most:
        return told
    return P(f"{told} {score.raters} of {most}", _figure_style())


def _figure_style() -> ParagraphStyle:
    """Return the style of a figure that takes two lines, in a column of figures."""
    return ParagraphStyle("figure", parent=STYLES["cell"], alignment=TA_RIGHT)


def next_table(lines: Sequence[ProfileLine]) -> Flowable:
    """Return the evidence against what the next level takes."""
    rows = [
        Line(
            [
                P(f"{line.code} {line.name}", "cell"),
                _with_band(line),
                _figure(line.target.value if line.target else None),
                "required" if line.target and line.target.required else "",
                P(missing_words(line), "cell"),
            ]
        )
        for line in lines
    ]
    head = ["Dimension", "Others", "Target there", "", "What is missing"]
    return data_table(head, rows, [150, 60, 60, 50, WIDTH - 320], left=(0, 3, 4), strong=1)


def _with_band(line: ProfileLine) -> str:
    band = "" if line.half_band is None else f" ± {line.half_band:.1f}"
    return _figure(line.score.mean if line.score else None) + band


def history_table(rows: Sequence[Row]) -> Flowable:
    """Return what was known at each time, and every change of level."""
    head = ["Known on", "Level then", "Framework", "Targets met", "Overall"]
    widths = [70, WIDTH - 70 - 70 - 70 - 60, 70, 70, 60]
    lines = [Line(_history_cells(one), span=None if one.point else 1) for one in rows]
    return data_table(head, lines, widths, left=(0, 1))


def _history_cells(one: Row) -> list[str | Flowable]:
    point = one.point
    if point is None:
        return [day_short(one.on), P(one.words, "cell"), "", "", ""]
    overall = _figure(point.overall.mean if point.overall else None)
    if point.overall is not None and point.overall.half is not None:
        overall += f" ± {point.overall.half:.1f}"
    level = LEVEL_LABELS[point.level]
    return [day_short(point.on), level, str(point.framework), point.met_words, overall]
