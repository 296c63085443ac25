"""What a person has chosen about reading a file of hours; kept for the next one like it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.errors import RefusedError
from core.headers import listed
from ledger.rules.fields import FIELD_LABELS
from ledger.rules.hours_files import Reading
from ledger.rules.kinds import Basis

ORDERS = ("day_first", "month_first")


@dataclass(frozen=True)
class HoursChoices:
    """How one file of hours is to be read, and what is allowed in it.

    Attributes:
        mapping: Column name to field; a column that means nothing is left out. None lets the
            names of the columns decide.
        statuses: Decisions about statuses the rules do not know.
    """

    basis: Basis = Basis.LEARNER
    date_order: str | None = None
    day_minutes: int | None = None
    sheet: str | None = None
    allow_long: bool = False
    allow_future: bool = False
    add_people: bool = False
    mapping: Mapping[str, str] | None = None
    statuses: Mapping[str, bool] = field(default_factory=dict)

    def stored(self) -> dict[str, object]:
        """Return the choices as they are kept."""
        return {
            **vars(self),
            "basis": self.basis.value,
            "mapping": dict(self.mapping) if self.mapping is not None else None,
            "statuses": dict(self.statuses),
        }

    def digest(self) -> str:
        """Return a short text that is equal for equal choices."""
        text = json.dumps(self.stored(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def reading(self, usual_day_minutes: int) -> Reading:
        """Return how values are read; a day has its usual length where nobody said otherwise."""
        return Reading(
            basis=self.basis,
            day_minutes=self.day_minutes or usual_day_minutes,
            date_order=self.date_order,
            statuses=dict(self.statuses),
            allow_long=self.allow_long,
            allow_future=self.allow_future,
            add_people=self.add_people,
        )

    def for_the_layout(self, mapping: Mapping[str, str], earlier: "HoursChoices") -> "HoursChoices":
        """Return what also holds for the next file with these columns.

        What was allowed was allowed for one file only; statuses decided earlier stay decided.

        Args:
            mapping: How the columns of the file were read in the end.
            earlier: What was remembered before.
        """
        return replace(
            self,
            allow_long=False,
            allow_future=False,
            add_people=False,
            mapping=dict(mapping),
            statuses={**earlier.statuses, **self.statuses},
        )


def choices_from(stored: Mapping[str, object]) -> HoursChoices:
    """Return choices as they were kept; what is not understood is as if nobody had chosen."""
    basis, order, minutes = (stored.get(name) for name in ("basis", "date_order", "day_minutes"))
    sheet, mapping, statuses = (stored.get(name) for name in ("sheet", "mapping", "statuses"))
    named = {str(c): str(f) for c, f in mapping.items() if f} if isinstance(mapping, dict) else None
    return HoursChoices(
        basis=Basis.CONTACT if basis == Basis.CONTACT.value else Basis.LEARNER,
        date_order=order if isinstance(order, str) and order in ORDERS else None,
        day_minutes=minutes if isinstance(minutes, int) and minutes > 0 else None,
        sheet=sheet if isinstance(sheet, str) and sheet else None,
        allow_long=bool(stored.get("allow_long")),
        allow_future=bool(stored.get("allow_future")),
        add_people=bool(stored.get("add_people")),
        mapping=named,
        statuses={str(s): bool(c) for s, c in statuses.items()}
        if isinstance(statuses, dict)
        else {},
    )


def columns_of(mapping: Mapping[str, str], header: Sequence[str]) -> dict[str, int]:
    """Return the place of the column of each field.

    Raises:
        RefusedError: Two columns are chosen for one field.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        chosen = mapping.get(name)
        if chosen not in FIELD_LABELS:
            continue
        if chosen in places:
            both = listed([f"“{header[places[chosen]]}”", f"“{name}”"])
            raise RefusedError(
                f"The columns {both} are both chosen as {FIELD_LABELS[chosen].lower()}. "
                "Set one of them to “Not used”.",
                field="mapping",
            )
        places[chosen] = place
    return places
