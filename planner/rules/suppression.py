"""From how many people on a figure may be shown to those who may not see the individuals."""

MINIMUM_PEOPLE = 5

HIDDEN = "hidden"
"""What stands in a narrow cell; below the table stands `WHY_HIDDEN`."""
HIDDEN_WORDS = "hidden to protect small groups"
"""What stands where there is room, and in files."""
WHY_HIDDEN = (
    "Hidden, to protect small groups: about fewer than five people whom you do not see by name, or "
    "another group’s figure would follow."
)
"""One wording for both reasons: which of the two it is would tell of how many people it is."""


def too_few(people: int | None, minimum: int = MINIMUM_PEOPLE) -> bool:
    """Whether a figure about `people` has to stay hidden (also asked about the total row).

    None, for contact-hours, never: they are about sessions, not about people.
    """
    return people is not None and 0 < people < minimum
