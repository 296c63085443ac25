"""From how many people on a figure may be shown to those who may not see the individuals."""

MINIMUM_PEOPLE = 5


def too_few(people: int | None, minimum: int = MINIMUM_PEOPLE) -> bool:
    """Whether a figure about `people` has to stay hidden (also asked about the total row).

    None, for contact-hours, never: they are about sessions, not about people.
    """
    return people is not None and 0 < people < minimum
