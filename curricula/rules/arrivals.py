"""What becomes of the modules and curricula of a file: new, followed, the same, kept, refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from curricula.rules.contents import CurriculumDraft, ModuleDraft
from curricula.rules.modules import IN_WORK, prerequisite_loop
from curricula.rules.paths import missing_modules
from curricula.rules.standing_in import stands_in_for_itself
from curricula.rules.words import ModuleState


class Outcome(Enum):
    """What becomes of a module or curriculum of a file."""

    ADDED = "added"
    RENEWED = "renewed"
    SAME = "unchanged"
    KEPT = "kept as you have it"
    REFUSED = "refused"


@dataclass(frozen=True)
class Told:
    """What becomes of one of them, and why."""

    what: str
    code: str
    outcome: Outcome
    why: str = ""
    title: str = ""


@dataclass
class Loaded:
    """What becomes of all of them."""

    told: list[Told] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """Return how many end so."""
        return sum(1 for one in self.told if one.outcome is outcome)

    def tell(self, what: str, code: str, outcome: Outcome, why: str = "", title: str = "") -> None:
        """Note what becomes of one."""
        self.told.append(Told(what, code, outcome, why, title))

    def outcome_of(self, what: str, code: str) -> Outcome:
        """Return what becomes of one of them."""
        return next(one.outcome for one in self.told if (one.what, one.code) == (what, code))


@dataclass(frozen=True)
class HeldModule:
    """The last version of a module that is here already.

    Attributes:
        is_library: The module came with the library.
        loaded_hash: The digest of the library file it was loaded from.
    """

    is_library: bool
    number: int
    state: ModuleState
    content_hash: str
    loaded_hash: str | None


@dataclass(frozen=True)
class HeldCurriculum:
    """A curriculum that is here already.

    Attributes:
        in_work_hash: The digest of its next version, where one is in work.
    """

    is_library: bool
    state: ModuleState
    content_hash: str
    loaded_hash: str | None
    in_work_hash: str | None


def follow_module(held: HeldModule | None, digest: str) -> tuple[Outcome, str]:
    """Return what is to be done with a module of the library that has this digest."""
    if held is None:
        return Outcome.ADDED, ""
    if not held.is_library:
        return Outcome.KEPT, "you have a module of your own with this code"
    if held.content_hash == digest:
        return Outcome.SAME, ""
    if held.state in IN_WORK:
        return Outcome.KEPT, f"you are working on version {held.number}"
    if held.state is ModuleState.RETIRED:
        return Outcome.KEPT, "you have retired it"
    if held.content_hash != held.loaded_hash:
        return Outcome.KEPT, f"you have changed it in version {held.number}"
    return Outcome.RENEWED, f"follows the library as version {held.number + 1}"


def follow_curriculum(held: HeldCurriculum | None, digest: str) -> tuple[Outcome, str]:
    """Return what is to be done with a curriculum of the library that has this digest."""
    if held is None:
        return Outcome.ADDED, ""
    if not held.is_library:
        return Outcome.KEPT, "you have a curriculum of your own with this code"
    if held.content_hash == digest:
        return Outcome.SAME, ""
    if held.in_work_hash is not None:
        return Outcome.KEPT, "you are working on its next version"
    if held.state is ModuleState.RETIRED:
        return Outcome.KEPT, "you have retired it"
    if held.content_hash != held.loaded_hash:
        return Outcome.KEPT, "you have changed it"
    return Outcome.RENEWED, "follows the library"


def bring_module(held: HeldModule | None, digest: str) -> tuple[Outcome, str]:
    """Return what is to be done with a module of an exchange file."""
    if held is None:
        return Outcome.ADDED, "comes as a draft"
    if held.content_hash == digest:
        return Outcome.SAME, ""
    if held.state in IN_WORK:
        return Outcome.RENEWED, f"version {held.number}, which is in work, is written anew"
    return Outcome.RENEWED, f"comes as a draft of version {held.number + 1}"


def bring_curriculum(held: HeldCurriculum | None, digest: str) -> tuple[Outcome, str]:
    """Return what is to be done with a curriculum of an exchange file."""
    if held is None:
        return Outcome.ADDED, "comes as a draft"
    if digest in {held.content_hash, held.in_work_hash}:
        return Outcome.SAME, ""
    if held.state is ModuleState.RETIRED:
        return Outcome.REFUSED, "it is retired here; give it another code in the file"
    if held.state is ModuleState.DRAFT or held.in_work_hash is not None:
        return Outcome.RENEWED, "what is in work is written anew"
    return Outcome.RENEWED, "comes as a draft of its next version"


def refused_modules(
    modules: Sequence[ModuleDraft], known: Mapping[str, object], categories: Mapping[str, object]
) -> dict[str, str]:
    """Return the modules of a file that cannot be brought in, each with the reason.

    What is refused drags along what needs it, unless that is known here already.

    Args:
        modules: Those of the file.
        known: The modules there are, by code.
        categories: The categories there are, by code.
    """
    needs = {draft.code: draft.prerequisites for draft in modules}
    links = {draft.code: draft.stands_in_for for draft in modules if draft.stands_in_for}
    refused = {}
    for draft in modules:
        unknown = [code for code, _ in draft.shares if code not in categories]
        loop = prerequisite_loop(needs, draft.code)
        if unknown:
            refused[draft.code] = f"it counts as {', '.join(unknown)}, a category you do not have"
        elif loop:
            refused[draft.code] = f"nobody could ever begin: {' needs '.join(loop)}"
        elif stands_in_for_itself(links, draft.code):
            refused[draft.code] = "it stands in for itself in the end"
        elif draft.stands_in_for and draft.stands_in_for not in {*needs, *known}:
            refused[draft.code] = (
                f"it stands in for {draft.stands_in_for}, which is neither here nor in the file"
            )
    while True:
        there = (needs.keys() - refused.keys()) | known.keys()
        lost = {
            code: [one for one in needed if one not in there]
            for code, needed in needs.items()
            if code not in refused
        }
        found = {
            code: f"it needs {', '.join(missing)} first, which is neither here nor in the file"
            for code, missing in lost.items()
            if missing
        }
        if not found:
            return refused
        refused |= found


def refused_curriculum(draft: CurriculumDraft, known: Mapping[str, object]) -> str:
    """Return why a curriculum cannot be brought in, "" where it can."""
    missing = missing_modules(draft, known)
    codes = [item.module for item in draft.items]
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    if missing:
        return f"it names {', '.join(missing)}, which is neither here nor in the file"
    return f"{doubled[0]} is in it twice" if doubled else ""
