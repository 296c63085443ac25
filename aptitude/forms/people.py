"""Forms about one person: ask others, comment, answer, who sees it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from wtforms import (
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from aptitude.forms.naming import NamingForm, PersonField
from aptitude.forms.terms import TermsForm
from aptitude.queries.asking import Suggested
from aptitude.queries.profiles import Saying
from aptitude.rules.asking import (
    LONGEST_TEXT,
    USUAL_DAYS,
    RequestDraft,
)
from aptitude.rules.sources import Source
from aptitude.rules.words import (
    SAYING_LABELS,
    CommentKind,
    ContestOutcome,
    Purpose,
)
from core.clock import today
from core.web.forms import BaseForm
from core.words import day


class AskForm(NamingForm, TermsForm):
    """Ask people about somebody."""

    raters = SelectMultipleField("Who is asked", validate_choice=False)
    observer = PersonField("An observer", [Optional(), Length(max=200)])

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


class CommentForm(BaseForm):
    """Comment on what one source said, or contest it."""

    sayings: Mapping[str, Saying] = {}
    source = SelectField("About what was said by", [InputRequired("Choose what it is about.")])
    kind = RadioField(
        "What you want",
        [InputRequired("Choose whether you comment or contest.")],
        choices=[
            SelectChoice(CommentKind.COMMENT.value, "Comment: it stays as it is, with my words"),
            SelectChoice(CommentKind.CONTEST.value, "Contest: HR looks at it and answers"),
        ],
    )
    text = TextAreaField("What you see differently", [Optional(), Length(max=LONGEST_TEXT)])

    @classmethod
    def about(cls, sayings: Sequence[Saying]) -> "CommentForm":
        """Return the form that lets one choose among assessments; peers and reports together."""
        form = cls()
        form.sayings = {one.key: one for one in sayings}
        offered = [SelectChoice(key, _label(one)) for key, one in form.sayings.items()]
        form.source.choices = [SelectChoice("", "Choose"), *offered] if offered else []
        return form

    def saying(self) -> Saying:
        """Return what was chosen."""
        return self.sayings[self.source.data]


def _label(one: Saying) -> str:
    label = SAYING_LABELS[one.source]
    return label if one.assessment_id is None else f"{label}, {day(one.on)}"


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


class SightForm(BaseForm):
    """Say how far down managers see."""

    levels = IntegerField("Levels below them that managers see by name", [Optional()])
