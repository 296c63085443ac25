"""Which outcomes of a training count as hours done."""

from collections.abc import Mapping

from ledger.rules.problems import ValueProblem
from ledger.rules.titles import word_key

_COUNTED = (
    "completed", "complete", "completed successfully", "successfully completed", "course completed",
    "attended", "fully attended", "present", "passed", "pass", "instructed", "taught", "finished",
    "done", "fulfilled", "successful", "success", "certified", "achieved", "completion",
    "satisfied", "complete pass", "completed passed", "completed pass", "exempt attended",
    "abgeschlossen", "erfolgreich abgeschlossen", "teilgenommen", "bestanden", "anwesend",
    "erledigt", "erfolgreich", "besucht",
)  # fmt: skip
_IGNORED = (
    "failed", "fail", "incomplete", "not complete", "not completed", "not passed", "in progress",
    "started", "ongoing", "cancelled", "canceled", "no show", "noshow", "absent", "not attended",
    "did not attend", "registered", "enrolled", "enroled", "booked", "invited", "assigned",
    "withdrawn", "withdrew", "dropped", "not started", "pending", "pending approval", "waitlisted",
    "wait listed", "waiting list", "on waiting list", "expired", "overdue", "planned", "scheduled",
    "open", "requested", "declined", "rejected", "excused", "exempt", "waived", "unsuccessful",
    "completed failed", "complete fail", "postponed", "unknown", "not applicable", "to do", "due",
    "nicht abgeschlossen", "nicht bestanden", "nicht teilgenommen", "nicht erschienen", "abwesend",
    "in bearbeitung", "begonnen", "offen", "angemeldet", "gebucht", "geplant", "storniert",
    "abgesagt", "abgebrochen", "warteliste", "abgemeldet",
)  # fmt: skip
_KNOWN = dict.fromkeys(_COUNTED, True) | dict.fromkeys(_IGNORED, False)


def status_counts(text: str, decided: Mapping[str, bool] | None = None) -> bool:
    """Tell whether hours with this status count.

    Args:
        text: The status as the file has it; case, blanks and hyphens do not matter.
        decided: What people said about statuses of this profile; it wins.

    Raises:
        ValueProblem: Nobody knows this status yet.
    """
    key = word_key(text)
    for spelling, counts in (decided or {}).items():
        if word_key(spelling) == key:
            return counts
    if key in _KNOWN:
        return _KNOWN[key]
    if not key:
        raise ValueProblem("The status is empty.", "Fill it in, or say that empty ones count.")
    raise ValueProblem(
        "It is not known whether this status counts.",
        "Say whether it counts; the profile remembers it.",
    )
