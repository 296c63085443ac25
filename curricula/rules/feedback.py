"""What people are asked after a session, when, and what is shown of their answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.errors import RefusedError
from curricula.rules.words import FeedbackKind, FeedbackRole

REACTION_DAYS = 14
"""How long after a session one can say how it was."""

BEHAVIOUR_FIRST, BEHAVIOUR_LAST = 60, 90
"""Between which days after a session is asked what changed at work."""

FEWEST = 5
"""Answers of fewer people are not shown, and results grow by as many people at a time: from
results before and after a single answer one could tell what it was."""

LONGEST_COMMENT = 2000
RATINGS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Question:
    """What somebody is asked.

    Attributes:
        rating: What 1 to 5 is about.
        lowest: What 1 means.
        highest: What 5 means.
        choice: A question with a few answers.
        choices: Those answers: the word that is kept, and its label.
        comment: What the free text is about.
    """

    rating: str
    lowest: str
    highest: str
    choice: str
    choices: tuple[tuple[str, str], ...]
    comment: str


IN_THE_WAY = (
    ("nothing", "Nothing"),
    ("time", "Time"),
    ("rules", "Rules or tools of the organisation"),
    ("chance", "It never came up"),
    ("unsure", "Not sure how to do it"),
)
REACTION = Question(
    "How useful is it for your work?",
    "of no use",
    "of great use",
    "The pace was",
    (("slow", "Too slow"), ("right", "Right"), ("fast", "Too fast")),
    "What should stay, what should change?",
)
OWN_BEHAVIOUR = Question(
    "How often do you do at work what you practised?",
    "never",
    "nearly every time",
    "What is most in the way?",
    IN_THE_WAY,
    "An example, without names of customers",
)
SEEN_BEHAVIOUR = Question(
    "How often do you see it done at work?",
    "never",
    "nearly every time",
    "What is most in the way?",
    IN_THE_WAY,
    "What would help?",
)


def question_of(kind: FeedbackKind, role: FeedbackRole) -> Question:
    """Return what somebody is asked."""
    if kind is FeedbackKind.REACTION:
        return REACTION
    return OWN_BEHAVIOUR if role is FeedbackRole.LEARNER else SEEN_BEHAVIOUR


@dataclass(frozen=True)
class Answer:
    """What somebody answered."""

    rating: int | None
    choice: str
    comment: str


def checked(answer: Answer, question: Question) -> Answer:
    """Return an answer as it is kept.

    Raises:
        RefusedError: The rating is missing, or the text too long.
    """
    if answer.rating not in RATINGS:
        raise RefusedError("Choose a number from 1 to 5; the rest may stay empty.", "rating")
    comment = answer.comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise RefusedError(f"Shorten it to {LONGEST_COMMENT} characters.", "comment")
    known = {word for word, _ in question.choices}
    return Answer(answer.rating, answer.choice if answer.choice in known else "", comment)


def is_time_for_behaviour(ended_on: date, today: date) -> bool:
    """Tell whether what changed at work is asked about today."""
    return BEHAVIOUR_FIRST <= (today - ended_on).days <= BEHAVIOUR_LAST


def answer_until(kind: FeedbackKind, asked_on: date) -> date:
    """Return the last day on which somebody can answer."""
    days = REACTION_DAYS if kind is FeedbackKind.REACTION else BEHAVIOUR_LAST - BEHAVIOUR_FIRST
    return asked_on + timedelta(days=days)


@dataclass(frozen=True)
class Given:
    """An answer, and who gave it; a manager may answer about several people."""

    by: int
    answer: Answer


def settled(given: Iterable[Given]) -> list[Answer]:
    """Return the answers that may be shown: those before the last whole group of five people.

    Answers are taken in the order in which they came. A group is full when five different people
    are in it; until then none of its answers is shown, so that two results that were looked at
    one after the other never differ by the answers of fewer than five people.
    """
    shown: list[Answer] = []
    group: list[Given] = []
    for one in given:
        group.append(one)
        if len({held.by for held in group}) == FEWEST:
            shown += [held.answer for held in group]
            group = []
    return shown


@dataclass(frozen=True)
class Summary:
    """What came of asking about a version; None and empty where too few answered.

    Attributes:
        asked: How many were asked.
        answered: How many answered.
        shown: How many of the answers are in the figures.
        mean: Of the ratings.
        counts: How many gave 1, 2, 3, 4 and 5.
        choices: How many chose which answer, by label.
        comments: In no order that tells who wrote them.
    """

    asked: int
    answered: int
    shown: int
    mean: Fraction | None
    counts: tuple[int, ...]
    choices: tuple[tuple[str, int], ...]
    comments: tuple[str, ...]


def summary(asked: int, given: Sequence[Given], question: Question) -> Summary:
    """Add up the answers that may be shown; of fewer only how many there are is told."""
    found = settled(given)
    ratings = [one.rating for one in found if one.rating is not None]
    if not ratings:
        return Summary(asked, len(given), 0, None, (), (), ())
    return Summary(
        asked=asked,
        answered=len(given),
        shown=len(found),
        mean=Fraction(sum(ratings), len(ratings)),
        counts=tuple(ratings.count(number) for number in RATINGS),
        choices=tuple(
            (label, sum(1 for one in found if one.choice == word))
            for word, label in question.choices
        ),
        comments=tuple(sorted(one.comment for one in found if one.comment)),
    )
