"""What people of Meridian Services see in one another: a truth, and raters who miss it a little.

Nobody's truth is stored. Raters are severe or lenient, look at one dimension and think of another,
and have not seen everything; people see themselves brighter, and the brighter the higher they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

CODES = ("D1", "D2", "D3", "D4", "D5", "D6", "D7")
LOWEST, HIGHEST, STEP = 10, 50, 5
USUAL, LED_ASTRAY, OF_GOOD_TEAM = 3.5, 2.2, 4.1
MIDDLES = {"senior": 3.6, "team_lead": 3.3, "manager": 3.15, "executive": 3.2}
"""Around what people of a level are; the front line is the usual. Leaders stand lower."""
SELF_BIAS = {"frontline": 0.2, "senior": 0.35, "team_lead": 0.8, "manager": 0.9, "executive": 1.1}
"""By how much people of a level see themselves above what others see."""

NOT_SEEN = {"D3": 0.12, "D7": 0.15}
NOT_SEEN_USUALLY = 0.03
GROWTH = 0.12
"""By how much people grow from one round to the next, on average."""

EXAMPLES = {
    ("D1", "low"): "A customer said twice that her father had died; the next question was for the "
    "contract number.",
    ("D2", "low"): "Spoke to the screen for the whole visit and did not say good-bye.",
    ("D3", "low"): "Said in front of two new colleagues that the promise is for the brochure.",
    ("D4", "low"): "Passed the same repair on three times; nobody called the customer back.",
    ("D5", "low"): "Raised the voice at a caller who shouted, and put the call down.",
    ("D6", "low"): "Told a customer that people from that street always claim.",
    ("D7", "low"): "Has heard of the wrong letter every week since spring and told nobody.",
    ("D1", "high"): "Heard from the background noise that a child was ill and rang back in the "
    "evening instead.",
    ("D2", "high"): "Knew the name of the customer’s dog, and of the neighbour who takes parcels.",
    ("D3", "high"): "Stopped a campaign line in the briefing because we could not have kept it.",
    ("D4", "high"): "Stayed with a moved connection for nine days, until it worked, and wrote each "
    "evening.",
    ("D5", "high"): "Took over a call after twenty minutes of shouting; both laughed at the end.",
    ("D6", "high"): "Believed a customer about a lost parcel against the scan, and was right.",
    ("D7", "high"): "Measured hold time before and after the new greeting, and showed us both.",
}
"""What a rater writes with the ends of the scale."""


OF_LEARNER = {"D1": 3.6, "D2": 3.9, "D3": 3.3, "D4": 3.1, "D5": 2.3, "D6": 2.7, "D7": 3.4}
"""The learner of the demo is warm, and has two things to learn that the company owes her."""


@dataclass(frozen=True)
class Truth:
    """How somebody is on each dimension, from 1 to 5; and how they see themselves."""

    values: Mapping[str, float]
    self_bias: float


@dataclass(frozen=True)
class Look:
    """What one rater says of one person.

    Attributes:
        tenths: By dimension, in tenths of a level; None for "not observed".
        noted: The place of a dimension, and what was seen there in the words of the rater.
    """

    tenths: tuple[int | None, ...]
    noted: tuple[int, str] | None = None

    def example_of(self, place: int) -> str | None:
        """Return the example that stands with a dimension: what was noted, or what an end needs."""
        if self.noted is not None and self.noted[0] == place:
            return self.noted[1]
        tenths = self.tenths[place]
        if tenths not in (LOWEST, HIGHEST):
            return None
        return EXAMPLES[CODES[place], "low" if tenths == LOWEST else "high"]


def truth_of(level: str, rng: Random, middle: float | None = None) -> Truth:
    """Return how somebody is who stands on a level.

    Args:
        level: One of the five level words.
        rng: Decides.
        middle: Around what exactly; None for what is usual on the level, more or less. Seniors,
            who were chosen to lead, are never less; executives, who are few, never more.
    """
    usual = MIDDLES.get(level, USUAL)
    person = usual + rng.gauss(0, 0.24)
    if level == "senior":
        person = max(person, usual)
    elif level == "executive":
        person = min(person, usual)
    if middle is not None:
        person = middle
    values = {code: person + rng.gauss(0, 0.28) for code in CODES}
    return Truth(values, SELF_BIAS[level] + rng.gauss(0, 0.2))


def look_at(truth: Truth, severity: float, growth: float, rng: Random) -> Look:
    """Return what a rater says.

    Args:
        truth: How the person is.
        severity: By how much the rater scores below the others.
        growth: By how much the person has grown since the first round.
        rng: Decides.
    """
    halo = rng.gauss(0, 0.15)
    found: list[int | None] = []
    for code, value in truth.values.items():
        if rng.random() < NOT_SEEN.get(code, NOT_SEEN_USUALLY):
            found.append(None)
            continue
        seen = value + growth - severity + halo + rng.gauss(0, 0.33)
        found.append(half_level(seen))
    if all(one is None for one in found):
        found[0] = half_level(truth.values[CODES[0]])
    return Look(tuple(found))


def half_level(value: float) -> int:
    """Return the half level nearest to a value, in tenths."""
    return min(HIGHEST, max(LOWEST, round(value * 2) * STEP))
