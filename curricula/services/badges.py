"""Open Badges 3.0: a certificate as a signed credential that others can check without us.

The private half of the key is kept encrypted with the secret of this installation.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import RefusedError
from core.words import hours
from curricula.models.outcomes import BadgeKey, Certificate
from curricula.queries.certificates import Proof, find_certificate, get_certificate, public_keys
from curricula.services.links import whole
from people.queries.opening import reading
from people.queries.settings import organisation_name
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.rules.opening import Reason
from people.services.auditing import record
from people.services.secrets import keyed_digest

ALGORITHM = "EdDSA"
CHECK_PATH = "/certificates"


@reading(Reason.CERTIFICATE_CODE)
def badge_of(code: str) -> str:
    """Return the signed badge of a certificate, made when it is first asked for.

    Raises:
        NotFoundError: There is no such certificate.
        RefusedError: It was revoked.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        proof = get_certificate(code)
        if proof.revoked_at is not None:
            raise RefusedError("This certificate was revoked, so there is no badge of it.")
        certificate = session.get_one(Certificate, proof.id)
        if certificate.badge is None:
            certificate.badge = _signed(session, proof)
        return certificate.badge


def _signed(session: AnySession, proof: Proof) -> str:
    # Heavy: loaded when the first badge is made.
    from openbadgeslib import (  # noqa: PLC0415  # heavy: imported when used
        Achievement,
        Issuer,
        OB3Signer,
        OpenBadgeCredential,
    )

    site, here = whole(""), whole(f"{CHECK_PATH}/{proof.code}")
    what = "curriculum" if proof.whole else "module"
    credential = OpenBadgeCredential(
        Issuer(site, organisation_name(), url=site),
        f"mailto:{proof.email}" if proof.email else None,
        Achievement(
            f"{here}#achievement",
            proof.title,
            f"Completed the {what}: {hours(proof.minutes)} of learning.",
            f"Attended and completed the {what} as the organisation requires.",
        ),
        id=here,
        name=proof.title,
        issuance_date=datetime.combine(proof.completed_on, datetime.min.time(), UTC),
        evidence_url=here,
    )
    token: str = OB3Signer(_private_key(session), ALGORITHM).sign(credential)
    return token


def _private_key(session: AnySession) -> bytes:
    newest = session.scalar(select(BadgeKey).order_by(BadgeKey.id.desc()).limit(1))
    if newest is not None:
        return _lock().decrypt(newest.private_key.encode())
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    locked = _lock().encrypt(private).decode()
    session.add(BadgeKey(public_key=public.decode(), private_key=locked, made_at=now()))
    return private


def _lock() -> Fernet:
    secret = bytes.fromhex(keyed_digest("badge keys", "private"))
    return Fernet(base64.urlsafe_b64encode(secret))


@dataclass(frozen=True)
class Checked:
    """What came of checking a badge.

    Attributes:
        genuine: We signed it, and nothing in it was changed.
        proof: The certificate it is of, which may have been revoked since.
    """

    genuine: bool
    proof: Proof | None


@reading(Reason.CERTIFICATE_CODE)
def check_badge(token: str) -> Checked:
    """Tell whether a badge is ours and unchanged, and what it is of."""
    from openbadgeslib import (  # noqa: PLC0415  # heavy: imported when used
        OB3VerificationError,
        OB3Verifier,
    )

    for key in public_keys():
        try:
            credential = OB3Verifier(key).verify(token.strip())
        except (OB3VerificationError, ValueError):
            continue
        code = str(credential.id or "").rpartition("/")[2]
        return Checked(genuine=True, proof=find_certificate(code))
    return Checked(genuine=False, proof=None)


def revoke(code: str, reason: str, *, viewer: Viewer) -> None:
    """Let a certificate hold no longer; who checks it is told so.

    Raises:
        NotFoundError: There is no such certificate.
        RefusedError: Somebody else than HR asks, no reason is given, or it was revoked before.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        certificate = session.get_one(Certificate, get_certificate(code).id)
        text = " ".join(reason.split())[:500]
        if not viewer.is_a(RoleName.HR):
            raise RefusedError("Only HR revokes certificates.")
        if certificate.revoked_at is not None:
            raise RefusedError("It was revoked already.")
        if not text:
            raise RefusedError("Say why it is revoked.", "reason")
        certificate.revoked_at, certificate.revoked_reason = now(), text
        record(
            session,
            "certificate.revoke",
            of=("certificate", certificate.id),
            about=certificate.employee_id,
            by=viewer.account_id,
        )
