"""Answers of `flask aptitude analyse` as text: tables of figures, and each note once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from aptitude.rules.analysis import Analysis, Figures
from aptitude.rules.facet_figures import FacetFigures
from aptitude.rules.further import Further
from aptitude.rules.severity import RaterFigure
from core.headers import listed
from core.words import plural, thousands

MOST_LINES = 100
NOT_KNOWN = "–"
COLUMNS = (
    ("SD", "sd"), ("alpha", "alpha"), ("ICC1", "icc1"), ("ICC2", "icc2"), ("ICC3", "icc3"),
    ("ICC1k", "icc1k"), ("ICC2k", "icc2k"), ("ICC3k", "icc3k"), ("SEM", "sem"), ("MDC95", "mdc95"),
)  # fmt: skip

ITEM_COLUMNS = (
    ("alpha", "alpha"), ("standard", "standardised_alpha"), ("mean r", "mean_r"),
    ("omega", "omega"), ("Kripp. o", "krippendorff_ordinal"),
    ("Kripp. i", "krippendorff_interval"),
)  # fmt: skip
PAIR_COLUMNS = (
    ("Kripp. o", "krippendorff_ordinal"), ("Kripp. i", "krippendorff_interval"), ("same", "same"),
    ("kappa", "kappa"), ("SE", "kappa_se"), ("linear", "kappa_linear"),
    ("squared", "kappa_quadratic"),
)  # fmt: skip


def analysis_lines(found: Analysis) -> Iterator[str]:
    """Return the figures of a file, each note once, and its raters."""
    tables = {"Overall": found.overall, **found.dimensions}
    width = min(40, max(len(name) for name in tables))
    yield _line("", ["persons", "raters", "mean", *(title for title, _ in COLUMNS)], width)
    for name, figures in tables.items():
        yield _line(name, _cells(figures), width)
    yield from _notes({name: figures.notes for name, figures in tables.items()})
    yield "The design is connected." if found.connected else "The design is not connected."
    yield from _raters(found.raters)


def _cells(figures: Figures) -> list[str]:
    values = asdict(figures)
    return [
        str(figures.persons),
        str(figures.raters),
        *(_number(values[name]) for name in ("mean", *(name for _, name in COLUMNS))),
    ]


def _raters(raters: dict[str, RaterFigure]) -> Iterator[str]:
    width = min(40, max(map(len, ["Rater", *raters])))
    shown = list(raters.items())[:MOST_LINES]
    if shown:
        yield _line("Rater", ["n", "mean", "severity"], width)
    for name, one in shown:
        yield _line(name, [str(one.count), _number(one.mean), _number(one.severity)], width)
    if len(raters) > len(shown):
        yield f"… {plural(len(raters), 'rater', 'raters')} in all; --format json names each."


def _line(name: str, cells: list[str], width: int) -> str:
    return f"{name[:width]:<{width}}" + "".join(f"{cell:>9}" for cell in cells)


def _number(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{round(value, 3) + 0.0:.3f}".replace("-", "−")


def _notes(notes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Return each note once, after the names of all that it is about."""
    told: dict[str, list[str]] = {}
    for name, some in notes.items():
        for note in some:
            told.setdefault(note, []).append(name)
    for note, names in told.items():
        yield f"{listed(names, 8)}: {note}"


def further_lines(found: Further) -> Iterator[str]:
    """Return what more is known: of all dimensions, of each, of persons, and by the Rasch model."""
    yield ""
    overall, width = asdict(found.overall), min(40, max(map(len, ["Overall", *found.dimensions])))
    yield _line("", [title for title, _ in ITEM_COLUMNS], width)
    yield _line("Overall", [_number(overall[name]) for _, name in ITEM_COLUMNS], width)
    yield from _notes({"Overall": found.overall.notes})
    yield ""
    yield _line("", [title for title, _ in PAIR_COLUMNS], width)
    for name, figures in found.dimensions.items():
        values = asdict(figures)
        yield _line(name, [_number(values[column]) for _, column in PAIR_COLUMNS], width)
    yield from _notes({name: figures.notes for name, figures in found.dimensions.items()})
    yield ""
    within = found.rwg
    yield _line("", ["persons", "mean", "lowest", "highest"], 7)
    ends = [_number(one) for one in (within.mean, within.lowest, within.highest)]
    yield _line("rwg(j)", [str(within.persons), *ends], 7)
    yield from within.notes
    yield ""
    yield from _facets(found.facets)


def _facets(found: FacetFigures) -> Iterator[str]:
    for title, places in (("Rater", found.raters), ("Dimension", found.dimensions)):
        yield from _listed(
            title, ["logit", "SE"], {name: (one.logit, one.se) for name, one in places.items()},
        ) if places else ()  # fmt: skip
    if found.thresholds is not None and found.levels is not None:
        steps = zip(found.levels[1:], found.thresholds, strict=True)
        yield f"Thresholds: {listed([f'{score:g} from {_number(at)}' for score, at in steps], 20)}."
    if found.persons:
        yield from _listed("Person", ["mean", "fair", "logit", "SE"], {
            name: (one.mean, one.fair_average, one.logit, one.se)
            for name, one in found.persons.items()
        })  # fmt: skip
    yield from found.notes


def _listed(
    title: str, columns: list[str], lines: Mapping[str, Sequence[float | None]]
) -> Iterator[str]:
    """Return a line for each name, up to as many as fit on screens."""
    width = min(40, max(map(len, [title, *lines])))
    yield _line(title, columns, width)
    for name, values in list(lines.items())[:MOST_LINES]:
        yield _line(name, [_number(one) for one in values], width)
    if len(lines) > MOST_LINES:
        yield f"… {thousands(len(lines))} in all; --format json names each."
