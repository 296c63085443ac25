"""The columns of people files are recognised by name."""

from core.headers import header_key, listed
from people.rules.headers import FIELDS, full_name, guess_mapping


def names(headers: str) -> dict[str, str]:
    titles = headers.split(",")
    return {field: titles[place] for field, place in guess_mapping(titles).columns.items()}


def test_our_own_columns_are_known():
    fields = (
        "employee_number,name,email,manager_number,unit,site,level,job_title,gender,fte,"
        "employment,hired_on,left_on,effective_on"
    )

    assert names(fields) == {field: field for field in fields.split(",")}


def test_the_columns_of_an_hr_system_are_known():
    assert names(
        "Employee_Name,EmpID,MarriedID,GenderID,DeptID,Salary,Termd,PositionID,Position,State,Sex,"
        "DateofHire,DateofTermination,EmploymentStatus,Department,ManagerName,ManagerID"
    ) == {
        "name": "Employee_Name", "employee_number": "EmpID", "job_title": "Position",
        "site": "State", "gender": "Sex", "hired_on": "DateofHire", "left_on": "DateofTermination",
        "unit": "Department", "manager_name": "ManagerName", "manager_number": "ManagerID",
    }  # fmt: skip


def test_the_better_of_two_names_wins():
    assert names(
        "EmployeeID,StartDate,ExitDate,Title,BusinessUnit,EmployeeStatus,EmployeeType,"
        "EmployeeClassificationType,DepartmentType,Division,State,JobFunctionDescription,"
        "GenderCode,LocationCode"
    ) == {
        "employee_number": "EmployeeID", "hired_on": "StartDate", "left_on": "ExitDate",
        "job_title": "Title", "employment": "EmployeeType", "unit": "DepartmentType",
        "gender": "GenderCode", "site": "LocationCode",
    }  # fmt: skip


def test_a_name_in_two_columns_is_put_together():
    assert names("ID,First name,Surname") == {
        "employee_number": "ID", "first_name": "First name", "last_name": "Surname",
    }  # fmt: skip
    assert full_name("", "Ada", "Lovelace") == "Ada Lovelace"
    assert full_name("Ada King", "Ada", "Lovelace") == "Ada King"


def test_a_file_without_numbers_is_refused_with_its_columns():
    mapping = guess_mapping(["name", "salary"])

    assert mapping.refusal() == (
        "The file has no column for the employee number. Its columns are name and salary. "
        "Add a column employee_number, or say which column holds it."
    )
    assert mapping.unused == [1]
    assert guess_mapping(["EmpID"]).refusal() is None


def test_headers_are_compared_without_case_and_punctuation():
    assert header_key("Employee_ID") == header_key("EmployeeID") == header_key("employee id.")
    assert header_key("\uff26\uff34\uff25 %") == "fte%"


def test_names_are_listed_as_people_do():
    assert listed([]) == "none"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c"], most=2) == "a, b and 1 more"


def test_the_columns_of_a_german_hr_system_are_known():
    assert names(
        "Personalnummer,Nachname,Vorname,E-Mail-Adresse,Vorgesetzter,Abteilung,Standort,Ebene,"
        "Stellenbezeichnung,Geschlecht,Beschäftigungsgrad,Vertragsart,Eintritt,Austritt,Gültig ab"
    ) == {
        "employee_number": "Personalnummer", "last_name": "Nachname", "first_name": "Vorname",
        "email": "E-Mail-Adresse", "manager_name": "Vorgesetzter", "unit": "Abteilung",
        "site": "Standort", "level": "Ebene", "job_title": "Stellenbezeichnung",
        "gender": "Geschlecht", "fte": "Beschäftigungsgrad", "employment": "Vertragsart",
        "hired_on": "Eintritt", "left_on": "Austritt", "effective_on": "Gültig ab",
    }  # fmt: skip


def test_name_beside_vorname_is_the_family_name():
    assert names("Personalnummer,Name,Vorname") == {
        "employee_number": "Personalnummer", "last_name": "Name", "first_name": "Vorname",
    }  # fmt: skip
    assert names("Number,Name,First name")["name"] == "Name"


def test_no_name_stands_for_two_fields_but_the_one_word_for_a_person():
    fields: dict[str, set[str]] = {}
    for field, known in FIELDS.items():
        for name in known:
            fields.setdefault(header_key(name), set()).add(field)

    doubled = {key: found for key, found in fields.items() if len(found) > 1}

    assert doubled == {"employee": {"employee_number", "name"}}
