"""Which modules stand in for others: a copy for its original, and a copy of that copy as well.

Whoever completed a module has completed everything it stands in for, not the other way round. A
link leads from a module to the one it stands in for; keys are codes or ids.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from core.errors import RefusedError

Key = TypeVar("Key", int, str)


def originals(links: Mapping[Key, Key], module: Key) -> tuple[Key, ...]:
    """Return everything a module stands in for, the nearest first."""
    found: list[Key] = []
    at = links.get(module)
    while at is not None and at != module and at not in found:
        found.append(at)
        at = links.get(at)
    return tuple(found)


def stands_in_for_itself(links: Mapping[Key, Key], module: Key) -> bool:
    """Tell whether the links lead from a module back to it."""
    chain = originals(links, module)
    return (bool(chain) and links.get(chain[-1]) == module) or links.get(module) == module


def stand_ins(links: Mapping[Key, Key]) -> dict[Key, frozenset[Key]]:
    """Return the modules that stand in for each other one, however far away."""
    found: dict[Key, set[Key]] = {}
    for module in links:
        for original in originals(links, module):
            found.setdefault(original, set()).add(module)
    return {original: frozenset(modules) for original, modules in found.items()}


def with_originals(links: Mapping[Key, Key], modules: Iterable[Key]) -> set[Key]:
    """Return modules with everything they stand in for."""
    found: set[Key] = set()
    for module in modules:
        found.add(module)
        found.update(originals(links, module))
    return found


def with_stand_ins(links: Mapping[Key, Key], modules: Iterable[Key]) -> set[Key]:
    """Return modules with everything that stands in for them."""
    standing = stand_ins(links)
    found = set(modules)
    for module in tuple(found):
        found.update(standing.get(module, ()))
    return found


@dataclass(frozen=True)
class Asked:
    """What somebody wants a module to stand in for, and what holds of it.

    Attributes:
        code: The module.
        original: For what; "" for nothing any more.
        before: For what it stands in now; "" for nothing.
        was_published: A version of it was published once.
    """

    code: str
    original: str
    before: str
    was_published: bool


def check_stands_in(asked: Asked, known: Collection[str], links: Mapping[str, str]) -> None:
    """Refuse to let a module stand in for what it cannot.

    Once it was published it stays as it is: people completed it, and what opened for them by it
    would close again.

    Raises:
        RefusedError: It was published, the original is missing, or they stand in for each other.
    """
    code, original = asked.code, asked.original
    if asked.before and asked.was_published and original != asked.before:
        raise RefusedError(
            f"{code} was published and stands in for {asked.before}: people may have completed it"
            " for that. Copy it once more, and let the copy stand in for nothing."
        )
    if not original:
        return
    if original not in known:
        raise RefusedError(f"{code} stands in for {original}, and there is no such module.")
    if code in {original, *originals(links, original)}:
        raise RefusedError(
            f"{code} cannot stand in for {original}: that one stands in for {code} in the end."
        )
