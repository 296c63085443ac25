"""Opening the tables about people to whoever looks, for exactly what they may see."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from core.guarding import Mark, Open, UnscopedReadError, also_open, apart, close_all, opened
from people.queries.holdings import holdings
from people.rules.access import Viewer
from people.rules.holdings import Realm
from people.rules.opening import Opening, Part, Reason, opened_by


def begin_looking(
    viewer: Viewer | None, permission: str | None = None, place: str | None = None
) -> None:
    """Close everything, but for what a page or job may read of the whole organisation.

    Args:
        viewer: Who looks; None for somebody who has not signed in.
        permission: What the page or job asks for, if the viewer holds it.
        place: The part of the product the page belongs to.
    """
    found = close_all(_words(viewer, permission), viewer.account_id if viewer else None)
    found.whole |= names_of(opened_by(permission, place))


@contextmanager
def looking(viewer: Viewer, permission: str, place: str | None = None) -> Iterator[None]:
    """Close everything for a block of code, as `begin_looking` does for a request."""
    mine = Open(_words(viewer, permission), viewer.account_id)
    mine.whole |= names_of(opened_by(permission, place))
    with apart(mine):
        yield


def _words(viewer: Viewer | None, permission: str | None) -> str:
    who = f"account {viewer.account_id}" if viewer else "somebody who has not signed in"
    return f"{who}, with the permission {permission or 'of nothing'}"


@contextmanager
def reading(reason: Reason) -> Iterator[None]:
    """Let a block of code read what it needs for a reason of the list."""
    with also_open(names_of(reason.opens)):
        yield


@contextmanager
def own_data(viewer: Viewer) -> Iterator[None]:
    """Let a block of code read everything that is held on whoever looks.

    Raises:
        UnscopedReadError: Somebody else looks.
    """
    _check_is_looking(viewer)
    with also_open(names_of(Reason.OWN_DATA.opens)):
        yield


def _check_is_looking(viewer: Viewer) -> None:
    now = opened()
    if now is not None and (now.for_whom is None or now.for_whom != viewer.account_id):
        raise UnscopedReadError(
            f"{now.why}: nobody borrows the sight of account {viewer.account_id}"
        )


def open_sight(viewer: Viewer, wanted: Iterable[Opening], mark: Mark | None) -> None:
    """Open what a viewer sees until the end of the request.

    Args:
        viewer: Who looks.
        wanted: What is opened.
        mark: What a statement has to be narrowed by; None for those who see everybody.

    Raises:
        UnscopedReadError: Somebody else looks; nobody borrows another person's sight.
    """
    now = opened()
    if now is None:
        return
    _check_is_looking(viewer)
    names = names_of(frozenset(wanted))
    if mark is None:
        now.whole |= names
    else:
        now.narrowed[mark] = now.narrowed.get(mark, frozenset()) | names


def names_of(openings: frozenset[Opening]) -> frozenset[str]:
    """Return the tables and columns that are meant."""
    return _names(openings, len(holdings()))


@cache
def _names(openings: frozenset[Opening], _declared: int) -> frozenset[str]:
    found = {one for one in openings if isinstance(one, str)}
    for held in holdings():
        if held.realm in openings:
            found.add(held.table)
        if Part.UNNAMED in openings and held.realm is Realm.PEOPLE:
            found |= {f"{held.table}.{name}" for name in held.unnamed}
    return frozenset(found)
