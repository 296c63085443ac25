"""The list of routes is frozen: a new one is seen in the diff, with who may call it."""

from tests.access.routes import FROZEN, routes_of
from tests.access.table import HOLDS, OBJECTS, WORDS
from tests.databases import application

APP = application("sqlite://")


def test_the_list_of_routes_is_the_frozen_one():
    frozen = FROZEN.read_text(encoding="utf-8").splitlines()
    found = routes_of(APP)
    added, gone = sorted(set(found) - set(frozen)), sorted(set(frozen) - set(found))

    assert found == frozen, (
        f"The routes have changed. New: {added}. Gone: {gone}. When this is meant, run "
        "`python -m tests.access.routes > tests/access/routes.txt`, and read in "
        "tests/access/table.py what a new route needs there."
    )


def test_every_route_has_a_permission_and_the_table_says_who_holds_it():
    told = {line.split("  ")[-1] for line in routes_of(APP)}

    assert "NO PERMISSION" not in told, "A view without @requires(...) is closed to everybody."
    assert told == set(HOLDS), "Say in HOLDS of tests/access/table.py who holds each permission."


def test_the_table_knows_the_kind_of_every_id():
    unknown = {
        (rule.endpoint, argument)
        for rule in APP.url_map.iter_rules()
        for argument in rule.arguments - WORDS.keys()
        if not any(rule.endpoint.startswith(start) and argument == name for start, name in OBJECTS)
    }

    assert unknown == set(), "Say in OBJECTS of tests/access/table.py what these ids name."
