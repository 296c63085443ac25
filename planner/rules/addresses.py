"""The address of a balance: every choice stands in it, so that a link shows the same page."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TypeVar

from core.errors import RefusedError
from ledger.rules.kinds import Basis, Definition
from people.rules.levels import Level
from planner.rules.periods import Period, between, parse
from planner.rules.questions import Question, Structure

E = TypeVar("E", bound=Enum)
LARGEST_ID = 2**31 - 1
MOST_OPENED = 200


def question_from(
    arguments: Mapping[str, str], today: date, period: Period, basis: Basis
) -> Question:
    """Return the question an address asks.

    Args:
        arguments: Names and texts of the address.
        today: For periods that move with the calendar.
        period: Used where the address names none.
        basis: Used where the address names none.

    Raises:
        RefusedError: A text of the address means nothing; the field is the argument's name.
    """
    name = arguments.get("period", "")
    as_of = arguments.get("as_of", "")
    target = arguments.get("target", "")
    level = arguments.get("level", "")
    if not name and (arguments.get("from") or arguments.get("to")):
        period = _span(arguments.get("from", ""), arguments.get("to", ""))
    return Question(
        period=parse(name, today) if name else period,
        basis=_chosen(Basis, arguments, "basis", basis),
        definition=_chosen(Definition, arguments, "definition", Definition.NARROW),
        structure=_chosen(Structure, arguments, "structure", Structure.THEN),
        as_of=_day(as_of, "as_of") if as_of else None,
        unit_id=_id(arguments.get("unit", ""), "unit"),
        level=_chosen(Level, arguments, "level", Level.FRONTLINE) if level else None,
        site_id=_id(arguments.get("site", ""), "site"),
        opened=_ids(arguments.get("open", "")),
        target_percent=_percent(target) if target else None,
    )


def address_of(question: Question, **changes: object) -> dict[str, str]:
    """Return the arguments of the address of a question, with changes; None takes one out."""
    values: dict[str, object] = {
        "unit": question.unit_id,
        "period": question.period.name,
        "definition": question.definition.value,
        "basis": question.basis.value,
        "structure": question.structure.value,
        "as_of": question.as_of.isoformat() if question.as_of else None,
        "level": question.level.value if question.level else None,
        "site": question.site_id,
        "open": ".".join(str(unit) for unit in sorted(question.opened)) or None,
        "target": question.target_percent,
        **changes,
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def address_opened(question: Question, row: Mapping[str, object]) -> dict[str, str]:
    """Return the arguments of the page on which a row by unit is opened, or closed again."""
    unit_id = int(str(row["key"]))
    opened = question.opened ^ {unit_id}
    return address_of(question, open=".".join(str(unit) for unit in sorted(opened)) or None)


NOT_KNOWN = "none"
"""In the address of entries: those whose level, site, unit or delivery nobody knows."""


def rows_address(question: Question, cut: str, row: Mapping[str, object] | None) -> dict[str, str]:
    """Return the arguments of the page of entries behind a figure.

    Args:
        question: The balance the figure stands in.
        cut: Which table, such as "unit"; "all" for the whole.
        row: The row of the table.
    """
    period = question.period
    values: dict[str, object] = {
        "from": period.from_on.isoformat() if period.from_on else None,
        "to": period.to_on.isoformat() if period.to_on else None,
        "basis": question.basis.value,
        "definition": question.definition.value,
        "structure": question.structure.value,
        "as_of": question.as_of.isoformat() if question.as_of else None,
        "unit": question.unit_id,
        "level": question.level.value if question.level else None,
        "site": question.site_id,
    }
    if row is not None and not row.get("total"):
        values |= _cell(cut, str(row["key"]))
        if cut == "category":
            # A category that has been moved has a row for each side it was on.
            values["kind"] = row.get("kind")
    return {name: str(value) for name, value in values.items() if value is not None}


def _cell(cut: str, key: str) -> dict[str, object]:
    if cut == "unit" and key.endswith("-direct"):
        return {"unit": key.removesuffix("-direct"), "direct": 1}
    unknown = key in ("", "0")
    return {cut: NOT_KNOWN if unknown else key}


def _span(first: str, last: str) -> Period:
    """Return the period between two typed days; a missing one leaves that end open."""
    from_on = _day(first, "from") if first else None
    to_on = _day(last, "to") if last else None
    if from_on is not None and to_on is not None and from_on > to_on:
        raise RefusedError("The first day lies after the last; swap them.", field="from")
    return between(from_on, to_on)


def _chosen(kind: type[E], arguments: Mapping[str, str], name: str, usual: E) -> E:
    text = arguments.get(name, "")
    if not text:
        return usual
    try:
        return kind(text)
    except ValueError as error:
        known = ", ".join(str(member.value) for member in kind)
        raise RefusedError(
            f"The address asks for {name} “{text[:60]}”; there is {known}.", field=name
        ) from error


def _day(text: str, name: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(f"“{text[:60]}” is no day; write 2026-03-31.", field=name) from error
    if not date(1900, 1, 1) <= day <= date(2100, 12, 31):
        raise RefusedError(f"{text} is too far away; days from 1900 to 2100 work.", field=name)
    return day


def is_number(text: str) -> bool:
    """Tell whether a text is a whole number of at most ten digits."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))


def _id(text: str, name: str) -> int | None:
    if not text:
        return None
    if not (is_number(text) and int(text) <= LARGEST_ID):
        raise RefusedError(f"“{text[:60]}” is no {name}; choose one from the list.", field=name)
    return int(text)


def _ids(text: str) -> frozenset[int]:
    parts = [part for part in text.split(".", MOST_OPENED)[:MOST_OPENED] if is_number(part)]
    return frozenset(int(part) for part in parts[:MOST_OPENED] if int(part) <= LARGEST_ID)


def _percent(text: str) -> int:
    if not (is_number(text) and 1 <= int(text) <= 99):  # a percentage
        raise RefusedError("A target is a whole percentage from 1 to 99.", field="target")
    return int(text)
