"""Reading the files of modules and curricula: plain data to drafts, or what is wrong where."""

from collections.abc import Mapping, Sequence

from curricula.rules.contents import (
    Behaviour,
    CurriculumDraft,
    ItemDraft,
    ModuleDraft,
    Option,
    Plain,
    QuizItem,
    Reading,
    RolePlay,
    Step,
)
from curricula.rules.words import DIMENSION_LABELS, Channel, ItemKind, StepKind
from people.rules.levels import Level

LEVELS = tuple(level.value for level in Level)
CHANNELS = tuple(channel.value for channel in Channel)
STEP_KINDS = tuple(kind.value for kind in StepKind)
ITEM_KINDS = tuple(kind.value for kind in ItemKind)
MODULE_FIELDS = frozenset(
    {
        "code", "title", "minutes", "shares", "levels", "channels", "prerequisites", "dimensions",
        "review_days", "owner_role", "summary", "outcomes", "preparation", "plan",
        "facilitator_notes", "practice", "role_plays", "handout", "quiz", "quiz_pass", "rubric",
        "assessment", "follow_up", "stands_in_for",
    }
)  # fmt: skip
CURRICULUM_FIELDS = frozenset(
    {
        "code", "title", "levels", "summary", "gate", "due_days", "items", "prerequisites",
        "renewal", "renewal_days",
    }
)  # fmt: skip
MOST_TEXT = 50_000
MOST_PARTS = 200


class Node:
    """A named place in the data of a file; what is asked of it and missing is noted."""

    def __init__(self, data: Plain, where: str, reading: Reading) -> None:
        self.where = where
        self.reading = reading
        self._data: Mapping[str, Plain] = {}
        if isinstance(data, Mapping):
            self._data = data
        else:
            reading.refuse(where, "this should be a set of named fields, such as “title: …”.")

    def place(self, name: str) -> str:
        """Return where a field of this node is."""
        return f"{self.where}, {name}" if self.where else name

    def refuse(self, name: str, message: str) -> None:
        """Note a problem with a field."""
        self.reading.refuse(self.place(name), message)

    def only(self, known: frozenset[str]) -> None:
        """Note every field nobody knows; it is most likely misspelt."""
        for name in sorted(set(map(str, self._data)) - known):
            self.refuse(name, f"there is no such field; there are {', '.join(sorted(known))}.")

    def text(self, name: str, *, needed: bool = True, most: int = MOST_TEXT) -> str:
        """Return a text without the blanks around it; "" where it is missing."""
        value = self._data.get(name)
        if value is None and not needed:
            return ""
        if not isinstance(value, str):
            said = "is missing; write a text" if value is None else "should be a text in quotes"
            self.refuse(name, f"this {said}.")
            return ""
        found = value.strip()
        if needed and not found:
            self.refuse(name, "this is empty; write a text.")
        if len(found) > most:
            self.refuse(name, f"this is longer than {most} characters; shorten it.")
        return found

    def number(self, name: str, low: int, high: int, *, needed: bool = True) -> int | None:
        """Return a whole number in a range; None where it is missing or wrong."""
        value = self._data.get(name)
        if value is None and not needed:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse(name, f"this should be a whole number from {low} to {high}.")
            return None
        return value

    def flag(self, name: str) -> bool:
        """Return yes or no; no where it is missing."""
        value = self._data.get(name, False)
        if not isinstance(value, bool):
            self.refuse(name, "this should be true or false.")
            return False
        return value

    def word(self, name: str, known: Sequence[str]) -> str:
        """Return one of some words."""
        value = self._data.get(name)
        if not isinstance(value, str) or value not in known:
            self.refuse(name, f"this should be one of {', '.join(known)}.")
            return known[0]
        return value

    def texts(self, name: str, known: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts; of known words only, where some are given."""
        found: list[str] = []
        for place, value in enumerate(self.parts(name), start=1):
            if not isinstance(value, str) or not value.strip():
                self.refuse(f"{name} {place}", "this should be a text.")
            elif known is not None and value not in known:
                self.refuse(name, f"“{value[:60]}” is none of {', '.join(known)}.")
            else:
                found.append(value.strip())
        if len(set(found)) != len(found):
            self.refuse(name, "something is named twice; name it once.")
        return tuple(found)

    def parts(self, name: str) -> Sequence[Plain]:
        """Return a list of anything; an empty one where it is missing."""
        value = self._data.get(name)
        if value is None:
            return []
        if isinstance(value, str) or not isinstance(value, Sequence):
            self.refuse(name, "this should be a list.")
            return []
        if len(value) > MOST_PARTS:
            self.refuse(name, f"more than {MOST_PARTS} are too many; split the module.")
            return []
        return value

    def nodes(self, name: str, label: str) -> list["Node"]:
        """Return the parts of a list as nodes named "plan, step 3"."""
        return [
            Node(part, f"{self.place(name)}, {label} {place}", self.reading)
            for place, part in enumerate(self.parts(name), start=1)
        ]

    def node(self, name: str) -> "Node":
        """Return a field that has fields of its own; empty where it is missing."""
        value = self._data.get(name)
        return Node({} if value is None else value, self.place(name), self.reading)

    def numbers(self, name: str) -> tuple[tuple[str, int], ...]:
        """Return pairs of a word and a whole number from 1 to 100, in the order of the words."""
        value = self._data.get(name)
        if not isinstance(value, Mapping) or not value:
            self.refuse(name, "this should name categories with percentages: {hospitality: 100}.")
            return ()
        found = []
        for word, percent in sorted((str(key), number) for key, number in value.items()):
            if isinstance(percent, bool) or not isinstance(percent, int) or not 1 <= percent <= 100:
                self.refuse(f"{name}, {word}", "this should be a whole number from 1 to 100.")
            else:
                found.append((word, percent))
        return tuple(found)


def read_module(data: Plain, reading: Reading) -> ModuleDraft | None:
    """Return the module that data describe, or None when `reading` has problems with it."""
    before = len(reading.problems)
    top = Node(data, "", reading)
    if len(reading.problems) > before:
        return None
    top.only(MODULE_FIELDS)
    rubric = top.node("rubric")
    rubric.only(frozenset({"rule", "behaviours"}))
    draft = ModuleDraft(
        code=_code(top),
        title=top.text("title", most=300),
        minutes=top.number("minutes", 1, 6000) or 0,
        shares=top.numbers("shares"),
        levels=top.texts("levels", LEVELS),
        channels=top.texts("channels", CHANNELS),
        prerequisites=top.texts("prerequisites"),
        dimensions=top.texts("dimensions", tuple(DIMENSION_LABELS)),
        review_days=top.number("review_days", 1, 3650) or 1,
        owner_role=top.text("owner_role", needed=False, most=300),
        summary=top.text("summary", needed=False),
        outcomes=top.texts("outcomes"),
        preparation=top.text("preparation", needed=False),
        plan=tuple(_step(node) for node in top.nodes("plan", "step")),
        facilitator_notes=top.text("facilitator_notes", needed=False),
        practice=top.text("practice", needed=False),
        role_plays=tuple(_role_play(node) for node in top.nodes("role_plays", "role-play")),
        handout=top.text("handout", needed=False),
        quiz=tuple(_quiz_item(node) for node in top.nodes("quiz", "item")),
        quiz_pass=top.text("quiz_pass", needed=False),
        rubric_rule=rubric.text("rule", needed=False),
        rubric=tuple(_behaviour(node) for node in rubric.nodes("behaviours", "behaviour")),
        assessment=top.text("assessment", needed=False),
        follow_up=top.text("follow_up", needed=False),
        stands_in_for=top.text("stands_in_for", needed=False, most=120).upper(),
    )
    return draft if len(reading.problems) == before else None


def _code(top: Node) -> str:
    code = top.text("code", most=120).upper()
    if code and not all(sign.isalnum() or sign in "-_." for sign in code):
        top.refuse("code", "letters, digits, hyphens, dots and underscores only, such as HOS-01.")
    return code


def _step(node: Node) -> Step:
    node.only(frozenset({"minutes", "title", "kind", "text"}))
    return Step(
        node.number("minutes", 1, 1440) or 0,
        node.text("title", most=300),
        node.word("kind", STEP_KINDS),
        node.text("text", needed=False),
    )


def _role_play(node: Node) -> RolePlay:
    texts = ("setting", "employee_card", "customer_card", "debrief")
    node.only(frozenset({"title", "channel", "minutes", *texts}))
    setting, employee, customer, debrief = (node.text(name) for name in texts)
    return RolePlay(
        node.text("title", most=300),
        node.word("channel", CHANNELS),
        node.number("minutes", 1, 240) or 0,
        setting,
        employee,
        customer,
        debrief,
    )


def _quiz_item(node: Node) -> QuizItem:
    node.only(frozenset({"situation", "options", "why", "must_pass"}))
    options = []
    for one in node.nodes("options", "option"):
        one.only(frozenset({"text", "score"}))
        options.append(Option(one.text("text"), one.number("score", 0, 3) or 0))
    return QuizItem(
        node.text("situation"), tuple(options), node.text("why"), node.flag("must_pass")
    )


def _behaviour(node: Node) -> Behaviour:
    names = ("name", "not_yet", "partly", "fully")
    node.only(frozenset(names))
    return Behaviour(*(node.text(name) for name in names))


def read_curriculum(data: Plain, reading: Reading) -> CurriculumDraft | None:
    """Return the curriculum that data describe, or None when `reading` has problems with it."""
    before = len(reading.problems)
    top = Node(data, "", reading)
    if len(reading.problems) > before:
        return None
    top.only(CURRICULUM_FIELDS)
    draft = CurriculumDraft(
        code=_code(top),
        title=top.text("title", most=300),
        levels=top.texts("levels", LEVELS),
        summary=top.text("summary", needed=False),
        gate=top.text("gate", needed=False),
        due_days=top.number("due_days", 1, 3650, needed=False),
        items=tuple(_item(node) for node in top.nodes("items", "item")),
        prerequisites=top.texts("prerequisites"),
        renewal=top.texts("renewal"),
        renewal_days=top.number("renewal_days", 1, 3650, needed=False),
    )
    return draft if len(reading.problems) == before else None


def _item(node: Node) -> ItemDraft:
    node.only(frozenset({"module", "kind", "gate", "due_days"}))
    return ItemDraft(
        node.text("module", most=120).upper(),
        node.word("kind", ITEM_KINDS),
        node.flag("gate"),
        node.number("due_days", 1, 3650, needed=False),
    )
