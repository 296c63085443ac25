"""Forms about what the company owes somebody."""

from wtforms import (
    DateField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from aptitude.forms.naming import NamingForm, PersonField
from aptitude.rules.duties import LONGEST_NOTE, PlanDraft
from core.web.forms import BaseForm, VersionedForm


class DutyForm(NamingForm, VersionedForm):
    """Say by when a duty is met and who coaches."""

    due_on = DateField("By", [Optional()])
    coach = PersonField("Coach", [Optional(), Length(max=200)])

    def draft(self) -> PlanDraft:
        """Return what was chosen as a plain value."""
        return PlanDraft(self.due_on.data, self.coach.data or "")


class ObservedForm(BaseForm):
    """Say what was seen at work."""

    note = TextAreaField("What you have seen", [Optional(), Length(max=LONGEST_NOTE)])
