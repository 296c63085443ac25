"""The two faces of the product, cut from their packages: small for pages, complete for paper.

The packages hold variable TrueType files of about a megabyte each. Pages get Latin only, as WOFF2
with the weights the style sheet uses. Paper gets one static file a weight, with Latin, Vietnamese,
Greek and Cyrillic, digits of one width, and without layout tables, which PDFs do not use. Each cut
is kept in a folder under a name that changes with the packages and the recipe.
"""

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

Family = Literal["inter", "serif"]

RECIPE = 1
"""Raise it when a cut changes; the style sheet names it in the addresses of the fonts."""

WEIGHTS_ON_PAGES = (400, 650)
WEIGHTS_ON_PAPER = (400, 600)


@dataclass(frozen=True)
class Face:
    """Where a face comes from and how it is cut.

    Attributes:
        package: The distribution it is in.
        module: The package that holds the file.
        file: The variable font, upright.
        page_size: The optical size of pages, in points.
        page_features: OpenType features pages may use.
        digits: Ending of the glyphs of digits of one width; empty where all are.
    """

    package: str
    module: str
    file: str
    page_size: int
    page_features: tuple[str, ...]
    digits: str


SHAPING = ("kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum", "case")
PAPER_SIZE = 14

FACES: dict[Family, Face] = {
    "inter": Face(
        "fontpkg-inter",
        "fontpkg_inter",
        "Inter[opsz,wght].ttf",
        14,
        (*SHAPING, "calt", "cv11", "ss03"),
        ".tf",
    ),
    "serif": Face(
        "fontpkg-source-serif-4",
        "fontpkg_source_serif_4",
        "SourceSerif4[opsz,wght].ttf",
        32,
        SHAPING,
        "",
    ),
}

ON_PAGES: dict[str, Family] = {"inter.woff2": "inter", "source-serif-4.woff2": "serif"}
"""The names pages ask for."""

PUNCTUATION = (*range(0x2000, 0x2070), 0x20AC, 0x2122, *range(0x2190, 0x219A))
SIGNS = (0x2212, 0x2248, 0x2260, 0x2264, 0x2265)
PAGE_CHARACTERS = (*range(0x20, 0x7F), *range(0xA0, 0x180), *PUNCTUATION, *SIGNS)
PAPER_CHARACTERS = (
    *PAGE_CHARACTERS,
    *range(0x180, 0x250),  # Latin Extended-B, with the horned letters of Vietnamese
    *range(0x2B0, 0x370),  # modifiers and combining marks
    *range(0x370, 0x530),  # Greek and Cyrillic
    *range(0x1E00, 0x1F00),  # Vietnamese
    0x20AB,
)

_cutting = threading.Lock()


def page_cut(name: str) -> Path:
    """Return the WOFF2 file pages ask for by `name`, cut first when it is not there yet.

    Raises:
        KeyError: Pages use no font of this name.
    """
    family = ON_PAGES[name]
    face = FACES[family]
    return _kept(f"{family}-{_mark(face)}.woff2", lambda: _cut_for_pages(face))


def static_cut(family: Family, weight: int) -> Path:
    """Return a static TrueType file for paper, cut first when it is not there yet.

    Args:
        family: "inter" or "serif".
        weight: 400 for text, 600 for headings.
    """
    face = FACES[family]
    return _kept(f"{family}-{weight}-{_mark(face)}.ttf", lambda: _cut_for_paper(face, weight))


def build_all() -> list[Path]:
    """Cut everything that is missing, so that nobody waits for it later."""
    pages = [page_cut(name) for name in ON_PAGES]
    return pages + [static_cut(family, weight) for family in FACES for weight in WEIGHTS_ON_PAPER]


def cache_folder() -> Path:
    """Return where cuts are kept: TRAINING_MIX_CACHE, or "assets" beside the database."""
    chosen = os.environ.get("TRAINING_MIX_CACHE")
    return Path(chosen) if chosen else Path(__file__).parents[2] / "instance" / "assets"


def _mark(face: Face) -> str:
    versions = (version(face.package), version("fonttools"), RECIPE)
    recipe = (PAGE_CHARACTERS, PAPER_CHARACTERS, WEIGHTS_ON_PAGES, PAPER_SIZE)
    return hashlib.sha256(repr((face, versions, recipe)).encode()).hexdigest()[:12]


def _kept(name: str, cut: Callable[[], bytes]) -> Path:
    path = cache_folder() / name
    if path.exists():
        return path
    with _cutting:
        if not path.exists():
            content = cut()
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
                draft.write(content)
            Path(draft.name).replace(path)
    return path


def _cut_for_pages(face: Face) -> bytes:
    from fontTools.varLib import instancer  # noqa: PLC0415  # heavy: imported when used

    font = _subset(face, PAGE_CHARACTERS, face.page_features)
    limits = {"opsz": face.page_size, "wght": WEIGHTS_ON_PAGES}
    font = instancer.instantiateVariableFont(font, limits, inplace=True)
    font.flavor = "woff2"
    return _saved(font)


def _cut_for_paper(face: Face, weight: int) -> bytes:
    """Return one weight, named so that a document can hold several."""
    from fontTools.varLib import instancer  # noqa: PLC0415  # heavy: imported when used

    font = _subset(face, PAPER_CHARACTERS, ())
    limits = {"opsz": PAPER_SIZE, "wght": weight}
    font = instancer.instantiateVariableFont(font, limits, inplace=True)
    family = font["name"].getBestFamilyName()
    for name_id, text in (
        (2, str(weight)),
        (4, f"{family} {weight}"),
        (6, f"{family.replace(' ', '')}-{weight}"),
    ):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    return _saved(font)


def _subset(face: Face, characters: tuple[int, ...], features: tuple[str, ...]) -> "TTFont":
    """Return the variable font with these characters only; the rest is never looked at again."""
    from fontTools import subset  # noqa: PLC0415  # heavy: imported when used

    options = subset.Options(
        layout_features=list(features),
        hinting=False,
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
    )
    if not features:
        options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    font = subset.load_font(str(files(face.module) / "files" / face.file), options, lazy=True)
    if face.digits and not features:
        _use_digits_of_one_width(font, face.digits)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return font


def _use_digits_of_one_width(font: "TTFont", ending: str) -> None:
    """Let figures stand under each other on paper, where no layout feature can ask for it."""
    usual = font.getBestCmap()
    even = {digit: usual[digit] + ending for digit in range(ord("0"), ord("9") + 1)}
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(even)


def _saved(font: "TTFont") -> bytes:
    target = BytesIO()
    font.save(target)
    font.close()
    return target.getvalue()


if __name__ == "__main__":
    build_all()
