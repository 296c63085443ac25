"""What the columns of a people file mean, guessed from their names."""

from collections.abc import Mapping, Sequence

from core.headers import HeaderMapping, Match, header_key, listed, match_headers

FIELDS = {
    "employee_number": (
        "employee_number", "employee number", "employee no", "employee nr", "employee id", "emp id",
        "employee ref", "employee code", "employee #", "emp number", "emp no", "emp code",
        "personnel number", "personnel no", "personnel id", "personalnummer", "staff number",
        "staff no", "staff id", "worker id", "person number", "person id", "associate id",
        "payroll number", "badge number", "user id", "id", "number",
        "personal-nr", "mitarbeiternummer", "mitarbeiter-nr", "mitarbeiter-id", "ma-nr",
        "stammnummer",
    ),
    "name": (
        "name", "employee_name", "full name", "employee full name", "display name",
        "preferred name", "legal name", "staff name", "person", "worker", "employee",
        "vollständiger name", "name, vorname", "nachname, vorname", "mitarbeitername",
        "mitarbeiter",
    ),
    "first_name": ("first_name", "given name", "forename", "firstname", "vorname"),
    "last_name": ("last_name", "surname", "family name", "lastname", "nachname", "familienname"),
    "email": (
        "email", "e-mail", "email address", "e-mail address", "work email", "ad email", "mail",
        "employee email", "company email",
        "e-mail-adresse", "mailadresse",
    ),
    "manager_number": (
        "manager_number", "manager id", "manager no", "manager employee number",
        "manager employee id", "manager emp id", "supervisor number", "supervisor id",
        "supervisor no", "reports to id", "reports to number", "line manager id",
        "line manager number", "boss id", "manager code", "reports to",
        "vorgesetztennummer", "vorgesetzten-nr", "vorgesetzter nr", "vorgesetzter personalnummer",
        "personalnummer vorgesetzter", "personalnummer des vorgesetzten",
        "personalnummer führungskraft", "nummer des vorgesetzten",
    ),
    "manager_name": (
        "manager_name", "manager", "supervisor", "supervisor name", "line manager",
        "line manager name", "reports to name", "boss",
        "vorgesetzter", "vorgesetzte", "führungskraft", "name des vorgesetzten",
        "vorgesetzter name",
    ),
    "unit": (
        "unit", "organisational unit", "organizational unit", "org unit", "unit path", "department",
        "department name", "dept", "department type", "team", "team name", "business unit",
        "division", "section", "cost centre name", "cost center name", "function",
        "abteilung", "organisationseinheit", "org-einheit", "bereich",
    ),
    "site": (
        "site", "work site", "location", "office", "office location", "work location",
        "location code", "location name", "branch", "plant", "store", "city", "state", "country",
        "standort", "arbeitsort", "dienstort", "niederlassung", "filiale", "betriebsstätte",
    ),
    "level": (
        "level", "job level", "management level", "grade", "band", "career level", "seniority",
        "job grade",
        "ebene", "hierarchieebene", "führungsebene", "karrierestufe", "stufe",
    ),
    "job_title": (
        "job_title", "title", "position", "position title", "job", "role", "job role", "job name",
        "occupation", "job function", "job function description", "business title",
        "stellenbezeichnung", "berufsbezeichnung", "stelle", "tätigkeit", "funktion", "rolle",
    ),
    "gender": (
        "gender", "sex", "gender code", "gender identity", "m/f",
        "geschlecht",
    ),
    "fte": (
        "fte", "full time equivalent", "fte %", "fte percent", "work percentage",
        "beschäftigungsgrad", "arbeitszeitanteil", "stellenanteil", "vzä",
    ),
    "employment": (
        "employment", "employment type", "employee type", "contract type", "kind of employment",
        "employee classification type", "worker type", "employment category", "contract",
        "employee class",
        "beschäftigungsart", "beschäftigungsverhältnis", "anstellungsart", "vertragsart",
    ),
    "hired_on": (
        "hired_on", "hire date", "date of hire", "hired", "hiring date", "date hired", "start date",
        "employment start", "employment start date", "joined", "joined on", "joining date",
        "date of joining", "date joined", "entry date", "original hire date", "seniority date",
        "eintritt", "eintrittsdatum", "eintritt am", "einstellungsdatum",
    ),
    "left_on": (
        "left_on", "leaving date", "date of leaving", "exit date", "termination date",
        "date of termination", "terminated on", "end date", "employment end", "employment end date",
        "last day", "last working day", "left", "leave date", "date left",
        "austritt", "austrittsdatum", "austritt am",
    ),
    "effective_on": (
        "effective_on", "effective date", "effective from", "valid from", "as of", "as of date",
        "change date", "date effective", "effective",
        "gültig ab", "wirksam ab", "stichtag",
    ),
}  # fmt: skip


class PeopleHeader(HeaderMapping):
    """Which column of a people file holds which field."""

    def refusal(self) -> str | None:
        """Return a sentence about what a people file needs and this one lacks, else None."""
        if "employee_number" in self.matches:
            return None
        return (
            "The file has no column for the employee number. Its columns are "
            f"{listed(self.headers)}. Add a column employee_number, or say which column holds it."
        )


def guess_mapping(headers: Sequence[str]) -> PeopleHeader:
    """Return what the columns of a people file mean."""
    matches = match_headers(headers, FIELDS)
    if _is_family_name(headers, matches):
        matches["last_name"] = matches.pop("name")
    return PeopleHeader(tuple(headers), matches)


def _is_family_name(headers: Sequence[str], matches: Mapping[str, Match]) -> bool:
    """Tell whether "Name" beside "Vorname" means the family name, as German forms have it."""
    if "last_name" in matches or not {"name", "first_name"} <= matches.keys():
        return False
    keys = [header_key(headers[matches[field].column]) for field in ("name", "first_name")]
    return keys == ["name", "vorname"]


def full_name(name: str, first_name: str, last_name: str) -> str:
    """Return the name of a person from a whole name or its two parts."""
    return name or " ".join(filter(None, [first_name, last_name]))
