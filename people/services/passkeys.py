"""Passkeys: registered by a device that checks who holds it, and good for signing in alone."""

import json
import secrets

from sqlalchemy import select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.clock import now
from core.db import transaction
from core.errors import NotFoundError, RefusedError
from people.models import Account, Passkey
from people.rules.signing import Site
from people.services.auditing import note
from people.services.factors import changed, check_keeps_a_factor, factor_added
from people.services.outbox import write_letter
from people.services.tickets import take_ticket, ticket_within
from people.services.versions import AnySession
from people.services.visits import visit_within

MOST_PASSKEYS = 20
NOT_TAKEN = "The passkey was not accepted. Try again, or sign in another way."
Answer = dict[str, object]


def new_passkey_options(account_id: int, site: Site) -> tuple[str, str]:
    """Return what the browser is asked for, as JSON, and the ticket to finish it with."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        account.handle = account.handle or secrets.token_hex(32)
        known = session.scalars(
            select(Passkey.credential).where(Passkey.account_id == account_id)
        ).all()
        if len(known) >= MOST_PASSKEYS:
            raise RefusedError(f"An account holds at most {MOST_PASSKEYS} passkeys.")
        options = generate_registration_options(
            rp_id=site.name,
            rp_name="Training Mix",
            user_id=account.handle.encode(),
            user_name=account.email,
            user_display_name=account.name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known
            ],
        )
        content = {"challenge": bytes_to_base64url(options.challenge)}
        ticket = ticket_within(session, "passkey-new", account_id, content)
    return options_to_json(options), ticket


def add_passkey(
    account_id: int, visit_id: int, site: Site, *, ticket: str | None, answer: Answer, name: str
) -> str:
    """Keep a new passkey and return the new secret of the visit.

    Raises:
        RefusedError: The answer of the device is not good.
    """
    with transaction() as session:
        begun = take_ticket(session, "passkey-new", ticket)
        if begun is None or begun.account_id != account_id:
            raise RefusedError("This took too long. Begin again.")
        try:
            key = verify_registration_response(
                credential=json.dumps(answer),
                expected_challenge=base64url_to_bytes(begun.content["challenge"]),
                expected_rp_id=site.name,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise RefusedError("The device gave an answer that is not good. Try again.") from error
        session.add(
            Passkey(
                account_id=account_id,
                credential=bytes_to_base64url(key.credential_id),
                public_key=key.credential_public_key,
                sign_count=key.sign_count,
                transports=_transports(answer),
                name=name.strip()[:300] or "Passkey",
                added_at=now(),
            )
        )
        account = session.get_one(Account, account_id)
        write_letter(
            session,
            account.email,
            "A passkey was added to your account",
            "A passkey was added to your account at Training Mix. If this was not you, tell an "
            "administrator at once.",
        )
        return factor_added(session, account_id, visit_id, "passkey")


def _transports(answer: Answer) -> list[str]:
    response = answer.get("response")
    found = response.get("transports") if isinstance(response, dict) else None
    return [str(one)[:20] for one in found[:8]] if isinstance(found, list) else []


def sign_in_options(site: Site) -> tuple[str, str]:
    """Return what the browser is asked for at sign-in, as JSON, and the ticket for the answer."""
    options = generate_authentication_options(
        rp_id=site.name, user_verification=UserVerificationRequirement.REQUIRED
    )
    with transaction() as session:
        content = {"challenge": bytes_to_base64url(options.challenge)}
        ticket = ticket_within(session, "passkey", None, content)
    return options_to_json(options), ticket


def sign_in_with_passkey(site: Site, *, ticket: str | None, answer: Answer, device: str) -> str:
    """Let somebody in with a passkey, which is two factors at once; return the visit's secret.

    Raises:
        RefusedError: The passkey is unknown, its answer wrong, or the account closed.
    """
    try:
        with transaction() as session:
            account = _account_behind(session, site, ticket, answer)
            return visit_within(
                session, account.id, how="passkey", device=device, second_factor=True
            )
    except RefusedError:
        note("sign-in.failed", details={"how": "passkey"})
        raise


def prove_with_passkey(account_id: int, site: Site, *, ticket: str | None, answer: Answer) -> None:
    """Check that whoever is here holds a passkey of this account.

    Raises:
        RefusedError: They do not.
    """
    with transaction() as session:
        if _account_behind(session, site, ticket, answer).id != account_id:
            raise RefusedError(NOT_TAKEN)


def _account_behind(session: AnySession, site: Site, ticket: str | None, answer: Answer) -> Account:
    begun = take_ticket(session, "passkey", ticket)
    if begun is None:
        raise RefusedError("This took too long. Begin again.")
    key = session.scalar(select(Passkey).where(Passkey.credential == str(answer.get("id"))))
    account = session.get(Account, key.account_id) if key else None
    if key is None or account is None or not account.active:
        raise RefusedError(NOT_TAKEN)
    try:
        proof = verify_authentication_response(
            credential=json.dumps(answer),
            expected_challenge=base64url_to_bytes(begun.content["challenge"]),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise RefusedError(NOT_TAKEN) from error
    key.sign_count = proof.new_sign_count
    key.used_at = now()
    return account


def remove_passkey(account_id: int, passkey_id: int) -> str:
    """Take a passkey away and return its name.

    Raises:
        NotFoundError: The account has no such passkey.
        RefusedError: It is the last second factor of somebody who needs one.
    """
    with transaction() as session:
        found = select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
        key = session.scalar(found)
        if key is None:
            raise NotFoundError
        account = session.get_one(Account, account_id)
        check_keeps_a_factor(session, account, 1)
        name = key.name
        session.delete(key)
        changed(session, account_id, {"removed": "passkey"})
        write_letter(
            session,
            account.email,
            "A passkey was removed from your account",
            f"The passkey {name} was removed from your account at Training Mix. If this was not "
            "you, tell an administrator at once.",
        )
    return name
