"""What a version of the framework says, as it is written by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import RefusedError
from people.rules.levels import Level

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


def check_texts(texts: FrameworkTexts) -> None:
    """Refuse a version in which a text is missing.

    Raises:
        RefusedError: The first one that is, at its field.
    """
    if not texts.title.strip():
        raise RefusedError("Give the framework a title.", "title")
    if not texts.purpose.strip():
        raise RefusedError(
            "Say what assessments are for and who sees them; this stands above every form.",
            "purpose",
        )
    for one in texts.dimensions:
        if not one.name.strip() or not one.definition.strip():
            raise RefusedError(f"{one.code} needs a name and what it is.", f"name-{one.code}")
        for level, behaviours in one.anchors.items():
            for score, text in enumerate(behaviours, start=1):
                if len(text.strip()) < SHORTEST_TEXT:
                    raise RefusedError(
                        f"{one.name}: say what somebody does who stands at {score}.",
                        f"anchor-{one.code}-{level.value}-{score}",
                    )
