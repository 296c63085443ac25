"""Every route, by every method, as everybody, of every object: nobody learns or changes too much.

One test for each person who looks goes through all addresses. It counts its cases, so that
nothing can be left out by accident.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access.answers import text_of, told
from tests.access.routes import FROZEN
from tests.access.sent import sent_to
from tests.access.table import (
    EVERYBODY,
    FREE_KINDS,
    HOLDS,
    HR,
    MANAGERS,
    OBJECTS,
    OF_PEOPLE,
    OUTSIDE,
    STRANGER,
    UNPROVEN,
    WORDS,
    marks_hidden_from,
    sees,
    things,
)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SELDOM = frozenset(METHODS) - {"GET", "POST"}
UNKNOWN, TOO_LARGE, ILL_FORMED = "987654", "9" * 30, "-7"
FINDS_NO_ROUTE = STRANGER
"""Who tries all that no route takes: the map of addresses says no before it is asked who looks.

Everybody else tries each method of that once.
"""

SOME_PEOPLE = ("A0", "A1", "A2", "A3", "A5", "F1", "L1", "B0", "B1", "B2", "B3")
OF_ALL_SEEN = frozenset({"A0", "A2", "A5", "L1", "B2"})
"""Whom HR asks for, who sees everybody alike: the head of a tree, one with hours, ratings and an
account, one who was moved, one who has left, and one of the other tree."""

LEAST_CASES = 8_000
WRITES_ONLY = {"ledger.entry_page": HR}
"""Where whoever may look may not all write."""

CHANGED_BY = {"learning.assignment": HR | MANAGERS}
"""Where nothing is there to be changed for whoever may only look, such as at the own one."""

MADE_WHEN_ASKED = {"learning.certificate_badge": {"badge_key", "certificate", "data_version"}}
"""What asking for a file may write: a badge is signed when it is first asked for, then kept."""

CLOSED_HERE = {"sso.link"}
"""What a setting opens that is not set here: there is no provider of single sign-on."""

ONLY_FOR = {"reports.report_json": HR}
"""Where not everybody who holds the permission is answered: the signed text holds small groups."""

OPEN_WITHOUT_FACTOR = ("accounts.", "assets.", "health.", "sso.", "static", "bootstrap.")
IN_A_BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@dataclass(frozen=True)
class Address:
    """A path to ask for.

    Attributes:
        rules: The routes of this path, by method.
        name: Which thing its id names, "" where it has none.
        exists: Such a thing is there.
        matches: The path fits a route.
        elsewhere: Methods of routes that take the id as that of another kind of thing.
    """

    path: str
    rules: dict[str, tuple[str, str]]
    kind: str = ""
    name: str = ""
    exists: bool = True
    matches: bool = True
    elsewhere: frozenset[str] = frozenset()


def kind_of(rule: Rule) -> tuple[str, str] | None:
    for (start, name), kind in OBJECTS.items():
        if name in rule.arguments and rule.endpoint.startswith(start):
            return name, kind
    return None


def permission_lines() -> dict[str, dict[str, tuple[str, str]]]:
    """Return for each path its endpoint and permission by method, from the frozen list."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for line in FROZEN.read_text(encoding="utf-8").splitlines():
        path, methods, endpoint, permission = line.split("  ")
        for method in methods.split(","):
            found.setdefault(path, {})[method] = (endpoint, permission)
            if method == "GET":
                found[path]["HEAD"] = (endpoint, permission)
            found[path].setdefault("OPTIONS", (endpoint, permission))
    return found


def addresses(grove) -> Iterator[Address]:
    """Yield every path of every thing; one path may name things of two kinds, by method."""
    by_path = permission_lines()
    seen: dict[str, set[str]] = {}
    adapter = grove.app.url_map.bind("localhost")
    for rule in grove.app.url_map.iter_rules():
        found = kind_of(rule)
        kind = found[1] if found else ""
        if kind in seen.setdefault(rule.rule, set()):
            continue
        seen[rule.rule].add(kind)
        rules = _rules_of_kind(grove, by_path[rule.rule], rule.rule, kind)
        elsewhere = frozenset(by_path[rule.rule]) - frozenset(rules)
        words = [name for name in rule.arguments if name in WORDS]
        if found is not None:
            argument, kind = found
            for one in _of_things(grove, adapter, rule, rules, argument, kind):
                yield replace(one, elsewhere=elsewhere)
        elif words:
            for word in WORDS[words[0]]:
                yield Address(adapter.build(rule.endpoint, {words[0]: word}), rules)
        else:
            yield Address(rule.rule, rules)


def _rules_of_kind(grove, rules, path: str, kind: str) -> dict[str, tuple[str, str]]:
    """Return the routes of a path that name a thing of this kind."""
    kinds = {}
    for rule in grove.app.url_map.iter_rules():
        if rule.rule == path:
            found = kind_of(rule)
            kinds[rule.endpoint] = found[1] if found else ""
    return {method: one for method, one in rules.items() if kinds[one[0]] == kind}


def _of_things(grove, adapter, rule, rules, argument, kind) -> Iterator[Address]:
    every = things(kind, grove.world)
    names = [name for name in every if kind not in OF_PEOPLE or name in SOME_PEOPLE]
    if kind in FREE_KINDS:
        names = names[:2]

    def path_of(name: str) -> str:
        beside = _beside(grove, rule, kind, name, argument)
        return adapter.build(rule.endpoint, {**beside, argument: 123454321})

    for name in names:
        yield Address(path_of(name).replace("123454321", str(every[name])), rules, kind, name)
    path = path_of("")
    yield Address(path.replace("123454321", UNKNOWN), rules, kind, "unknown", exists=False)
    if kind == "certificate":  # its codes are words
        return
    for text in (TOO_LARGE, ILL_FORMED):
        yield Address(path.replace("123454321", text), rules, kind, text, False, matches=False)


def _beside(grove, rule, kind, name, argument) -> dict[str, object]:
    """Return what else stands in an address: where the thing is, as the world says."""
    where = {**grove.world.beside, **grove.world.beside_of.get((kind, name), {})}
    return {other: where.get(other, 1) for other in rule.arguments - {argument}}


def is_open(looks: str, address: Address, method: str) -> bool:
    endpoint, permission = address.rules[method]
    if method == "OPTIONS":
        return looks in HOLDS[permission]
    if looks == UNPROVEN and permission == "public":
        return endpoint.startswith(OPEN_WITHOUT_FACTOR)
    if looks not in HOLDS[permission] & frozenset(ONLY_FOR.get(endpoint, EVERYBODY)):
        return False
    if method == "POST" and looks not in CHANGED_BY.get(endpoint, EVERYBODY):
        return False
    if not address.kind:
        return True
    return address.exists and sees(looks, address.kind, address.name)


@dataclass
class Matrix:
    """Goes through all addresses as one person."""

    grove: object
    looks: str
    cases: int = 0
    is_twin: bool = False

    def client(self) -> FlaskClient:
        return self.grove.as_(self.looks)

    def run(self) -> list[str]:
        nothing = self.client().get("/no-such-page", headers=IN_A_BROWSER)
        self.nothing_here = told(nothing)
        problems = list(filter(None, [self.leaks("", nothing)]))
        asked = set()
        for address in addresses(self.grove):
            for method in METHODS:
                if method in address.elsewhere or self.is_asked_otherwise(address, method):
                    continue
                if method in SELDOM or self.is_shut(address, method):
                    case = self.alike(address, method)
                    if case in asked:
                        continue
                    asked.add(case)
                found = self.case(address, method)
                self.cases += 1
                if found:
                    problems.append(f"{self.looks}: {method} {address.path}: {found}")
        return problems

    def is_asked_otherwise(self, address: Address, method: str) -> bool:
        """Tell whether another case is this one again.

        What a path without a route answers is asked by GET and POST. HR has no person who is to be
        hidden from them, and asks for one of each sort. HEAD runs what GET runs and leaves its body
        out: of those to whom a thing is open, the first asks that too, and all others do.
        """
        if self.looks == "hr" and address.kind in OF_PEOPLE and address.exists:
            return address.name not in OF_ALL_SEEN
        if method not in address.rules:
            return False
        if method in SELDOM and not address.matches:
            return True
        open_to = [one for one in EVERYBODY if method == "HEAD" and is_open(one, address, method)]
        return self.looks in open_to[1:]

    def is_shut(self, address: Address, method: str) -> bool:
        """Tell whether nothing behind a route is looked at: there is none, or it is not theirs."""
        if method not in address.rules or not address.matches:
            return True
        return self.looks not in HOLDS[address.rules[method][1]]

    def alike(self, address: Address, method: str) -> tuple[object, ...]:
        """Return what one case has in common with others: of those one is enough.

        A method that no route has, and a route they may not use, is refused alike for every thing;
        what has no body of its own is answered alike for all that may be seen, and for all that
        may not. OPTIONS looks at no thing, and asks only for the permission and the part of the
        product: no view answers it, see `test_no_view_answers_options`. So does HEAD where the
        permission is missing.
        """
        if self.looks != FINDS_NO_ROUTE and not (address.matches and method in address.rules):
            return method, address.matches
        endpoint, permission = address.rules.get(method, ("", "public"))
        is_barred = method == "HEAD" and self.looks not in HOLDS[permission]
        if endpoint and (method == "OPTIONS" or is_barred):
            return method, permission, endpoint.partition(".")[0], address.matches
        path = tuple(sorted(address.rules.items()))
        if method not in address.rules:
            return path, method
        opens = address.matches and is_open(self.looks, address, method)
        return path, method, opens, address.exists, address.matches

    def case(self, address: Address, method: str) -> str:
        endpoint = address.rules.get(method, ("", ""))[0]
        data = sent_to(endpoint, self.grove.world) if method == "POST" else None
        answer = self.client().open(address.path, method=method, data=data, headers=IN_A_BROWSER)
        changed = self.grove.watched.changed()
        if changed:
            self.grove.watched.restore()
        self.is_twin = answer.status_code == 404 and told(answer) == self.nothing_here
        problem = self.judge(address, method, answer, changed)
        # What is to the byte the page of nothing was searched for marks before all cases.
        leaks = "" if self.is_twin else self.leaks(endpoint, answer)
        return "; ".join(filter(None, [problem, leaks]))

    def judge(self, address: Address, method: str, answer: TestResponse, changed: set[str]) -> str:
        if answer.status_code >= 500:
            return f"it broke ({answer.status_code})"
        if answer.status_code == 405 and not changed:
            wrong = method in address.rules and address.matches
            return "this method should be there" if wrong else ""
        if not address.matches:
            return self.is_nothing(answer, method, changed)
        if method not in address.rules:
            return f"an answer without a route: {answer.status}"
        if is_open(self.looks, address, method):
            return self.judge_open(address, method, answer, changed)
        return self.judge_refused(answer, method, changed)

    def judge_refused(self, answer: TestResponse, method: str, changed: set[str]) -> str:
        if changed:
            return f"refused, and written: {sorted(changed)}"
        if self.looks in OUTSIDE:
            return self.is_sent_to_sign_in(answer, method)
        if self.looks == UNPROVEN:
            inside = answer.status_code == 302 and answer.location.endswith("/account/security")
            return "" if inside else f"without a second factor: {answer.status}"
        if method == "OPTIONS":
            return "" if answer.status_code == 200 and not answer.data else answer.status
        return self.is_nothing(answer, method, changed)

    def judge_open(
        self, address: Address, method: str, answer: TestResponse, changed: set[str]
    ) -> str:
        endpoint, permission = address.rules[method]
        if method in {"GET", "HEAD"}:
            changed = changed - MADE_WHEN_ASKED.get(endpoint, set())
        if changed and method != "POST":
            return f"{method} wrote: {sorted(changed)}"
        if changed and self.looks not in WRITES_ONLY.get(endpoint, EVERYBODY):
            return f"written: {sorted(changed)}"
        if permission == "public" or method == "OPTIONS" or endpoint in CLOSED_HERE:
            return ""
        if answer.status_code in {401, 404, 405}:
            return f"closed to who may: {answer.status}"
        if answer.status_code == 302 and "/sign-in" in answer.location:
            return "sent to sign in again"
        return ""

    def is_nothing(self, answer: TestResponse, method: str, changed: set[str]) -> str:
        """The answer to what may not be seen is, to the byte, the one to what is not there."""
        if answer.status_code != 404 or changed:
            return f"not refused: {answer.status} {sorted(changed)}"
        if method in {"HEAD", "OPTIONS"}:
            return ""
        return "" if self.is_twin else "its refusal tells that it is there"

    def is_sent_to_sign_in(self, answer: TestResponse, method: str) -> str:
        if method == "GET":
            led = answer.status_code == 302 and "/sign-in" in answer.location
            return "" if led else f"not refused: {answer.status}"
        return "" if answer.status_code == 401 else f"not refused: {answer.status}"

    def leaks(self, endpoint: str, answer: TestResponse) -> str:
        text = text_of(answer)
        hidden = marks_hidden_from(self.looks, endpoint)
        found = sorted({what for mark, what in hidden.items() if mark in text})
        return f"shows {found}" if found else ""


@pytest.mark.parametrize("looks", EVERYBODY)
def test_nobody_sees_or_changes_what_is_not_theirs(grove, looks):
    matrix = Matrix(grove, looks)

    problems = matrix.run()

    assert problems == [], "\n".join(problems)
    assert matrix.cases * len(EVERYBODY) >= LEAST_CASES, matrix.cases


def test_no_view_answers_options(grove):
    """Therefore a permission is all that can make a difference to OPTIONS."""
    own = [
        rule.rule
        for rule in grove.app.url_map.iter_rules()
        if not rule.provide_automatic_options or "OPTIONS" not in (rule.methods or ())
    ]

    assert own == []


FOR_WHOM = ("hr", "admin", "trainer", "manager", "employee")
"""Who is asked, in this order, until somebody's form is accepted."""

WRITES_NOTHING = {
    "aptitude.framework_begin": "somebody works on a draft already",
    "aptitude.panel_publish": "nobody has given the panel an answer yet",
    "curricula.exchange_export": "hands out a file",
    "curricula.module_preview": "returns HTML",
    "ledger.classification_check": "a file is not recorded twice",
    "own.authenticator": "asks for a code of an app",
    "own.passkey_add": "asks for a key of a device",
    "own.prove": "is kept in the visit of the browser",
    "own.sessions_end_others": "there are no others",
    "sso.link": "there is no provider",
}
"""Forms that no case of the matrix lets write, and why."""


def writes(grove, endpoint: str, places: list[Address]) -> bool:
    for looks in FOR_WHOM:
        for address in places:
            if not is_open(looks, address, "POST"):
                continue
            data = sent_to(endpoint, grove.world)
            grove.as_(looks).post(address.path, data=data, headers=IN_A_BROWSER)
            if grove.watched.changed():
                grove.watched.restore()
                return True
    return False


def test_every_form_is_sent_so_that_it_would_write(grove):
    """That nothing is written for whoever may not means nothing, unless it is for whoever may."""
    places: dict[str, list[Address]] = {}
    for address in addresses(grove):
        endpoint, permission = address.rules.get("POST", ("", "public"))
        if permission != "public" and address.matches:
            places.setdefault(endpoint, []).append(address)

    silent = {one for one, where in places.items() if not writes(grove, one, where)}

    assert silent == set(WRITES_NOTHING)
