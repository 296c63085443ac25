"""A round of assessments for a whole team: who rates whom, as the tree proposes it.

Peers are those who report to the same manager. Each rates as many as rate them, in turn, so that
nobody is asked about everybody. Where fewer than three could answer, nobody is asked in vain: what
they say would never be shown. Where that leaves the manager alone, theirs is asked too, because one
who rates alone proves nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aptitude.rules.asked import LONGEST_QUIET_DAYS, QUIET_DAYS, Before, is_asked, was_heard
from aptitude.rules.asking import check_due
from aptitude.rules.sources import ANONYMOUS, ANONYMOUS_FROM, Source
from aptitude.rules.words import Purpose
from core.errors import RefusedError
from core.words import number_word

FEWEST_PEERS, USUAL_PEERS, MOST_PEERS = ANONYMOUS_FROM, 4, 8
MOST_REPORTS = 10
MOST_PEOPLE, MOST_REQUESTS = 2000, 20_000
ASKED = (Source.MANAGER, Source.PEER, Source.REPORT, Source.SELF, Source.SCENARIO)
USUALLY_ASKED = tuple(one for one in ASKED if one is not Source.SCENARIO)


OWN = (Source.SELF, Source.SCENARIO)


@dataclass(frozen=True)
class RoundDraft:
    """What somebody wants to ask about a unit.

    Attributes:
        unit_id: The unit with all below it; None for everybody whoever asks may ask about.
        peers: How many peers are asked about each person.
        quiet_days: For how long nobody is asked again who was asked or answered.
    """

    unit_id: int | None
    sources: frozenset[Source]
    peers: int
    due_on: date
    purpose: Purpose = Purpose.DEVELOPMENT
    occasion: str = ""
    quiet_days: int = QUIET_DAYS


@dataclass(frozen=True)
class Tree:
    """How the people of a round stand to one another today.

    Attributes:
        manager_of: Who leads each of them, and who leads those; None at the top.
        below: Who reports to whom directly, in a fixed order.
    """

    manager_of: Mapping[int, int | None]
    below: Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Pair:
    """Somebody who would be asked about somebody, and as whom."""

    subject_id: int
    rater_id: int
    source: Source


@dataclass(frozen=True)
class Proposal:
    """Who would be asked about whom.

    Attributes:
        few_peers, few_reports: For how many people there are too few of these to be shown.
    """

    pairs: tuple[Pair, ...]
    few_peers: int
    few_reports: int


def check_round(draft: RoundDraft, today: date) -> None:
    """Refuse a round that asks nobody, or by a day that cannot be.

    Raises:
        RefusedError: It does.
    """
    if not draft.sources:
        raise RefusedError("Choose who is asked: managers, peers, reports or the person.")
    if Source.PEER in draft.sources and not FEWEST_PEERS <= draft.peers <= MOST_PEERS:
        few, many = number_word(FEWEST_PEERS), number_word(MOST_PEERS)
        raise RefusedError(f"Ask {few} to {many} peers: fewer are never shown.", "peers")
    if not 0 <= draft.quiet_days <= LONGEST_QUIET_DAYS:
        raise RefusedError(f"Choose 0 to {LONGEST_QUIET_DAYS} days.", "quiet_days")
    check_due(draft.due_on, today)


@dataclass(frozen=True)
class Sifted:
    """Who is asked of those who were proposed, and how many are left out for what.

    Attributes:
        waiting: Requests to managers and to the people themselves that are open.
        answered: Those that were answered lately.
        heard: Of peers and reports those who were asked lately, whether they answered or not.
    """

    new: tuple[Pair, ...]
    waiting: int
    answered: int
    heard: int


def sift(
    pairs: Iterable[Pair],
    before: Mapping[int, Mapping[int, Sequence[Before]]],
    quiet_days: int,
    today: date,
) -> Sifted:
    """Leave out who is asked already or was heard lately.

    Args:
        pairs: Who was proposed.
        before: By person and rater what was asked or said before.
        quiet_days: For how long nobody is asked again.
        today: The day.
    """
    new: list[Pair] = []
    waiting = answered = heard = 0
    for pair in pairs:
        known = before.get(pair.subject_id, {}).get(pair.rater_id, ())
        waits = is_asked(known, pair.source, today)
        if not waits and not was_heard(known, pair.source, quiet_days, today):
            new.append(pair)
        elif pair.source in ANONYMOUS:
            heard += 1
        elif waits:
            waiting += 1
        else:
            answered += 1
    return Sifted(tuple(new), waiting, answered, heard)


def check_alone(standing: Sequence[int], subjects: Sequence[int]) -> None:
    """Refuse a round that is about whoever asks, and about nobody else.

    Raises:
        RefusedError: It is.
    """
    if standing and not subjects:
        raise RefusedError(
            "Nobody but you works there: somebody else has to ask about you. Choose another unit.",
            "unit",
        )


def check_size(people: int, requests: int) -> None:
    """Refuse a round that asks nobody, or too much at once.

    Raises:
        RefusedError: It does.
    """
    if not people:
        raise RefusedError(
            "Nobody whom you may ask about works there. Choose another unit.", "unit"
        )
    if people > MOST_PEOPLE or requests > MOST_REQUESTS:
        raise RefusedError(
            f"A round takes {MOST_PEOPLE} people and {MOST_REQUESTS} requests at most; this one "
            f"has {people} and {requests}. Choose a smaller unit.",
            "unit",
        )


def propose(subjects: Iterable[int], tree: Tree, draft: RoundDraft) -> Proposal:
    """Return who would be asked about these people; the same tree gives the same answer."""
    found: list[Pair] = []
    few_peers = few_reports = 0
    for subject in subjects:
        manager = tree.manager_of.get(subject)
        reports = _reports(subject, tree, draft)
        peers = _peers(subject, manager, tree, draft)
        few_reports += Source.REPORT in draft.sources and not reports and subject in tree.below
        few_peers += Source.PEER in draft.sources and not peers
        managers = _managers(manager, tree, draft, alone=not reports and not peers)
        found += [Pair(subject, subject, one) for one in OWN if one in draft.sources]
        found += [Pair(subject, one, Source.MANAGER) for one in managers]
        found += [Pair(subject, one, Source.REPORT) for one in reports]
        found += [Pair(subject, one, Source.PEER) for one in peers]
    return Proposal(tuple(found), few_peers, few_reports)


def _managers(manager: int | None, tree: Tree, draft: RoundDraft, *, alone: bool) -> list[int]:
    if Source.MANAGER not in draft.sources or manager is None:
        return []
    above = tree.manager_of.get(manager)
    return [manager, above] if alone and above is not None else [manager]


def _reports(subject: int, tree: Tree, draft: RoundDraft) -> Sequence[int]:
    reports = tree.below.get(subject, ())[:MOST_REPORTS]
    is_asked = Source.REPORT in draft.sources and len(reports) >= ANONYMOUS_FROM
    return reports if is_asked else ()


def _peers(subject: int, manager: int | None, tree: Tree, draft: RoundDraft) -> list[int]:
    if Source.PEER not in draft.sources or manager is None:
        return []
    return _next_in_turn(subject, tree.below.get(manager, ()), draft.peers)


def _next_in_turn(subject: int, team: Sequence[int], count: int) -> list[int]:
    """Return those who come after a person in their team, beginning anew at its end."""
    if subject not in team or len(team) - 1 < ANONYMOUS_FROM:
        return []
    at = team.index(subject)
    others = [*team[at + 1 :], *team[:at]]
    return list(others[:count])
