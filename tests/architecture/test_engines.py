"""On which database a test runs: `tests/engines.py` says it, and here is what came of it."""

from collections import Counter, defaultdict

from tests.engines import OPENS_PAGES, drawn


def test_every_case_of_a_test_of_pages_runs_once(request):
    on = defaultdict(list)
    for item in request.session.items:
        given = getattr(getattr(item, "callspec", None), "params", {})
        asks_all = item.get_closest_marker("engines") is not None
        if "engine_name" not in given or asks_all or OPENS_PAGES.isdisjoint(item.fixturenames):
            continue
        # The cases on both databases are given the same things, whatever they are called.
        case = frozenset((name, id(one)) for name, one in given.items() if name != "engine_name")
        on[item.nodeid.partition("[")[0], case].append(given["engine_name"])

    assert {case: engines for case, engines in on.items() if len(engines) != 1} == {}


def test_half_of_them_run_on_each_database():
    counts = Counter(drawn(f"tests/ledger/test_views_imports.py::test_{n} -x") for n in range(1000))

    assert counts == {"postgresql": 500, "sqlite": 500}
