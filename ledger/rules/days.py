"""Days in hours files are read as everywhere; the module lives in `core.days`."""

from core.days import DayOrder, check_future, day_from_text, decide_order

__all__ = ["DayOrder", "check_future", "day_from_text", "decide_order"]
