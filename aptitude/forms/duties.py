"""Forms about what the company owes somebody."""

from wtforms import (
    DateField,
    RadioField,
    SelectChoice,
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

    is_done = RadioField(
        "Do they do it now?",
        [Optional()],
        choices=[
            SelectChoice("yes", "Yes, I have seen it"),
            SelectChoice("not_yet", "Not yet"),
        ],
        validate_choice=False,
    )
    note = TextAreaField("What you have seen", [Optional(), Length(max=LONGEST_NOTE)])

    def answer(self) -> bool | None:
        """Return whether they do it now; None where nothing was chosen."""
        return {"yes": True, "not_yet": False}.get(self.is_done.data or "")
