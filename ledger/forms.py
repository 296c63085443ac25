"""What people type on the pages of the ledger."""

from decimal import ROUND_HALF_UP, Decimal

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from core.web.forms import BaseForm, VersionedForm
from ledger.rules.kinds import Basis

MOST_SHARES = 4


class ConfirmForm(BaseForm):
    """A button, nothing else."""


class BringFileForm(BaseForm):
    """Choose a file."""

    file = FileField("File", [FileRequired("Choose a file")])


class HoursChoicesForm(VersionedForm):
    """Say how an hours file is to be read, and what is allowed in it."""

    basis = RadioField(
        "What is one line of the file?",
        choices=[
            SelectChoice(Basis.LEARNER.value, "One person at one training (learner-hours)"),
            SelectChoice(Basis.CONTACT.value, "One session, whoever came (contact-hours)"),
        ],
        default=Basis.LEARNER.value,
    )
    date_order = SelectField(
        "Days such as 03/04/2025",
        choices=[
            SelectChoice("", "As the file shows"),
            SelectChoice("day_first", "Day first: 3 April"),
            SelectChoice("month_first", "Month first: 4 March"),
        ],
        validators=[AnyOf(["", "day_first", "month_first"])],
        default="",
    )
    day_hours = DecimalField(
        "Hours in a day of training",
        [Optional(), NumberRange(min=Decimal("0.5"), max=24, message="Enter 0.5 to 24")],
    )
    sheet = SelectField("Sheet of the workbook", validate_choice=False)
    allow_long = BooleanField("Take lines of more than 24 hours")
    allow_future = BooleanField("Take days in the future")
    add_people = BooleanField("Add people the file names and nobody knows, by their number")

    def day_minutes(self) -> int | None:
        """Return the length of a day in minutes, None where nobody said."""
        hours: Decimal | None = self.day_hours.data
        if hours is None:
            return None
        return int((hours * 60).quantize(Decimal(1), rounding=ROUND_HALF_UP))


class ClassifyForm(VersionedForm):
    """Say what courses count as, from a day on."""

    from_on = DateField("From which day", [Optional()])
    why = StringField("Why", [Optional(), Length(max=500)])


class CorrectionForm(VersionedForm):
    """Say what an entry should have been."""

    action = RadioField(
        "What was wrong?",
        [InputRequired("Choose one")],
        choices=[
            SelectChoice("replace", "It should have been as below"),
            SelectChoice("remove", "It did not take place"),
        ],
        default="replace",
    )
    course = StringField("Course", [DataRequired("Enter the course"), Length(max=300)])
    done_on = DateField("Day", [InputRequired("Enter the day")])
    length = StringField("Length", [DataRequired("Enter the length, such as 1:30")])
    why = StringField(
        "Why", [DataRequired("Say why, for those who read it later"), Length(max=500)]
    )


class CategoryForm(BaseForm):
    """Add a category of the organisation's own."""

    name = StringField("Name", [DataRequired("Enter a name"), Length(max=60)])
    side = RadioField(
        "Side",
        [InputRequired("Choose one")],
        choices=[
            SelectChoice("hard", "Hard"),
            SelectChoice("family", "Soft, one of the narrow families"),
            SelectChoice("other", "Soft, other"),
        ],
    )


class MoveCategoryForm(VersionedForm):
    """Move a category to another side from a day on."""

    side = RadioField(
        "Counts as",
        [InputRequired("Choose one")],
        choices=[
            SelectChoice("hard", "Hard"),
            SelectChoice("family", "Soft, one of the narrow families"),
            SelectChoice("other", "Soft, other"),
        ],
    )
    from_on = DateField("From which day", [InputRequired("Enter the first day")])
