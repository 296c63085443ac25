"""Single sign-on, against a real provider that runs in the same process."""

import re
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import select

from core.db import db
from people.models import Account, AuditEvent, GroupRole, Identity, Role
from people.queries.accounts import account_page
from people.rules.levels import RoleName
from people.services.single_sign_on import Stranger, sign_in_by_provider
from tests.browsing import Browser
from tests.databases import emptied_after
from tests.people.signing import account_of, app_of, give, make

CALLBACK = "http://localhost:8000/single-sign-on/back"
HTML = {"Accept": "text/html"}


@pytest.fixture
def provider(iam_server):
    """The provider, with this application as its client and nobody in it."""
    models, backend = iam_server.models, iam_server.backend
    client = models.Client(
        client_id="training-mix",
        client_secret="a secret only for tests",
        client_name="Training Mix",
        client_uri="http://localhost:8000",
        redirect_uris=[CALLBACK],
        grant_types=["authorization_code"],
        response_types=["code"],
        token_endpoint_auth_method="client_secret_basic",
        scope=["openid", "profile", "email", "groups"],
    )
    backend.save(client)
    client.audience = [client]
    backend.save(client)
    made = [client]

    def add(name, *groups, email=None):
        user = models.User(
            user_name=name,
            family_name=name.title(),
            formatted_name=name.title(),
            emails=[email or f"{name}@example.org"],
            password="not used here",
        )
        backend.save(user)
        made.append(user)
        for group_name in groups:
            group = backend.get(models.Group, display_name=group_name)
            if group is None:
                group = models.Group(display_name=group_name, members=[user])
                made.append(group)
            else:
                group.members = [*group.members, user]
            backend.save(group)
        return user

    iam_server.add_user = add
    yield iam_server
    for one in reversed(made):
        backend.delete(one)


@pytest.fixture(scope="module")
def clients(iam_server, new_database):
    """Our application as a client of the provider, one on each database."""

    @cache
    def client_on(engine_name):
        return new_database(
            engine_name,
            OIDC_ISSUER=iam_server.url.rstrip("/"),
            OIDC_CLIENT_ID="training-mix",
            OIDC_CLIENT_SECRET="a secret only for tests",
        )

    return client_on


@pytest.fixture
def world(provider, clients, engine_name):
    with emptied_after(clients(engine_name)) as (app, _folder):
        yield Browser(app)


def go_out(browser, path="/single-sign-on/start"):
    return browser.post(path, {}, 200).find(id="out")["href"]


def come_back(browser, provider, user, out, status=302):
    """Let the provider's user agree, and return the answer of our callback."""
    provider.login(user)
    provider.consent(user)
    answer = requests.get(out, allow_redirects=False, timeout=10)
    provider.logout()
    back = answer.headers["Location"]
    assert back.startswith(CALLBACK), answer.text[:500]
    return browser.open(back.removeprefix("http://localhost:8000"), status)


def sign_in(browser, provider, user):
    return come_back(browser, provider, user, go_out(browser)).headers["Location"]


def give_group(group, role):
    row = db.session.scalar(select(Role).where(Role.name == role.value))
    db.session.add(GroupRole(group_name=group, role_id=row.id))
    db.session.commit()


def roles_of(email):
    page = account_page(account_of(email).id)
    return set(page.given), set(page.by_group)


def test_the_way_out_proves_itself_with_state_nonce_and_pkce(world, provider):
    asked = parse_qs(urlsplit(go_out(world)).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [CALLBACK]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))


def test_a_stranger_gets_an_account_that_sees_nothing(world, provider):
    tom = provider.add_user("tom", "sailors")

    assert sign_in(world, provider, tom) == "/"

    page = world.get(world.open("/", 302).headers["Location"])
    assert page.h1.text == "There is no page for your account yet."
    assert roles_of("tom@example.org") == (set(), set())


def test_groups_give_the_roles_of_the_table_and_unknown_groups_give_nothing(world, provider):
    give_group("trainers", RoleName.TRAINER)
    tom = provider.add_user("tom", "trainers", "sailors")

    sign_in(world, provider, tom)

    world.get("/import")
    assert roles_of("tom@example.org") == (set(), {RoleName.TRAINER})


def test_a_group_that_is_left_takes_its_role_along_and_a_given_role_stays(world, provider):
    give_group("trainers", RoleName.TRAINER)
    tom = provider.add_user("tom", "trainers")
    sign_in(world, provider, tom)
    account = account_of("tom@example.org")
    account.roles.append(db.session.scalar(select(Role).where(Role.name == "executive")))
    db.session.commit()

    group = provider.backend.get(provider.models.Group, display_name="trainers")
    provider.backend.delete(group)
    sign_in(world, provider, tom)

    assert roles_of("tom@example.org") == ({RoleName.EXECUTIVE}, set())


def test_hr_by_group_still_needs_a_second_factor_of_ours(world, provider):
    give_group("people-team", RoleName.HR)

    sign_in(world, provider, provider.add_user("ana", "people-team"))

    assert world.open("/people/", 302, headers=HTML).headers["Location"] == "/account/security"


def test_the_same_address_never_links_by_itself(world, provider):
    make("ana@example.org", RoleName.HR)

    led = sign_in(world, provider, provider.add_user("ana"))

    assert led == "/sign-in"
    assert "Nobody here is linked" in world.get("/sign-in").text
    assert db.session.scalars(select(Identity)).all() == []


def test_who_is_signed_in_links_and_then_comes_in_with_either(world, provider):
    make("ana@example.org", RoleName.TRAINER)
    give(world, "ana@example.org")
    elsewhere = provider.add_user("annabel", email="other@example.org")

    out = go_out(world, "/single-sign-on/link")
    assert come_back(world, provider, elsewhere, out).headers["Location"] == "/account"
    world.sign_out()
    sign_in(world, provider, elsewhere)

    assert "ana@example.org" in world.get("/account").text
    world.sign_out()
    give(world, "ana@example.org")


def test_a_link_begun_by_one_visit_is_not_finished_by_another(world, provider):
    make("ana@example.org", RoleName.TRAINER)
    make("eve@example.org", RoleName.TRAINER)
    give(world, "eve@example.org")
    out = go_out(world, "/single-sign-on/link")
    with world.client.session_transaction() as session:
        begun = {key: value for key, value in session.items() if key != "visit"}
    give(world, "ana@example.org")
    with world.client.session_transaction() as session:
        session.update(begun)

    come_back(world, provider, provider.add_user("eve2"), out)

    assert db.session.scalars(select(Identity)).all() == []


def test_a_second_factor_of_ours_is_asked_for_after_single_sign_on(world, provider):
    tom = provider.add_user("tom")
    sign_in(world, provider, tom)
    app_of(account_of("tom@example.org").id)
    world.sign_out()

    assert sign_in(world, provider, tom) == "/sign-in/second-step"
    world.open("/account", 302, headers=HTML)


def answer_for(provider, user, out):
    """Return the path of the answer the provider gives its user."""
    provider.login(user)
    provider.consent(user)
    answer = requests.get(out, allow_redirects=False, timeout=10)
    provider.logout()
    return answer.headers["Location"].removeprefix("http://localhost:8000")


def test_an_answer_with_a_forged_state_is_refused(world, provider):
    back = answer_for(provider, provider.add_user("tom"), go_out(world))

    forged = re.sub(r"state=[^&]+", "state=forged", back)

    assert world.open(forged, 302).headers["Location"] == "/sign-in"
    assert db.session.scalars(select(Account)).all() == []
    failed = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "sign-in.failed"))
    assert [event.details for event in failed] == ['{"how":"sso"}']


def test_the_code_of_another_sign_in_lets_nobody_in_as_somebody_else(world, provider):
    """Whoever could slip their own code to somebody would sign them in as themself."""
    eve, tom = provider.add_user("eve"), provider.add_user("tom")
    stolen = re.search(r"code=([^&]+)", answer_for(provider, eve, go_out(world)))[1]
    world.sign_out()
    back = answer_for(provider, tom, go_out(world))

    mixed = re.sub(r"code=[^&]+", f"code={stolen}", back)

    world.open(mixed, 302)
    emails = set(db.session.scalars(select(Account.email)))
    assert "eve@example.org" not in emails


def test_an_answer_is_good_only_for_the_browser_that_asked(world, provider):
    out = go_out(world)
    world.sign_out()

    led = come_back(world, provider, provider.add_user("tom"), out)

    assert led.headers["Location"] in {"/sign-in", "/set-up"}
    assert db.session.scalars(select(Account)).all() == []


def test_a_closed_account_does_not_come_in_by_the_provider(world, provider):
    tom = provider.add_user("tom")
    sign_in(world, provider, tom)
    account_of("tom@example.org").active = False
    db.session.commit()
    world.sign_out()

    assert sign_in(world, provider, tom) == "/sign-in"


def test_the_local_administrator_comes_in_while_the_provider_is_down(new_database):
    made = new_database("sqlite", OIDC_ISSUER="http://127.0.0.1:9", OIDC_CLIENT_ID="x")
    with made.app.app_context():
        make("root@example.org", RoleName.ADMIN)
        browser = Browser(made.app)
        assert browser.open("/single-sign-on/start", 302, method="POST").location == "/sign-in"
        assert "does not answer" in browser.get("/sign-in").text
        assert give(browser, "root@example.org").headers["Location"] == "/"


def test_issuer_and_subject_together_are_the_identity(database):
    def stranger(issuer, subject, email):
        return Stranger(issuer, subject, email, None, frozenset(), second_factor=False)

    for who in (
        stranger("https://a.example", "1", "a@example.org"),
        stranger("https://b.example", "1", "b@example.org"),
    ):
        assert sign_in_by_provider(who, device="Test", new_accounts=True).visit

    assert len(db.session.scalars(select(Identity.account_id).distinct()).all()) == 2


def test_without_a_provider_there_is_no_single_sign_on(browser):
    browser.open("/single-sign-on/start", 404, method="POST")
    browser.open("/single-sign-on/back?code=a&state=b", 404)
