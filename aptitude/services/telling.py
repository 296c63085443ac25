"""What people are told about requests and contests, through their notices."""

from collections.abc import Mapping, Sequence
from datetime import date

from aptitude.models.assessments import AssessmentComment, AssessmentRequest
from aptitude.models.scenarios import ScenarioPanel
from aptitude.models.workshops import AnchorWorkshop
from aptitude.queries.hr import hr_accounts
from aptitude.rules.sources import Source
from core.bulk import AnySession
from core.words import day, plural
from curricula.services.notifying import Draft, notify, notify_all
from people.queries.opening import reading
from people.rules.opening import Reason

RATE_PATH = "/aptitude/asked"
TEST_PATH = "/aptitude/scenarios"
PANEL_PATH = "/aptitude/panels"
WORKSHOP_PATH = "/aptitude/workshops"
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
    key = f"assessment-asked:{row.id}"
    notify_all(session, [_test_letter(employee_id, "assessment_asked", key, row.due_on)])


def _test_letter(employee_id: int, kind: str, key: str, due_on: date) -> Draft:
    return Draft(
        employee_id,
        kind,
        key,
        f"What would you do? A scenario test for you by {day(due_on)}",
        "You are asked to say how good each answer is in some situations from work like yours. "
        "There is no clock, and you can stop and go on with another device. Afterwards you read "
        "what each choice does to the customer. It is for learning: not for hiring, pay or "
        "dismissal.",
        ASKED_WHY,
        TEST_PATH,
    )


def tell_tests(
    session: AnySession, employee_ids: Sequence[int], round_number: int, due_on: date
) -> None:
    """Tell each person once that a round asks them to take a scenario test."""
    notify_all(
        session,
        [
            _test_letter(one, "round_asked", f"round-test:{round_number}:{one}", due_on)
            for one in employee_ids
        ],
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


@reading(Reason.LETTERS)
def tell_contested(session: AnySession, row: AssessmentComment) -> None:
    """Tell those in HR that a contest waits, but not whoever contests; it names nobody."""
    notify_all(
        session,
        [
            Draft(
                employee_id,
                "contest_made",
                f"contest-made:{row.id}:{account_id}",
                "Somebody contests an assessment",
                "They see it differently and ask HR to look at it. Until somebody answers, it "
                "counts as it did. The page says who it is, and what was said.",
                "You are in HR, and HR answers what people contest.",
                "/aptitude/contests",
                account_id,
            )
            for account_id, employee_id in hr_accounts(session)
            if employee_id != row.subject_id
        ],
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


def tell_judge(session: AnySession, row: AnchorWorkshop, employee_id: int) -> None:
    """Ask a judge of an anchor workshop by letter."""
    notify(
        session,
        employee_id,
        "workshop_asked",
        f"workshop-asked:{row.id}:{employee_id}",
        f"Your judgement is asked for by {day(row.due_on)}: {row.title}",
        "You are asked what some sentences about work say: to which side of service each belongs, "
        "and how effective it is. Nobody is judged by it. What you say is shown only together "
        "with what others say, from five on.",
        "HR named you as somebody who knows this work well.",
        f"{WORKSHOP_PATH}/{row.id}",
    )


def tell_round(
    session: AnySession, by_rater: Mapping[int, int], round_number: int, due_on: date
) -> None:
    """Tell each rater once about how many people a round asks them; the page says about whom."""
    notify_all(
        session,
        [
            Draft(
                rater_id,
                "round_asked",
                f"round-asked:{round_number}:{rater_id}",
                f"You are asked where {plural(count, 'person stands', 'people stand')}, "
                f"by {day(due_on)}",
                "A round of assessments has begun. Each takes about three minutes; the page says "
                "of whom. If you cannot say it, decline there. It is for learning: not for "
                "hiring, pay or dismissal.",
                "Somebody who plans learning asks your whole team.",
                RATE_PATH,
            )
            for rater_id, count in sorted(by_rater.items())
        ],
    )


def tell_taken_back(
    session: AnySession, rater_ids: Sequence[int], round_number: int, due_on: date
) -> None:
    """Tell each of those whom a round asked once that they are asked no more.

    Of those without a name it goes to all alike, whether they have answered or not.
    """
    notify_all(
        session,
        [
            Draft(
                rater_id,
                "round_taken_back",
                f"round-taken-back:{due_on.isoformat()}:{round_number}:{rater_id}",
                f"You need not answer any more what was asked of you by {day(due_on)}",
                "HR has taken the round back. What you have not answered is closed; what you have "
                "said already stays, and is shown as the form said.",
                "You were asked in this round.",
                RATE_PATH,
            )
            for rater_id in rater_ids
        ],
    )
