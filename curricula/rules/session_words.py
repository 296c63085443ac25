"""What is said of a session in words, field by field, for whoever compares two answers."""

from collections.abc import Mapping

from core.words import day
from curricula.rules.sessions import SessionDraft, TypedDay
from ledger.rules.kinds import DELIVERY_LABELS


def told_of(draft: SessionDraft, trainers: Mapping[int, str]) -> dict[str, str]:
    """Return what a session is to be, by the names of its fields.

    Args:
        draft: The session.
        trainers: The names of those who teach, by account.
    """
    cost = "" if draft.cost_cents is None else f"{draft.cost_cents / 100:.2f}"
    return {
        "Days": "; ".join(map(_spoken, draft.days)),
        "Time zone": draft.zone,
        "Place": draft.place,
        "Room": draft.room,
        "Link": draft.link,
        "How it is taught": DELIVERY_LABELS[draft.delivery],
        "Trainer": trainers.get(draft.trainer_account_id or 0, "Not named yet"),
        "Seats": str(draft.capacity),
        "Minutes of training": str(draft.minutes or ""),
        "Approval": "needed" if draft.needs_approval else "not needed",
        "Hours a seat is held": str(draft.hold_hours),
        "Cost": cost,
        "Note": draft.note,
    }


def _spoken(one: TypedDay) -> str:
    return f"{day(one.on)}, {one.starts:%H:%M} to {one.ends:%H:%M}"
