"""How long each kind of data is kept."""

from dataclasses import dataclass

SHORTEST, LONGEST = 1, 36_500


@dataclass(frozen=True)
class Period:
    """A kind of data that does not stay forever.

    Attributes:
        kind: The word in commands and settings.
        what: What goes when the period has ended.
        days: For how many days it is kept unless the organisation decides otherwise.
        since: From when the days are counted.
        shortest: How long it is kept at least, because figures that are shown rest on it.
        untold: How much of it went is told to nobody: that there was any would tell on somebody.
    """

    kind: str
    what: str
    days: int
    since: str
    shortest: int = SHORTEST
    untold: bool = False

    @property
    def setting(self) -> str:
        """Return the name of the setting."""
        return f"keep_{self.kind}_days"


PERIODS = (
    Period("files", "Files that were brought and never recorded", 30, "the day they were brought"),
    Period("refused", "Refused rows of files", 180, "the day of the import"),
    Period("visits", "Visits of people who signed in", 30, "the last time they were used"),
    Period("letters", "Letters that were sent or could not be", 30, "the day they were written"),
    Period("messages", "What people were told, and why", 1095, "the day they were told"),
    Period("tickets", "Links to finish something begun", 7, "the day they ran out"),
    Period("tries", "Counts of failed sign-ins", 30, "the last one"),
    Period("jobs", "Notes about work that was done", 90, "the day it ended"),
    Period("forms", "Ids of forms that were sent", 2, "the moment they were acted on"),
    Period(
        "begun",
        "What raters have begun to say and not sent",
        7,
        "the day they kept it last, where the day they were asked by is as long ago",
        untold=True,
    ),
    Period(
        "assessments",
        "What was said in assessments, tests and workshops",
        1825,
        "the day it was said",
        shortest=1097,
    ),
    Period("audit", "Audit events", 1095, "the day they happened"),
    Period("leavers", "Names and other marks of people who left", 1095, "their last day"),
)
PERIOD_OF = {period.kind: period for period in PERIODS}
