"""The terms of a balance in words, as every file of it states them."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from core.words import UNKNOWN, day, moment
from planner.rules.suppression import HIDDEN_WORDS

Balance: TypeAlias = Mapping[str, Any]

TOO_FEW = HIDDEN_WORDS
UNITS_OF_TIME = {"learner": "Learner-hours", "contact": "Contact-hours"}
DEFINITIONS = {"narrow": "Narrow", "broad": "Broad"}
STRUCTURES = {"then": "On the day of the training", "today": "As it is today"}


def terms(document: Balance) -> Iterator[tuple[str, str]]:
    """Yield what the figures are true for: scope, period, basis, definition, structure, as-of."""
    yield "Scope", scope_words(document)
    yield "Period", str(document["period_label"])
    yield "Basis", UNITS_OF_TIME[document["basis"]]
    yield "Definition", DEFINITIONS[document["definition"]]
    yield "Structure", STRUCTURES[document["structure"]]
    yield "As recorded on", day(document["recorded_to"])


def is_hidden(document: Balance) -> bool:
    """Tell whether the balance is about too few people to show any of its figures."""
    return bool(document["figures"].get("suppressed"))


def method(document: Balance) -> list[tuple[str, str]]:
    """Return how the figures are counted; nothing where they are hidden, for it names some."""
    if is_hidden(document):
        return []
    return [(note["term"], note["text"]) for note in document["method"]]


def scope_words(document: Balance) -> str:
    """Return whom the balance is about: "Contact centre, level Senior"."""
    return ", ".join([document["scope"]["label"], *document.get("filter_words", ())])


def source_line(document: Balance) -> str:
    """Return whose figures these are, and whether they are invented."""
    demo = ", demonstration data" if document["demo"] else ""
    return f"{document['organisation']}{demo}"


def published_line(published: Balance) -> str:
    """Return when and by whom a balance was frozen."""
    who = published.get("published_by") or UNKNOWN
    return f"Published on {moment(published['published_at'])} by {who}."
