"""What may be read of the tables about people, and why: the list to look at in a review.

Every table about people is closed in a request and in a job. Three things open some of them:

- the permission a page asks for, where it covers the whole organisation (`OF_PERMISSION`);
- the sight of whoever looks, given by `people.queries.visibility`: everything for those who see
  everybody, else only statements that are narrowed to the people they see;
- a reason of this list, for one block of code that needs it to do its work (`Reason`).
"""

from enum import Enum
from typing import TypeAlias

from people.rules.holdings import Realm


class Part(Enum):
    """Parts of realms."""

    UNNAMED = "of people, what stays when a person is erased: no name, number, address, job title"


Opening: TypeAlias = Realm | Part | str
"""A realm, a part of one, or the name of a table or column."""

ALL = frozenset[Opening](Realm)
DOERS = frozenset[Opening]({"account.id", "account.name"})
"""By whom something was done, which pages show beside it."""

OF_PERMISSION: dict[str, frozenset[Opening]] = {
    "balance:read": DOERS,
    "balance:names": DOERS,
    "entries:read": DOERS,
    "reports:read": DOERS,
    "reports:publish": DOERS,
    "targets:edit": DOERS,
    "courses:read": DOERS,
    "courses:classify": DOERS | {Part.UNNAMED, "upload"},
    "hours:import": DOERS | {Realm.PEOPLE, Realm.FILES},
    "hours:correct": DOERS | {Realm.PEOPLE},
    "people:import": DOERS | {Realm.PEOPLE, Realm.FILES, "account.employee_id"},
    "people:erase": ALL,
    "audit:read": DOERS | {Realm.TRAIL, "employee.id", "employee.name"},
    "accounts:edit": frozenset({Realm.LOGINS, "employee.id", "employee.left_on"}),
    "curricula:read": DOERS,
    "curricula:drafts": DOERS
    | {
        "feedback.version_id",
        "feedback.kind",
        "feedback.role",
        "feedback.rating",
        "feedback.answers",
        "feedback.comment",
        "feedback_request.version_id",
        "feedback_request.kind",
        "feedback_request.role",
    },
    # Publishing divides the hours of the organisation anew, as classifying courses does.
    "curricula:write": DOERS | {Part.UNNAMED, "upload"},
    "curricula:assign": DOERS,
    "sessions:read": DOERS,
    # Closing a sheet writes hours, and keeps the sums of the organisation with them.
    "sessions:run": DOERS | {Part.UNNAMED},
    "aptitude:read": DOERS,
    "aptitude:rate": DOERS,
    "aptitude:people": DOERS,
    "aptitude:team": DOERS,
    "aptitude:groups": DOERS,
    "aptitude:agreement": DOERS,
    "aptitude:ask": DOERS,
    "aptitude:edit": DOERS | {"assessment_comment", "employee.id", "employee.name"},
    "scenarios:read": DOERS,
    "scenarios:write": DOERS,
    "scenarios:panels": DOERS,
    "notices:read": DOERS | {"notice", "employee.id", "employee.name", "employee.name_key"},
}
"""What a page may read of the whole organisation because only they get to it who may."""

OF_EVERYBODY = frozenset[Opening]({"account.id"})
"""What every page may read: whether there is any account yet."""

SIGN_IN_PLACES = frozenset({"accounts", "sso", "own"})
"""The parts of the product where people sign in and look after their own account."""


class Reason(Enum):
    """Why a block of code may read more than the page it works for."""

    WHO_LOOKS = "to find out who has come and what they may see"
    WHOM_THEY_SEE = "to work out the sight itself: who stands below whom, and in which unit"
    OWN_DATA = "to show somebody everything that is held on them"
    NAMES_ABOVE = "to say who stands above a person one sees: everybody knows who leads whom"
    HEAD_COUNTS = "to count the people of units, which everybody may know"
    FEW_LEARNERS = "to hide the hours of courses that few people took"
    EXTENT = "to know how far the ledger goes: its last number, its first and last day"
    SENT_BEFORE = "to know whether a form was sent before, and how it was answered"
    WHO_CHANGED = "to say who has changed what somebody is about to change"
    WHOSE_ACCOUNT = "to say to which person an account belongs"
    TEACHERS = "to choose who teaches a session or looks after a module"
    LEARNER_COUNTS = "to say how many people a curriculum is for, and how many have it to do"
    MATCHING = "to find out whom an audience means and who has a curriculum, without any name"
    SEAT_COUNTS = "to say how many have a seat in a session or wait for one"
    SEATS = "to seat people in order and keep the sheet, once it was decided that this is allowed"
    UNDOING = "to take back the hours that closing a sheet wrote"
    BY_NUMBER = "to enrol people whose numbers or addresses a trainer was given"
    COMPLETING = "to write down what somebody completed, and what is done or open by it"
    LETTERS = "to tell people something where and as they chose"
    OWN_LETTERS = "to show somebody what they were told, and how they chose to hear of things"
    OWN_CALENDAR = "to show somebody their sessions in their own calendar, by its secret address"
    STOP_LINK = "to stop letters for whoever holds the sealed link of one"
    FEEDBACK_LINK = "to ask, and take the answer of, whoever holds the sealed link of a question"
    SCORING = "to count each rater of a person once, without showing who they are"
    STANDINGS = "to keep up to date where people stand, when something new is said of them"
    RATING = "to let somebody assess whom they were asked to, and see what they gave"
    BEGUN = "to show a rater what they have begun to say, and nobody else"
    ASKING = "to ask for assessments of people one sees, and to know what was answered"
    COACHING = "to show a coach whom they help, on what and by when"
    COLLEAGUES = "to let whoever plans learning name a coach, an observer or an expert"
    PANEL = "to put together what experts say of texts, and show an expert what they gave"
    WORKSHOP = "to put together what judges say of anchors, and show a judge what they said"
    EXPERTS = "to find the accounts of the experts HR names by number or address"
    OWN_QUESTIONS = "to lead somebody to what they are asked about a session themself"
    FEEDBACK_GROUPS = "to show answers only in groups of five people, whoever those are"
    CROWD = "to make figures of groups of five people or more, in columns no page shows a row of"
    CERTIFICATE_CODE = "to say what the certificate says whose code somebody holds"

    @property
    def opens(self) -> frozenset[Opening]:
        """Return what may be read for this reason."""
        return _OF_REASON[self]


_OF_REASON: dict[Reason, frozenset[Opening]] = {
    Reason.WHO_LOOKS: frozenset({Realm.LOGINS, Part.UNNAMED}),
    Reason.WHOM_THEY_SEE: frozenset({Part.UNNAMED}),
    Reason.OWN_DATA: ALL,
    Reason.NAMES_ABOVE: frozenset(
        {Part.UNNAMED, "employee.number", "employee.name", "assignment.job_title"}
    ),
    Reason.HEAD_COUNTS: frozenset({Part.UNNAMED, "employee.hired_on"}),
    Reason.FEW_LEARNERS: frozenset({"entry.employee_id", "entry.course_id"}),
    Reason.EXTENT: frozenset({"entry.id", "entry.basis", "entry.batch_id", "entry.done_on"}),
    Reason.SENT_BEFORE: frozenset({"submission"}),
    Reason.WHO_CHANGED: DOERS | {"audit_event", "employee.id", "employee.name"},
    Reason.WHOSE_ACCOUNT: frozenset({"employee.id", "employee.number", "employee.name"}),
    Reason.TEACHERS: DOERS | {"account.active", "account_role"},
    Reason.LEARNER_COUNTS: frozenset(
        {
            "assignment.employee_id",
            "assignment.from_on",
            "assignment.level",
            "assignment.superseded_at",
            "assignment.until_on",
            "employee.id",
            "employee.left_on",
            "learning_assignment.completed_on",
            "learning_assignment.curriculum_id",
            "learning_assignment.ended_on",
            "learning_assignment.rule_id",
        }
    ),
    Reason.MATCHING: frozenset(
        {
            Part.UNNAMED,
            "assignment.job_title",
            "employee.hired_on",
            "learning_assignment.ended_reason",
        }
    ),
    Reason.SEAT_COUNTS: frozenset(
        {"enrolment.asked_at", "enrolment.id", "enrolment.session_id", "enrolment.status"}
    ),
    Reason.SEATS: frozenset(
        {
            "attendance",
            "completion.employee_id",
            "completion.id",
            "completion.module_id",
            "completion_withdrawal.completion_id",
            "employee.id",
            "employee.left_on",
            "employee.name",
            "enrolment",
            "enrolment_event",
        }
    ),
    Reason.UNDOING: frozenset({"entry"}),
    Reason.BY_NUMBER: frozenset({"employee.id", "employee.number", "employee.email"}),
    Reason.COMPLETING: frozenset(
        {"certificate", "completion", "completion_withdrawal", "learning_assignment", "practice"}
    ),
    Reason.LETTERS: DOERS
    | {
        Part.UNNAMED,
        "account.active",
        "account.email",
        "account.employee_id",
        "account_role",
        "employee.email",
        "employee.name",
        "notice",
        "notice_preference",
    },
    Reason.OWN_LETTERS: DOERS
    | {
        "account.email",
        "employee.email",
        "employee.id",
        "employee.name",
        "notice",
        "notice_preference",
    },
    Reason.OWN_CALENDAR: DOERS
    | {
        Realm.LOGINS,
        "employee.id",
        "employee.left_on",
        "enrolment.employee_id",
        "enrolment.id",
        "enrolment.session_id",
        "enrolment.status",
        "enrolment_event.enrolment_id",
        "enrolment_event.id",
    },
    Reason.STOP_LINK: frozenset({"notice", "notice_preference"}),
    Reason.FEEDBACK_LINK: frozenset(
        {
            "employee.id",
            "employee.name",
            "enrolment.id",
            "enrolment.session_id",
            "feedback_request",
        }
    ),
    Reason.SCORING: frozenset({"assessment_rater", "assessment_request.due_on"})
    | {"assessment_request.id"},
    Reason.STANDINGS: frozenset({Realm.APTITUDE, Part.UNNAMED, "assignment.job_title"}),
    Reason.RATING: frozenset(
        {
            Part.UNNAMED,
            "assessment",
            "assessment_rater",
            "assessment_request",
            "employee.id",
            "employee.name",
            "employee.number",
            "rating",
        }
    ),
    Reason.BEGUN: frozenset({"begun_assessment"}),
    Reason.ASKING: frozenset(
        {
            Part.UNNAMED,
            "assessment_request",
            "employee.id",
            "employee.name",
            "employee.number",
            "employee.email",
        }
    ),
    Reason.COACHING: frozenset(
        {
            "duty.closed_on",
            "duty.coach_id",
            "duty.dimension_code",
            "duty.due_on",
            "duty.id",
            "duty.owner_id",
            "duty.subject_id",
            "employee.id",
            "employee.name",
            "employee.name_key",
        }
    ),
    Reason.COLLEAGUES: frozenset(
        {Part.UNNAMED, "employee.name", "employee.name_key", "employee.number"}
    ),
    Reason.PANEL: frozenset({"panel_rating"}),
    Reason.WORKSHOP: frozenset({"workshop_answer"}),
    Reason.EXPERTS: frozenset(
        {
            "account.active",
            "account.email",
            "account.employee_id",
            "account.id",
            "employee.id",
            "employee.number",
        }
    ),
    Reason.OWN_QUESTIONS: frozenset(
        {
            "employee.id",
            "employee.name",
            "enrolment.id",
            "enrolment.session_id",
            "feedback_request",
        }
    ),
    Reason.FEEDBACK_GROUPS: frozenset(
        {"feedback", "feedback_request.asked_employee_id", "feedback_request.id"}
    ),
    Reason.CROWD: frozenset(
        {
            Part.UNNAMED,
            "aptitude_standing.assessed_on",
            "aptitude_standing.employee_id",
            "aptitude_standing.overall",
            "aptitude_standing.overall_error",
            "aptitude_standing.profile",
            "aptitude_standing.raters",
            "aptitude_standing.renew_on",
            "aptitude_standing.turn",
            "assessment.assessed_on",
            "assessment.id",
            "assessment.source",
            "assessment.subject_id",
            "assessment_rater.assessment_id",
            "assessment_rater.rater_id",
            "assessment_withdrawal.assessment_id",
            "duty.closed_on",
            "duty.coach_id",
            "duty.dimension_code",
            "duty.due_on",
            "duty.ending",
            "duty.id",
            "duty.opened_on",
            "duty.score",
            "duty.score_error",
            "duty.subject_id",
            "duty.unit_id",
            "duty_event.at",
            "duty_event.id",
            "duty_event.step",
            "duty_event.subject_id",
            "duty_module.duty_id",
            "employee.gender",
            "erasure.id",
            "rating.assessment_id",
            "rating.example",
            "rating.subject_id",
            "rating.tenths",
        }
    ),
    Reason.CERTIFICATE_CODE: frozenset(
        {"certificate", "employee.email", "employee.id", "employee.name"}
    ),
}


def opened_by(permission: str | None, place: str | None) -> frozenset[Opening]:
    """Return what a page may read of the whole organisation.

    Args:
        permission: What the page asks for and the viewer holds; None where they do not hold it.
        place: The part of the product the page belongs to.
    """
    found = OF_EVERYBODY | OF_PERMISSION.get(permission or "", frozenset())
    return found | {Realm.LOGINS} if place in SIGN_IN_PLACES else found
