"""Who may see what, written down by hand from the design (section 5), apart from the product.

A new route needs: its line in `routes.txt`; its permission in HOLDS, where it is a new word; the
kind of its id in OBJECTS and, where the kind is new, who sees which of them in `sees`.
"""

from functools import cache

from tests.access.aptitude import OF_MANAGER, OF_PEER, OF_THE_OTHER_TREE, SAID_BY_PERSON
from tests.access.scenarios import REASON
from tests.access.world import ACCOUNTS, PLACES, World, login_of, marks_of

STRANGER = "stranger"
EVERYBODY = (STRANGER, *ACCOUNTS)

OUTSIDE = frozenset({STRANGER, "closed account"})
"""Who is nobody here: not signed in, or in a visit that an administrator has ended."""

UNPROVEN = "hr with one factor"
"""Signed in, but nothing is open before the second factor is set up."""

SIGNED_IN = frozenset(EVERYBODY) - OUTSIDE - {UNPROVEN}
IN_THE_TREES = frozenset(
    {
        "employee",
        "employee of the other tree",
        "manager",
        "manager of the other tree",
        "manager's manager",
        "former manager",
    }
)
"""People who work here, without a role. Who has left, and who is linked with nobody, is not."""

MANAGERS = frozenset({"manager", "manager of the other tree", "manager's manager"})
HR, TRAINER, EXECUTIVE, ADMIN = map(frozenset, [{"hr"}, {"trainer"}, {"executive"}, {"admin"}])

HOLDS: dict[str, frozenset[str]] = {
    # permission: who holds it
    "public": frozenset(EVERYBODY),
    "own-security": SIGNED_IN | {UNPROVEN},
    "signed-in": SIGNED_IN,
    "accounts:edit": ADMIN,
    "aptitude:agreement": HR,
    "aptitude:ask": HR | MANAGERS,
    "aptitude:edit": HR,
    "aptitude:own": IN_THE_TREES,
    "aptitude:groups": HR | EXECUTIVE | MANAGERS,
    "aptitude:people": HR | MANAGERS,
    "aptitude:rate": HR | TRAINER | IN_THE_TREES,
    "aptitude:read": HR | TRAINER | EXECUTIVE | IN_THE_TREES,
    "aptitude:team": MANAGERS,
    "audit:read": HR,
    "balance:names": HR | MANAGERS,
    "balance:read": HR | TRAINER | EXECUTIVE | IN_THE_TREES,
    "courses:classify": HR | TRAINER,
    "curricula:assign": HR | TRAINER | MANAGERS,
    "curricula:drafts": HR | TRAINER,
    "curricula:read": HR | TRAINER | EXECUTIVE | IN_THE_TREES,
    "curricula:write": HR | TRAINER,
    "learning:own": IN_THE_TREES,
    "learning:team": HR | MANAGERS,
    "notices:read": HR,
    "sessions:read": HR | TRAINER | IN_THE_TREES,
    "sessions:run": HR | TRAINER,
    "courses:read": HR | TRAINER | EXECUTIVE | IN_THE_TREES,
    "entries:read": HR | IN_THE_TREES,
    "hours:import": HR | TRAINER,
    "people:erase": HR,
    "people:import": HR,
    "people:read": HR | IN_THE_TREES,
    "reports:publish": HR,
    "reports:read": HR | TRAINER | EXECUTIVE,
    "scenarios:panels": HR,
    "scenarios:read": HR | TRAINER,
    "scenarios:write": HR | TRAINER,
    "targets:edit": HR,
}

TREE_A = frozenset(who for who in PLACES if who.startswith("A")) | {"F1", "L1", "C1"}
TREE_B = frozenset(who for who in PLACES if who.startswith("B"))

SEES_PEOPLE: dict[str, frozenset[str]] = {
    # who looks: whose own data, entries and page they see
    "hr": TREE_A | TREE_B,
    "employee": frozenset({"A2"}),
    "employee of the other tree": frozenset({"B2"}),
    "manager": frozenset({"A1", "A2", "A3", "A4", "A5", "A6"}),
    "manager of the other tree": TREE_B - {"B0"},
    "manager's manager": TREE_A,
    "former manager": frozenset({"F1"}),
}
"""Trainers, executives and administrators see nobody's own data; a leaver sees "my data" only."""

OWN = {looks: who for looks, (_, who) in ACCOUNTS.items() if who and looks not in OUTSIDE}

UNIT_OF_A_GROUP = {"employee": "Alder / Ash", "employee of the other tree": "Birch / Beech",
                   "former manager": "Alder / Aspen"}  # fmt: skip
"""Who has no tree sees the balance of the own unit only, as a group."""

OBJECTS: dict[tuple[str, str], str] = {
    # (beginning of the endpoint, argument): kind of thing
    ("curricula.curriculum_describe", "curriculum_id"): "curriculum in work",
    ("curricula.curriculum_edit", "curriculum_id"): "curriculum in work",
    ("curricula.curriculum_item_", "curriculum_id"): "curriculum in work",
    ("curricula.curriculum_renewal", "curriculum_id"): "curriculum in work",
    ("curricula.curriculum_drop_version", "curriculum_id"): "next version",
    ("curricula.curriculum_publish_version", "curriculum_id"): "next version",
    ("curricula.curriculum_publish", "curriculum_id"): "curriculum in work",
    ("curricula.curriculum_what_changes", "curriculum_id"): "next version",
    ("curricula.material_file", "material_id"): "material",
    ("curricula.material_remove", "material_id"): "material in work",
    ("curricula.material_add", "module_id"): "module in work",
    ("learning.audience_end", "rule_id"): "audience rule",
    ("curricula.", "curriculum_id"): "curriculum",
    ("learning.", "curriculum_id"): "curriculum",
    ("curricula.module_edit", "module_id"): "module in work",
    ("curricula.module_publish", "module_id"): "module in work",
    ("curricula.module_review", "module_id"): "module in work",
    ("curricula.module_save", "module_id"): "module in work",
    ("curricula.module_stand_in", "module_id"): "copied module",
    ("curricula.module_want", "module_id"): "module to want",
    ("curricula.", "module_id"): "module",
    ("learning.", "module_id"): "module",
    ("curricula.session_approve", "enrolment_id"): "asked seat",
    ("curricula.session_decline", "enrolment_id"): "asked seat",
    ("curricula.session_withdraw", "enrolment_id"): "seat to decide",
    ("curricula.session_attend", "session_id"): "session to run",
    ("curricula.session_cancel", "session_id"): "session to run",
    ("curricula.session_edit", "session_id"): "session to run",
    ("curricula.session_reopen", "session_id"): "closed session",
    ("curricula.session_enrol", "session_id"): "session to fill",
    ("curricula.session_here", "session_id"): "session now",
    ("curricula.session_request", "session_id"): "session to ask for",
    ("curricula.session_invitation", "session_id"): "own seat",
    ("curricula.session_leave", "session_id"): "own seat",
    ("curricula.session_take", "session_id"): "held seat",
    ("curricula.", "session_id"): "session",
    ("curricula.exchange", "upload_id"): "exchange upload",
    ("learning.completion_", "upload_id"): "completions upload",
    ("aptitude.asked_", "request_id"): "request to answer",
    ("aptitude.request_withdraw", "request_id"): "request to take back",
    ("aptitude.contest_answer", "comment_id"): "comment",
    ("aptitude.person_ask", "employee_id"): "person to ask about",
    ("aptitude.sitting_", "sitting_id"): "sitting",
    ("aptitude.panel_judge", "panel_id"): "panel to judge",
    ("aptitude.panel_", "panel_id"): "panel",
    ("aptitude.judging_", "workshop_id"): "workshop to judge",
    ("aptitude.workshop_", "workshop_id"): "workshop",
    ("aptitude.", "scenario_id"): "scenario",
    ("aptitude.duty_", "duty_id"): "duty",
    ("aptitude.target_take_back", "target_id"): "target",
    ("aptitude.", "employee_id"): "person",
    ("learning.person_assign", "employee_id"): "person to assign to",
    ("learning.practice_done", "completion_id"): "practice",
    ("learning.", "employee_id"): "person",
    ("learning.", "assignment_id"): "assignment",
    ("learning.certificate_badge", "code"): "certificate",
    ("learning.certificate_pdf", "code"): "certificate",
    ("learning.certificate_revoke", "code"): "certificate",
    ("people.", "employee_id"): "person",
    ("privacy.", "employee_id"): "person",
    ("ledger.", "entry_id"): "entry",
    ("ledger.", "batch_id"): "batch",
    ("ledger.classification_", "upload_id"): "classes upload",
    ("ledger.", "upload_id"): "upload",
    ("ledger.", "course_id"): "course",
    ("ledger.", "category_id"): "category",
    ("people_files.", "upload_id"): "people upload",
    ("people_files.", "batch_id"): "people batch",
    ("reports.", "report_id"): "report",
    ("managing.", "account_id"): "account",
    ("managing.", "line_id"): "line",
    ("own.", "visit_id"): "visit",
    ("own.", "passkey_id"): "passkey",
    ("sso.", "identity_id"): "identity",
}

WORDS: dict[str, tuple[str, ...]] = {
    # arguments of addresses that are no ids
    "cut": ("unit", "level", "site", "category", "delivery", "month"),
    "name": ("people",),
    "filename": ("css/app.css",),
    "role": ("hr",),
    "code": ("AAAA-BBBB-CCCC-DDDD",),
    "token": ("nobody-gave-this",),
    "number": ("1",),
    "place": ("1",),
    "position": ("1",),
}

FREE_KINDS = frozenset(
    {
        "account",
        "audience rule",
        "category",
        "comment",
        "target",
        "course",
        "curriculum in work",
        "line",
        "material in work",
        "copied module",
        "module in work",
        "next version",
        "panel",
        "people batch",
        "report",
        "scenario",
        "workshop",
    }
)
"""Of these, whoever may call the route at all sees every one."""

OWN_KINDS = frozenset(
    {
        "panel to judge",
        "workshop to judge",
        "sitting",
        "upload",
        "exchange upload",
        "completions upload",
        "classes upload",
        "people upload",
        "visit",
        "passkey",
        "identity",
        "request to answer",
    }
)
"""Of these, everybody sees the own ones only."""


OF_PEOPLE = frozenset({"entry", "person", "person to ask about", "person to assign to"})
"""Of these there is one for everybody."""


def things(kind: str, world: World) -> dict[str, int]:
    """Return every thing of a kind by its name."""
    if kind in {"person", "person to ask about", "person to assign to"}:
        return world.people
    return world.entries if kind == "entry" else world.things[kind]


WHO_TEACHES = HR | TRAINER

LEARNING_KINDS = frozenset(
    {
        "asked seat",
        "assignment",
        "certificate",
        "closed session",
        "curriculum",
        "held seat",
        "material",
        "module",
        "module to want",
        "own seat",
        "practice",
        "seat to decide",
        "session",
        "session now",
        "session to ask for",
        "session to fill",
        "session to run",
    }
)


def sees_learning(looks: str, kind: str, name: str) -> bool:
    """Tell whether somebody who may call a route of learning sees this thing.

    Assignments, certificates and seats are named after the person, sessions after who runs them.
    """
    if kind in {"curriculum", "module", "material"}:
        return looks in WHO_TEACHES or name not in {"in work", "for trainers"}
    if kind in {"module to want", "session now", "session to ask for"}:
        return looks in IN_THE_TREES and name != "in work"
    if kind in {"held seat", "own seat", "practice"}:
        return looks == "employee"
    if kind == "session":
        return looks in WHO_TEACHES or name != "closed" or "A3" in SEES_PEOPLE[looks]
    if kind in {"closed session", "session to fill", "session to run"}:
        runs = looks == "hr" or name == f"of {looks}"
        return runs or (kind == "session to fill" and looks in MANAGERS)
    if kind in {"asked seat", "seat to decide"}:
        runs = looks == "hr" or (looks == "trainer" and name == "A2")
        return runs or (looks in MANAGERS and name in SEES_PEOPLE[looks])
    return name in SEES_PEOPLE.get(looks, ())


def sees(looks: str, kind: str, name: str) -> bool:
    """Tell whether somebody who may call a route sees this thing."""
    if kind in {"person", "entry", "request to take back"}:
        return name in SEES_PEOPLE.get(looks, ())
    if kind in {"duty", "person to ask about", "person to assign to"}:  # nobody to themself
        return name in SEES_PEOPLE.get(looks, ()) and name != OWN.get(looks)
    if kind == "batch":
        return looks == "hr" or name == f"of {looks}"
    if kind in LEARNING_KINDS:
        return sees_learning(looks, kind, name)
    if kind in OWN_KINDS:
        return name == f"of {looks}"
    assert kind in FREE_KINDS, f"say in tests/access/table.py who sees which {kind}"
    return True


ABOVE = {
    # who looks: those above them, whose name and title stand on their own page
    "employee": {"A1", "A0"},
    "employee of the other tree": {"B1", "B0"},
    "manager": {"A0"},
    "manager of the other tree": {"B0"},
    "former manager": {"A0"},
    "leaver": {"A0"},
}
NAMES_ABOVE = ("people.", "privacy.my_data")
"""Where they stand."""

IN_OWN_SESSIONS = {"name of A2", "number of A2", "name of A3", "number of A3"}
"""Whom the trainer teaches."""

TOLD_BESIDE: dict[tuple[str, str], set[str]] = {
    # (who looks, beginning of the endpoint): marks that belong to what they see there
    ("employee", "aptitude.asked_"): {"name of A3"},  # whom they are asked about
    ("employee", "aptitude.my_"): {"name of A1"},  # who owes them a duty
    ("employee of the other tree", "aptitude.my_"): {"name of B1"},
    ("employee of the other tree", "aptitude.aptitude_"): {"name of B1"},  # their page again
    ("employee", "learning.message_"): {"name of A3"},
    ("employee", "privacy.my_data"): {"name of A3"},
    ("employee", "curricula.session_invitation"): {"address of the account trainer"},  # who asks
    ("trainer", "curricula.session_detail"): {
        "name of A2",
        "number of A2",
        "name of A3",
        "number of A3",
    },  # in their session
    ("trainer", "curricula.session_attend"): {"name of A2"},
    ("trainer", "curricula.session_enrol"): {"name of A2", "number of A2"},
    ("trainer", "curricula.session_withdraw"): {"name of A2"},
    ("trainer", "learning.message_list"): {"name of A2"},  # who asked for a seat in their session
    ("trainer", "privacy.my_data"): {"name of A2"},  # the same messages
    ("manager", "people.employee_detail"): {"name of F1"},  # who led A5 and A6 before
    ("trainer", "ledger.import_"): {"number of B3"},  # stands in the file they have brought
}


ABOUT_ONESELF = ("privacy.my_data", "own.", "learning.message_")
"""Where everybody sees what is held on themself, also who has left."""


@cache
def marks_hidden_from(looks: str, endpoint: str) -> dict[str, str]:
    """Return every mark that must not stand in an answer, with what it is a mark of."""
    hidden = {}
    seen = SEES_PEOPLE.get(looks, frozenset())
    if endpoint.startswith(ABOUT_ONESELF) and looks in OWN:
        seen = seen | {OWN[looks]}
    above = ABOVE.get(looks, set()) if endpoint.startswith(NAMES_ABOVE) else set()
    for who in PLACES:
        for what, mark in marks_of(who).items():
            if who in seen or (who in above and what in {"name", "title"}):
                continue
            if endpoint.startswith("managing.") and what == "number" and who in LINKED:
                continue
            hidden[mark] = f"{what} of {who}"
    hidden |= _marks_of_accounts(looks)
    hidden |= _marks_of_aptitude(looks)
    hidden |= _marks_of_files(looks)
    beside = [
        told
        for (who, start), told in TOLD_BESIDE.items()
        if who == looks and endpoint.startswith(start)
    ]
    hidden = {mark: what for mark, what in hidden.items() if not any(what in t for t in beside)}
    return {mark.casefold(): what for mark, what in hidden.items()}


LINKED = frozenset(who for _, who in ACCOUNTS.values() if who)
"""Whose employee number stands beside their account, for administrators."""


def _marks_of_aptitude(looks: str) -> dict[str, str]:
    """A manager’s example is for whoever wrote it and the person; a peer’s is for nobody."""
    hidden = {OF_PEER: "example of a peer"}
    if looks not in {"manager", "employee"}:
        hidden[OF_MANAGER] = "example of the manager of A2"
    if looks not in {"hr", "manager", "manager's manager", "employee"}:
        hidden[SAID_BY_PERSON] = "comment of A2"
    if looks not in {"hr", "trainer", "employee of the other tree"}:
        hidden[REASON] = "reason of a key"
    if looks not in {"manager of the other tree", "employee of the other tree"}:
        hidden[OF_THE_OTHER_TREE] = "example of the manager of B2"
    return hidden


def _marks_of_accounts(looks: str) -> dict[str, str]:
    """Only administrators see addresses of accounts and devices; everybody sees the own ones."""
    hidden = {}
    for other in ACCOUNTS:
        if looks not in (other, "admin"):
            hidden[login_of(other)] = f"address of the account {other}"
        if looks != other:
            hidden[f"Device of {other} 7731"] = f"visit of {other}"
            hidden[f"Key of {other} 7731"] = f"passkey of {other}"
            hidden[f"subject {other} 7731"] = f"identity of {other}"
    if looks not in {"admin", "hr"}:  # the audit trail, which HR reads, names groups
        hidden["group-7731"] = "group of the provider"
    return hidden


def _marks_of_files(looks: str) -> dict[str, str]:
    """Files are for HR and for whoever brought them."""
    if looks == "hr":
        return {
            "upload-trainer-7731": "file the trainer has not recorded",
            "classes-trainer-7731": "file the trainer has not recorded",
        }
    hidden = {
        "staff-file-7731": "people file",
        "pat refused7731": "refused row of the people file",
        "upload-hr-7731": "file HR has not recorded",
        "classes-hr-7731": "file HR has not recorded",
        "upload-people-7731": "file HR has not recorded",
        "ext-refused-hr-7731": "refused row of HR’s file",
        "nr-nobody-hr-7731": "refused row of HR’s file",
        "why-7731": "reason of a target",
    }
    if looks != "trainer":
        hidden |= {
            "ext-refused-trainer-7731": "refused row of the trainer’s file",
            "nr-nobody-trainer-7731": "refused row of the trainer’s file",
            "upload-trainer-7731": "file the trainer has not recorded",
            "classes-trainer-7731": "file the trainer has not recorded",
        }
    return hidden
