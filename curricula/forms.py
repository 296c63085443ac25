"""What people type on the pages of modules and curricula."""

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from core.web.forms import BaseForm
from curricula.rules.contents import CurriculumDraft, ItemDraft, ModuleDraft
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS

CODE = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", message="Letters, digits, hyphens, dots and underscores only"
)
LEVEL_CHOICES = [SelectChoice(level.value, LEVEL_LABELS[level]) for level in LEVELS_BOTTOM_UP]


class ConfirmForm(BaseForm):
    """A button, nothing else."""


class NewModuleForm(BaseForm):
    """Begin a module; everything else is written in the editor."""

    code = StringField("Code", [DataRequired("Enter a code"), Length(max=60), CODE])
    title = StringField("Title", [DataRequired("Enter a title"), Length(max=300)])
    hours = SelectField(
        "Time",
        choices=[
            SelectChoice(str(minutes), f"{minutes / 60:g} h") for minutes in range(30, 510, 30)
        ],
        default="120",
    )
    category = SelectField("Counts as", validate_choice=False)

    def draft(self) -> ModuleDraft:
        """Return the beginning of a module."""
        minutes = int(self.hours.data)
        return ModuleDraft(
            code=self.code.data.strip().upper(),
            title=self.title.data.strip(),
            minutes=minutes,
            shares=((self.category.data, 100),),
            levels=("frontline",),
        )


class PublishForm(BaseForm):
    """Publish a version."""

    from_on = DateField("Hours count as its shares say from", [Optional()])


class StillRightForm(BaseForm):
    """Say that a version is still right."""

    note = StringField("What you looked at", [Optional(), Length(max=500)])


class CurriculumForm(BaseForm):
    """Describe a curriculum."""

    title = StringField("Title", [DataRequired("Enter a title"), Length(max=300)])
    levels = SelectMultipleField(
        "For which levels",
        choices=LEVEL_CHOICES,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    summary = TextAreaField("What it is for", [Optional(), Length(max=5000)])
    gate = TextAreaField("Gate", [Optional(), Length(max=2000)])
    due_days = IntegerField("Days to complete it", [Optional(), NumberRange(1, 3650)])
    prerequisites = StringField("Modules needed beforehand", [Optional(), Length(max=500)])
    renewal_days = IntegerField("Days until it is renewed", [Optional(), NumberRange(1, 3650)])

    def draft(self, code: str = "") -> CurriculumDraft:
        """Return the validated input as a plain value, without any modules."""
        needed = (self.prerequisites.data or "").replace(",", " ").upper().split()
        return CurriculumDraft(
            code=code,
            title=self.title.data.strip(),
            levels=tuple(self.levels.data or ()),
            summary=(self.summary.data or "").strip(),
            gate=(self.gate.data or "").strip(),
            due_days=self.due_days.data,
            prerequisites=tuple(dict.fromkeys(needed)),
            renewal_days=self.renewal_days.data,
        )


class NewCurriculumForm(CurriculumForm):
    """Begin a curriculum."""

    code = StringField("Code", [DataRequired("Enter a code"), Length(max=60), CODE])


class ItemForm(BaseForm):
    """Add or change a module of a curriculum."""

    module = StringField("Module", [DataRequired("Choose a module"), Length(max=120)])
    kind = SelectField(
        "Kind",
        choices=[SelectChoice("required", "Required"), SelectChoice("elective", "Elective")],
        default="required",
    )
    gate = BooleanField("Gate")
    due_days = IntegerField("Due after days", [Optional(), NumberRange(1, 3650)])
    revision = IntegerField("Revision", [Optional()])

    def draft(self) -> ItemDraft:
        """Return the validated input as a plain value."""
        return ItemDraft(
            self.module.data.strip().upper(), self.kind.data, self.gate.data, self.due_days.data
        )
