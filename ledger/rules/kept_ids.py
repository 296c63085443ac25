"""Ids other systems give to what they recorded: kept whole or not at all."""

from core.errors import ValueProblem

LONGEST_ID = 200


def check_kept_id(text: str) -> None:
    """Refuse an id of which only a part could be kept: cut short, two could become one.

    Raises:
        ValueProblem: It is too long.
    """
    if len(text) > LONGEST_ID:
        raise ValueProblem(
            f"This id has {len(text)} characters; at most {LONGEST_ID} can be kept.",
            f"Shorten it to {LONGEST_ID} characters, the same in every file.",
        )
