"""What people type on the pages of the planner."""

from wtforms import DateField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.web.forms import VersionedForm
from ledger.rules.kinds import Definition
from people.rules.levels import LEVEL_LABELS, LEVELS_TOP_DOWN, Level
from planner.services.targets import TargetDraft


class TargetForm(VersionedForm):
    """Set the soft share to aim at."""

    percent = IntegerField(
        "Soft share to reach, in percent",
        [InputRequired("Enter a whole percentage"), NumberRange(1, 99, "Enter 1 to 99")],
    )
    definition = SelectField(
        "Definition",
        choices=[
            SelectChoice(Definition.NARROW.value, "Narrow: the four families only"),
            SelectChoice(
                Definition.BROAD.value, "Broad: adds leadership, communication and the like"
            ),
        ],
    )
    from_on = DateField("From which day", [InputRequired("Enter the first day it holds")])
    unit_id = SelectField("For which unit", coerce=int)
    level = SelectField(
        "For which level",
        choices=[
            SelectChoice("", "Every level"),
            *(SelectChoice(level.value, LEVEL_LABELS[level]) for level in LEVELS_TOP_DOWN),
        ],
    )
    why = StringField("Why", [Optional(), Length(max=500)])

    def offer_units(self, units: list[tuple[int, str]]) -> None:
        """Offer these units by id and path, beside all of them."""
        self.unit_id.choices = [
            SelectChoice(0, "All units"),
            *(SelectChoice(unit_id, path) for unit_id, path in units),
        ]

    def unit_label(self) -> str:
        """Return the chosen unit in words."""
        chosen = (c.label for c in self.unit_id.choices or () if c.value == self.unit_id.data)
        return next(chosen, "All units")

    def draft(self) -> TargetDraft:
        """Return the validated input as a plain value."""
        return TargetDraft(
            percent=self.percent.data,
            definition=Definition(self.definition.data),
            from_on=self.from_on.data,
            unit_id=self.unit_id.data or None,
            level=Level(self.level.data) if self.level.data else None,
            why=(self.why.data or "").strip() or None,
        )
