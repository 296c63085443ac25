"""Templates follow the same map as the code, and obey the content security policy."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from tests.architecture.files import ROOT, own_files

TEMPLATES = [path for path in own_files(".html") if path.parts[0] == "templates"]
PAGES = [path for path in TEMPLATES if not path.parts[1].startswith("_")]
FEATURES = {"aptitude", "core", "curricula", "planner", "ledger", "people", "demo"}
parse = Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse

FORBIDDEN = {
    "unescaped text": r"\|\s*safe\b|\bMarkup\(|autoescape\s+false",
    "a style in the page": r"<style\b|<[^>]*\sstyle\s*=",
    "a script in the page": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>",
    "a handler in the page": r"<[^>]*\son[a-z]+\s*=|javascript:",
    "something from elsewhere": r"<(?:link|script|img|iframe)\b[^>]*=[\"'](?:https?:)?//",
}


POST_FORM = re.compile(r"<form\b[^>]*\bmethod=\"post\"[^>]*>(.*?)</form>", re.S | re.I)
CARRIED = re.compile(r"{{\s*carried\(\w*\)\s*}}")


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def markup_of(source: str) -> str:
    """Return the source without Jinja's comments and with short stand-ins for its statements."""
    return re.sub(r"{#.*?#}", "", source, flags=re.S)


def forms_that_forget(source: str) -> list[str]:
    """Return the forms that are sent without their id and without proof that the page was ours."""
    return [form for form in POST_FORM.findall(markup_of(source)) if not CARRIED.search(form)]


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_form_that_is_sent_carries_its_id(path):
    source = markup_of(text_of(path))
    sent = re.findall(r"<form\b[^>]*method\s*=\s*[\"']?post", source, re.I)

    assert forms_that_forget(source) == []
    assert len(POST_FORM.findall(source)) == len(sent)  # none is written in a way we do not see


def test_there_are_forms_and_one_that_forgets_is_seen():
    assert sum(len(POST_FORM.findall(text_of(path))) for path in TEMPLATES) > 40
    assert forms_that_forget('<form class="a"\n method="post" novalidate>\n<input></form>')
    assert forms_that_forget('<form method="post">{# {{ carried() }} #}</form>')
    assert not forms_that_forget('<form method="post">{{ carried(form) }}</form>')


def test_every_page_belongs_to_a_feature():
    assert PAGES
    assert {page.parts[1] for page in PAGES} <= FEATURES


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_no_unused_imports(path):
    tree = parse(text_of(path))
    imported = {
        name if isinstance(name, str) else name[1]
        for node in tree.find_all(nodes.FromImport)
        for name in node.names
    }
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}

    assert imported <= used


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_pages_never_include_another_feature(path):
    wanted = meta.find_referenced_templates(parse(text_of(path)))
    own = {path.parts[1], "_layout", "_components"}

    assert {name.split("/")[0] for name in wanted if name} <= own


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_templates_hold_nothing_the_security_policy_forbids(path):
    source = markup_of(text_of(path))

    assert {kind: re.findall(rule, source) for kind, rule in FORBIDDEN.items()} == {
        kind: [] for kind in FORBIDDEN
    }


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("unescaped text", "{{ name|safe }}"),
        ("unescaped text", "{{ name | safe }}"),
        ("a style in the page", '<p class="a" style="color: red">'),
        ("a script in the page", "<script>run()</script>"),
        ("a handler in the page", '<a href="#" onclick="run()">'),
        ("something from elsewhere", '<script src="https://example.org/a.js"></script>'),
    ],
)
def test_the_check_sees_each_of_them(kind, source):
    assert re.search(FORBIDDEN[kind], source)


@pytest.mark.parametrize(
    "source",
    [
        '<script src="{{ url }}"></script>',
        '<script type="application/json" id="data">{{ data|tojson }}</script>',
        '<a href="https://example.org">',
        '<p class="one" data-style="on">',
    ],
)
def test_the_check_leaves_the_rest_alone(source):
    assert [kind for kind, rule in FORBIDDEN.items() if re.search(rule, source)] == []
