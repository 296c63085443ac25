"""The columns of hours files are recognised by name and by what they hold."""

import pytest

from core.headers import header_key
from ledger.rules.headers import FIELDS, guess_mapping, statuses_to_decide


def names(headers: str, *columns: list[str]) -> dict[str, str]:
    titles = headers.split(",")
    return {field: titles[place] for field, place in guess_mapping(titles, columns).columns.items()}


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (
            "title,start,hours,calendar,competency",
            {"course": "title", "date": "start", "hours": "hours"},
        ),
        (
            "employee_ref,date,title,status,hours",
            {
                "employee_number": "employee_ref", "date": "date", "course": "title",
                "status": "status", "hours": "hours",
            },
        ),
        (
            "EmployeeID,TrainingDate,TrainingProgramName,TrainingType,TrainingOutcome,Location,"
            "Trainer,TrainingDurationDays,TrainingCost",
            {
                "employee_number": "EmployeeID", "date": "TrainingDate",
                "course": "TrainingProgramName", "status": "TrainingOutcome",
                "days": "TrainingDurationDays", "cost": "TrainingCost",
            },
        ),
        (
            "Emp ID,User Email,Training Title,Completion Date,Credit Hours,Delivery Method",
            {
                "employee_number": "Emp ID", "email": "User Email", "course": "Training Title",
                "date": "Completion Date", "hours": "Credit Hours", "delivery": "Delivery Method",
            },
        ),
        (
            "user id,learner,Course Code,course,Duration (min),record_id",
            {
                "employee_number": "user id", "course_code": "Course Code", "course": "course",
                "minutes": "Duration (min)", "external_id": "record_id",
            },
        ),
        (
            "Hours (as booked),Date of training",
            {"hours": "Hours (as booked)", "date": "Date of training"},
        ),
    ],
)  # fmt: skip
def test_headers_of_the_usual_exporters_are_known(headers, wanted):
    assert names(headers) == wanted


def test_a_better_name_wins_and_the_reason_is_said():
    mapping = guess_mapping(["Employee", "employee_number", "Emp ID"])

    assert mapping.columns == {"employee_number": 1}
    assert mapping.matches["employee_number"].reason == "it has this name"
    assert mapping.unused == [0, 2]
    assert guess_mapping(["Emp ID"]).matches["employee_number"].reason == (
        "“Emp ID” is a known name for it"
    )


def test_completed_is_a_day_or_a_status_by_what_it_holds():
    assert names("Completed,hours", ["2026-03-01", "03/04/2026"], ["1", "2"])["date"] == "Completed"
    assert names("Completed,hours", ["Yes", "Passed"], ["1", "2"])["status"] == "Completed"


def test_an_empty_column_is_passed_over_for_a_filled_one():
    columns = (["", ""], ["2026-03-01", "2026-03-02"])

    assert names("Completion date,Start date", *columns) == {"date": "Start date"}
    assert names("Completion date,x", ["", ""], ["1", "2"]) == {"date": "Completion date"}


def test_what_is_missing_is_said_with_the_columns_there_are():
    mapping = guess_mapping(["COURSE_IDNUMBER", "USER_USERNAME"])

    assert mapping.columns == {"course_code": 0, "employee_number": 1}
    assert mapping.refusal(needs_person=True) == (
        "The file has no column for the day (date) and the length (hours, minutes or days). "
        "Its columns are COURSE_IDNUMBER and USER_USERNAME. "
        "Add what is missing, or say which column holds it."
    )


def test_contact_hours_need_no_person():
    mapping = guess_mapping(["title", "start", "hours"])

    assert mapping.refusal(needs_person=False) is None
    assert mapping.missing(needs_person=True) == ["the person (employee_number or email)"]


def test_a_catalogue_is_recognised():
    mapping = guess_mapping(["title", "duration"])

    assert mapping.looks_like_catalogue
    assert str(mapping.refusal(needs_person=True)).startswith("This file lists courses")
    assert not guess_mapping(["title", "duration", "date"]).looks_like_catalogue


def test_statuses_nobody_knows_are_listed_once():
    assert statuses_to_decide(["Passed", "Osallistui", "Failed", "Osallistui"]) == ["Osallistui"]


@pytest.mark.parametrize("texts", [["2026-02-31", "2026-13-45"], ["soon", "31.02.2026"]])
@pytest.mark.parametrize("name", ["date", "Completion Date", "Datum", "day"])
def test_a_column_named_for_the_day_is_one_even_when_no_value_is_a_day(name, texts):
    assert names(f"course,{name},hours", ["Till"] * 2, texts, ["1"] * 2)["date"] == name


def test_a_column_of_days_goes_before_one_that_is_only_named_so():
    found = names("course,date,start,hours", ["Till"], ["soon"], ["2026-01-05"], ["1"])

    assert found["date"] == "start"


def test_words_under_completed_are_no_days():
    assert "date" not in names("course,completed,hours", ["Till"], ["yes"], ["1"])


def test_the_columns_of_a_german_file_are_known():
    assert names(
        "Personalnummer,Mitarbeitername,Kurs-Nr.,Kurstitel,Kategorie,Datum,Stunden,Teilnahmestatus,"
        "Schulungsart,Kosten"
    ) == {
        "employee_number": "Personalnummer", "employee_name": "Mitarbeitername",
        "course_code": "Kurs-Nr.", "course": "Kurstitel", "category": "Kategorie", "date": "Datum",
        "hours": "Stunden", "status": "Teilnahmestatus", "delivery": "Schulungsart",
        "cost": "Kosten",
    }  # fmt: skip
    assert names("Mitarbeiter-ID,Kurs,Abschlussdatum,Dauer (Min)")["minutes"] == "Dauer (Min)"
    assert names("Personal-Nr,Schulung,Tag,Dauer (Std.)")["hours"] == "Dauer (Std.)"
    assert names("Personalnummer,Seminartitel,Datum,Dauer")["duration"] == "Dauer"
    assert names("Personalnummer,Thema,Datum,Minuten")["minutes"] == "Minuten"


def test_no_name_stands_for_two_fields_but_one_that_its_values_decide():
    fields: dict[str, set[str]] = {}
    for field, known in FIELDS.items():
        for name in known:
            fields.setdefault(header_key(name), set()).add(field)

    doubled = {key: found for key, found in fields.items() if len(found) > 1}

    assert doubled == {"completed": {"date", "status"}}
