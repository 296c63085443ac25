"""What is wrong with one value of a file, and what to do about it."""

from core.errors import ValueProblem

__all__ = ["ValueProblem"]
