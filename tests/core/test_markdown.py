"""Markdown as harmless HTML and as blocks for paper."""

import pytest

from core.markdown import Block, Span, markdown_blocks, markdown_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        "![x](https://a.example/x.png)",
        "<a href='https://a.example' onclick='x()'>y</a>",
    ],
)
def test_what_could_do_harm_is_only_text(text):
    html = markdown_html(text)

    assert not [tag for tag in ("<script", "<img", "=javascript", 'onclick="') if tag in html]


def test_headings_fit_below_their_section_without_gaps():
    assert markdown_html("# One\n\n### Two", top=3) == "<h3>One</h3>\n<h4>Two</h4>\n"
    assert markdown_html("### Two", top=3) == "<h3>Two</h3>\n"


def test_lists_and_faces_become_blocks():
    assert markdown_blocks("## Head\n\n3. **one** _two_\n   - deeper\n\nlast") == [
        Block("heading", (Span("Head"),), 1),
        Block("item", (Span("one", strong=True), Span(" "), Span("two", emphasis=True)), 1, "3."),
        Block("item", (Span("deeper"),), 2, "•"),
        Block("paragraph", (Span("last"),)),
    ]


def test_nothing_is_nothing():
    assert markdown_html("") == ""
    assert markdown_blocks("") == []
