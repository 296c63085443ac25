"""What people type on the pages of aptitude."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Self

from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from aptitude.queries.frameworks import FrameworkView
from aptitude.queries.requests import Suggested
from aptitude.queries.scenarios import ScenarioPage
from aptitude.rules.asking import (
    HALF_LEVELS,
    LONGEST_EXAMPLE,
    LONGEST_TEXT,
    USUAL_DAYS,
    RatingDraft,
    RequestDraft,
    tenths_text,
)
from aptitude.rules.duties import LONGEST_NOTE, PlanDraft
from aptitude.rules.library import AREA_LABELS, Area
from aptitude.rules.scenarios import (
    LONGEST_OPTION,
    LONGEST_REASON,
    LONGEST_SITUATION,
    LONGEST_TITLE,
    MOST_OPTIONS,
    OptionDraft,
    ScenarioDraft,
    in_order,
)
from aptitude.rules.situations import HIGHEST, LOWEST
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.rules.texts import DimensionTexts, FrameworkTexts
from aptitude.rules.words import (
    PURPOSE_LABELS,
    SOURCE_LABELS,
    CommentKind,
    ContestOutcome,
    Purpose,
)
from core.clock import today
from core.web.forms import BaseForm, VersionedForm
from curricula.rules.words import CHANNEL_LABELS, DIMENSION_LABELS, LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level

NOT_OBSERVED = "none"
SCORES = [SelectChoice(str(tenths), tenths_text(tenths)) for tenths in HALF_LEVELS]
CHOOSE = "Choose a level, or “not observed”"


class ConfirmForm(BaseForm):
    """A button, nothing else."""


OPTION_RATINGS = [SelectChoice(str(one), str(one)) for one in range(LOWEST, HIGHEST + 1)]
CHANNEL_CHOICES = [SelectChoice(one.value, label) for one, label in CHANNEL_LABELS.items()]
QUESTION = "How good is each answer?"


class OptionsForm(BaseForm):
    """Rate what one could do in a situation: one question for each option."""

    option_ids: tuple[int, ...] = ()

    @classmethod
    def asking(cls, options: Sequence[tuple[int, str, str]], said: Mapping[int, int]) -> Self:
        """Return the form for some options, with what was said of them before."""
        fields: dict[str, Any] = {"option_ids": tuple(option for option, _, _ in options)}
        for option, letter, _ in options:
            fields[f"rating-{option}"] = RadioField(
                f"Answer {letter}", [Optional()], choices=OPTION_RATINGS, validate_choice=False
            )
        made: type[Self] = type("OptionsFormOfScenario", (cls,), fields)
        return made(data={f"rating-{option}": str(one) for option, one in said.items()})

    def ratings(self) -> dict[int, int]:
        """Return what was rated, by option; anything but a small number counts as 0."""
        given = {option: self[f"rating-{option}"].data for option in self.option_ids}
        return {
            option: int(one) if len(one) == 1 and one.isdecimal() else 0
            for option, one in given.items()
            if one
        }


class BeginForm(BaseForm):
    """Begin a scenario test."""

    channel = SelectField(
        "How you mostly meet customers",
        choices=[SelectChoice("", "In several ways"), *CHANNEL_CHOICES],
    )


class PanelForm(BaseForm):
    """Ask experts to rate scenarios."""

    title = StringField("Name of the panel", [DataRequired("Give it a name"), Length(max=120)])
    due_on = DateField("By", [Optional()])
    scenarios = SelectMultipleField("Scenarios", coerce=int, validate_choice=False)
    experts = TextAreaField(
        "Experts", [DataRequired("Name the experts, one a line"), Length(max=5000)]
    )

    def lines(self) -> tuple[str, ...]:
        """Return the numbers and addresses that were written down."""
        text = (self.experts.data or "").replace(",", "\n").replace(";", "\n")
        return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class ScenarioForm(VersionedForm):
    """Write a scenario down: the situation, and four or five things one could do."""

    title = StringField("Title", [DataRequired("Give it a title"), Length(max=LONGEST_TITLE)])
    area = SelectField(
        "Area", choices=[SelectChoice(one.value, label) for one, label in AREA_LABELS.items()]
    )
    channel = SelectField("Channel", choices=CHANNEL_CHOICES)
    levels = SelectMultipleField(
        "Levels",
        choices=[SelectChoice(one.value, LEVEL_LABELS[one]) for one in LEVELS_BOTTOM_UP],
    )
    dimensions = SelectMultipleField(
        "Dimensions", choices=[SelectChoice(*one) for one in DIMENSION_LABELS.items()]
    )
    situation = TextAreaField("Situation", [Length(max=LONGEST_SITUATION)])
    question = StringField("Question", [Length(max=300)], default=QUESTION)

    @classmethod
    def of(cls, page: ScenarioPage) -> Self:
        """Return the form with what stands there now, and room for every option."""
        fields: dict[str, Any] = {}
        for place in range(1, MOST_OPTIONS + 1):
            fields[f"text-{place}"] = TextAreaField("Answer", [Length(max=LONGEST_OPTION)])
            fields[f"reason-{place}"] = TextAreaField(
                "What it does to the customer or colleague", [Length(max=LONGEST_REASON)]
            )
            fields[f"key-{place}"] = FloatField("How good it is, 1 to 7", [Optional()])
        made: type[Self] = type("ScenarioFormWithOptions", (cls,), fields)
        return made(data=_written(page))

    def draft(self) -> ScenarioDraft:
        """Return what was written as a plain value; empty options are left out."""
        options = [self._option(place) for place in range(1, MOST_OPTIONS + 1)]
        return ScenarioDraft(
            _trimmed(self.title.data),
            Area(self.area.data),
            self.channel.data,
            in_order([Level(one) for one in self.levels.data or []]),
            tuple(sorted(self.dimensions.data or [])),
            _trimmed(self.situation.data),
            _trimmed(self.question.data) or QUESTION,
            tuple(one for one in options if one.text or one.reason),
        )

    def _option(self, place: int) -> OptionDraft:
        text, reason = (_trimmed(self[f"{name}-{place}"].data) for name in ("text", "reason"))
        return OptionDraft(text, reason, self[f"key-{place}"].data or 0)


def _trimmed(text: str | None) -> str:
    return " ".join((text or "").split())


def _written(page: ScenarioPage) -> dict[str, object]:
    values = page.key.values if page.key else {}
    found: dict[str, object] = {
        "version": str(page.revision),
        "title": page.title,
        "area": page.area.value,
        "channel": page.channel,
        "levels": [one.value for one in page.levels],
        "dimensions": list(page.dimensions),
        "situation": page.situation,
        "question": page.question,
    }
    for place, option in enumerate(page.options, start=1):
        found[f"text-{place}"] = option.text
        found[f"reason-{place}"] = option.reason
        value = values.get(option.id)
        found[f"key-{place}"] = round(value.mean, 1) if value else None
    return found


class RateForm(BaseForm):
    """Say where somebody stands: one question for each dimension of the framework."""

    codes: tuple[str, ...] = ()

    @classmethod
    def for_framework(cls, framework: FrameworkView) -> "RateForm":
        """Return the form that asks for the dimensions of a framework."""
        fields: dict[str, Any] = {"codes": tuple(framework.names)}
        for code, name in framework.names.items():
            fields[f"score-{code}"] = RadioField(
                name,
                [InputRequired(CHOOSE)],
                choices=[*SCORES, SelectChoice(NOT_OBSERVED, "Not observed")],
            )
            fields[f"example-{code}"] = TextAreaField(
                f"What did you see? {name}", [Optional(), Length(max=LONGEST_EXAMPLE)]
            )
        made: type[RateForm] = type("RateFormOfVersion", (cls,), fields)
        return made()

    def drafts(self) -> list[RatingDraft]:
        """Return what was said as plain values."""
        found = []
        for code in self.codes:
            chosen = self[f"score-{code}"].data
            tenths = None if chosen == NOT_OBSERVED else int(chosen)
            found.append(RatingDraft(code, tenths, self[f"example-{code}"].data or ""))
        return found


class DeclineForm(BaseForm):
    """Say that one cannot tell."""

    reason = StringField("Why you cannot say it", [Optional(), Length(max=500)])


class CommentForm(BaseForm):
    """Comment on what one source said, or contest it."""

    source = SelectField("About what was said by", validate_choice=True)
    kind = RadioField(
        "What you want",
        [InputRequired("Choose one")],
        choices=[
            SelectChoice(CommentKind.COMMENT.value, "Comment: it stays as it is, with my words"),
            SelectChoice(CommentKind.CONTEST.value, "Contest: HR looks at it and answers"),
        ],
        default=CommentKind.COMMENT.value,
    )
    text = TextAreaField("What you see differently", [Optional(), Length(max=LONGEST_TEXT)])

    @classmethod
    def about(cls, sources: list[Source]) -> "CommentForm":
        """Return the form that lets one choose among sources."""
        form = cls()
        form.source.choices = [SelectChoice(one.value, SOURCE_LABELS[one]) for one in sources]
        return form


class AskForm(BaseForm):
    """Ask people about somebody."""

    raters = SelectMultipleField("Who is asked", validate_choice=False)
    observer = StringField("Employee number of an observer", [Optional(), Length(max=120)])
    due_on = DateField("By", [InputRequired("Choose a day")])
    purpose = RadioField(
        "What for",
        [InputRequired("Choose one")],
        choices=[SelectChoice(one.value, PURPOSE_LABELS[one]) for one in Purpose],
        default=Purpose.DEVELOPMENT.value,
    )
    occasion = StringField("Name of the round", [Optional(), Length(max=300)])

    @classmethod
    def offered(cls) -> "AskForm":
        """Return the form with the usual time to answer."""
        return cls(due_on=today() + timedelta(days=USUAL_DAYS))

    def drafts(
        self, subject_id: int, suggested: list[Suggested], observer_id: int | None
    ) -> list[RequestDraft]:
        """Return whom to ask, as plain values; who was not offered is left out."""
        chosen = set(self.raters.data or [])
        wanted = [(one.employee_id, one.source) for one in suggested if one.key in chosen]
        if observer_id is not None:
            wanted.append((observer_id, Source.OBSERVER))
        return [
            RequestDraft(
                subject_id,
                rater_id,
                source,
                self.due_on.data,
                Purpose(self.purpose.data),
                self.occasion.data or "",
            )
            for rater_id, source in wanted
        ]


class AnswerForm(BaseForm):
    """Answer what somebody wrote about an assessment."""

    words = frozenset(one.value for one in ContestOutcome)
    outcome = SelectField(
        "What comes of it",
        choices=[
            SelectChoice("", "Choose"),
            SelectChoice(ContestOutcome.STANDS.value, "It stands"),
            SelectChoice(ContestOutcome.SET_ASIDE.value, "It is set aside and counts no more"),
        ],
        validate_choice=False,
    )
    answer = TextAreaField("Answer", [Optional(), Length(max=LONGEST_TEXT)])


class TargetForm(VersionedForm):
    """Say what is expected of a level or job title from a day on."""

    dimension = SelectField("Dimension")
    level = SelectField(
        "Level",
        choices=[
            SelectChoice("", "a job title, below"),
            *(SelectChoice(one.value, LEVEL_LABELS[one]) for one in LEVELS_BOTTOM_UP),
        ],
    )
    job_title = StringField("Job title", [Optional(), Length(max=300)])
    score = SelectField(
        "Target", choices=[*SCORES, SelectChoice("", "none of its own: that of the level")]
    )
    required = BooleanField("Required: it decides about the level")
    floor = SelectField(
        "Least score where required", choices=[SelectChoice("", "the target"), *SCORES]
    )
    from_on = DateField("From", [InputRequired("Choose a day")])
    why = StringField("Why", [Optional(), Length(max=500)])

    @classmethod
    def for_framework(cls, framework: FrameworkView, last_id: int) -> "TargetForm":
        """Return the form for the dimensions of a framework."""
        form = cls(from_on=today(), version=str(last_id), score="30")
        form.dimension.choices = [
            SelectChoice(code, f"{code} {name}") for code, name in framework.names.items()
        ]
        return form

    def draft(self) -> TargetDraft:
        """Return what was chosen as a plain value."""
        tenths = int(self.score.data) if self.score.data else None
        floor = int(self.floor.data) if self.floor.data and self.required.data else None
        return TargetDraft(
            self.dimension.data,
            Level(self.level.data) if self.level.data else None,
            (self.job_title.data or "").strip() or None,
            tenths,
            floor if floor is not None or not self.required.data else tenths,
            bool(self.required.data),
            self.from_on.data,
            self.why.data or "",
        )


class DutyForm(VersionedForm):
    """Say by when a duty is met and who coaches."""

    due_on = DateField("By", [Optional()])
    coach = StringField("Employee number of the coach", [Optional(), Length(max=50)])

    def draft(self) -> PlanDraft:
        """Return what was chosen as a plain value."""
        return PlanDraft(self.due_on.data, self.coach.data or "")


class ObservedForm(BaseForm):
    """Say what was seen at work."""

    note = TextAreaField("What you have seen", [Optional(), Length(max=LONGEST_NOTE)])


class SightForm(BaseForm):
    """Say how far down managers see."""

    levels = IntegerField("Levels below them that managers see by name", [Optional()])


class FrameworkForm(VersionedForm):
    """Write a version of the framework: every text of it on one page."""

    title = StringField("Title", [Optional(), Length(max=300)])
    purpose = TextAreaField("Purpose", [Optional(), Length(max=10_000)])
    change_note = StringField("What is new", [Optional(), Length(max=500)])

    @classmethod
    def for_draft(cls, draft: FrameworkView) -> "FrameworkForm":
        """Return the form with all that the draft says."""
        fields: dict[str, Any] = {}
        for one in draft.dimensions:
            fields[f"name-{one.code}"] = StringField(
                f"Name of {one.code}", [Optional(), Length(max=300)], default=one.name
            )
            fields[f"definition-{one.code}"] = StringField(
                f"What {one.code} is", [Optional(), Length(max=500)], default=one.definition
            )
            for level, behaviours in one.anchors.items():
                for score, text in enumerate(behaviours, start=1):
                    fields[anchor_name(one.code, level, score)] = TextAreaField(
                        str(score), [Optional(), Length(max=500)], default=text
                    )
        made: type[FrameworkForm] = type("FrameworkFormOfDraft", (cls,), fields)
        return made(
            title=draft.title,
            purpose=draft.purpose,
            change_note=draft.change_note or "",
            version=str(draft.revision),
        )

    def texts(self, draft: FrameworkView) -> FrameworkTexts:
        """Return what was written as plain values."""
        return FrameworkTexts(
            self.title.data or "",
            self.purpose.data or "",
            self.change_note.data or "",
            [
                DimensionTexts(
                    one.code,
                    self[f"name-{one.code}"].data or "",
                    self[f"definition-{one.code}"].data or "",
                    {
                        level: [
                            self[anchor_name(one.code, level, score)].data or ""
                            for score in range(1, len(behaviours) + 1)
                        ]
                        for level, behaviours in one.anchors.items()
                    },
                )
                for one in draft.dimensions
            ],
        )


def anchor_name(code: str, level: Level, score: int) -> str:
    """Return the name of the field of an anchor."""
    return f"anchor-{code}-{level.value}-{score}"
