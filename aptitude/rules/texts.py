"""What a version of the framework says, as it is written by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import RefusedError, refuse_all
from people.rules.levels import LEVEL_LABELS, Level

SHORTEST_TEXT = 3


@dataclass(frozen=True)
class DimensionTexts:
    """What a version says about a dimension: by level, what is done at 1 to 5."""

    code: str
    name: str
    definition: str
    anchors: Mapping[Level, Sequence[str]]


@dataclass(frozen=True)
class FrameworkTexts:
    """What a version says."""

    title: str
    purpose: str
    change_note: str
    dimensions: Sequence[DimensionTexts]


@dataclass(frozen=True)
class Change:
    """A text that is another one in a later version.

    Attributes:
        field: The name of its field on the form.
        label: What it is called.
        before: The words of the earlier version; empty where there were none.
        after: Those of the later one.
    """

    field: str
    label: str
    before: str
    after: str


def changes(before: FrameworkTexts, after: FrameworkTexts) -> list[Change]:
    """Return which texts differ between two versions, in the order of the form.

    The line that says what is new is none of them: it changes for nobody who is rated.
    """
    old, new = _spread(before), _spread(after)
    found = [
        Change(field, label, old.get(field, ("", ""))[1], text)
        for field, (label, text) in new.items()
    ]
    return [one for one in found if one.before != one.after]


def _spread(texts: FrameworkTexts) -> dict[str, tuple[str, str]]:
    """Return what every text is called, and its words, by the name of its field."""
    found = {"title": ("Title", texts.title), "purpose": ("Purpose", texts.purpose)}
    for one in texts.dimensions:
        found[f"name-{one.code}"] = (f"Name of {one.code}", one.name)
        found[f"definition-{one.code}"] = (f"What {one.code} is", one.definition)
        for level, behaviours in one.anchors.items():
            for score, text in enumerate(behaviours, start=1):
                label = anchor_label(one.name, level, score)
                found[anchor_name(one.code, level, score)] = (label, text)
    return {
        field: (label, " ".join(text.split()) if field != "purpose" else _lines(text))
        for field, (label, text) in found.items()
    }


def _lines(text: str) -> str:
    """Return a text of several lines as it is kept; browsers send other ends of lines."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def anchor_name(code: str, level: Level, score: int) -> str:
    """Return the name of the field of an anchor."""
    return f"anchor-{code}-{level.value}-{score}"


def anchor_label(name: str, level: Level, score: int) -> str:
    """Return what an anchor is called: "Recovery, manager, 3"."""
    return f"{name}, {LEVEL_LABELS[level].lower()}, {score}"


def check_texts(texts: FrameworkTexts, *, has_news: bool = False) -> None:
    """Refuse a version in which a text is missing.

    Args:
        texts: What it says.
        has_news: It is to be published, and says something else than the one before.

    Raises:
        RefusedError: All that are missing, each at its field.
    """
    found = []
    if not texts.title.strip():
        found.append(RefusedError("Title is empty. Give the framework a title.", "title"))
    if not texts.purpose.strip():
        words = "Purpose is empty. Say what assessments are for; this stands above every form."
        found.append(RefusedError(words, "purpose"))
    if has_news and not texts.change_note.strip():
        words = "Say it in one line before you publish: nobody can add it afterwards."
        found.append(RefusedError(words, "change_note"))
    for one in texts.dimensions:
        found += _missing_in(one)
    refuse_all(found)


def _missing_in(one: DimensionTexts) -> list[RefusedError]:
    found = []
    if not one.name.strip():
        words = f"Name of {one.code} is empty. Give the dimension a name."
        found.append(RefusedError(words, f"name-{one.code}"))
    if not one.definition.strip():
        words = f"What {one.code} is: say it in a sentence."
        found.append(RefusedError(words, f"definition-{one.code}"))
    for level, behaviours in one.anchors.items():
        for score, text in enumerate(behaviours, start=1):
            if len(text.strip()) < SHORTEST_TEXT:
                words = f"Say what somebody does who stands at {score}."
                found.append(RefusedError(words, anchor_name(one.code, level, score)))
    return found
