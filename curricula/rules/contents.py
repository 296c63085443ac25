"""What a module says, as values, and as the plain data in which it is stored, hashed and filed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]


@dataclass(frozen=True)
class Step:
    """A timed step of the session plan."""

    minutes: int
    title: str
    kind: str
    text: str


@dataclass(frozen=True)
class RolePlay:
    """A role-play with the cards of both parts."""

    title: str
    channel: str
    minutes: int
    setting: str
    employee_card: str
    customer_card: str
    debrief: str


@dataclass(frozen=True)
class Option:
    """An answer one can choose, with 0 to 3 points."""

    text: str
    score: int


@dataclass(frozen=True)
class QuizItem:
    """A situation with its answers, and why the best one is best.

    Whoever misses the best answer of a `must_pass` item has not passed, whatever the points.
    """

    situation: str
    options: tuple[Option, ...]
    why: str
    must_pass: bool = False


@dataclass(frozen=True)
class Behaviour:
    """Something an observer can see or hear, in three grades."""

    name: str
    not_yet: str
    partly: str
    fully: str


@dataclass(frozen=True)
class ModuleDraft:
    """Everything a version of a module teaches. Texts are Markdown.

    Attributes:
        shares: Pairs of category code and whole percent that sum to 100.
        levels: Words of `people.rules.levels.Level`.
        channels: Words of `curricula.rules.words.Channel`.
        dimensions: Codes of the aptitude dimensions it trains, D1 to D7.
        prerequisites: Codes of modules to have completed before.
        review_days: How long it stays current after it was completed.
        stands_in_for: Code of the module that counts as completed with this one; "" for none.
            It belongs to the module and not to what a version teaches.
    """

    code: str
    title: str
    minutes: int
    shares: tuple[tuple[str, int], ...]
    levels: tuple[str, ...]
    channels: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    review_days: int = 365
    owner_role: str = ""
    summary: str = ""
    outcomes: tuple[str, ...] = ()
    preparation: str = ""
    plan: tuple[Step, ...] = ()
    facilitator_notes: str = ""
    practice: str = ""
    role_plays: tuple[RolePlay, ...] = ()
    handout: str = ""
    quiz: tuple[QuizItem, ...] = ()
    quiz_pass: str = ""
    rubric_rule: str = ""
    rubric: tuple[Behaviour, ...] = ()
    assessment: str = ""
    follow_up: str = ""
    stands_in_for: str = ""


TEXTS = (
    ("summary", "Summary"),
    ("preparation", "Preparation"),
    ("facilitator_notes", "Facilitator notes"),
    ("practice", "Practice"),
    ("handout", "Handout"),
    ("assessment", "Assessment"),
    ("follow_up", "Follow-up"),
)
"""The parts of a module that are one Markdown text each, with what they are called."""


def plain_of(draft: ModuleDraft) -> dict[str, Plain]:
    """Return a module as its file says it: the same module gives the same data."""
    return {
        "code": draft.code,
        "title": draft.title,
        "minutes": draft.minutes,
        "shares": dict(sorted(draft.shares)),
        "levels": list(draft.levels),
        "channels": list(draft.channels),
        "prerequisites": sorted(draft.prerequisites),
        "dimensions": list(draft.dimensions),
        "review_days": draft.review_days,
        "owner_role": draft.owner_role,
        **({"stands_in_for": draft.stands_in_for} if draft.stands_in_for else {}),
        **content_of(draft),
    }


def content_of(draft: ModuleDraft) -> dict[str, Plain]:
    """Return the parts of a module that are kept together as its content."""
    return {
        "summary": draft.summary,
        "outcomes": list(draft.outcomes),
        "preparation": draft.preparation,
        "plan": [dict(vars(step)) for step in draft.plan],
        "facilitator_notes": draft.facilitator_notes,
        "practice": draft.practice,
        "role_plays": [dict(vars(play)) for play in draft.role_plays],
        "handout": draft.handout,
        "quiz": [
            {
                "situation": item.situation,
                "options": [dict(vars(option)) for option in item.options],
                "why": item.why,
                **({"must_pass": True} if item.must_pass else {}),
            }
            for item in draft.quiz
        ],
        "quiz_pass": draft.quiz_pass,
        "rubric": {
            "rule": draft.rubric_rule,
            "behaviours": [dict(vars(one)) for one in draft.rubric],
        },
        "assessment": draft.assessment,
        "follow_up": draft.follow_up,
    }


def digest_of_plain(plain: Plain) -> str:
    """Return the SHA-256 of plain data, whatever the order of its names."""
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(draft: ModuleDraft) -> str:
    """Return the SHA-256 of everything a module teaches; who cares for it is left out."""
    plain = plain_of(draft)
    del plain["code"], plain["owner_role"]
    plain.pop("stands_in_for", None)
    return digest_of_plain(plain)


MOST_SEARCHED = 4000
"""Characters of a module in which is searched; no summary with its outcomes is longer."""


def search_text_of(draft: ModuleDraft) -> str:
    """Return the words by which a module is found: code, title, summary and outcomes."""
    parts = (draft.code, draft.title, draft.summary, *draft.outcomes)
    return " ".join(" ".join(parts).casefold().split())[:MOST_SEARCHED]


@dataclass(frozen=True)
class ItemDraft:
    """A module at its place in a curriculum."""

    module: str
    kind: str = "required"
    gate: bool = False
    due_days: int | None = None


@dataclass(frozen=True)
class CurriculumDraft:
    """Everything a curriculum says; modules are named by their codes.

    Attributes:
        gate: In words, what one has to reach before the curriculum counts as done.
        prerequisites: Modules to have completed before the curriculum.
        renewal: The shorter path for those who have completed it before.
        renewal_days: After how many days it is to be renewed; None for never.
    """

    code: str
    title: str
    levels: tuple[str, ...] = ()
    summary: str = ""
    gate: str = ""
    due_days: int | None = None
    items: tuple[ItemDraft, ...] = ()
    prerequisites: tuple[str, ...] = ()
    renewal: tuple[str, ...] = ()
    renewal_days: int | None = None


def plain_of_curriculum(draft: CurriculumDraft) -> dict[str, Plain]:
    """Return a curriculum as its file says it."""
    return {
        "code": draft.code,
        "title": draft.title,
        "levels": list(draft.levels),
        "summary": draft.summary,
        "gate": draft.gate,
        "due_days": draft.due_days,
        "items": [dict(vars(item)) for item in draft.items],
        "prerequisites": sorted(draft.prerequisites),
        "renewal": list(draft.renewal),
        "renewal_days": draft.renewal_days,
    }


def digest_of_curriculum(draft: CurriculumDraft) -> str:
    """Return the SHA-256 of everything a curriculum says, its code left out."""
    plain = plain_of_curriculum(draft)
    del plain["code"]
    return digest_of_plain(plain)


@dataclass(frozen=True)
class Problem:
    """Something in a file that cannot be taken.

    Attributes:
        where: The place, as a person finds it: "plan, step 3, minutes".
        message: What is wrong and what to do, as a sentence.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass
class Reading:
    """What came of reading a file: the value, unless there are problems."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, where: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(where, message))
