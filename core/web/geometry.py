"""Where the marks of a figure stand: positions in percent of its width, as SVG attributes.

A ruler runs from zero to `scale_max`; what lies beyond is drawn at its end. A share that is not
known has no position.
"""

from collections.abc import Callable
from dataclasses import dataclass

DEFAULT_SCALE = 0.30
STEPS = (0.05, 0.10, 0.25)
MOST_TICKS = 7
EDGE_ROOM = 0.12
"""Part of the width a label over a mark takes to each side, on a phone."""

LABEL_ROOM = 0.32
"""Part of the width within which two labels could touch, on a phone."""


@dataclass(frozen=True)
class Tick:
    """A mark below a ruler.

    Attributes:
        at: Where it stands.
        label: The percentage without its sign, or nothing at the marks between.
        is_last: It is the end of the scale and names the unit.
    """

    at: str
    label: str
    is_last: bool


@dataclass(frozen=True)
class Part:
    """A stretch of a bar: where it begins and how wide it is."""

    x: str
    width: str


def place(share: float, scale_max: float = DEFAULT_SCALE) -> str:
    """Return where `share` stands on the scale: "30.30%", clipped to its ends."""
    return _percent(min(max(float(share) / float(scale_max), 0.0), 1.0))


def stretch(low: float, high: float, scale_max: float = DEFAULT_SCALE) -> Part:
    """Return the band from `low` to `high`, clipped to the scale."""
    start, end = (min(max(float(at) / float(scale_max), 0.0), 1.0) for at in (low, high))
    return Part(_percent(start), _percent(max(end - start, 0.0)))


def side(share: float, scale_max: float = DEFAULT_SCALE) -> str:
    """Return how a label stands at its mark, so that it stays inside: "", "mid" or "end"."""
    at = float(share) / float(scale_max)
    return "" if at < EDGE_ROOM else "end" if at > 1 - EDGE_ROOM else "mid"


def labels_touch(one: float, other: float, scale_max: float = DEFAULT_SCALE) -> bool:
    """Tell whether two labels over the ruler need two lines."""
    ends = [min(max(float(at) / float(scale_max), 0.0), 1.0) for at in (one, other)]
    return abs(ends[0] - ends[1]) < LABEL_ROOM


def ticks(scale_max: float = DEFAULT_SCALE) -> list[Tick]:
    """Return the marks below a ruler, every second one with its number."""
    step = next((one for one in STEPS if scale_max / one < MOST_TICKS), STEPS[-1])
    count = int(float(scale_max) / step + 1e-9)
    return [
        Tick(
            at=place(number * step, scale_max),
            label=f"{number * step * 100:.0f}" if _is_labelled(number, count) else "",
            is_last=number == count,
        )
        for number in range(count + 1)
    ]


def scale_for(*shares: float | None) -> float:
    """Return the scale that holds every share on a page: 30 % where that is enough."""
    largest = max((float(share) for share in shares if share is not None), default=0.0)
    return next((scale for scale in (0.3, 0.6) if largest <= scale), 1.0)


def mix_parts(hard: float, unclassified: float, soft: float) -> tuple[Part, Part, Part] | None:
    """Return the three stretches of a mix bar in this order; None when there is nothing."""
    total = float(hard + unclassified + soft)
    if total <= 0:
        return None
    first, second = hard / total, unclassified / total
    return (
        Part("0.00%", _percent(first)),
        Part(_percent(first), _percent(second)),
        Part(_percent(first + second), _percent(max(1 - first - second, 0.0))),
    )


def _is_labelled(number: int, count: int) -> bool:
    return number == count or (number % 2 == 0 and count - number > 1)


def _percent(part: float) -> str:
    return f"{part * 100:.2f}%"


FIGURES: dict[str, Callable[..., object]] = {
    "place": place,
    "stretch": stretch,
    "side": side,
    "labels_touch": labels_touch,
    "ticks": ticks,
    "scale_for": scale_for,
    "mix_parts": mix_parts,
}
"""What the macros of figures call, by name."""
