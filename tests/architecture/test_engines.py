"""On which database a test runs: `tests/engines.py` says it, and here is what came of it."""

from collections import Counter

from tests.engines import drawn, engines_of_pages


def test_every_case_of_a_test_of_pages_runs_once(request):
    on = engines_of_pages(request.session.items)

    assert [case for case, engines in on.items() if len(engines) != 1] == []


def test_half_of_them_run_on_each_database():
    counts = Counter(drawn(f"tests/ledger/test_views_imports.py::test_{n} -x") for n in range(1000))

    assert counts == {"postgresql": 500, "sqlite": 500}
