"""The style guide: every token, contrast and component on one page, for who builds pages."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField, FileField, RadioField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice

from core.web.access import PUBLIC, requires
from core.web.forms import Both, Conflict

bp = Blueprint("styleguide", __name__)

TEXT, MARK = 4.5, 3.0
"""What WCAG 2.2 AA asks of text, and of marks and edges of controls."""

PAIRS = (
    ("ink", "page", "text", TEXT),
    ("ink-2", "page", "text", TEXT),
    ("ink-2", "sunken", "text", TEXT),
    ("ink-3", "page", "text", TEXT),
    ("ink-3", "surface", "text", TEXT),
    ("soft-ink", "page", "text", TEXT),
    ("soft-ink", "soft-wash", "text", TEXT),
    ("hard-ink", "page", "text", TEXT),
    ("hard-ink", "hard-wash", "text", TEXT),
    ("bad", "page", "text", TEXT),
    ("bad", "bad-wash", "text", TEXT),
    ("good", "page", "text", TEXT),
    ("page", "ink", "button text", TEXT),
    ("soft", "page", "mark", MARK),
    ("soft", "sunken", "mark", MARK),
    ("hard", "page", "mark", MARK),
    ("unclassified", "page", "mark", MARK),
    ("control", "page", "control edge", MARK),
    ("control", "surface", "control edge", MARK),
    ("focus", "page", "focus ring", MARK),
    ("focus", "sunken", "focus ring", MARK),
)

SWATCHES = ("soft", "hard", "unclassified", "ink", "page", "sunken")


@dataclass(frozen=True)
class Token:
    """A colour in both themes, as "#rrggbb"."""

    name: str
    light: str
    dark: str


@dataclass(frozen=True)
class Contrast:
    """How far two colours stand apart in each theme, and how far they must."""

    pair: str
    use: str
    light: float
    dark: float
    needs: float


class ExampleForm(PlainForm):
    """One field of each kind."""

    target = StringField("Target share", default="200", render_kw={"inputmode": "decimal"})
    definition = SelectField(
        "Definition", choices=[SelectChoice("narrow", "Narrow"), SelectChoice("broad", "Broad")]
    )
    ends_on = DateField("Until")
    hours_file = FileField("Hours file")
    basis = RadioField(
        "Basis",
        default="learner",
        choices=[
            SelectChoice("learner", "Learner-hours"),
            SelectChoice("contact", "Contact-hours"),
        ],
    )
    with_leavers = BooleanField("Count people who have left")


CONFLICT = Conflict(
    [Both("Soft share", "20\u202f%", "25\u202f%"), Both("Why", "As agreed in May", "")],
    "Ada Marsh",
    datetime(2026, 10, 2, 9, 5, tzinfo=UTC),
)


def init_styleguide(app: Flask) -> None:
    """Offer the page where data is invented or code is written, and nowhere else."""
    if app.config["DEMO"] or app.config["DEVELOPMENT"]:
        app.register_blueprint(bp)


@bp.get("/styleguide")
@requires(PUBLIC)
def styleguide() -> ResponseReturnValue:
    """Show every token and component."""
    style_sheet = Path(str(current_app.static_folder)) / "css" / "training-mix.css"
    tokens = tokens_of(style_sheet.read_text(encoding="utf-8"))
    form = ExampleForm()
    form.target.errors = ["200 is not a share. Write a number from 0 to 100."]
    return render_template(
        "core/styleguide.html",
        swatches=[tokens[name] for name in SWATCHES],
        contrasts=contrasts_of(tokens),
        soft_against_hard=contrast_of(tokens, "soft", "hard"),
        form=form,
        conflict=CONFLICT,
    )


def tokens_of(style_sheet: str) -> dict[str, Token]:
    """Return the colours a style sheet defines, by name."""
    found = re.findall(r"--tm-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", style_sheet)
    return {name: Token(name, light, dark) for name, light, dark in found}


def contrasts_of(tokens: dict[str, Token]) -> list[Contrast]:
    """Return every pair of colours that meet on a page."""
    return [contrast_of(tokens, above, below, use, needs) for above, below, use, needs in PAIRS]


def contrast_of(
    tokens: dict[str, Token], above: str, below: str, use: str = "", needs: float = 0
) -> Contrast:
    """Return how far the colour `above` stands from the one `below` it."""
    one, other = tokens[above], tokens[below]
    return Contrast(
        pair=f"{above} on {below}",
        use=use,
        light=ratio(one.light, other.light),
        dark=ratio(one.dark, other.dark),
        needs=needs,
    )


def ratio(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2 between two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
