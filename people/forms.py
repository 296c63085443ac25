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
    SelectMultipleField,
    StringField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from core.errors import RefusedError
from core.web.forms import BaseForm, VersionedForm
from people.rules.erasing import GROUNDS
from people.rules.files import FIELD_LABELS
from people.rules.levels import RoleName
from people.rules.moves import check_first_day
from people.services.accounts import LONGEST_PASSWORD
from people.services.managing import AccountDraft


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


class OrganisationForm(VersionedForm):
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


class CodeForm(BaseForm):
    """Give the second factor."""

    code = StringField("Code", [DataRequired("Enter the code"), Length(max=40)])


class ForgottenForm(BaseForm):
    """Ask for a new password."""

    email = EmailField(
        "E-mail address", [DataRequired("Enter your e-mail address"), Length(max=254)]
    )


class NewPasswordForm(BaseForm):
    """Choose a password."""

    token = HiddenField()
    password = PasswordField(
        "New password", [DataRequired("Choose a password"), Length(max=LONGEST_PASSWORD)]
    )


class ChangePasswordForm(BaseForm):
    """Choose another password."""

    old = PasswordField(
        "Password now", [DataRequired("Enter your password"), Length(max=LONGEST_PASSWORD)]
    )
    new = PasswordField(
        "New password", [DataRequired("Choose a password"), Length(max=LONGEST_PASSWORD)]
    )


class ProveForm(BaseForm):
    """Prove again who you are."""

    password = PasswordField("Password", [Length(max=LONGEST_PASSWORD)])
    code = StringField("Code of the app, or a recovery code", [Length(max=40)])
    next = HiddenField()


ROLE_LABELS = {
    RoleName.HR: "HR",
    RoleName.TRAINER: "Trainer",
    RoleName.EXECUTIVE: "Executive",
    RoleName.ADMIN: "Administrator",
}
ROLE_CHOICES = [SelectChoice(role.value, label) for role, label in ROLE_LABELS.items()]


class RolesForm(BaseForm):
    """Say which roles somebody holds."""

    roles = SelectMultipleField(
        "Roles",
        choices=ROLE_CHOICES,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def wanted(self) -> frozenset[RoleName]:
        """Return the roles that were ticked."""
        return frozenset(RoleName(value) for value in self.roles.data or [])


class ChangeRolesForm(RolesForm, VersionedForm):
    """Change which roles somebody holds."""


class AccountForm(RolesForm):
    """Write an account down."""

    email = EmailField("E-mail address", [DataRequired("Enter an e-mail address"), Length(max=254)])
    name = StringField("Name", [Length(max=300)])
    employee_number = StringField("Employee number", [Length(max=120)])

    def draft(self) -> AccountDraft:
        """Return the validated input as a plain value."""
        return AccountDraft(
            email=self.email.data,
            name=(self.name.data or "").strip(),
            employee_number=(self.employee_number.data or "").strip() or None,
            roles=self.wanted(),
        )


class PersonForm(VersionedForm):
    """Say which person an account belongs to."""

    employee_number = StringField("Employee number", [Length(max=120)])


class GroupForm(BaseForm):
    """Let a group give a role."""

    group_name = StringField(
        "Group at the provider", [DataRequired("Enter the name of the group"), Length(max=300)]
    )
    role = SelectField("gives the role", choices=ROLE_CHOICES)


class PeopleFileForm(BaseForm):
    """Choose a people file."""

    file = FileField("People file", [FileRequired("Choose a file")])


class PeopleChoicesForm(VersionedForm):
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
        default="",
    )

    def validate_effective_on(self, field: DateField) -> None:
        """Refuse a day from which no change can count."""
        try:
            check_first_day(field.data)
        except RefusedError as refusal:
            raise ValidationError(refusal.message) from refusal

    def first_day(self) -> date | None:
        """Return the day from which changes count, None to take the day of each row or today."""
        day: date | None = self.effective_on.data
        return day


FIELD_CHOICES = [("", "Not used"), *FIELD_LABELS.items()]
"""What a column of a people file may mean: the stored word and the one people read."""


class EraseForm(BaseForm):
    """Say on which ground a person is erased."""

    ground = SelectField(
        "Legal ground",
        choices=[SelectChoice("", "Choose one")]
        + [SelectChoice(word, text) for word, text in GROUNDS.items()],
        validators=[AnyOf(list(GROUNDS), "Choose a legal ground")],
    )
    why = StringField("Remark", [Length(max=500)])
