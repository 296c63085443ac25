"""What people type on the pages of modules and curricula."""

from collections.abc import Sequence

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from core.errors import RefusedError
from core.web.forms import BaseForm, Fault, VersionedForm
from curricula.queries.audiences import RuleDraft, published_curricula
from curricula.rules.contents import CurriculumDraft, ItemDraft, ModuleDraft
from curricula.rules.feedback import LONGEST_COMMENT, RATINGS, Answer, Question
from curricula.rules.materials import USE_LABELS
from curricula.rules.refusing import NotEnrolledError, Refused
from curricula.rules.sessions import (
    LONGEST_HOLD_HOURS,
    LONGEST_MINUTES,
    MOST_DAYS,
    MOST_SEATS,
    USUAL_HOLD_HOURS,
    USUAL_SEATS,
    SessionDraft,
    TypedDay,
)
from curricula.rules.words import LEVELS_BOTTOM_UP
from ledger.rules.kinds import DELIVERY_LABELS, Delivery
from people.queries.units import all_units
from people.rules.levels import LEVEL_LABELS, Level

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


class CopyModuleForm(BaseForm):
    """Say what a copy is called."""

    code = StringField("Code", [DataRequired("Enter a code"), Length(max=60), CODE])
    title = StringField("Title", [DataRequired("Enter a title"), Length(max=300)])
    stands_in = BooleanField("It stands in for the original", default=True)


class PublishForm(BaseForm):
    """Publish a version."""

    from_on = DateField("Count its hours this way from", [Optional()])
    revision = IntegerField("Revision", [Optional()], default=-1)


class StillRightForm(BaseForm):
    """Say that a version is still right."""

    note = StringField("What you looked at", [Optional(), Length(max=500)])
    until = DateField("Holds until", [Optional()])


class OwnerForm(VersionedForm):
    """Say who keeps a module fresh."""

    owner = SelectField("Owner", coerce=int, validate_choice=False)


class BringExchangeForm(BaseForm):
    """Choose a file of modules and curricula."""

    file = FileField("File", [FileRequired("Choose a file")])


class MaterialForm(BaseForm):
    """Add a file to a version."""

    file = FileField("File", [FileRequired("Choose a file")])
    title = StringField("What it is", [Optional(), Length(max=300)])
    use = SelectField(
        "For whom",
        choices=[SelectChoice(use.value, label) for use, label in USE_LABELS.items()],
        default="trainer",
    )


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
    gate = TextAreaField("To reach at the end", [Optional(), Length(max=2000)])
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
    gate = BooleanField("Has to be completed before the next one opens")
    due_days = IntegerField("Due after days", [Optional(), NumberRange(1, 3650)])
    revision = IntegerField("Revision", [Optional()])

    def draft(self) -> ItemDraft:
        """Return the validated input as a plain value."""
        return ItemDraft(
            self.module.data.strip().upper(), self.kind.data, self.gate.data, self.due_days.data
        )


class AssignForm(BaseForm):
    """Assign a curriculum to somebody."""

    curriculum_id = SelectField("Curriculum", coerce=int)
    due_on = DateField("Due on", [Optional()])
    told = BooleanField("I know what they have to complete first")

    @classmethod
    def offered(cls) -> "AssignForm":
        """Return the form with the curricula that can be assigned."""
        form = cls()
        form.curriculum_id.choices = [
            SelectChoice(id_, f"{title} ({code})") for id_, code, title in published_curricula()
        ]
        return form


class AssignmentForm(VersionedForm):
    """Change what somebody has to do."""

    due_on = DateField("Due on", [Optional()])
    reason = StringField("Reason", [Optional(), Length(max=500)])


class CheckForm(BaseForm):
    """Check a signed badge."""

    badge = TextAreaField(
        "Badge", [DataRequired("Paste the badge: a long line of letters"), Length(max=20000)]
    )


class RevokeForm(BaseForm):
    """Revoke a certificate."""

    reason = StringField("Reason", [Optional(), Length(max=500)])


class AudienceForm(BaseForm):
    """Say for whom a curriculum is; everything given has to hold together."""

    level = SelectField("Level", choices=[SelectChoice("", "Any level"), *LEVEL_CHOICES])
    unit_id = SelectField("Unit, with all below it")
    job_title = StringField("Job title", [Optional(), Length(max=300)])
    hired_since = DateField("Hired since", [Optional()])
    ends_assignments = BooleanField(
        "Who no longer belongs and has not begun it need not do it any more", default=True
    )

    @classmethod
    def offered(cls, levels: Sequence[str] = ()) -> "AudienceForm":
        """Return the form with the units there are, and the lowest level of a curriculum chosen.

        Args:
            levels: Those the curriculum says it is for.
        """
        chosen = next((one.value for one in LEVELS_BOTTOM_UP if one.value in levels), "")
        form = cls(level=chosen)
        form.unit_id.choices = [
            SelectChoice("", "Any unit"),
            *(SelectChoice(str(unit.id), unit.path) for unit in all_units()),
        ]
        return form

    def draft(self) -> RuleDraft:
        """Return the validated input as a plain value."""
        return RuleDraft(
            level=Level(self.level.data) if self.level.data else None,
            unit_id=int(self.unit_id.data) if self.unit_id.data else None,
            job_title=(self.job_title.data or "").strip() or None,
            hired_since=self.hired_since.data,
            ends_assignments=bool(self.ends_assignments.data),
        )


class FeedbackForm(BaseForm):
    """Say how a session was, or what changed at work."""

    rating = RadioField("Rating", choices=[], validate_choice=False)
    choice = SelectField("Choice", choices=[], validate_choice=False)
    comment = TextAreaField("Comment", [Optional(), Length(max=LONGEST_COMMENT)])

    @classmethod
    def for_question(cls, question: Question) -> "FeedbackForm":
        """Return the form that asks this question."""
        form = cls()
        form.rating.label.text = question.rating
        ends = {RATINGS[0]: f": {question.lowest}", RATINGS[-1]: f": {question.highest}"}
        form.rating.choices = [
            SelectChoice(str(number), f"{number}{ends.get(number, '')}") for number in RATINGS
        ]
        form.choice.label.text = question.choice
        form.choice.choices = [
            SelectChoice("", "No answer"),
            *(SelectChoice(word, label) for word, label in question.choices),
        ]
        form.comment.label.text = question.comment
        return form

    def answer(self) -> Answer:
        """Return what was answered as a plain value."""
        text = str(self.rating.data or "")
        rating = int(text) if text in {str(number) for number in RATINGS} else None
        return Answer(rating, self.choice.data or "", self.comment.data or "")


class CompletionFileForm(BaseForm):
    """Choose a file of completions."""

    file = FileField("File", [FileRequired("Choose a file")])
    source = StringField("System it comes from", [Optional(), Length(max=120)])


class GraceForm(VersionedForm):
    """Say how long what is past its review date still counts."""

    days = IntegerField("Days of grace", [Optional()])


class DayRow(Form):
    """One date of a session; an empty row is none."""

    on = DateField("Day", [Optional()])
    starts = TimeField("From", [Optional()])
    ends = TimeField("Until", [Optional()])

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for all three where one is given."""
        good = bool(super().validate(extra_validators))
        given = [field for field in (self.on, self.starts, self.ends) if field.data is not None]
        for field in (self.on, self.starts, self.ends):
            if given and field.data is None and not field.errors:
                field.errors = [f"Enter {'a day' if field is self.on else 'a time'}"]
                good = False
        return good

    def typed(self) -> TypedDay | None:
        """Return the date, None for an empty row."""
        if self.on.data is None:
            return None
        return TypedDay(self.on.data, self.starts.data, self.ends.data)


class SessionForm(BaseForm):
    """Schedule or change a session."""

    module = SelectField("Module", coerce=int)
    days = FieldList(FormField(DayRow), min_entries=4, max_entries=MOST_DAYS)
    zone = StringField("Time zone", [DataRequired("Enter a time zone"), Length(max=60)])
    place = StringField("Place", [Optional(), Length(max=300)])
    room = StringField("Room", [Optional(), Length(max=300)])
    link = StringField("Link", [Optional(), Length(max=1000)])
    delivery = SelectField(
        "How it is taught",
        choices=[SelectChoice(one.value, DELIVERY_LABELS[one.value]) for one in Delivery],
    )
    trainer = SelectField("Trainer", coerce=int)
    capacity = IntegerField("Seats", [NumberRange(1, MOST_SEATS)], default=USUAL_SEATS)
    minutes = IntegerField("Minutes of training", [Optional(), NumberRange(1, LONGEST_MINUTES)])
    needs_approval = BooleanField("Who asks for a seat needs approval")
    hold_hours = IntegerField(
        "Hours a seat is held", [NumberRange(1, LONGEST_HOLD_HOURS)], default=USUAL_HOLD_HOURS
    )
    cost = DecimalField("Cost", [Optional(), NumberRange(0, 10_000_000)], places=2)
    note = TextAreaField("Note", [Optional(), Length(max=2000)])
    confirmed = BooleanField("It is meant so: schedule it although something clashes")

    @property
    def faults(self) -> list[Fault]:
        """Return what is wrong in its fields; what clashes stands in a notice of its own."""
        return [one for one in super().faults if one.target != self.confirmed.id]

    def draft(self, module_id: int) -> SessionDraft:
        """Return the validated input as a plain value."""
        typed = [row.form.typed() for row in self.days]
        return SessionDraft(
            module_id=module_id,
            zone=self.zone.data.strip(),
            days=tuple(one for one in typed if one is not None),
            place=(self.place.data or "").strip(),
            room=(self.room.data or "").strip(),
            link=(self.link.data or "").strip(),
            delivery=self.delivery.data,
            trainer_account_id=self.trainer.data or None,
            capacity=self.capacity.data,
            minutes=self.minutes.data,
            needs_approval=self.needs_approval.data,
            hold_hours=self.hold_hours.data,
            cost_cents=None if self.cost.data is None else int(self.cost.data * 100),
            note=(self.note.data or "").strip(),
        )


class ChangeSessionForm(SessionForm, VersionedForm):
    """Change a session somebody else may change meanwhile."""


class SheetForm(VersionedForm):
    """Keep the sheet of a day; its people are read from the fields beside it."""


class ReasonForm(BaseForm):
    """Say why."""

    reason = StringField("Why", [Optional(), Length(max=500)])


class EnrolForm(BaseForm):
    """Say whom to enrol."""

    people = SelectMultipleField("People", coerce=int, validate_choice=False)
    numbers = TextAreaField("Numbers or e-mail addresses", [Optional(), Length(max=20_000)])
    waiver = StringField("Why they need not have completed it", [Optional(), Length(max=300)])
    over = BooleanField("They were there although the seats are taken")
    leave_out = BooleanField("Enrol the others")
    refused: tuple[Refused, ...] = ()

    def refuse(self, refusal: RefusedError) -> None:
        """Keep everybody who cannot be enrolled, so that the page names them all."""
        if not isinstance(refusal, NotEnrolledError):
            super().refuse(refusal)
            return
        self.refused = refusal.people
        if refusal.room:
            self.over.errors = [refusal.room]
        self.form_errors = [refusal.message]


class CodeForm(BaseForm):
    """Type the code of a session."""

    code = StringField("Code", [DataRequired("Type the six digits"), Length(max=20)])


class StaffingForm(VersionedForm):
    """Say how many people of a unit stay at work."""

    unit = IntegerField("Unit", [NumberRange(1)])
    least = StringField("How many have to stay", [Optional(), Length(max=20)])
