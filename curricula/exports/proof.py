"""A certificate as a file to hand on. What draws it is loaded when the first one is asked for."""

from curricula.queries.certificates import Proof


def certificate_pdf(proof: Proof, organisation: str, address: str) -> bytes:
    """Return a certificate on one page of A4 across.

    Args:
        proof: What it proves.
        organisation: Who vouches for it.
        address: Where it is checked.
    """
    from curricula.exports.certificates import (  # noqa: PLC0415  # heavy: imported when used
        Printed,
        draw_certificate,
    )

    return draw_certificate(
        Printed(
            name=proof.name,
            title=proof.title,
            minutes=proof.minutes,
            completed_on=proof.completed_on,
            organisation=organisation,
            code=proof.code,
            address=address,
            whole=proof.whole,
        )
    )
