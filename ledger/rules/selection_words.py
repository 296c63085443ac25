"""A selection of entries in words: what a list of entries counts, and what a line counted as."""

from datetime import date

from core.words import day, hours
from ledger.rules.kinds import DELIVERY_LABELS, Basis, Definition, Kind
from ledger.rules.selections import UNCLASSIFIED, Selection
from people.rules.levels import LEVEL_LABELS, Level

KIND_LABELS = {
    Kind.HARD: "hard",
    Kind.FAMILY: "soft",
    Kind.OTHER_SOFT: "other soft",
    Kind.NONE: "unclassified",
}


def period_words(from_on: date | None, to_on: date | None) -> str:
    """Return the days of a selection: "1 July 2026 to 30 September 2026"."""
    if from_on and to_on:
        return day(from_on) if from_on == to_on else f"{day(from_on)} to {day(to_on)}"
    if from_on:
        return f"from {day(from_on)}"
    return f"up to {day(to_on)}" if to_on else "everything recorded"


def period_name(selection: Selection) -> str:
    """Return the period as the address of a balance names it."""
    if selection.from_on is None and selection.to_on is None:
        return "all"
    first = selection.from_on.isoformat() if selection.from_on else ""
    return f"{first}..{selection.to_on.isoformat() if selection.to_on else ''}"


def place_words(selection: Selection, unit: str | None, site: str | None) -> list[str]:
    """Return where people have to have stood; `unit` and `site` by name."""
    found = []
    if selection.unit_id == 0:
        found.append("people whose unit is not known")
    elif unit:
        found.append(f"{unit}, without the units below" if selection.is_direct else unit)
    if selection.level is not None:
        level = LEVEL_LABELS[Level(selection.level)] if selection.level else "not known"
        found.append(f"level: {level}")
    if selection.site_id is not None:
        found.append(f"site: {site or 'not known'}")
    return found


def what_words(selection: Selection, category: str | None) -> list[str]:
    """Return which training is meant; `category` by name."""
    found = []
    if selection.category == UNCLASSIFIED:
        found.append("unclassified")
    elif category:
        found.append(f"only the part that counts as {category}")
    if selection.kind is not None and selection.category != UNCLASSIFIED:
        found.append(f"on days it was {KIND_LABELS[selection.kind]}")
    if selection.delivery is not None:
        found.append(f"delivery: {DELIVERY_LABELS[selection.delivery]}")
    return found


def terms(selection: Selection) -> list[str]:
    """Return by which rules is counted: basis, moment, structure, definition."""
    contact = selection.basis is Basis.CONTACT
    narrow = selection.definition is Definition.NARROW
    found = ["contact-hours" if contact else "learner-hours"]
    if selection.as_of is not None:
        found.append(f"as recorded by the end of {day(selection.as_of)}")
    if selection.by_today:
        found.append("by where people stand today")
    return [*found, f"{'narrow' if narrow else 'broad'} definition"]


def counted_words(hard: int, soft: int, unclassified: int) -> str:
    """Return what the minutes of a line counted as: "soft", "40 min hard, 20 min soft"."""
    parts = [("hard", hard), ("soft", soft), ("unclassified", unclassified)]
    found = [(word, minutes) for word, minutes in parts if minutes]
    if len(found) == 1:
        return found[0][0]
    return ", ".join(f"{hours(minutes)} {word}" for word, minutes in found) or "nothing"


def typed_length(minutes: int) -> str:
    """Return a length as people type it: "1:30"."""
    return f"{minutes // 60}:{minutes % 60:02d}"
