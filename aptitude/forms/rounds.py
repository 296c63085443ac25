"""The form that asks about a whole team."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Self

from wtforms import (
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from aptitude.forms.terms import TermsForm
from aptitude.rules.asked import LONGEST_QUIET_DAYS, QUIET_DAYS
from aptitude.rules.asking import USUAL_DAYS
from aptitude.rules.rounds import ASKED, MOST_PEERS, USUAL_PEERS, USUALLY_ASKED, RoundDraft
from aptitude.rules.sources import Source
from aptitude.rules.words import Purpose
from core.clock import today
from core.web.forms import BaseForm

ASKED_LABELS = {
    Source.MANAGER: "Their managers",
    Source.PEER: "Peers: who reports to the same manager",
    Source.REPORT: "Their direct reports",
    Source.SELF: "Themselves",
    Source.SCENARIO: "Themselves, by a scenario test",
}


class RoundForm(TermsForm):
    """Ask about everybody in a unit."""

    unit = SelectField("About whom", coerce=int)
    sources = SelectMultipleField(
        "Who is asked",
        choices=[SelectChoice(one.value, ASKED_LABELS[one]) for one in ASKED],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    peers = IntegerField("Peers for each person", [Optional(), NumberRange(0, MOST_PEERS)])
    quiet_days = IntegerField(
        "Days in which nobody is asked twice",
        [
            InputRequired("Write how many days, 0 for none"),
            NumberRange(0, LONGEST_QUIET_DAYS, f"Choose 0 to {LONGEST_QUIET_DAYS} days"),
        ],
    )
    promised = HiddenField()

    @classmethod
    def offered(cls, units: Sequence[tuple[int, str]]) -> Self:
        """Return the form with the usual choices, for some units."""
        form = cls(
            sources=[one.value for one in USUALLY_ASKED],
            peers=USUAL_PEERS,
            due_on=today() + timedelta(days=USUAL_DAYS),
            quiet_days=QUIET_DAYS,
        )
        form.unit.choices = [
            SelectChoice(0, "Everybody I may ask about"),
            *(SelectChoice(id_, path) for id_, path in units),
        ]
        return form

    def draft(self) -> RoundDraft:
        """Return what was chosen as a plain value."""
        return RoundDraft(
            self.unit.data or None,
            frozenset(Source(one) for one in self.sources.data or ()),
            self.peers.data or 0,
            self.due_on.data,
            Purpose(self.purpose.data),
            self.occasion.data or "",
            self.quiet_days.data or 0,
        )

    @property
    def shown(self) -> int | None:
        """Return how many requests the preview showed; None where there was none."""
        return _number(self.promised)


class TakeBackForm(BaseForm):
    """Take a round back, as it was shown."""

    until = HiddenField()
    promised = HiddenField()

    @classmethod
    def about(cls, due_on: date, left: int) -> Self:
        """Return the button that takes a round back, with what the page says of it."""
        return cls(data={"until": due_on.isoformat(), "promised": str(left)})

    @property
    def shown(self) -> int | None:
        """Return how many requests the page showed; None where it showed none."""
        return _number(self.promised)


def _number(field: HiddenField) -> int | None:
    text = (field.data or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None
