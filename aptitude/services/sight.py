"""How far down managers see the aptitude of their people, as the organisation decides."""

from core.errors import RefusedError
from people.services.settings import keep_setting

MOST_LEVELS = 20


def check_levels_down(levels: int | None) -> int:
    """Return a number of levels managers may see down.

    Raises:
        RefusedError: It is not a number of levels.
    """
    if levels is None or not 1 <= levels <= MOST_LEVELS:
        raise RefusedError(f"Managers see 1 to {MOST_LEVELS} levels down.", "levels")
    return levels


def set_levels_down(levels: int | None) -> None:
    """Decide how many levels below them managers see people's aptitude by name.

    Raises:
        RefusedError: It is not a number of levels.
    """
    keep_setting("aptitude_levels_down", str(check_levels_down(levels)))
