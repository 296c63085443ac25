"""What the columns of an hours file mean, guessed from their names and first values."""

import re
from collections.abc import Sequence

from core.headers import HeaderMapping, header_key, listed, match_headers
from ledger.rules.days import DayOrder, day_from_text
from ledger.rules.problems import ValueProblem
from ledger.rules.statuses import status_counts

FIELDS = {
    "employee_number": (
        "employee_number", "employee number", "employee no", "employee no.", "employee nr",
        "employee id", "employee #", "employee ref", "employee code", "employeenum", "emp number",
        "emp no", "emp id", "emp code", "emp #", "personnel number", "personnel no", "personnel id",
        "pers no", "personalnummer", "staff number", "staff no", "staff id", "worker id",
        "person number", "person id", "associate id", "badge number", "badge", "payroll number",
        "learner number", "learner id", "user id number", "user number", "user id", "user idnumber",
        "useridnumber", "student id", "participant id", "learner", "employee", "participant",
        "username", "user username", "user name", "login", "user",
        "personal-nr", "mitarbeiternummer", "mitarbeiter-nr", "mitarbeiter-id", "ma-nr",
        "teilnehmernummer", "teilnehmer-id", "mitarbeiter", "teilnehmer",
    ),
    "email": (
        "email", "e-mail", "email address", "e-mail address", "mail", "user email", "work email",
        "employee email", "learner email", "learner email address", "participant email",
        "e-mail-adresse", "mailadresse",
    ),
    "employee_name": (
        "employee_name", "name", "full name", "employee full name", "learner name",
        "user full name", "participant name", "person", "staff name", "attendee",
        "attendee name", "student name",
        "mitarbeitername", "teilnehmername", "name des teilnehmers",
    ),
    "course_code": (
        "course_code", "course id", "course number", "course no", "course idnumber",
        "course id number", "training code", "training id", "item id", "class id", "class code",
        "module code", "activity code", "catalogue number", "catalog number", "course ref", "code",
        "learning object id", "lo id", "course shortname", "course short name",
        "kursnummer", "kurs-nr", "kurs-id", "kurscode", "kurskürzel", "schulungsnummer",
        "schulungs-nr", "schulungs-id", "seminarnummer", "seminar-nr", "veranstaltungsnummer",
    ),
    "course": (
        "course", "course title", "course name", "training title", "training name", "training",
        "training program name", "training programme name", "program name", "programme name",
        "training program", "training programme", "item title", "class title", "class name",
        "learning title", "learning item", "learning object title", "activity name", "activity",
        "module title", "module name", "module", "session title", "session name", "event title",
        "event", "topic", "subject", "course description", "title", "training description",
        "program", "programme", "seminar", "workshop",
        "kurs", "kurstitel", "kursname", "kursbezeichnung", "schulung", "schulungstitel",
        "schulungsname", "seminartitel", "seminarname", "veranstaltung", "veranstaltungstitel",
        "lehrgang", "weiterbildung", "fortbildung", "titel", "thema", "bezeichnung",
    ),
    "category": (
        "category", "course category", "training category", "skill category", "category code",
        "competency category", "classification", "skill type",
        "kategorie", "kurskategorie", "schulungskategorie",
    ),
    "date": (
        "date", "done_on", "completion date", "completed date", "date completed",
        "date of completion", "completed on", "completion_date", "completiondate", "time completed",
        "completion time", "completed at", "training date", "date of training", "trained on",
        "course date", "class date", "session date", "event date", "activity date",
        "attendance date", "date attended", "attended on", "end date", "enddate", "finish date",
        "finished", "date finished", "completed", "completion", "day", "start date", "date start",
        "started", "start", "start time", "datum",
        "abschlussdatum", "abgeschlossen am", "kursdatum", "schulungsdatum", "seminardatum",
        "teilnahmedatum", "enddatum", "startdatum", "beginn", "tag",
    ),
    "minutes": (
        "minutes", "mins", "min", "duration minutes", "duration (minutes)", "duration (min)",
        "duration (mins)", "duration in minutes", "duration_minutes", "duration mins",
        "duration min", "training minutes", "time spent (minutes)", "time spent (min)",
        "length (minutes)", "length (min)", "total minutes", "learning minutes",
        "minuten", "dauer (minuten)", "dauer (min)", "dauer in minuten", "schulungsminuten",
    ),
    "hours": (
        "hours", "training hours", "hrs", "hour", "duration hours", "duration (hours)",
        "duration (h)", "duration (hrs)", "duration in hours", "duration hrs", "duration_h",
        "number of hours", "no of hours", "credit hours", "credit hour", "contact hours",
        "total hours", "course hours", "class hours", "learning hours", "hours completed",
        "completed hours", "hours attended", "hours earned", "cpe hours", "ceu hours",
        "length (hours)", "time spent (hours)", "stunden", "hours spent", "training_hours",
        "std", "dauer (stunden)", "dauer (std)", "dauer (h)", "dauer in stunden",
        "schulungsstunden", "kursstunden", "lernstunden", "anzahl stunden", "stundenzahl",
    ),
    "days": (
        "days", "duration days", "duration (days)", "duration in days", "training duration days",
        "training duration (days)", "training days", "number of days", "no of days",
        "length (days)", "total days",
        "tage", "dauer (tage)", "dauer in tagen", "schulungstage", "anzahl tage",
    ),
    "duration": (
        "duration", "length", "training duration", "course duration", "class duration",
        "session duration", "time spent", "total time", "total time spent", "learning time",
        "training time", "estimated duration", "seat time", "run time", "running time", "dauer",
        "kursdauer", "schulungsdauer", "seminardauer", "lernzeit",
    ),
    "status": (
        "status", "completion status", "training status", "course status", "attendance status",
        "registration status", "enrolment status", "enrollment status", "learner status",
        "training outcome", "outcome", "result", "attendance", "pass/fail", "state", "completed",
        "complete", "course result", "training result", "participation",
        "teilnahmestatus", "abschlussstatus", "kursstatus", "ergebnis", "teilnahme",
    ),
    "delivery": (
        "delivery", "delivery method", "delivery type", "delivery mode", "training method",
        "method", "format", "modality", "training format", "course type", "learning type",
        "instruction method", "mode",
        "lernform", "lernformat", "schulungsart", "schulungsform", "kursart", "durchführungsart",
        "durchführung",
    ),
    "cost": (
        "cost", "training cost", "costs", "price", "fee", "course cost", "course fee", "total cost",
        "amount", "expense",
        "kosten", "kurskosten", "schulungskosten", "seminarkosten", "kursgebühr",
        "teilnahmegebühr", "gebühr", "preis", "betrag",
    ),
    "external_id": (
        "external_id", "record id", "transaction id", "completion id", "attendance id",
        "registration id", "enrolment id", "enrollment id", "transcript id", "training record id",
        "external ref", "source id", "uuid", "guid", "row id", "entry id",
        "datensatz-id", "buchungsnummer", "buchungs-id", "vorgangsnummer",
    ),
}  # fmt: skip

LENGTHS = ("minutes", "hours", "days", "duration")
PEOPLE = ("employee_number", "email")
COURSES = ("course", "course_code")
_VALUES_LOOKED_AT = 200
_PLAIN_DAY = re.compile(r"date|datum|^day$|^tag$")


class HoursHeader(HeaderMapping):
    """Which column of an hours file holds which field."""

    @property
    def looks_like_catalogue(self) -> bool:
        """Tell whether this lists courses with their lengths, not what people did."""
        return (
            self._has(COURSES)
            and self._has(LENGTHS)
            and not self._has(("date", "employee_number", "email", "employee_name", "status"))
        )

    def missing(self, *, needs_person: bool) -> list[str]:
        """Return what an hours file needs and this one lacks, in words.

        Args:
            needs_person: The hours are learner-hours, so that each row must name a person.
        """
        needs = [
            ("the person (employee_number or email)", PEOPLE if needs_person else None),
            ("the course (course or course_code)", COURSES),
            ("the day (date)", ("date",)),
            ("the length (hours, minutes or days)", LENGTHS),
        ]
        return [words for words, fields in needs if fields is not None and not self._has(fields)]

    def refusal(self, *, needs_person: bool) -> str | None:
        """Return one sentence or two about what is missing, None when nothing is."""
        missing = self.missing(needs_person=needs_person)
        if not missing:
            return None
        if self.looks_like_catalogue:
            return (
                "This file lists courses and their lengths, but no training that took place: "
                f"it has no column for {listed(missing)}."
            )
        return (
            f"The file has no column for {listed(missing)}. Its columns are "
            f"{listed(self.headers)}. Add what is missing, or say which column holds it."
        )

    def _has(self, fields: Sequence[str]) -> bool:
        return any(field in self.matches for field in fields)


def guess_mapping(headers: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> HoursHeader:
    """Return what the columns of an hours file mean.

    Args:
        headers: The columns of the file.
        samples: For each column its first values; a column "Completed" that holds words is a
            status, one that holds days is a date, and an empty column is passed over. A column
            that is plainly named for the day is believed all the same when no other holds it:
            its rows then say what is wrong with their days.
    """
    columns = [[text for text in column[:_VALUES_LOOKED_AT] if text] for column in samples]

    def veto(field: str, place: int) -> bool:
        if place >= len(columns):
            return False
        return (not columns[place] and bool(samples[place])) or _denied(field, columns[place])

    matches = match_headers(headers, FIELDS, veto)
    for field, match in match_headers(headers, FIELDS).items():
        taken = {other.column for other in matches.values()}
        if field in matches or match.column in taken:
            continue
        plainly = field == "date" and _PLAIN_DAY.search(header_key(headers[match.column]))
        if plainly or not _holds(columns, match.column):
            matches[field] = match
    return HoursHeader(tuple(headers), matches)


def _holds(columns: Sequence[Sequence[str]], place: int) -> bool:
    return place < len(columns) and bool(columns[place])


def _denied(field: str, texts: Sequence[str]) -> bool:
    """Tell that hardly any of the values can be what the field wants."""
    if field == "date":
        return 2 * sum(map(_is_day, texts)) < len(texts)
    if field == "status":
        return 2 * sum(map(_is_day, texts)) > len(texts)
    return False


def _is_day(text: str) -> bool:
    try:
        day_from_text(text, DayOrder.SERIAL)
    except ValueProblem as problem:
        return "day and which" in problem.reason
    return True


def statuses_to_decide(texts: Sequence[str]) -> list[str]:
    """Return the distinct statuses nobody knows yet, as written."""
    unknown: list[str] = []
    for text in dict.fromkeys(texts):
        try:
            status_counts(text)
        except ValueProblem:
            unknown.append(text)
    return unknown
