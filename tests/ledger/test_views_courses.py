from datetime import date

import pytest
from sqlalchemy import event, select

from core.db import db
from ledger.models import Category, Course, CourseSum
from ledger.rules.kinds import Basis
from people.models import Employee
from tests.browsing import fields_of
from tests.ledger.worlds import PEOPLE, add_people, assert_rollups, classify, course_id, take
from tests.prepared import prepared

ROWS = (
    "E1,Handling complaints,2026-01-10,8",
    "E1,Till,2026-01-12,2",
    "E2,100 % service_first,2026-01-13,1",
    "E3,Fire drill,2026-02-14,0:30",
    "E3,Odds and ends,2026-05-14,0:30",
)


@prepared
def world(tmp_path):
    add_people(tmp_path)
    take(tmp_path, *ROWS)
    classify("Till", ("technical", 100))


def text_of(node):
    return " ".join(node.text.split())


def titles(page):
    return [cell.a.text.strip() for cell in page.select("tbody th")]


def unclassified(title):
    query = select(CourseSum.unclassified_minutes).where(CourseSum.course_id == course_id(title))
    return db.session.scalars(query).one()


def said(page):
    return text_of(page.select_one(".tm-flash"))


def test_course_list_shows_courses_by_hours_with_what_they_count_as(browser, world):
    browser.sign_in("hr")

    page = browser.get("/courses")

    assert text_of(page.h1) == "5 courses."
    assert titles(page)[:3] == ["Handling complaints", "Till", "100 % service_first"]
    assert [text_of(row.select("td")[2]) for row in page.select("tbody tr")][:2] == [
        "nobody has said",
        "Technical",
    ]


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=COMPLAINT", ["Handling complaints"]),
        ("search=%25", ["100 % service_first"]),
        ("search=e_f", ["100 % service_first"]),
        ("search=%5C", []),
        ("state=classified", ["Till"]),
        ("state=technical", ["Till"]),
        ("state=hospitality", []),
        ("state=nonsense", []),
        ("state=unclassified&search=drill", ["Fire drill"]),
        ("page=2", []),
        ("basis=contact&search=till", ["Till"]),
    ],
)
def test_course_list_searches_and_filters(browser, world, query, found):
    browser.sign_in("hr")

    assert titles(browser.get(f"/courses?{query}")) == found


def test_course_list_asks_the_database_as_often_for_many_courses_as_for_one(
    browser, world, tmp_path
):
    browser.sign_in("hr")
    asked = []

    def count(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    browser.get("/courses?search=till")
    few = len(asked)
    take(tmp_path, *(f"E1,Course {number:03d},2026-03-01,1" for number in range(120)))
    asked.clear()
    page = browser.get("/courses")
    event.remove(db.engine, "before_cursor_execute", count)

    assert len(titles(page)) == 50
    assert len(asked) <= few
    seen = titles(page)
    for _ in range(2):
        page = browser.get(page.select_one("a[rel=next]")["href"])
        seen += titles(page)
    assert len(set(seen)) == 125
    assert page.select_one("a[rel=next]") is None


def test_ticked_courses_are_classified_together(browser, world):
    browser.sign_in("hr")
    ticked = [course_id("Fire drill"), course_id("Odds and ends")]

    page = browser.submit(
        "/courses?search=d", {"course": ticked, "category": "compliance", "why": "yearly duty"}
    )

    assert (
        said(page) == "2 courses are classified. Their 1 h count as Compliance from the beginning."
    )
    assert unclassified("Fire drill") == 0
    detail = browser.get(f"/courses/{ticked[0]}")
    assert [text_of(cell) for cell in detail.select("#main tbody tr")[1].select("td")][0:2] == [
        "Compliance",
        "Hr",
    ]
    assert "yearly duty" in detail.text
    assert_rollups()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"category": "technical"}, "Tick at least one course."),
        ({"course": ["1"]}, "Choose a category for the ticked courses."),
        ({"course": ["1"], "category": "nope"}, "There is no category nope"),
        ({"course": ["99999"], "category": "technical"}, "A course is gone"),
        ({"course": ["1e9", "²"], "category": "technical"}, "Tick at least one course."),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_a_sentence(browser, world, data, sentence):
    browser.sign_in("hr")

    page = browser.post("/courses", data, status=200)

    assert sentence in page.select_one("[role=alert]").text
    assert len(titles(page)) == 5


def test_a_day_out_of_the_calendar_is_refused_beside_the_field(browser, world):
    browser.sign_in("hr")

    page = browser.post(
        "/courses", {"course": ["1"], "category": "technical", "from_on": "0001-01-01"}, status=200
    )

    assert "Days from 1900 to 2100 work." in page.select_one("#from_on-error").text


def test_a_course_is_shared_among_categories_from_a_day_on(browser, world):
    browser.sign_in("hr")
    till = course_id("Till")

    page = browser.submit(
        f"/courses/{till}",
        {
            "category-1": "technical",
            "percent-1": "60",
            "category-2": "hospitality",
            "percent-2": "40",
            "from_on": "2026-01-12",
            "why": "half of it is about guests",
        },
    )

    assert said(page) == (
        "1 course is classified. "
        "Its 2 h count as Technical 60 %, Hospitality 40 % from 12 January 2026."
    )
    assert "Technical 60 %, Hospitality 40 % since 12 January 2026" in text_of(
        page.select_one(".tm-lede")
    )
    spells = page.select("section[aria-labelledby=spells] tbody tr")
    assert [text_of(row.th) for row in spells] == ["12 Jan 2026", "the beginning"]
    rows = page.select_one("section[aria-labelledby=hours] .tm-rows")["href"]
    assert "1 entry makes 2 h." in text_of(browser.get(rows).h1)
    assert_rollups()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose at least one category."),
        ({"category-1": "technical", "percent-1": "x"}, "“x” is no percentage"),
        ({"category-1": "technical", "percent-1": "0"}, "“0” is no percentage"),
        ({"category-1": "technical", "percent-1": "60"}, "The percentages sum to 60"),
        (
            {"category-1": "technical", "percent-1": "50", "category-2": "technical",
             "percent-2": "50"},
            "A category is named twice",
        ),
    ],
)  # fmt: skip
def test_shares_that_are_no_whole_are_refused_and_kept_in_the_form(browser, world, data, sentence):
    browser.sign_in("hr")

    page = browser.post(f"/courses/{course_id('Till')}", data, status=200)

    assert sentence in page.select_one("[role=alert]").text
    assert page.select_one("#percent-1")["value"] == data.get("percent-1", "")


def test_an_unknown_course_or_category_is_not_found(browser, world):
    browser.sign_in("hr")

    for path in ("/courses/999", "/courses/categories/999", f"/courses/{10**20}"):
        browser.get(path, 404)
    browser.post("/courses/999", {"category-1": "technical"}, status=404)


def test_the_work_list_begins_with_the_titles_that_decide_most(browser, world):
    browser.sign_in("hr")

    page = browser.get("/courses/unclassified")

    assert text_of(page.h1) == "This one title decides 80 % of your unclassified hours."
    assert titles(page) == [
        "Handling complaints", "100 % service_first", "Fire drill", "Odds and ends",
    ]  # fmt: skip
    assert [text_of(row.select("td")[1]) for row in page.select("tbody tr")] == [
        "80.0 %", "90.0 %", "95.0 %", "100.0 %",
    ]  # fmt: skip


def test_a_suggestion_counts_only_where_it_is_ticked(browser, world):
    browser.sign_in("hr")
    complaints, drill = course_id("Handling complaints"), course_id("Fire drill")

    page = browser.get("/courses/unclassified")

    box = page.select_one(f"#accept-{complaints}")
    assert (box["value"], box.has_attr("checked")) == ("service_recovery", False)
    assert text_of(page.select_one(f"label[for=accept-{complaints}]")) == (
        "Service recovery for Handling complaints"
    )
    assert text_of(page.select_one(f"#reason-{complaints}")) == "Suggested: “complaints” says so."
    assert page.select("main option[selected]") == []
    assert page.select_one(f"#accept-{course_id('Odds and ends')}") is None

    untouched = fields_of(page)
    browser.submit("/courses/unclassified", untouched | {f"category-{drill}": "compliance"})

    assert unclassified("Handling complaints") == 480
    assert unclassified("Fire drill") == 0


def test_a_ticked_suggestion_is_saved_and_a_chosen_category_goes_before_it(browser, world):
    browser.sign_in("hr")
    complaints, drill = course_id("Handling complaints"), course_id("Fire drill")

    browser.submit(
        "/courses/unclassified",
        {
            f"accept-{complaints}": "service_recovery",
            f"accept-{drill}": "technical",
            f"category-{drill}": "compliance",
        },
    )

    page = browser.get("/courses")
    rows = {text_of(row.a): text_of(row.select("td")[2]) for row in page.select("tbody tr")}
    assert rows["Handling complaints"] == "Service recovery"
    assert rows["Fire drill"] == "Compliance"


def test_one_form_saves_every_decision_and_leaves_the_rest_for_later(browser, world):
    browser.sign_in("trainer")
    complaints, drill = course_id("Handling complaints"), course_id("Fire drill")
    later = course_id("Odds and ends")

    page = browser.submit(
        "/courses/unclassified",
        {
            f"category-{complaints}": "service_recovery",
            f"category-{drill}": "compliance",
            f"category-{later}": "",
        },
    )

    assert (
        said(page) == "2 courses are classified. Their 9 h count as you chose from the beginning."
    )
    assert titles(page) == ["100 % service_first", "Odds and ends"]
    assert_rollups()


def test_nothing_chosen_or_nonsense_saves_nothing(browser, world):
    browser.sign_in("hr")

    for data in ({}, {"category-x": "technical"}, {f"category-{course_id('Till')}": "nope"}):
        page = browser.post("/courses/unclassified", data, status=200)
        assert page.select_one("[role=alert]") is not None
    assert unclassified("Handling complaints") == 480


def test_the_work_list_is_empty_when_all_is_decided_or_nothing_is_recorded(browser):
    browser.sign_in("hr")

    assert text_of(browser.get("/courses/unclassified").h1) == "No course is recorded yet."
    assert text_of(browser.get("/courses").h1) == "0 courses."
    db.session.add(Course(key="title:x", title="X", title_key="x"))
    assert text_of(browser.get("/courses/unclassified").h1) == "Every hour has its side."


def test_contact_hours_are_worked_through_where_nothing_else_is_recorded(browser, tmp_path):
    take(tmp_path, "Talk,2026-02-01,2", header="course,date,hours", basis=Basis.CONTACT)
    browser.sign_in("hr")

    assert titles(browser.get("/courses/unclassified")) == ["Talk"]
    assert "Contact-hours" in browser.get("/courses").select_one(".tm-lede").text


def test_a_category_of_ones_own_is_added_and_moved_from_a_day_on(browser, world):
    browser.sign_in("hr")

    page = browser.submit("/courses/categories", {"name": "Guest relations", "side": "hard"})
    assert "Guest relations is added." in said(page)
    own = db.session.scalars(select(Category.id).where(Category.code == "guest_relations")).one()
    classify("Handling complaints", ("guest_relations", 100))
    page = browser.submit(f"/courses/categories/{own}", {"side": "family", "from_on": "2026-01-01"})

    row = page.select("tbody tr")[-1]
    assert text_of(row) == (
        "Guest relations soft soft from 1 Jan 2026; hard from the beginning "
        "1 courses of Guest relations Move Guest relations"
    )
    moved = browser.get("/entries?category=guest_relations&kind=family")
    assert text_of(moved.h1) == "1 entry makes 8 h."
    assert_rollups()


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("/courses/categories", {"name": "Technical", "side": "hard"}, "name"),
        ("/courses/categories", {"name": "?!", "side": "hard"}, "name"),
        ("/courses/categories", {"name": "", "side": "hard"}, "name"),
        ("/courses/categories", {"name": "New", "side": "upper"}, "side"),
        ("/courses/categories/1", {"side": "hard", "from_on": "3000-01-01"}, "from_on"),
        ("/courses/categories/1", {"side": "hard"}, "from_on"),
    ],
)
def test_a_category_that_cannot_be_is_refused_beside_its_field(browser, world, path, data, field):
    browser.sign_in("hr")

    page = browser.post(path, data, status=200)

    assert page.select_one(f"#{field}-error") is not None


def test_who_only_reads_courses_sees_no_form_and_changes_nothing(browser, world):
    browser.sign_in("executive")
    till = course_id("Till")

    for path in ("/courses", f"/courses/{till}", "/courses/categories"):
        assert browser.get(path).select("form[method=post]:not([action])") == []
    browser.get("/courses/unclassified", 404)
    browser.get("/courses/categories/1", 404)
    sent = {"course": [till], "category": "hospitality", "category-1": "hospitality", "name": "X"}
    for path in ("/courses", f"/courses/{till}", "/courses/unclassified", "/courses/categories"):
        browser.post(path, sent, status=404)
    browser.sign_in("admin")
    browser.get("/courses", 404)


def test_reclassifying_leaves_what_was_known_before_as_it_was(browser, world):
    browser.sign_in("hr")
    before = browser.open("/entries.csv?as_of=2026-12-31&category=technical").data
    classify("Till", ("hospitality", 100), from_on=date(2030, 1, 1))

    assert browser.open("/entries.csv?as_of=2026-12-31&category=technical").data == before


def test_titles_are_decided_by_keyboard(chromium_page, world):
    complaints = course_id("Handling complaints")
    page = chromium_page("/courses/unclassified", role="hr")

    page.locator(f"#accept-{complaints}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # the list beside the suggestion
    page.keyboard.press("Tab")  # the next title
    page.keyboard.press("Tab")  # its list
    page.keyboard.type("Hosp")
    page.get_by_role("button", name="Save what is decided").press("Enter")

    page.get_by_text("2 courses are classified.").wait_for()


def test_the_title_of_a_search_says_what_was_searched(browser, world):
    browser.sign_in("hr")

    assert text_of(browser.get("/courses?search=drill").h1) == "1 course with “drill”."


def person(number):
    return db.session.scalars(select(Employee.id).where(Employee.number == number)).one()


def hours_by_title(page):
    return {
        row.th.a.text.strip(): row.select("td")[-1].text.strip() for row in page.select("tbody tr")
    }


def test_hours_of_courses_few_people_took_are_for_those_who_see_people(browser, world, tmp_path):
    """Till was taken by E1 alone; five people took Welcome."""
    more = "".join(f"E{n},Person {n},Finance,Airport,frontline,\n" for n in (5, 6))
    add_people(tmp_path, PEOPLE + more)
    take(tmp_path, *(f"E{n},Welcome,2026-03-1{n},1" for n in (1, 2, 3, 5, 6)))
    shown = {}
    for role in ("hr", "trainer", "executive"):
        browser.sign_in(role)
        found = hours_by_title(browser.get("/courses"))
        shown[role] = (found["Welcome"], found["Till"])

    assert shown == {
        "hr": ("5", "2"),
        "trainer": ("5", "not shown"),
        "executive": ("5", "not shown"),
    }


def test_who_sees_no_hours_finds_the_courses_by_title_without_empty_columns(browser, world):
    browser.sign_in("employee", person("E2"))

    page = browser.get("/courses")

    assert [text_of(one) for one in page.select("thead th")] == ["Course", "Code", "Counts as"]
    titles = [text_of(one.a) for one in page.select("tbody th")]
    assert titles == sorted(titles, key=str.casefold)
    assert "not shown" not in text_of(page.main)


def test_the_page_of_a_course_few_people_took_says_so(browser, world):
    address = f"/courses/{course_id('Till')}"
    browser.sign_in("trainer")
    assert "Fewer than five people took this course" in text_of(browser.get(address))
    browser.sign_in("employee", person("E2"))
    assert "You see hours in the balance, not here." in text_of(browser.get(address))
    browser.sign_in("hr")
    assert "Learner-hours 2 h" in text_of(browser.get(address)).replace("\u202f", " ")


def test_a_trainer_decides_titles_without_the_hours_of_a_few(browser, world):
    browser.sign_in("trainer")

    page = browser.get("/courses/unclassified")

    assert [row.select("td")[0].text.strip() for row in page.select("tbody tr")] == [
        "not shown"
    ] * 4
