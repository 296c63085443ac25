"""Texts for cameras: a QR code as one path of an SVG that stands in the page."""

from dataclasses import dataclass

QUIET_ZONE = 4


@dataclass(frozen=True)
class Squares:
    """A QR code.

    Attributes:
        size: Width and height in squares, the quiet zone included.
        path: The dark squares, as the `d` of a path.
    """

    size: int
    path: str


def squares_of(text: str) -> Squares:
    """Return the QR code of a text."""
    from qrcode import QRCode  # noqa: PLC0415  # heavy: imported when used
    from qrcode.constants import ERROR_CORRECT_M  # noqa: PLC0415  # heavy: imported when used

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = (
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_on in enumerate(row) if is_on
    )
    return Squares(len(rows), "".join(dark))
