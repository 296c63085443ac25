"""Who stands below whom, and when: the reporting tree over time.

Every person reports to at most one other on a day. A `Segment` says so for a span of days, a
`Line` follows the segments upwards: below, above, how many steps, and the days on which it holds.
All walks are loops, not recursion, so the depth of an organisation is not limited.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from core.errors import RefusedError


class Segment(NamedTuple):
    """From a day until (not including) a day a person reports to a manager, or to nobody."""

    employee_id: int
    from_on: date
    until_on: date
    manager_id: int | None


class Line(NamedTuple):
    """On the days from `from_on` until before `until_on`, `below_id` stands below `above_id`."""

    above_id: int
    below_id: int
    from_on: date
    until_on: date
    depth: int


Span = tuple[date, date, int]
"""From a day, until before a day, the manager."""


class LoopError(RefusedError):
    """People report to each other in a circle.

    Attributes:
        employee_ids: The people in the loop, each reporting to the next, the last to the first.
    """

    def __init__(self, employee_ids: list[int], names: Mapping[int, str]) -> None:
        self.employee_ids = employee_ids
        super().__init__(loop_sentence([names[each] for each in employee_ids]), "manager_number")


def loop_sentence(names: list[str]) -> str:
    """Return "Ana reports to Ben, Ben to Cem, Cem to Ana." for the people of a loop in order."""
    if len(names) == 1:
        return f"{names[0]} reports to themself."
    pairs = list(zip(names, [*names[1:], names[0]], strict=True))
    first, rest = pairs[0], pairs[1:]
    steps = [f"{first[0]} reports to {first[1]}", *(f"{one} to {other}" for one, other in rest)]
    return ", ".join(steps) + "."


def spans_by_employee(segments: Iterable[Segment]) -> dict[int, list[Span]]:
    """Return the spans with a manager of each person, in order, joined where nothing changed."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for employee_id, from_on, until_on, manager_id in sorted(segments, key=lambda one: one[:2]):
        if manager_id is None:
            continue
        known = spans[employee_id]
        if known and known[-1][1] == from_on and known[-1][2] == manager_id:
            known[-1] = (known[-1][0], until_on, manager_id)
        else:
            known.append((from_on, until_on, manager_id))
    return dict(spans)


def check_no_loops(segments: Iterable[Segment], names: Mapping[int, str]) -> None:
    """Refuse a tree in which people report to each other in a circle on some day.

    Args:
        segments: Where everybody reports when; those of one person do not overlap.
        names: Name of every person, for the sentence.

    Raises:
        LoopError: There is a loop; the sentence names the people in it in order.
    """
    spans = spans_by_employee(segments)
    for employee_id in _suspects(spans):
        for _line in _walk_up(employee_id, spans, names):
            pass


def reporting_lines(segments: Iterable[Segment], names: Mapping[int, str]) -> Iterator[Line]:
    """Yield every line of the tree, each person with each person above them.

    Raises:
        LoopError: There is a loop; the sentence names the people in it in order.
    """
    spans = spans_by_employee(segments)
    for employee_id in sorted(spans):
        yield from _walk_up(employee_id, spans, names)


def _walk_up(
    employee_id: int, spans: Mapping[int, list[Span]], names: Mapping[int, str]
) -> Iterator[Line]:
    """Follow a person's managers upwards, cutting the days at every step."""
    path = [employee_id]
    on_path = {employee_id}
    waiting = [(span, 1) for span in reversed(spans.get(employee_id, []))]
    while waiting:
        (from_on, until_on, above_id), depth = waiting.pop()
        while len(path) > depth:
            on_path.remove(path.pop())
        if above_id in on_path:
            raise LoopError(_from_first(path[path.index(above_id) :]), names)
        yield Line(above_id, employee_id, from_on, until_on, depth)
        path.append(above_id)
        on_path.add(above_id)
        for start, end, manager_id in spans.get(above_id, ()):
            if start < until_on and end > from_on:
                cut = (max(start, from_on), min(end, until_on), manager_id)
                waiting.append((cut, depth + 1))


def _from_first(loop: list[int]) -> list[int]:
    # Ids below zero are places for new people, counted downwards in the order of the file.
    place = loop.index(min(loop, key=lambda one: (one < 0, abs(one))))
    return loop[place:] + loop[:place]


def _suspects(spans: Mapping[int, list[Span]]) -> list[int]:
    """Return who could be in a loop if all days were one: usually nobody, so checks are fast."""
    above = {one: {manager_id for _, _, manager_id in those} for one, those in spans.items()}
    return sorted(_peeled(_turned(_peeled(above))))


def _peeled(above: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """Return the graph without the nodes from which every way up ends."""
    below = _turned(above)
    left = {one: len(managers) for one, managers in above.items()}
    ended = [one for one in below if one not in above]
    while ended:
        for one in below.get(ended.pop(), ()):
            left[one] -= 1
            if left[one] == 0:
                ended.append(one)
    kept = {one for one, count in left.items() if count > 0}
    return {one: above[one] & kept for one in kept}


def _turned(graph: Mapping[int, set[int]]) -> dict[int, set[int]]:
    turned: dict[int, set[int]] = defaultdict(set)
    for one, others in graph.items():
        for other in others:
            turned[other].add(one)
    return dict(turned)
