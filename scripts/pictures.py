"""Take the pictures of the documents from the demo: `.venv/bin/python -m scripts.pictures`.

The demo is made anew in a folder that is thrown away, and Chromium looks at it. The picture of the
report on paper needs pdftoppm; without it that one stays as it is.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from app import create_app
from core.db import db
from demo.rules.organisation import COMPANY
from demo.services.loading import load_demo
from people.models import Employee
from tests.browsing import CHROMIUM_FLAGS, find_chromium, serving

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDE, TALL, PHONE = (1440, 960), (1440, 1120), (390, 844)
LANDINGS = {"HR": "/balance", "Trainer": "/week", "Chief executive": "/aptitude"}
COLOURS = 96
PAPER_WIDTH = 900
MISTAKES = (
    ("{0}", "Complaint to compliment", "2026-03-31", "25 h"),
    ("{1}", "Complaint to compliment", "2026-02-30", "1:30"),
    ("S-4711", "Complaint to compliment", "2026-03-31", "1:30"),
)


def make_demo(folder: Path) -> Flask:
    """Return the application on a demo of its own."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'demo.db'}",
            "DEMO": True,
            "ORGANISATION": COMPANY,
            "OWN_URL": "/start",
        }
    )
    with app.app_context():
        upgrade()
        load_demo()
    return app


def hours_file(app: Flask) -> bytes:
    """Return an hours file of which three rows need a decision."""
    with app.app_context():
        numbers = list(
            db.session.scalars(
                select(Employee.number)
                .where(Employee.left_on.is_(None))
                .order_by(Employee.id)
                .limit(40)
            )
        )
    good = [(number, "Complaint to compliment", "2026-03-31", "1:30") for number in numbers]
    rows = good + [tuple(cell.format(*numbers) for cell in row) for row in MISTAKES]
    lines = ["Employee ID,Training title,Completion date,Duration", *map(",".join, rows)]
    return "\r\n".join(lines).encode()


def keep(picture: bytes, name: str) -> None:
    """Write a picture with few colours: text stays sharp and the file small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(FOLDER / name, optimize=True)
    sys.stdout.write(f"{name}: {(FOLDER / name).stat().st_size // 1024} KB\n")


def window(
    chromium: Chromium, address: str, size: tuple[int, int], scheme: str, role: str = "HR"
) -> Page:
    """Return a page in which somebody of the demo is signed in, HR unless said otherwise."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name=f"Enter as {role}").click()
    page.wait_for_url(f"**{LANDINGS[role]}*")
    return page


def shoot(page: Page, name: str) -> None:
    """Keep what the window shows."""
    page.evaluate("document.fonts.ready")
    keep(page.screenshot(), name)


def take(chromium: Chromium, app: Flask, address: str, folder: Path) -> None:
    """Take all pictures."""
    page = window(chromium, address, WIDE, "light")
    shoot(page, "balance.png")
    paper = page.request.get(f"{address}/balance.pdf").body()
    page.locator("#by-category").locator("xpath=ancestor::section").get_by_role(
        "link", name="Rows of Service recovery"
    ).click()
    shoot(page, "rows.png")
    page.goto(f"{address}/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "lms-export.csv", "mimeType": "text/csv", "buffer": hours_file(app)}
    )
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url("**/import/hours/*")
    shoot(page, "import.png")
    page.goto(f"{address}/courses/unclassified")
    shoot(page, "courses.png")
    page.goto(f"{address}/people/")
    shoot(page, "people.png")
    shoot(window(chromium, address, PHONE, "dark"), "balance-phone-dark.png")
    take_teaching(chromium, address)
    take_aptitude(chromium, address)
    shoot_paper(paper, folder)


def take_teaching(chromium: Chromium, address: str) -> None:
    """Take the pictures of the trainer: the week, a curriculum, a sheet that is half marked."""
    page = window(chromium, address, WIDE, "light", "Trainer")
    shoot(page, "week.png")
    page.goto(f"{address}/curricula")
    page.get_by_role("link", name="First ninety days").click()
    page.get_by_role("heading", name="Its own mix").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#mix').scrollIntoView()")
    shoot(page, "curriculum.png")
    page = window(chromium, address, PHONE, "light", "Trainer")
    page.locator("section", has=page.get_by_role("heading", name="Sheets to close")).get_by_role(
        "link"
    ).first.click()
    shoot(page, "attendance-phone.png")


def take_aptitude(chromium: Chromium, address: str) -> None:
    """Take the pictures of service aptitude: where a chief officer stands, and the mirror."""
    page = window(chromium, address, TALL, "light", "Chief executive")
    shoot(page, "my-aptitude.png")
    page = window(chromium, address, TALL, "light")
    page.goto(f"{address}/leader-mirror")
    shoot(page, "leader-mirror.png")


def shoot_paper(paper: bytes, folder: Path) -> None:
    """Keep the first page of a PDF."""
    program = shutil.which("pdftoppm")
    if program is None:
        sys.stdout.write("report.png: left as it is, pdftoppm is not installed\n")
        return
    (folder / "report.pdf").write_bytes(paper)
    command = [program, "-png", "-singlefile", "-scale-to-x", str(PAPER_WIDTH), "-scale-to-y", "-1"]
    files = [folder / "report.pdf", folder / "report"]
    subprocess.run([*command, *files], check=True)  # noqa: S603  # our own files, no shell
    keep((folder / "report.png").read_bytes(), "report.png")


def main() -> None:
    """Make the demo, take the pictures, throw the demo away."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        os.environ["TRAINING_MIX_DATA"] = name
        app = make_demo(Path(name))
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        with serving(app) as address:
            take(chromium, app, address, Path(name))
        chromium.close()


if __name__ == "__main__":
    main()
