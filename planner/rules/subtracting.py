"""Which figures stay hidden because all figures together would tell of very few people.

Every figure is a sum over a cut: everybody, or one unit, level, site, category or delivery, in a
month, a quarter, a year or all. Cuts of two kinds at once are not answered. Of the others, these
are shown, in a fixed order that does not depend on what is asked:

- Everybody is dealt into five teams, for each year and kind of training anew.
- A cut is shown when, in every team taken alone, it is not a sum or a difference of what is shown
  already. So it has somebody in every team.
- A cut that is exactly a sum or a difference of what is shown is shown too: it tells nothing more.

Whatever is added to or subtracted from what, in whatever multiple: what comes out and is not
nothing is not nothing in each of the five teams either, so that at least five people stand behind
it. Nobody, and no group of two, three or four, can be worked out (docs/decisions/0005).

Teams are a proof, so any teams will do; these are dealt to let the smallest groups pass. Whether a
row depends on others is asked modulo two, which can only hide more: whole numbers that are
independent modulo two are independent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from planner.rules.deciding import Decisions
from planner.rules.groups import (
    A_YEAR,
    EVER,
    Above,
    Cut,
    Elements,
    is_decided,
    is_large,
    is_month,
    year_of,
)


@dataclass
class Crowd:
    """Who stands behind every cut, year by year, as far as somebody asks.

    Attributes:
        years: Every year with training, and perhaps some without.
        elements_in: Returns who stands behind the cuts of a year.
        above: Each unit with itself and all units above it, the nearest first.
        mandatory: Categories that may not be cut.
        has_categories: Whether categories and deliveries are known; else neither they nor the
            mandatory minutes are shown.
    """

    years: tuple[int, ...]
    elements_in: Callable[[int], Elements]
    above: Above
    mandatory: frozenset[int] = frozenset()
    has_categories: bool = True
    _decided: dict[int, Decisions] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def is_closed(self, cut: Cut) -> bool:
        """Tell whether the figures of a cut have to stay hidden."""
        if len(cut.choices()) > 1 or (not self.has_categories and cut.needs_categories()):
            return True
        if cut.period == EVER:
            return any(self.is_closed(replace(cut, period=year_of(year))) for year in self.years)
        if not is_decided(cut.period) or (is_month(cut.period) and not is_large(cut, self.above)):
            return True
        return self._of_year(cut.period[0] // A_YEAR).hides(cut)

    def _of_year(self, year: int) -> Decisions:
        with self._lock:
            if year not in self._decided:
                self._decided[year] = Decisions(
                    self.elements_in(year),
                    self.above,
                    self.mandatory,
                    has_categories=self.has_categories,
                )
            return self._decided[year]


@dataclass(frozen=True)
class Guard:
    """What of one balance stays hidden: the crowd, and the cut of the whole."""

    crowd: Crowd
    whole: Cut

    def hides(self, **row: object) -> bool:
        """Tell whether a row is closed, given by what it has more than the whole."""
        cut: Cut = replace(self.whole, **row)  # type: ignore[arg-type]  # by name
        return self.crowd.is_closed(cut)
