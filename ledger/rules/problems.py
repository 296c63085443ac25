"""What is wrong with one value of a file, and what to do about it."""

from core.errors import DomainError


class ValueProblem(DomainError):  # noqa: N818  # the word people read, not a fault of ours
    """A value cannot be taken as it stands.

    Attributes:
        reason: Why, as a sentence.
        remedy: What to do, as a sentence.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}")
        self.reason = reason
        self.remedy = remedy
