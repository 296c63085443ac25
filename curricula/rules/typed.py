"""What people type into the editor of a module, as the plain data of a module file."""

from collections.abc import Mapping, Sequence

from curricula.rules.contents import TEXTS, Plain

SPARE = {"plan": 2, "role_plays": 1, "quiz": 1, "rubric": 1}
"""How many empty rows are offered behind those there are."""

STEP_FIELDS = ("minutes", "title", "kind", "text")
PLAY_FIELDS = (
    "title", "channel", "minutes", "setting", "employee_card", "customer_card", "debrief",
)  # fmt: skip
BEHAVIOUR_FIELDS = ("name", "not_yet", "partly", "fully")
OPTIONS = 4
MOST_ROWS = 60

Typed = Mapping[str, str]


def plain_of_typed(typed: Typed, lists: Mapping[str, Sequence[str]], code: str) -> Plain:
    """Return the data of a module as its file would say it; empty rows are left out.

    Args:
        typed: The fields of the form: "title", "plan-1-minutes", "quiz-2-option-3" and so on.
        lists: Fields that hold several values: levels, channels, dimensions, prerequisites.
        code: The code of the module.
    """
    plain: dict[str, Plain] = {
        "code": code,
        "title": _text(typed, "title"),
        "minutes": _number(_text(typed, "minutes")),
        "shares": _shares(typed),
        "review_days": _number(_text(typed, "review_days")),
        "owner_role": _text(typed, "owner_role"),
        "outcomes": [line for line in _text(typed, "outcomes").splitlines() if line.strip()],
        "plan": _rows(typed, "plan", STEP_FIELDS, {"minutes"}, {"kind"}),
        "role_plays": _rows(typed, "role_plays", PLAY_FIELDS, {"minutes"}, {"channel"}),
        "quiz": _quiz(typed),
        "quiz_pass": _text(typed, "quiz_pass"),
        "rubric": {
            "rule": _text(typed, "rubric_rule"),
            "behaviours": _rows(typed, "rubric", BEHAVIOUR_FIELDS, set(), set()),
        },
    }
    for name in ("levels", "channels", "dimensions", "prerequisites"):
        plain[name] = list(lists.get(name, ()))
    return plain | {name: _text(typed, name) for name, _ in TEXTS}


def _text(typed: Typed, name: str) -> str:
    return typed.get(name, "").replace("\r\n", "\n").strip()


def _number(text: str) -> Plain:
    """Return a whole number, or the text itself, which the reader then refuses."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("10000") else text


def _shares(typed: Typed) -> Plain:
    found: dict[str, Plain] = {}
    for at in range(1, 5):
        code, percent = _text(typed, f"category-{at}"), _text(typed, f"percent-{at}")
        if code:
            found[code] = _number(percent or "100")
    return found


def _count(typed: Typed, name: str) -> range:
    places = [
        int(parts[1])
        for key in typed
        if (parts := key.split("-"))[0] == name and len(parts) > 1 and parts[1].isdigit()
    ]
    return range(1, min(max(places, default=0), MOST_ROWS) + 1)


def _rows(
    typed: Typed, name: str, fields: Sequence[str], numbers: set[str], chosen: set[str]
) -> list[Plain]:
    """Return rows in order; one in which nothing but a choice stands is empty."""
    found: list[tuple[int, Plain]] = []
    for place in _count(typed, name):
        texts = {field: _text(typed, f"{name}-{place}-{field}") for field in fields}
        if not any(text for field, text in texts.items() if field not in chosen):
            continue
        row: dict[str, Plain] = {
            field: _number(text) if field in numbers else text for field, text in texts.items()
        }
        found.append((_order(typed, name, place), row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _order(typed: Typed, name: str, place: int) -> int:
    """Return where a row is to stand; two at one place keep their order."""
    text = _text(typed, f"{name}-{place}-order")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else place


def _quiz(typed: Typed) -> list[Plain]:
    found: list[tuple[int, Plain]] = []
    for place in _count(typed, "quiz"):
        options: list[Plain] = [
            {"text": text, "score": _number(_text(typed, f"quiz-{place}-score-{at}"))}
            for at in range(1, OPTIONS + 1)
            if (text := _text(typed, f"quiz-{place}-option-{at}"))
        ]
        situation = _text(typed, f"quiz-{place}-situation")
        if not situation and not options:
            continue
        item: dict[str, Plain] = {
            "situation": situation,
            "options": options,
            "why": _text(typed, f"quiz-{place}-why"),
            "must_pass": bool(_text(typed, f"quiz-{place}-must_pass")),
        }
        found.append((_order(typed, "quiz", place), item))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]
