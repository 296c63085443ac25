"""How training was given, as files say it."""

from ledger.rules.problems import ValueProblem
from ledger.rules.titles import word_key

_NAMES = {
    "classroom": (
        "classroom", "class room", "class", "face to face", "f2f", "in person", "instructor led",
        "instructor led training", "ilt", "seminar", "workshop", "lecture", "training room",
        "presence", "live", "onsite", "on site", "präsenz", "präsenzschulung",
        "präsenzveranstaltung", "präsenzseminar", "vor ort",
    ),
    "online": (
        "online", "on line", "e learning", "elearning", "e learn", "web based", "wbt", "cbt",
        "computer based", "computer based training", "web", "virtual", "virtual classroom",
        "virtual instructor led", "vilt", "webinar", "remote", "self paced", "video", "mobile",
        "digital", "online course", "distance", "distance learning", "webcast",
        "virtuell", "onlineschulung", "online schulung", "fernkurs",
    ),
    "on_the_job": (
        "on the job", "on the job training", "ojt", "shadowing", "job shadowing", "at work",
        "workplace", "hands on", "practical", "side by side",
        "am arbeitsplatz", "hospitation",
    ),
    "coaching": ("coaching", "coach", "mentoring", "one to one", "1 to 1", "one on one", "1 1"),
    "walk": ("walk", "service walk", "gemba", "gemba walk", "walkabout", "floor walk"),
}  # fmt: skip
_CODES = {name: code for code, names in _NAMES.items() for name in (code.replace("_", " "), *names)}


def delivery_from_text(text: str) -> str | None:
    """Return the code of the delivery `text` names, None for an empty text.

    Raises:
        ValueProblem: No delivery is called so.
    """
    key = word_key(text)
    if not key:
        return None
    if key not in _CODES:
        raise ValueProblem(
            "This way of training is not known.",
            "Write classroom, online, on the job, coaching or walk, or leave it empty.",
        )
    return _CODES[key]
