"""No sentence of the library of forms reaches anybody: each has one of ours."""

import ast
from pathlib import Path

import wtforms

from core.web.form_words import PLAIN, PlainWords

NEVER_SHOWN = {"Must provide one of field_name or field_label"}
NAMES = {"gettext", "ngettext"}


def said_by(path: Path) -> set[str]:
    """Return what a file of the library hands to translation."""
    calls = [
        one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.Call)
    ]
    asked = [one for one in calls if getattr(one.func, "attr", "") in NAMES]
    texts = [
        ast.literal_eval(arg) for one in asked for arg in one.args if isinstance(arg, ast.Constant)
    ]
    return {text for text in texts if isinstance(text, str)}


def test_every_sentence_of_the_library_has_one_of_ours():
    folder = Path(wtforms.__file__).parent
    found = set().union(*(said_by(one) for one in sorted(folder.rglob("*.py"))))

    assert len(found) >= 30
    assert found - NEVER_SHOWN - set(PLAIN) == set()


def test_ours_take_the_same_figures_and_say_what_to_do():
    words = PlainWords()
    long = words.ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        500,
    )
    assert long % {"max": 500} == "This is too long: at most 500 characters are kept. Shorten it."
    number = words.gettext("Number must be between %(min)s and %(max)s.")
    assert number % {"min": 0, "max": 8} == "Write a number from 0 to 8."
    assert words.gettext("Choose a day") == "Choose a day"
    assert all(text.endswith((".", "%(values)s.")) for text in PLAIN.values())
