"""The words in which modules, curricula, sessions and enrolments are told, and their labels."""

from enum import Enum

from people.rules.levels import LEVEL_LABELS, Level


class ModuleState(Enum):
    """Where a version of a module, or a curriculum, stands in its life."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Channel(Enum):
    """Where customers are met; what the module really practises."""

    FACE_TO_FACE = "face_to_face"
    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    TEXT = "text"
    SOCIAL = "social"


class StepKind(Enum):
    """What happens in a step of a session plan."""

    TALK = "talk"
    DEMONSTRATION = "demonstration"
    DISCUSSION = "discussion"
    PRACTICE = "practice"
    REFLECTION = "reflection"
    ASSESSMENT = "assessment"
    BREAK = "break"


class MaterialUse(Enum):
    """Whom a material is for."""

    TRAINER = "trainer"
    PARTICIPANT = "participant"
    PACKAGE = "package"


class ItemKind(Enum):
    """Whether everybody takes a module of a curriculum."""

    REQUIRED = "required"
    ELECTIVE = "elective"


class Path(Enum):
    """The way through a curriculum: the whole of it, or the shorter one for renewal."""

    FULL = "full"
    RENEWAL = "renewal"


class AssignmentSource(Enum):
    """Why somebody has a curriculum to do."""

    AUDIENCE = "audience"
    HAND = "hand"
    MANAGER = "manager"


class SessionStatus(Enum):
    """Where a session stands; one without a date is a list of those who want it."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class EnrolmentStatus(Enum):
    """Where a person stands in a session."""

    REQUESTED = "requested"
    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    ATTENDED = "attended"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class CompletionSource(Enum):
    """How we know that somebody completed a module."""

    SESSION = "session"
    IMPORTED = "imported"
    RECORDED = "recorded"


class FeedbackKind(Enum):
    """What is asked: how it was, right after; what changed at work, 60 to 90 days later."""

    REACTION = "reaction"
    BEHAVIOUR = "behaviour"


class FeedbackRole(Enum):
    """Who is asked."""

    LEARNER = "learner"
    MANAGER = "manager"


class NoticeMode(Enum):
    """How somebody wants to hear of something."""

    IMMEDIATE = "immediate"
    DIGEST = "digest"
    NONE = "none"


STATE_LABELS = {
    ModuleState.DRAFT: "Draft",
    ModuleState.REVIEW: "In review",
    ModuleState.PUBLISHED: "Published",
    ModuleState.RETIRED: "Retired",
}

ENROLMENT_LABELS = {
    EnrolmentStatus.REQUESTED: "Waits for approval",
    EnrolmentStatus.ENROLLED: "Enrolled",
    EnrolmentStatus.WAITLISTED: "On the waiting list",
    EnrolmentStatus.OFFERED: "A seat is held for you",
    EnrolmentStatus.ATTENDED: "Attended",
    EnrolmentStatus.ABSENT: "Absent",
    EnrolmentStatus.WITHDRAWN: "Withdrawn",
    EnrolmentStatus.DECLINED: "Declined",
}

SOURCE_WORDS = {
    AssignmentSource.AUDIENCE: " by an audience rule",
    AssignmentSource.HAND: " by HR",
    AssignmentSource.MANAGER: " by a manager",
}

CHANNEL_LABELS = {
    Channel.FACE_TO_FACE: "Face to face",
    Channel.PHONE: "Phone",
    Channel.EMAIL: "E-mail",
    Channel.CHAT: "Chat",
    Channel.TEXT: "Text message",
    Channel.SOCIAL: "Social media",
}

STEP_LABELS = {
    StepKind.TALK: "Talk",
    StepKind.DEMONSTRATION: "Demonstration",
    StepKind.DISCUSSION: "Discussion",
    StepKind.PRACTICE: "Practice",
    StepKind.REFLECTION: "Reflection",
    StepKind.ASSESSMENT: "Assessment",
    StepKind.BREAK: "Break",
}

DIMENSION_LABELS = {
    "D1": "Noticing and empathy",
    "D2": "Warm engagement",
    "D3": "Purpose and promise",
    "D4": "Ownership",
    "D5": "Charity and composure",
    "D6": "Recovery",
    "D7": "Going further and improving",
}
"""The aptitude dimensions a module may train; they are linked when aptitude is built."""

LEVELS_BOTTOM_UP = (
    Level.FRONTLINE,
    Level.SENIOR,
    Level.TEAM_LEAD,
    Level.MANAGER,
    Level.EXECUTIVE,
)


def level_labels(codes: list[str]) -> list[str]:
    """Return the names of levels, the front line first."""
    return [LEVEL_LABELS[level] for level in LEVELS_BOTTOM_UP if level.value in codes]
