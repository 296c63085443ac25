"""A certificate on paper: one page across, with the address and code under which it is checked.

It leans on heavy libraries: import it where a certificate is made, not where pages start.
"""

import io
from dataclasses import dataclass
from datetime import date

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from core.export.pdf import (
    COLOURS,
    INK,
    INK2,
    LINE,
    SANS,
    SANS_STRONG,
    SERIF,
    SERIF_STRONG,
    P,
    plain,
    sized,
)
from core.words import day, hours

WIDTH, HEIGHT = landscape(A4)
EDGE = 36.0
LEFT = 84.0
ROOM = WIDTH - 2 * LEFT
TITLE_SIZES = (3.0, 2.5, 2.1, 1.8, 1.5, 1.25)
NAME_SIZES = (3.6, 3.0, 2.5, 2.0, 1.6, 1.3)
SQUARE = 84.0


@dataclass(frozen=True)
class Printed:
    """What a certificate says.

    Attributes:
        whole: Whether it is for a whole curriculum, else for one module.
        address: Where it is checked.
    """

    name: str
    title: str
    minutes: int
    completed_on: date
    organisation: str
    code: str
    address: str
    whole: bool


def draw_certificate(said: Printed) -> bytes:
    """Return the certificate as a PDF of one page; the same certificate gives the same bytes."""
    P("")  # the faces are there from now on
    held = io.BytesIO()
    c = Canvas(held, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, lang="en")
    c.setTitle(plain(f"Certificate: {said.title}", 300))
    c.setAuthor(plain(said.organisation, 300))
    c.setSubject("Certificate")
    c.setCreator("Training Mix")
    _frame(c)
    _head(c, said.organisation)
    _body(c, said)
    _foot(c, said)
    c.showPage()
    c.save()
    return held.getvalue()


def _frame(c: Canvas) -> None:
    c.setStrokeColor(LINE)
    c.setLineWidth(0.6)
    c.rect(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE, stroke=1, fill=0)
    for side, x, width in (("hard", 0.0, 10.2), ("unclassified", 10.9, 1.8), ("soft", 13.4, 3)):
        c.setFillColor(COLOURS[side])
        c.rect(LEFT + x * 1.6, HEIGHT - 86, width * 1.6, 11, stroke=0, fill=1)


def _head(c: Canvas, organisation: str) -> None:
    c.setFillColor(INK2)
    c.setFont(SANS, 10)
    c.drawRightString(WIDTH - LEFT, HEIGHT - 84, plain(organisation, 90))
    c.setFillColor(INK)
    c.setFont(SANS_STRONG, 10)
    c.drawString(LEFT + 36, HEIGHT - 84, "Certificate")


def _body(c: Canvas, said: Printed) -> None:
    top = HEIGHT - 168
    top = _put(c, said.name, NAME_SIZES, top, 84)
    c.setFillColor(INK2)
    c.setFont(SERIF, 14)
    words = "has completed the curriculum" if said.whole else "has completed the module"
    c.drawString(LEFT, top - 30, words)
    top = _put(c, said.title, TITLE_SIZES, top - 48, 108)
    c.setFillColor(INK2)
    c.setFont(SERIF, 14)
    c.drawString(LEFT, top - 26, f"on {day(said.completed_on)}, {hours(said.minutes)} of learning.")


def _put(c: Canvas, text: str, factors: tuple[float, ...], top: float, room: float) -> float:
    """Draw a text as large as it fits, and return where it ends."""
    for factor in factors:
        part = P(text, sized("heading", factor, fontName=SERIF_STRONG))
        _, height = part.wrap(ROOM, HEIGHT)
        if height <= room:
            break
    part.drawOn(c, LEFT, top - height)
    return float(top - height)


def _foot(c: Canvas, said: Printed) -> None:
    base = EDGE + 44
    c.setStrokeColor(INK)
    c.setLineWidth(0.7)
    c.line(LEFT, base + 52, WIDTH - LEFT - SQUARE - 24, base + 52)
    c.setFillColor(INK)
    c.setFont(SANS_STRONG, 10)
    c.drawString(LEFT, base + 34, f"Code {said.code}")
    c.setFillColor(INK2)
    c.setFont(SANS, 8.6)
    c.drawString(LEFT, base + 19, "Whoever is shown this page can check it at")
    c.drawString(LEFT, base + 7, said.address)
    c.linkURL(said.address, (LEFT, base + 3, LEFT + 420, base + 17), relative=0)
    _squares(c, said.address, WIDTH - LEFT - SQUARE, base - 4)


def _squares(c: Canvas, text: str, x: float, y: float) -> None:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    size = SQUARE / len(rows)
    c.setFillColor(INK)
    path = c.beginPath()
    for row, line in enumerate(rows):
        for column, is_dark in enumerate(line):
            if is_dark:
                path.rect(x + column * size, y + SQUARE - (row + 1) * size, size, size)
    c.drawPath(path, stroke=0, fill=1)
