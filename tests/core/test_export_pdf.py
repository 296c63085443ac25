"""Paper holds any text as text, in every script of our faces, and the same bytes each time."""

import time
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.export.pdf import MOST_WORD_CHARS, Line, P, build, data_table


def document(*story):
    return build(list(story), title="Balance", subject="Q3", author="Meridian", footer="Foot")


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Zażółć gęślą jaźń", id="Polish"),
        pytest.param("Γιώργος Παπαδόπουλος", id="Greek"),
        pytest.param("Алёна Щукина", id="Cyrillic"),
        pytest.param("Đặng Thị Ngọc Huyền", id="Vietnamese"),
    ],
)
def test_names_can_be_searched_and_copied_in_their_own_letters(name):
    content = document(P(name), data_table(["Unit"], [Line([P(name, "cell")])], [300]))

    assert text_of(content).count(name) == 2


@pytest.mark.parametrize(
    "text", ["<b>x & <i>", '<img src="/etc/passwd">', "&#0; &amp; <para>", "</font></b>"]
)
def test_markup_in_a_name_is_only_text(text):
    assert text in text_of(document(P(text)))


def test_a_word_without_end_is_cut_at_once():
    begun = time.perf_counter()

    content = document(P("a" * 200_000), data_table(["Unit"], [Line(["b" * 200_000])], [300]))

    assert time.perf_counter() - begun < 2
    assert "a" * (MOST_WORD_CHARS - 1) + "…" in text_of(content)
    assert "a" * (MOST_WORD_CHARS + 1) not in text_of(content)


def test_control_and_direction_characters_leave_no_trace():
    assert "Annab" in text_of(document(P("Ann\x00\u202ea\u200bb")))


def test_the_head_of_a_long_table_is_on_every_page():
    lines = [Line([f"Unit {number}", "1"]) for number in range(200)]

    pages = PdfReader(BytesIO(document(data_table(["Unit name", "Hours"], lines, [300, 80])))).pages

    assert len(pages) > 2
    assert all("Unit name" in page.extract_text() for page in pages)
    assert f"Page 2 of {len(pages)}" in pages[1].extract_text()


def test_long_names_at_head_and_foot_leave_room_for_the_page_number():
    long = "Wide Words " * 12

    content = build([P("Text")], title=long, subject="", author="", footer=long, head=long)

    assert text_of(content).count("…") == 2
    assert "Page 1 of 1" in text_of(content)


def test_the_same_content_gives_the_same_bytes_and_says_what_it_is():
    content = document(P("Same"))

    assert content == document(P("Same"))
    reader = PdfReader(BytesIO(content))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Balance", "Meridian")
    assert reader.root_object["/Lang"] == "en"
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    used = [font.get_object() for font in fonts]
    assert all("/FontFile2" in f["/FontDescriptor"] for f in used if "Inter" in f["/BaseFont"])
