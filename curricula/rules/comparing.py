"""Two versions of a module beside each other, as a difference people can read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.words import hours
from curricula.rules.contents import TEXTS, ModuleDraft


@dataclass(frozen=True)
class Piece:
    """A run of words: "same", "gone" from the old or "new" in the new text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """A line of both texts beside each other; None where one of them has none."""

    old: tuple[Piece, ...] | None
    new: tuple[Piece, ...] | None

    @property
    def is_changed(self) -> bool:
        """Tell whether the two differ."""
        return self.old != self.new


@dataclass(frozen=True)
class Section:
    """A part of a module that differs."""

    title: str
    rows: tuple[Row, ...]


def compare(old: ModuleDraft, new: ModuleDraft) -> list[Section]:
    """Return the parts of a module that differ, in the order in which it is read."""
    found = []
    for title, before, after in _parts(old, new):
        rows = _rows(before, after)
        if any(row.is_changed for row in rows):
            found.append(Section(title, _near_changes(rows)))
    return found


def _parts(old: ModuleDraft, new: ModuleDraft) -> Iterable[tuple[str, list[str], list[str]]]:
    yield "Facts", _facts(old), _facts(new)
    yield "Outcomes", list(old.outcomes), list(new.outcomes)
    yield "Session plan", _plan(old), _plan(new)
    for name, title in TEXTS:
        yield title, _lines(getattr(old, name)), _lines(getattr(new, name))
    yield "Role-plays", _role_plays(old), _role_plays(new)
    yield "Quiz", _quiz(old), _quiz(new)
    yield "Rubric", _rubric(old), _rubric(new)


def _facts(draft: ModuleDraft) -> list[str]:
    shares = ", ".join(f"{code.replace('_', ' ')} {percent}" for code, percent in draft.shares)
    return [
        f"Title: {draft.title}",
        f"Time: {hours(draft.minutes)}",
        f"Counts as: {shares} percent",
        f"Levels: {', '.join(draft.levels).replace('_', ' ')}",
        f"Channels: {', '.join(draft.channels).replace('_', ' ')}",
        f"Trains: {', '.join(draft.dimensions)}",
        f"Needs first: {', '.join(draft.prerequisites) or 'nothing'}",
        f"Refreshed after: {draft.review_days} days",
    ]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _plan(draft: ModuleDraft) -> list[str]:
    lines = []
    for step in draft.plan:
        lines += [f"{step.minutes} min · {step.title} ({step.kind})", *_lines(step.text)]
    return lines


def _role_plays(draft: ModuleDraft) -> list[str]:
    lines = []
    for play in draft.role_plays:
        lines.append(f"{play.title} ({play.channel.replace('_', ' ')}, {play.minutes} min)")
        for text in (play.setting, play.employee_card, play.customer_card, play.debrief):
            lines += _lines(text)
    return lines


def _quiz(draft: ModuleDraft) -> list[str]:
    lines = []
    for item in draft.quiz:
        lines.append(f"{item.situation}{' (must pass)' if item.must_pass else ''}")
        lines += [f"{option.score}: {option.text}" for option in item.options]
        lines.append(f"Why: {item.why}")
    return [*lines, *([draft.quiz_pass] if draft.quiz_pass else [])]


def _rubric(draft: ModuleDraft) -> list[str]:
    grades = [
        f"{one.name} · not yet: {one.not_yet} · partly: {one.partly} · fully: {one.fully}"
        for one in draft.rubric
    ]
    return [draft.rubric_rule, *grades] if draft.rubric_rule else grades


def _rows(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        before, after = old[old_from:old_to], new[new_from:new_to]
        if kind == "equal":
            rows += [Row((Piece("same", line),), (Piece("same", line),)) for line in before]
            continue
        for place in range(max(len(before), len(after))):
            left = before[place] if place < len(before) else None
            right = after[place] if place < len(after) else None
            rows.append(_words(left, right))
    return rows


def _words(old: str | None, new: str | None) -> Row:
    """Compare two lines word by word."""
    if old is None or new is None:
        return Row(
            None if old is None else (Piece("gone", old),),
            None if new is None else (Piece("new", new),),
        )
    before, after = old.split(" "), new.split(" ")
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, fresh = " ".join(before[old_from:old_to]), " ".join(after[new_from:new_to])
        if kind == "equal":
            left.append(Piece("same", gone))
            right.append(Piece("same", fresh))
            continue
        if gone:
            left.append(Piece("gone", gone))
        if fresh:
            right.append(Piece("new", fresh))
    return Row(tuple(left), tuple(right))


def _near_changes(rows: Sequence[Row], around: int = 1) -> tuple[Row, ...]:
    """Return the rows that changed, with the line before and after them."""
    wanted = {
        near
        for place, row in enumerate(rows)
        if row.is_changed
        for near in range(place - around, place + around + 1)
    }
    return tuple(row for place, row in enumerate(rows) if place in wanted)
