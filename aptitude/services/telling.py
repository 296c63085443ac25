"""What people are told about requests and contests, through their notices."""

from datetime import date

from aptitude.models.assessments import AssessmentComment, AssessmentRequest
from aptitude.models.scenarios import ScenarioPanel
from aptitude.rules.sources import Source
from core.bulk import AnySession
from core.words import day
from curricula.services.notifying import notify
from people.queries.opening import reading
from people.rules.opening import Reason

RATE_PATH = "/aptitude/asked"
TEST_PATH = "/aptitude/scenarios"
PANEL_PATH = "/aptitude/panels"
ASKED_WHY = "Somebody who plans learning asked you."


@reading(Reason.LETTERS)
def tell_asked(session: AnySession, row: AssessmentRequest) -> None:
    """Ask a rater by letter, or somebody to take a scenario test.

    It names nobody: a letter that does is among what is known of whoever it names, and would tell
    them who was asked.
    """
    if row.rater_id is None:
        return
    if row.source is Source.SCENARIO:
        _tell_test(session, row, row.rater_id)
        return
    notify(
        session,
        row.rater_id,
        "assessment_asked",
        f"assessment-asked:{row.id}",
        f"You are asked where a colleague stands, by {day(row.due_on)}"
        if row.source is not Source.SELF
        else f"Where do you stand? By {day(row.due_on)}",
        "You are asked to say what you have seen, on seven dimensions of service aptitude; the "
        "page says of whom. It takes about three minutes. It is for learning: not for hiring, pay "
        "or dismissal.",
        ASKED_WHY,
        f"{RATE_PATH}/{row.id}",
    )


def _tell_test(session: AnySession, row: AssessmentRequest, employee_id: int) -> None:
    notify(
        session,
        employee_id,
        "assessment_asked",
        f"assessment-asked:{row.id}",
        f"What would you do? A scenario test for you by {day(row.due_on)}",
        "You are asked to say how good each answer is in some situations from work like yours. "
        "There is no clock, and you can stop and go on with another device. Afterwards you read "
        "what each choice does to the customer. It is for learning: not for hiring, pay or "
        "dismissal.",
        ASKED_WHY,
        TEST_PATH,
    )


def tell_due(session: AnySession, row: AssessmentRequest, on: date) -> None:
    """Remind a rater once, shortly before the day."""
    if row.rater_id is None:
        return
    is_test = row.source is Source.SCENARIO
    notify(
        session,
        row.rater_id,
        "assessment_due",
        f"assessment-due:{row.id}",
        f"{'A scenario test' if is_test else 'An assessment'} waits for you until "
        f"{day(row.due_on)}",
        "You were asked to take it; what you have begun is kept. It takes about twenty minutes."
        if is_test
        else "You were asked to say what you have seen. If you cannot, decline it on the page.",
        f"You were asked, and {day(on)} is shortly before the day.",
        TEST_PATH if is_test else f"{RATE_PATH}/{row.id}",
    )


def tell_answered(session: AnySession, row: AssessmentComment) -> None:
    """Tell somebody that what they wrote about an assessment was answered."""
    notify(
        session,
        row.subject_id,
        "assessment_answered",
        f"assessment-answered:{row.id}",
        "What you wrote about an assessment is answered",
        "The answer stands on your page.",
        "You commented on an assessment of yours, or contested it.",
        "/aptitude",
    )


def tell_expert(session: AnySession, row: ScenarioPanel, employee_id: int) -> None:
    """Ask an expert by letter."""
    until = f" by {day(row.due_on)}" if row.due_on else ""
    notify(
        session,
        employee_id,
        "panel_asked",
        f"panel-asked:{row.id}:{employee_id}",
        f"Your judgement is asked for{until}: {row.title}",
        "You are asked to say how good each answer is in some situations, from 1 to 7, without "
        "seeing what others think. What you say is shown only as a mean of the panel.",
        "HR named you as somebody who knows this work well.",
        f"{PANEL_PATH}/{row.id}",
    )
