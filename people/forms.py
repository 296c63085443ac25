"""Forms about people and accounts."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    DecimalField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from core.web.forms import BaseForm
from people.rules.files import FIELD_LABELS
from people.services.accounts import LONGEST_PASSWORD


class SignInForm(BaseForm):
    """Say who you are."""

    email = EmailField(
        "E-mail address", [DataRequired("Enter your e-mail address"), Length(max=254)]
    )
    password = PasswordField("Password", [DataRequired("Enter your password")])
    next = HiddenField()


class SetUpForm(BaseForm):
    """Make the first account."""

    token = StringField("Set-up word", [DataRequired("Enter the word the server printed")])
    name = StringField("Your name", [DataRequired("Enter your name"), Length(max=300)])
    email = EmailField("E-mail address", [DataRequired("Enter an e-mail address"), Length(max=254)])
    password = PasswordField(
        "Password", [DataRequired("Choose a password"), Length(max=LONGEST_PASSWORD)]
    )


class ConfirmForm(BaseForm):
    """A button, nothing else."""


class OrganisationForm(BaseForm):
    """Say what the organisation decided about itself."""

    organisation = StringField(
        "Name of the organisation", [DataRequired("Enter the name"), Length(max=120)]
    )
    day_hours = DecimalField(
        "Hours in a day of training",
        [InputRequired("Enter the hours"), NumberRange(Decimal("0.5"), 24, "Enter 0.5 to 24")],
    )

    def day_minutes(self) -> int:
        """Return the length of a day in whole minutes."""
        hours: Decimal = self.day_hours.data
        return int((hours * 60).quantize(Decimal(1), rounding=ROUND_HALF_UP))


class PeopleFileForm(BaseForm):
    """Choose a people file."""

    file = FileField("People file", [FileRequired("Choose a file")])


class PeopleChoicesForm(BaseForm):
    """Say from when a people file counts and how its days are written."""

    effective_on = DateField("Changes count from", [Optional()])
    date_order = SelectField(
        "Days such as 03/04/2025",
        choices=[
            SelectChoice("", "As the file shows"),
            SelectChoice("day_first", "Day first: 3 April"),
            SelectChoice("month_first", "Month first: 4 March"),
        ],
        validators=[AnyOf(["", "day_first", "month_first"])],
    )

    def first_day(self) -> date | None:
        """Return the day from which changes count, None to take the day of each row or today."""
        day: date | None = self.effective_on.data
        return day


FIELD_CHOICES = [("", "Not used"), *FIELD_LABELS.items()]
"""What a column of a people file may mean: the stored word and the one people read."""
