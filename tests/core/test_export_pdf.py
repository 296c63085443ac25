"""Paper holds any text as text, quickly, and is the same bytes for the same content."""

import io
import subprocess
import sys
import time

import pytest
from pypdf import PdfReader

from core.export import pdf
from core.export.pdf import Line, MixBar, P, Ruler, Scale, build, data_table, plain

SCALE = Scale(0.3, 0.1, 0.2)


def made(*story):
    return build(story, "Title", "Subject", "Meridian Services", "Foot", head="Head")


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "text",
    ["Zażółć gęślą jaźń", "Ελληνικά", "Кириллица", "Đặng Thị Hằng", "Tromsø", "1 050 h", "9.1 %"],
)
@pytest.mark.parametrize("style", ["title", "lede", "body", "cell"])
def test_words_of_many_languages_can_be_read_out_again(text, style):
    assert text in text_of(made(P(text, style)))


@pytest.mark.parametrize(
    "text", ["<b>x & <i>", '<img src="/etc/passwd"/>', "</para>", "&nbsp;&#0;", "<font color=red>"]
)
def test_markup_is_printed_as_it_was_typed(text):
    content = made(P(text), data_table(["Name"], [Line([text]), Line([P(text, "cell")])], [300]))

    assert text_of(content).count(text) == 3
    assert b"/Subtype /Image" not in content


def test_an_endless_word_is_cut_and_costs_nothing():
    started = time.perf_counter()
    content = made(P("W" * 200_000), data_table(["Name"], [Line([P("x" * 200_000)])], [60]))

    assert time.perf_counter() - started < 2
    assert "W" * 20 in text_of(content)
    assert "W" * 61 not in text_of(content).replace("\n", "")


def test_text_loses_what_cannot_be_printed():
    assert plain("a\x00b\x1bc\u202ed\ud800e\ufefff") == "abcdef"
    assert plain("W" * 61) == "W" * 59 + "…"
    assert plain("W" * 60) == "W" * 60
    assert len(plain("a b " * 1_000)) == 2_000


def test_the_same_content_gives_the_same_bytes():
    def once():
        return made(P("Hours"), Ruler(SCALE, 0.09, 0.08, 0.14), MixBar(900, 60, 90))

    assert once() == once()


def test_a_document_says_what_it_is_and_in_which_language():
    reader = PdfReader(io.BytesIO(made(P("Hours"))))

    assert reader.metadata.title == "Title"
    assert reader.metadata.subject == "Subject"
    assert reader.metadata.author == "Meridian Services"
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_every_page_is_numbered_and_a_table_repeats_its_head():
    table = data_table(["Unit"], [Line([f"Unit {number}"]) for number in range(60)], [200])
    content = made(table)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    assert pdf.pages_of(content) == len(pages) == 2
    assert ["Page 1 of 2" in pages[0], "Page 2 of 2" in pages[1]] == [True, True]
    assert ["Head" in pages[0], "Title" in pages[1]] == [True, True]
    assert all("Unit\n" in page for page in pages)


@pytest.mark.parametrize(
    ("top", "few", "many"),
    [
        (0.3, [0, 0.1, 0.2, 0.3], [0, 0.1, 0.2, 0.3]),
        (0.5, [0, 0.5], [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (0.7, [0, 0.7], [0, 0.7]),
        (1.0, [0, 0.5, 1.0], [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_a_ruler_writes_as_many_numbers_as_fit(top, few, many):
    assert Scale(top, None, None).ticks(4) == few
    assert Scale(top, None, None).ticks() == many


def test_rulers_take_shares_that_are_not_known_and_lines_that_are_close():
    close = Scale(0.3, 0.1, 0.105)
    content = made(Ruler(close, None, None, None), Ruler(close, 0.9, 0.0, 1.0), MixBar(0, 0, 0))

    assert "90/10 pattern" in text_of(content)
    assert "Target 10.5" in text_of(content)


def test_pages_start_without_the_libraries_of_paper():
    code = (
        "import planner.exports.pdf, planner.exports.sheets, core.export.charts, sys;"
        "print([n for n in ('reportlab', 'svglib', 'altair', 'vl_convert') if n in sys.modules])"
    )
    answer = subprocess.run(  # noqa: S603  # the code above
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"


def test_long_names_at_head_and_foot_leave_room_for_the_page_number():
    long = "Wide Words " * 12

    text = text_of(build([P("Text")], long, "", "", long, head=long))

    assert text.count("…") == 2
    assert "Page 1 of 1" in text


def test_faces_travel_with_the_document():
    fonts = PdfReader(io.BytesIO(made(P("Text")))).pages[0]["/Resources"]["/Font"].values()
    ours = [font.get_object() for font in fonts if "Inter" in font.get_object()["/BaseFont"]]

    assert ours
    assert all("/FontFile2" in font["/FontDescriptor"] for font in ours)
