"""Markdown that people write: as harmless HTML for pages, and as blocks for paper.

HTML in the text is text. What the parser makes is cleaned once more, so that a mistake in one of
the two is not enough.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "h5", "h6", "code", "pre",
    "blockquote", "br", "hr", "a",
}  # fmt: skip
LINKS = {"http", "https", "mailto"}
DEEPEST = 6
MOST_CHARS = 60_000
_HEADING = re.compile(r"h[1-6]")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 12}).disable(["image"])


def markdown_html(text: str, top: int = 3) -> str:
    """Return the HTML of a Markdown text.

    Args:
        text: What somebody wrote; "" gives "".
        top: The level the highest heading of the text gets, so that it fits below its section.
    """
    tokens = _parsed(text)
    levels = _levels(tokens, top)
    for token in tokens:
        if _HEADING.fullmatch(token.tag):
            token.tag = f"h{levels[token.tag]}"
    html = str(_parser().renderer.render(tokens, _parser().options, {}))
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=LINKS,
        link_rel="noopener noreferrer nofollow",
    )


def _parsed(text: str) -> list[Token]:
    return _parser().parse(text[:MOST_CHARS])


def _levels(tokens: Sequence[Token], top: int) -> dict[str, int]:
    """Return a level for each kind of heading, without gaps between them."""
    used = sorted({token.tag for token in tokens if _HEADING.fullmatch(token.tag)})
    return {tag: min(top + place, DEEPEST) for place, tag in enumerate(used)}


@dataclass(frozen=True)
class Span:
    """A run of text in one face."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True)
class Block:
    """A piece of a text on paper.

    Attributes:
        kind: "heading", "paragraph" or "item".
        level: Of a heading from 1, of an item how deep its list is from 1.
        mark: What stands before an item: "•" or "3.".
    """

    kind: str
    spans: tuple[Span, ...]
    level: int = 1
    mark: str = ""


def markdown_blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text, in order."""
    return list(_blocks(_parsed(text)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    levels = _levels(tokens, 1)
    lists: list[int | None] = []
    heading, mark = 0, ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            start = int(token.attrs.get("start", 1))
            lists.append(start if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            mark = _mark(lists)
        elif token.type == "heading_open":
            heading = levels[token.tag]
        elif token.type == "heading_close":
            heading = 0
        elif token.type in {"inline", "code_block", "fence"}:
            yield _block(_spans(token), heading, len(lists), mark)
            mark = ""


def _mark(lists: list[int | None]) -> str:
    number = lists[-1]
    if number is None:
        return "•"
    lists[-1] = number + 1
    return f"{number}."


def _block(spans: tuple[Span, ...], heading: int, depth: int, mark: str) -> Block:
    if heading:
        return Block("heading", spans, heading)
    return Block("item", spans, depth, mark) if depth else Block("paragraph", spans)


def _spans(token: Token) -> tuple[Span, ...]:
    if not token.children:
        return (Span(token.content),)
    found: list[Span] = []
    strong = emphasis = 0
    for child in token.children:
        strong += (child.type == "strong_open") - (child.type == "strong_close")
        emphasis += (child.type == "em_open") - (child.type == "em_close")
        text = " " if child.type in {"softbreak"} else child.content
        text = "\n" if child.type == "hardbreak" else text
        if text:
            found.append(Span(text, strong > 0, emphasis > 0))
    return tuple(found)
