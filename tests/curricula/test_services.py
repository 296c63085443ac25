"""Modules and curricula through their lives, on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core.db import db, take_turn, transaction
from core.errors import RefusedError
from curricula.exports.exchange import exchange_file
from curricula.imports import read_exchange_file
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum
from curricula.queries.drafts import curriculum_draft, draft_of, get_version
from curricula.queries.exchange import all_to_hand_on
from curricula.queries.mixes import mix_of_curriculum
from curricula.rules.arrivals import Outcome
from curricula.rules.contents import ItemDraft
from curricula.rules.exchange import Exchange
from curricula.rules.mixing import Mix
from curricula.rules.words import ModuleState
from curricula.services.curricula import (
    add_item,
    begin_curriculum,
    copy_curriculum,
    describe_curriculum,
    move_item,
    publish_curriculum,
    remove_item,
    retire_curriculum,
    set_renewal,
)
from curricula.services.modules import (
    begin_module,
    begin_version,
    copy_module,
    find_still_right,
    publish_module,
    retire_module,
    save_version,
    send_to_review,
)
from curricula.services.next_versions import (
    begin_next_version,
    drop_next_version,
    publish_next_version,
)
from curricula.services.publishing import publish_versions
from curricula.services.starter import import_exchange, load_library
from ledger.models import Course
from ledger.queries.courses import current_shares
from ledger.services.offering import Offer, offer_courses
from tests.curricula.learners import counted
from tests.curricula.worlds import curriculum, module

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 12, 31)


def begun(draft=None) -> int:
    return begin_module(draft or module(), account_id=None)


def published(draft=None) -> int:
    module_id = begun(draft)
    publish_module(module_id, account_id=None)
    return module_id


def states(module_id: int) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(ModuleVersion.number, ModuleVersion.state)
        .where(ModuleVersion.module_id == module_id)
        .order_by(ModuleVersion.number)
    )
    return [(number, state.value) for number, state in rows]


def test_a_module_says_what_it_was_given():
    module_id = begun()

    assert draft_of(get_version(module_id, 1), TODAY) == module()


def test_publishing_makes_a_course_that_counts_as_its_shares():
    shares = (("hospitality", 60), ("relationship", 40))
    module_id = published(module(shares=shares))

    course = db.session.scalars(select(Course).where(Course.code == "HOS-01")).one()
    assert db.session.get_one(Module, module_id).course_id == course.id
    assert (course.title, course.planned_minutes) == ("Title of HOS-01", 120)
    counts = current_shares([course.id], TODAY)[course.id]
    assert [(share.code, share.percent) for share in counts] == list(shares)


def test_publishing_a_new_version_retires_the_old_one_and_renames_the_course():
    module_id = published()
    begin_version(module_id, account_id=None)
    changed = module(title="Better", shares=(("relationship", 100),))
    save_version(module_id, changed, revision=1, note="clearer", account_id=None)

    publish_module(module_id, account_id=None, from_on=date(2027, 1, 1))

    assert states(module_id) == [(1, "retired"), (2, "published")]
    course = db.session.scalars(select(Course)).one()
    assert course.title == "Better"
    before = current_shares([course.id], date(2026, 12, 31))[course.id]
    after = current_shares([course.id], date(2027, 1, 1))[course.id]
    assert [(one.code, one.percent) for one in before] == [("hospitality", 100)]
    assert [(one.code, one.percent) for one in after] == [("relationship", 100)]


def test_a_published_version_never_changes_whoever_tries():
    module_id = published()

    with pytest.raises(RefusedError, match="Begin a new version"):
        save_version(module_id, module(title="Other"), revision=1, note="", account_id=None)
    for change in (
        "UPDATE module_version SET title = 'x'",
        "UPDATE module_version SET content = '{}'",
        "UPDATE module_version SET state = 'draft'",
        "DELETE FROM module_version",
    ):
        with pytest.raises(DatabaseError, match="a published version"):
            db.session.execute(text(change))
        db.session.rollback()


def test_owner_and_review_date_of_a_published_version_may_change():
    module_id = published()

    until = find_still_right(module_id, "read it again", account_id=None)

    assert get_version(module_id, 1).review_by == until


def test_what_cannot_be_taught_from_is_neither_sent_to_review_nor_published():
    module_id = begun(module(minutes=130))

    for act in (send_to_review, publish_module):
        with pytest.raises(RefusedError, match="the plan is 10\u202fmin short of it"):
            act(module_id, account_id=None)
    assert states(module_id) == [(1, "draft")]


def test_review_goes_there_and_back():
    module_id = begun()

    send_to_review(module_id, account_id=None)
    assert states(module_id) == [(1, "review")]
    send_to_review(module_id, account_id=None)
    assert states(module_id) == [(1, "draft")]


def test_two_who_write_at_once_do_not_overwrite_each_other():
    module_id = begun()
    save_version(module_id, module(title="First"), revision=1, note="", account_id=None)

    with pytest.raises(RefusedError, match="Somebody else saved this version"):
        save_version(module_id, module(title="Second"), revision=1, note="", account_id=None)
    assert get_version(module_id, 1).title == "First"


def test_one_version_is_in_work_at_a_time():
    module_id = begun()

    with pytest.raises(RefusedError, match="Version 1 is in work already"):
        begin_version(module_id, account_id=None)


def test_a_retired_module_is_taught_no_more_and_stays():
    module_id = published()

    retire_module(module_id, account_id=None)

    assert states(module_id) == [(1, "retired")]
    with pytest.raises(RefusedError, match="No version of this module is published"):
        retire_module(module_id, account_id=None)


def test_a_copy_is_a_module_of_its_own():
    module_id = published()

    copy_id = copy_module(module_id, 1, code="OURS-1", title="Ours", account_id=None)

    copy = draft_of(get_version(copy_id, 1), TODAY)
    assert (copy.code, copy.title) == ("OURS-1", "Ours")
    assert copy.plan == module().plan
    assert db.session.get_one(Module, copy_id).copied_from_id == module_id
    with pytest.raises(RefusedError, match="There is a module OURS-1 already"):
        copy_module(module_id, 1, code="OURS-1", title="Ours", account_id=None)


def test_a_loop_of_prerequisites_is_refused_with_its_names():
    begun(module("A-1"))
    second = begun(module("B-1", prerequisites=("A-1",)))
    first = db.session.scalars(select(Module.id).where(Module.code == "A-1")).one()

    with pytest.raises(RefusedError, match="A-1 needs B-1 needs A-1"):
        save_version(
            first, module("A-1", prerequisites=("B-1",)), revision=1, note="", account_id=None
        )
    assert draft_of(get_version(second, 1), TODAY).prerequisites == ("A-1",)


def test_a_code_is_taken_once():
    begun()

    with pytest.raises(RefusedError, match="There is a module HOS-01 already"):
        begun()


def load(*modules, curricula=()):
    loaded = load_library(modules, curricula, account_id=None)
    return {one.code: (one.outcome, one.why) for one in loaded.told}


def test_loading_the_library_twice_changes_nothing():
    files = (module("HOS-02", prerequisites=("REL-01",)), module("REL-01"))
    path = curriculum("PATH-1", "HOS-02", "REL-01")

    first = load(*files, curricula=[path])
    second = load(*files, curricula=[path])

    assert {outcome for outcome, _ in first.values()} == {Outcome.ADDED}
    assert {outcome for outcome, _ in second.values()} == {Outcome.SAME}
    assert db.session.query(ModuleVersion).count() == 2
    assert {one.state for one in db.session.scalars(select(Curriculum))} == {ModuleState.PUBLISHED}


def test_an_untouched_module_follows_the_library_as_a_new_version():
    load(module(), curricula=[curriculum("P", "HOS-01")])

    told = load(module(title="New"), curricula=[curriculum("P", "HOS-01", title="New path")])

    assert told == {
        "HOS-01": (Outcome.RENEWED, "follows the library as version 2"),
        "P": (Outcome.RENEWED, "follows the library"),
    }
    module_id = db.session.scalars(select(Module.id)).one()
    assert states(module_id) == [(1, "retired"), (2, "published")]


def test_what_the_organisation_changed_is_never_overwritten():
    load(module(), curricula=[curriculum("P", "HOS-01")])
    module_id = db.session.scalars(select(Module.id)).one()
    begin_version(module_id, account_id=None)
    save_version(module_id, module(title="Ours"), revision=1, note="", account_id=None)

    assert load(module(title="New")) == {"HOS-01": (Outcome.KEPT, "you are working on version 2")}
    publish_module(module_id, account_id=None)
    assert load(module(title="New")) == {
        "HOS-01": (Outcome.KEPT, "you have changed it in version 2")
    }
    retire_module(module_id, account_id=None)
    assert load(module(title="New")) == {"HOS-01": (Outcome.KEPT, "you have retired it")}
    assert get_version(module_id, 2).title == "Ours"


def test_an_own_module_with_a_code_of_the_library_stays():
    begun(module(title="Ours"))

    assert load(module(title="Theirs")) == {
        "HOS-01": (Outcome.KEPT, "you have a module of your own with this code")
    }


def test_a_curriculum_the_organisation_changed_stays():
    load(module(), module("HOS-02"), curricula=[curriculum("P", "HOS-01")])
    path = db.session.scalars(select(Curriculum.id)).one()
    begun_next = begin_next_version(path, account_id=None)
    add_item(begun_next, ItemDraft("HOS-02"), revision=here(begun_next).revision, account_id=None)
    newer = curriculum("P", "HOS-01", title="New")

    assert load(curricula=[newer]) == {"P": (Outcome.KEPT, "you are working on its next version")}
    publish_next_version(begun_next, revision=here(begun_next).revision, account_id=None)
    assert load(curricula=[newer]) == {"P": (Outcome.KEPT, "you have changed it")}


def test_what_needs_something_nobody_has_is_left_out_and_told():
    told = load(
        module("A", prerequisites=("B",)),
        module("B", prerequisites=("GONE",)),
        module("C"),
        curricula=[curriculum("P", "A", "C")],
    )

    assert told["B"] == (
        Outcome.REFUSED,
        "it needs GONE first, which is neither here nor in the file",
    )
    assert told["A"] == (
        Outcome.REFUSED,
        "it needs B first, which is neither here nor in the file",
    )
    assert told["C"] == (Outcome.ADDED, "")
    assert told["P"] == (Outcome.REFUSED, "it names A, which is neither here nor in the file")


def built(*codes: str) -> int:
    for code in codes:
        published(module(code))
    return begin_curriculum(curriculum("P", *codes, due_days=90), account_id=None)


def here(curriculum_id: int) -> Curriculum:
    db.session.expire_all()
    return db.session.get_one(Curriculum, curriculum_id)


def order(curriculum_id: int) -> list[str]:
    return [item.module for item in curriculum_draft(here(curriculum_id)).items]


def test_a_curriculum_is_built_step_by_step():
    path = built("A", "B", "C")

    move_item(path, "C", 1, revision=here(path).revision, account_id=None)
    assert order(path) == ["C", "A", "B"]
    remove_item(path, "A", revision=here(path).revision, account_id=None)
    assert order(path) == ["C", "B"]
    set_renewal(path, ("B", "C"), revision=here(path).revision, account_id=None)
    assert curriculum_draft(here(path)).renewal == ("C", "B")
    described = replace(curriculum("OTHER", title="Better"), renewal_days=365)
    describe_curriculum(path, described, revision=here(path).revision, account_id=None)
    now = curriculum_draft(here(path))
    assert (now.code, now.title, now.renewal_days) == ("P", "Better", 365)
    assert order(path) == ["C", "B"]
    publish_curriculum(path, account_id=None)
    assert (here(path).state, here(path).number) == (ModuleState.PUBLISHED, 1)


def test_two_who_build_at_once_do_not_overwrite_each_other():
    path = built("A", "B")
    revision = here(path).revision
    move_item(path, "B", 1, revision=revision, account_id=None)

    with pytest.raises(RefusedError, match="Somebody else changed this curriculum"):
        remove_item(path, "A", revision=revision, account_id=None)
    assert order(path) == ["B", "A"]


def test_a_published_curriculum_changes_only_by_its_next_version():
    path = built("A", "B")
    publish_curriculum(path, account_id=None)

    with pytest.raises(RefusedError, match="Begin its next version"):
        remove_item(path, "A", revision=here(path).revision, account_id=None)
    begun_next = begin_next_version(path, account_id=None)
    assert begin_next_version(path, account_id=None) == begun_next
    remove_item(begun_next, "A", revision=here(begun_next).revision, account_id=None)

    assert (order(path), order(begun_next)) == (["A", "B"], ["B"])
    assert [one.code for one in all_to_hand_on(TODAY).curricula] == ["P"]
    publish_next_version(begun_next, revision=here(begun_next).revision, account_id=None)
    assert (order(path), here(path).number, here(path).code) == (["B"], 2, "P")
    assert db.session.scalars(select(Curriculum.id)).all() == [path]


def test_a_next_version_is_published_only_as_it_was_looked_at():
    path = built("A", "B")
    publish_curriculum(path, account_id=None)
    begun_next = begin_next_version(path, account_id=None)
    seen = here(begun_next).revision
    move_item(begun_next, "B", 1, revision=seen, account_id=None)

    with pytest.raises(RefusedError, match="after you looked"):
        publish_next_version(begun_next, revision=seen, account_id=None)
    begun(module("NEW"))
    add_item(begun_next, ItemDraft("NEW"), revision=here(begun_next).revision, account_id=None)
    with pytest.raises(RefusedError, match="NEW is not published"):
        publish_next_version(begun_next, revision=here(begun_next).revision, account_id=None)
    drop_next_version(begun_next, account_id=None)

    assert (order(path), here(path).number) == (["A", "B"], 1)
    assert db.session.scalars(select(Curriculum.id)).all() == [path]


def test_a_file_changes_a_published_curriculum_by_its_next_version():
    path = built("A", "B")
    publish_curriculum(path, account_id=None)
    file = exchange_file(all_to_hand_on(TODAY)).replace(b"Title of P", b"Better")

    first = import_exchange(read_exchange_file(file), account_id=None)
    again = import_exchange(read_exchange_file(file), account_id=None)

    assert (first.count(Outcome.RENEWED), again.count(Outcome.SAME)) == (1, 3)
    titles = db.session.scalars(select(Curriculum.title).order_by(Curriculum.id)).all()
    assert titles == ["Title of P", "Better"]


def test_a_retired_curriculum_is_copied_to_go_on():
    path = built("A")
    retire_curriculum(path, account_id=None)

    with pytest.raises(RefusedError, match="This curriculum is retired"):
        remove_item(path, "A", revision=here(path).revision, account_id=None)
    copy = copy_curriculum(path, account_id=None)
    assert (here(copy).code, here(copy).state) == ("P-COPY", ModuleState.DRAFT)
    assert order(copy) == ["A"]


def test_the_mix_counts_the_published_version_of_each_module():
    published(module("HARD", shares=(("technical", 100),), minutes=120))
    published(module("SOFT"))
    begin_version(
        db.session.scalars(select(Module.id).where(Module.code == "SOFT")).one(), account_id=None
    )
    published(module("LEAD", shares=(("other_soft", 100),)))
    items = (ItemDraft("HARD"), ItemDraft("SOFT"), ItemDraft("LEAD", kind="elective"))
    begin_curriculum(curriculum("P", items=items), account_id=None)

    found = mix_of_curriculum("p", TODAY)

    assert found.mix.required == Mix(hard_minutes=120, family_minutes=120)
    assert found.mix.elective == Mix(other_soft_minutes=120)


def test_what_is_exported_comes_in_again_byte_for_byte(new_database, engine_name):
    published(module("B", prerequisites=()))
    published(module("A", prerequisites=("B",), shares=(("hospitality", 60), ("technical", 40))))
    begin_curriculum(
        curriculum("P", "A", "B", due_days=90, prerequisites=("B",), renewal=("A",)),
        account_id=None,
    )
    file = exchange_file(all_to_hand_on(TODAY))

    with new_database(engine_name).app.app_context():
        loaded = import_exchange(read_exchange_file(file), account_id=None)
        again = import_exchange(read_exchange_file(file), account_id=None)
        assert exchange_file(all_to_hand_on(TODAY)) == file
        db.session.remove()

    assert loaded.count(Outcome.ADDED) == 3
    assert again.count(Outcome.SAME) == 3


def test_an_import_is_all_or_nothing():
    published(module("A"))
    file = exchange_file(all_to_hand_on(TODAY)).replace(b'"prerequisites": []',
                                                        b'"prerequisites": ["GONE"]')  # fmt: skip
    retitled = file.replace(b"Title of A", b"Another title")

    with pytest.raises(RefusedError, match="Module A: it needs GONE first"):
        import_exchange(read_exchange_file(retitled), account_id=None)
    assert [one.title for one in db.session.scalars(select(ModuleVersion))] == ["Title of A"]


def test_bringing_in_and_publishing_asks_as_little_for_many_modules_as_for_few():
    """Two and six modules that need the one before: whatever reads modules does so once."""

    def asked(first: int, count: int) -> tuple[int, int]:
        numbers = range(first + 1, first + count)
        followers = [module(f"M-{one}", prerequisites=(f"M-{one - 1}",)) for one in numbers]
        drafts = [module(f"M-{first}"), *followers]
        with counted() as arriving:
            import_exchange(Exchange(tuple(drafts)), account_id=None)
        drafted = select(ModuleVersion).where(ModuleVersion.state == ModuleState.DRAFT)
        with transaction() as session, counted() as publishing:
            take_turn(session)
            versions = session.scalars(drafted).all()
            publish_versions(session, versions, account_id=None)
        reading_all = [one for one in arriving if "FROM module" in one and "WHERE" not in one]
        return len(reading_all), len([one for one in publishing if one.startswith("SELECT")])

    assert asked(1, 2) == asked(11, 6)
    assert [one.value for one in db.session.scalars(select(ModuleVersion.state))] == [
        "published"
    ] * 8


def test_the_catalogue_is_read_once_for_however_many_modules():
    def asked(*codes: str) -> int:
        offers = [Offer(code, f"Title of {code}", 60, (("hospitality", 100),)) for code in codes]
        with transaction() as session, counted() as statements:
            take_turn(session)
            offer_courses(session, offers, account_id=None)
        return sum(
            " ".join(one.split()).endswith("course.title_key FROM course") for one in statements
        )

    assert asked("A", "B", "C") == 1
    assert asked("C", "D") == 1
    codes = db.session.scalars(select(Course.code).order_by(Course.id))
    assert [one for one in codes if one in {"A", "B", "C", "D"}] == ["A", "B", "C", "D"]
