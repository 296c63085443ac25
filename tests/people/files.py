"""Writing people files for tests."""

from pathlib import Path

from people.services.importing import PeopleImport, import_people


def people_file(folder: Path, text: str, name: str = "people.csv") -> Path:
    """Write a people file; lines may be indented as the test is."""
    path = folder / name
    lines = [line.strip() for line in text.strip().splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def bring(folder: Path, text: str, **choices: object) -> PeopleImport:
    """Import a people file as the command does."""
    path = people_file(folder, text)
    return import_people(path, file_name=path.name, account_id=None, **choices)
