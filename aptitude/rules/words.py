"""The words in which frameworks, requests, duties and scenarios are told."""

from enum import Enum

from aptitude.rules.sources import Source


class Purpose(Enum):
    """What an assessment is for. There is no purpose that ends somebody's employment."""

    DEVELOPMENT = "development"
    NEXT_LEVEL = "next_level"


class FrameworkState(Enum):
    """Where a version of the framework stands; the newest published one is in force."""

    DRAFT = "draft"
    PUBLISHED = "published"


class RequestState(Enum):
    """Where a request for an assessment stands."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CommentKind(Enum):
    """What a person says about an assessment of theirs."""

    COMMENT = "comment"
    CONTEST = "contest"


class ContestOutcome(Enum):
    """What came of contesting an assessment."""

    STANDS = "stands"
    SET_ASIDE = "set_aside"


class DutyEnd(Enum):
    """Why a duty of the company is over."""

    IMPROVED = "improved"
    TRAINED = "trained"
    NO_LONGER_NEEDED = "no_longer_needed"


class DutyStep(Enum):
    """What happened with a duty of the company."""

    OPENED = "opened"
    PLANNED = "planned"
    HANDED_OVER = "handed_over"
    CHOSEN_ANEW = "chosen_anew"
    MODULE_DONE = "module_done"
    OBSERVED = "observed"
    NOT_YET = "not_yet"
    DONE = "done"
    REOPENED = "reopened"


class ScenarioState(Enum):
    """Whether a scenario is drawn; `review` is where the panel did not agree."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class KeySource(Enum):
    """Where the expected ratings of a scenario's options come from."""

    LIBRARY = "library"
    AUTHORS = "authors"
    PANEL = "panel"


class PanelState(Enum):
    """Whether experts may still rate."""

    OPEN = "open"
    CLOSED = "closed"


SOURCE_LABELS = {
    Source.SELF: "Yourself",
    Source.MANAGER: "Manager",
    Source.PEER: "Peers",
    Source.REPORT: "Direct reports",
    Source.OBSERVER: "Observers",
    Source.SCENARIO: "Scenario test",
}

SAYING_LABELS = {**SOURCE_LABELS, Source.OBSERVER: "Observer"}
"""Of one assessment."""

SCENARIO_STATE_LABELS = {
    ScenarioState.DRAFT: "Draft",
    ScenarioState.REVIEW: "To reword",
    ScenarioState.PUBLISHED: "In use",
    ScenarioState.RETIRED: "Retired",
}

KEY_SOURCE_LABELS = {
    KeySource.LIBRARY: "the authors of the library",
    KeySource.AUTHORS: "the authors in this organisation",
    KeySource.PANEL: "a panel of experts",
}

SOURCE_LABELS_OF_OTHERS = {**SOURCE_LABELS, Source.SELF: "Own rating"}

OUTCOME_LABELS = {
    ContestOutcome.STANDS: "It stands",
    ContestOutcome.SET_ASIDE: "It was set aside",
}

REQUEST_STATE_LABELS = {
    RequestState.OPEN: "Open",
    RequestState.ANSWERED: "Answered",
    RequestState.DECLINED: "Declined",
    RequestState.WITHDRAWN: "Taken back",
}

PURPOSE_LABELS = {
    Purpose.DEVELOPMENT: "To decide what to learn next",
    Purpose.NEXT_LEVEL: "To see what the next level takes",
}

DUTY_STEP_LABELS = {
    DutyStep.OPENED: "Opened",
    DutyStep.PLANNED: "Planned",
    DutyStep.HANDED_OVER: "Handed to who leads them now",
    DutyStep.CHOSEN_ANEW: "Modules chosen anew: what is offered has changed",
    DutyStep.MODULE_DONE: "Module completed",
    DutyStep.OBSERVED: "Seen at work",
    DutyStep.NOT_YET: "Looked for at work: not yet",
    DutyStep.DONE: "Closed",
    DutyStep.REOPENED: "Opened again",
}

DUTY_END_LABELS = {
    DutyEnd.IMPROVED: "A later score lies higher, beyond what can be measured.",
    DutyEnd.TRAINED: "The modules are done, and it was seen at work.",
    DutyEnd.NO_LONGER_NEEDED: (
        "It is no longer needed: the target is gone or was met before, or what was said was set "
        "aside."
    ),
}


MOST_NAMED_ABOVE = 2
"""Levels above somebody that have a word of their own."""


def sight_words(levels_down: int, above: frozenset[int] | None = None) -> str:
    """Return who sees a person's aptitude, as it is told to them.

    Args:
        levels_down: How many levels below them managers see.
        above: How many levels above them somebody leads them; None where it is told to many.
    """
    who = _above_words(levels_down, above, "your manager", "theirs", "you")
    return f"you, {who} and HR" if who else "you and HR"


def _above_words(
    levels_down: int, above: frozenset[int] | None, manager: str, next_one: str, whom: str
) -> str:
    """Return those who lead somebody and see their aptitude; "" where nobody does."""
    if above is not None and not any(one <= levels_down for one in above):
        return ""
    if levels_down > MOST_NAMED_ABOVE:
        return f"whoever leads {whom}, up to {levels_down} levels above {whom},"
    named = {1: manager, 2: next_one if above is None or 1 in above else "the manager above"}
    return ", ".join(
        words
        for level, words in named.items()
        if level <= levels_down and (above is None or level in above)
    )


NOT_FOR = "It is not for hiring or dismissal, and nobody is ranked by it."
"""Stands above every form and cannot be edited away."""


def seen_by_words(levels_down: int, name: str = "", above: frozenset[int] | None = None) -> str:
    """Return who sees somebody's aptitude, as forms tell it.

    Args:
        levels_down: How many levels below them managers see.
        name: Of whom it is told; empty for whoever reads.
        above: How many levels above them somebody leads them; None where it is told of many.
    """
    if not name:
        who = sight_words(levels_down, above)
    else:
        leads = _above_words(levels_down, above, "their manager", "the manager above", "them")
        who = f"{name}, {leads} and HR" if leads else f"{name} and HR"
    whose = "the" if name else "your"
    is_top = above is not None and not any(one > levels_down for one in above)
    further = "executives" if is_top else "those further up"
    return (
        f"{who[0].upper()}{who[1:]} can see {whose} profile; {further} see groups of five people "
        "or more. Every look is on record."
    )
