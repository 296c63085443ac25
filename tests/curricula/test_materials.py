"""Files of modules: what may be brought, who gets it, and how it is handed out."""

import io
import zipfile

import pytest
from sqlalchemy import func, select

from core.db import db
from core.errors import RefusedError
from curricula.models.modules import Material, MaterialFile
from curricula.rules.materials import MEGABYTE, check_material, check_room
from curricula.rules.words import MaterialUse
from curricula.services.modules import begin_module, begin_version, publish_module
from tests.curricula.worlds import module

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"


def zipped(*names: str, content: bytes = b"<a/>") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return held.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
SCORM = zipped("imsmanifest.xml", "index.html")


def check(name: str, content: bytes, use: MaterialUse = MaterialUse.TRAINER):
    return check_material("", use, name, content)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("slides.pdf", PDF, "application/pdf"),
        ("plan.PNG", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("cards.txt", "Grüß Gott\n".encode(), "text/plain; charset=utf-8"),
        (
            "cards.docx",
            DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_file_is_kept_as_what_it_is(name, content, media_type):
    brought = check(name, content)

    assert (brought.file_name, brought.media_type, brought.title) == (
        name,
        media_type,
        name.rpartition(".")[0],
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("page.html", b"<script>", "cannot be kept", id="markup"),
        pytest.param("art.svg", b"<svg/>", "cannot be kept", id="svg"),
        pytest.param("tool.exe", b"MZ", "cannot be kept", id="program"),
        pytest.param("noname", PDF, "cannot be kept", id="no ending"),
        pytest.param("empty.pdf", b"", "is empty", id="empty"),
        pytest.param("page.pdf", b"<html>", "not what its name says", id="markup as PDF"),
        pytest.param("art.png", JPEG, "not what its name says", id="JPEG as PNG"),
        pytest.param("bytes.txt", b"a\x00b", "not what its name says", id="bytes as text"),
        pytest.param("old.docx", zipped("xl/a.xml"), "not what its name says", id="other office"),
        pytest.param("bad.docx", b"PK\x03\x04...", "is damaged or encrypted", id="damaged"),
        pytest.param(
            "m.docx",
            zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "holds macros",
            id="macros",
        ),
        pytest.param("big.pdf", PDF + b" " * 5 * MEGABYTE, "larger than 5 MB", id="large"),
        pytest.param("s.zip", SCORM, "kept as a SCORM package only", id="zip for another use"),
    ],
)
def test_what_is_not_kept_is_refused_with_a_reason(name, content, message):
    with pytest.raises(RefusedError, match=message):
        check(name, content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(zipped("index.html"), "no imsmanifest.xml", id="no manifest"),
        pytest.param(zipped("imsmanifest.xml", "../evil"), "outside itself", id="outside"),
        pytest.param(
            zipped("imsmanifest.xml", content=b"\0" * 61 * MEGABYTE), "unpacks to more", id="bomb"
        ),
    ],
)
def test_a_package_is_looked_into(content, message):
    with pytest.raises(RefusedError, match=message):
        check("course.zip", content, MaterialUse.PACKAGE)


def test_a_name_loses_its_folders_and_signs():
    assert check("C:\\temp\\a<b>.pdf", PDF).file_name == "ab.pdf"


def test_a_version_has_room_for_twenty_megabytes_and_forty_files():
    check_room([5 * MEGABYTE] * 3, 5 * MEGABYTE)
    with pytest.raises(RefusedError, match="may have 20 MB together"):
        check_room([5 * MEGABYTE] * 3, 5 * MEGABYTE + 1)
    with pytest.raises(RefusedError, match="keeps 40 files"):
        check_room([1] * 40, 1)


def bring(browser, module_id: int, name: str, content: bytes, use: str = "trainer"):
    return browser.submit(
        f"/modules/{module_id}/versions/1/materials",
        {"file": (io.BytesIO(content), name), "title": "", "use": use},
    )


@pytest.fixture
def draft(database) -> int:
    return begin_module(module(), account_id=None)


def test_files_are_added_and_removed_while_a_version_is_in_work(browser, draft):
    browser.sign_in("trainer")

    page = bring(browser, draft, "cards.pdf", PDF)
    assert "Added cards.pdf." in page.main.text
    assert "trainers only" in page.find(id="materials").find_parent("section").text
    assert "not what its name says" in bring(browser, draft, "art.png", PDF).text
    [found] = db.session.scalars(select(Material.id)).all()
    page = browser.submit(f"/modules/{draft}/versions/1/materials/{found}/remove")

    assert "Removed from this version." in page.main.text
    assert db.session.scalar(select(func.count()).select_from(MaterialFile)) == 0


def test_a_published_version_keeps_its_files_and_the_next_one_begins_with_them(browser, draft):
    browser.sign_in("trainer")
    bring(browser, draft, "cards.pdf", PDF)
    publish_module(draft, account_id=None)
    begin_version(draft, account_id=None)
    first, second = db.session.scalars(select(Material.id).order_by(Material.id)).all()

    refused = browser.submit(f"/modules/{draft}/versions/1/materials/{first}/remove")
    browser.submit(f"/modules/{draft}/versions/2/materials/{second}/remove")

    assert "A published version never changes" in refused.find(role="alert").text
    answer = browser.open(f"/modules/{draft}/versions/1/materials/{first}")
    assert answer.data == PDF


def test_files_are_handed_out_as_attachments_to_those_who_may_have_them(browser, draft):
    browser.sign_in("trainer")
    bring(browser, draft, "secret.pdf", PDF)
    bring(browser, draft, "map.png", PNG, "participant")
    bring(browser, draft, "course.zip", SCORM, "package")
    secret, picture, package = db.session.scalars(select(Material.id).order_by(Material.id)).all()
    at = f"/modules/{draft}/versions/1/materials"
    answer = browser.open(f"{at}/{package}")
    assert answer.content_type == "application/zip"

    browser.sign_in("executive")
    browser.open(f"{at}/{picture}", 404)
    publish_module(draft, account_id=None)
    answer = browser.open(f"{at}/{picture}")
    page = browser.get(f"/modules/{draft}")

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="map.png"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "image/png"
    browser.open(f"{at}/{secret}", 404)
    browser.open(f"{at}/{package}", 404)
    assert "map" in page.main.text
    assert "secret" not in page.main.text
