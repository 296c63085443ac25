"""Conventions a reader relies on, checked over every view there is."""

import re

import pytest

from core.web.access import OPEN_ENDPOINTS, PUBLIC, permission_of
from tests.databases import application

APP = application("sqlite://")
RULES = [rule for rule in APP.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]
PLAIN = [rule for rule in RULES if "GET" in rule.methods and not rule.arguments]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_every_view_says_who_may_call_it_and_what_it_shows(rule):
    assert permission_of(APP, rule.endpoint), f"{rule.endpoint} has no @requires(...)"
    assert APP.view_functions[rule.endpoint].__doc__, f"{rule.endpoint} has no docstring"


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_paths_are_lower_case_words_joined_by_hyphens(rule):
    words = re.sub(r"<[^>]+>", "", rule.rule)

    assert re.fullmatch(r"[a-z0-9/.-]*", words)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_ids_in_paths_are_typed(rule):
    assert not re.search(r"<(?!int\b|uuid:|string\b|path:|any\()", rule.rule)


@pytest.mark.parametrize("rule", PLAIN, ids=str)
@pytest.mark.engines("sqlite")
def test_a_stranger_sees_public_pages_only(rule, browser):
    answer = browser.open(rule.rule, status=None)

    if permission_of(APP, rule.endpoint) != PUBLIC:
        assert answer.status_code in {302, 401, 404}
        assert answer.status_code != 302 or "sign-in" in answer.headers["Location"]


def test_a_route_that_says_nothing_is_closed_to_everybody():
    forgetful = application("sqlite://")
    forgetful.add_url_rule("/left-open", "left_open", lambda: "secret")

    answer = forgetful.test_client().get("/left-open")

    assert answer.status_code in {401, 404}
    assert "secret" not in answer.text


def test_a_path_that_does_not_exist_is_not_found():
    assert APP.test_client().get("/no-such-page").status_code == 404


EDITS = {
    "aptitude.duty_edit",
    "aptitude.framework_discard",
    "aptitude.framework_edit",
    "aptitude.framework_publish",
    "aptitude.panel_close",
    "aptitude.panel_publish",
    "aptitude.scenario_edit",
    "aptitude.target_change",
    "aptitude.target_take_back",
    "curricula.curriculum_describe",
    "curricula.curriculum_item_add",
    "curricula.curriculum_item_change",
    "curricula.curriculum_publish_version",
    "curricula.curriculum_renewal",
    "curricula.module_owner",
    "curricula.module_save",
    "curricula.session_attend",
    "curricula.session_edit",
    "curricula.session_staffing",
    "learning.assignment",
    "learning.past_review_list",
    "ledger.category_move",
    "ledger.course_classify",
    "ledger.course_classify_chosen",
    "ledger.course_unclassified",
    "ledger.entry_page",
    "ledger.import_check",
    "managing.account_person",
    "managing.account_roles",
    "people.organisation",
    "people_files.people_file_check",
    "targets.target_list",
}
"""Forms that change what somebody else may change meanwhile: they carry the version of it."""

NO_EDIT = {
    "adds": {
        "aptitude.aptitude_comment",
        "aptitude.asked_rate",
        "aptitude.duty_observed",
        "aptitude.framework_load",
        "aptitude.panel_new",
        "aptitude.workshop_ask",
        "aptitude.workshop_new",
        "aptitude.person_ask",
        "aptitude.round_ask",
        "aptitude.scenario_load",
        "aptitude.scenario_new",
        "aptitude.self_rate",
        "curricula.curriculum_copy",
        "curricula.curriculum_new",
        "curricula.exchange",
        "curricula.exchange_record",
        "curricula.starter_load",
        "curricula.material_add",
        "curricula.module_copy",
        "curricula.module_new",
        "curricula.session_new",
        "learning.audience",
        "learning.completion_check",
        "learning.completion_file",
        "learning.person_assign",
        "accounts.set_up",
        "ledger.category_add",
        "ledger.classification_check",
        "ledger.import_catalogue",
        "ledger.import_classification",
        "ledger.import_start",
        "managing.account_add",
        "managing.group_list",
        "people_files.people_file_start",
        "planner.balance_publish",
    },
    "writes nothing": {
        "curricula.exchange_export",
        "curricula.module_preview",
        "learning.badge_check",
    },
    "does one thing, whatever was so before, or refuses": {
        "aptitude.workshop_close",
        "aptitude.scenario_retire",
        "aptitude.scenario_use",
        "aptitude.asked_decline",
        "aptitude.contest_answer",
        "aptitude.framework_begin",
        "aptitude.request_withdraw",
        "aptitude.round_take_back",
        "curricula.curriculum_begin_version",
        "curricula.curriculum_drop_version",
        "curricula.curriculum_publish",
        "curricula.curriculum_retire",
        "curricula.material_remove",
        "curricula.module_begin_version",
        "curricula.module_publish",
        "curricula.module_retire",
        "curricula.module_review",
        "curricula.module_stand_in",
        "curricula.session_approve",
        "curricula.session_cancel",
        "curricula.session_decline",
        "curricula.session_enrol",
        "curricula.session_reopen",
        "curricula.session_withdraw",
        "learning.audience_end",
        "learning.certificate_revoke",
        "curricula.module_still_right",
        "ledger.batch_undo",
        "managing.account_close",
        "managing.account_factors_remove",
        "managing.account_invite",
        "managing.account_open",
        "managing.group_remove",
        "people_files.people_file_undo",
        "privacy.person_erase",
    },
    "is one number for all, which the page shows": {"aptitude.sight_change"},
    "is about oneself": {
        "aptitude.asked_keep",
        "aptitude.self_keep",
        "aptitude.judging_hand_in",
        "aptitude.judging_portion",
        "aptitude.panel_judge",
        "aptitude.sitting_begin",
        "aptitude.sitting_hand_in",
        "aptitude.sitting_item",
        "curricula.module_want",
        "curricula.my_calendar_make",
        "curricula.my_calendar_revoke",
        "curricula.session_here",
        "curricula.session_leave",
        "curricula.session_request",
        "curricula.session_take",
        "learning.feedback_give",
        "learning.letters_stopped",
        "learning.message_settings",
        "learning.practice_done",
    },
    "is about oneself and proves it by a secret": {
        "accounts.demo_sign_in",
        "accounts.forgotten",
        "accounts.new_password",
        "accounts.passkey_options",
        "accounts.passkey_sign_in",
        "accounts.second_step",
        "accounts.sign_in",
        "accounts.sign_out",
        "own.authenticator",
        "own.authenticator_remove",
        "own.passkey_add",
        "own.passkey_options",
        "own.passkey_remove",
        "own.password",
        "own.prove",
        "own.recovery_codes",
        "own.session_end",
        "own.sessions_end_others",
        "sso.link",
        "sso.start",
        "sso.unlink",
    },
}


def test_every_form_that_is_sent_is_known_as_an_edit_or_as_none():
    """A new view that takes a form is put into one of these lists."""
    posts = {rule.endpoint for rule in RULES if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}}
    listed = [EDITS, *NO_EDIT.values()]

    assert posts == set().union(*listed)
    assert sum(map(len, listed)) == len(posts)
