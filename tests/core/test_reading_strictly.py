"""Pages are read strictly without their words, and nothing wrong with their markup stays unseen."""

import html5lib
import pytest
from html5lib.html5parser import ParseError

from tests.browsing import markup_of, read_strictly

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Hours &amp; kinds</title>
<script nonce="a1b2">const found = {"a": 1 < 2};</script></head>
<body><main><p class="one">We're <b>here</b> &lt; there</p>{}
<table><tbody><tr><td>1</td></tr><tr><td>2</td></tr><tr><td class="n">3</td></tr></tbody></table>
</main></body></html>"""

FAULTS = (
    "<p><div>a block in a paragraph</div></p>",
    "<div>never closed",
    "</section>",
    '<i class="a" class="b">twice</i>',
    "<b><i>crossed</b></i>",
    '<a href="/one">one <a href="/two">two</a></a>',
    '<table><tr><input type="text"><td>1</td></tr></table>',
    "<p>half an entity &copy here</p>",
    '<a href="/a?b=1&lt=2">an ambiguous ampersand</a>',
    '<a href="/one"title="two">no space</a>',
    "<ul><li>1</li><li>1</li><li><b>1</li></ul>",
    "<select><option>1</option><option>1</option><div>2</div></select></p>",
    "<br></br>",
    "<!-- a comment -- with > in it --!>",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_the_markup_is_found(fault):
    page = PAGE.replace("{}", fault)
    with pytest.raises(ParseError):
        html5lib.HTMLParser(strict=True).parse(page)

    with pytest.raises(ParseError):
        read_strictly(page)


@pytest.mark.parametrize(
    "good", ["", "<p>more</p>", '<img alt="a > b" src="/c">', "<!-- 1 > 0 -->"]
)
def test_what_is_well_formed_passes(good):
    read_strictly(PAGE.replace("{}", good))


def test_words_and_how_often_rows_come_make_no_other_markup():
    one = "<ul>" + "<li class='a'>One</li>" * 5 + '</ul><p title="1">two</p>'
    other = "<ul>" + "<li class='a'>A &amp; B</li>" * 2 + '</ul><p title="&lt;b&gt;">words</p>'

    assert markup_of(one) == markup_of(other)
    assert markup_of(one) != markup_of(one.replace("</p>", "<b></b></p>"))
