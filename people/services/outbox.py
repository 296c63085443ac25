"""Letters: written with what they tell about in one transaction, and sent afterwards."""

import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from sqlalchemy import select, update

from core.clock import now
from core.db import db, transaction
from people.models import OutboxMail
from people.services.versions import AnySession

MOST_TRIES = 8
LONGEST_TALK = 20
FIRST_WAIT = timedelta(minutes=1)
CALENDAR = "calendar"
STOP = "No more letters of this kind: "
"""The last line of a letter that begins so gives the address of a page that stops such letters;
mail programs are told of it, so that they can show a button for it."""


Check = Callable[[AnySession, OutboxMail], str | None]
checks: list[Check] = []
"""Asked about each letter just before it is sent: why not, or None; they may mend the letter."""


@dataclass(frozen=True)
class MailServer:
    """Who carries letters.

    Attributes:
        tls: "starttls", "tls" from the first byte, or "none" for a server on this machine.
    """

    host: str
    port: int
    user: str | None
    password: str | None
    tls: str
    sender: str


def mail_server(settings: Mapping[str, object]) -> MailServer | None:
    """Return the mail server of the settings, None where there is none."""
    if not settings.get("SMTP_HOST"):
        return None
    user, password = settings.get("SMTP_USER"), settings.get("SMTP_PASSWORD")
    return MailServer(
        host=str(settings["SMTP_HOST"]),
        port=int(str(settings["SMTP_PORT"])),
        user=str(user) if user else None,
        password=str(password) if password else None,
        tls=str(settings["SMTP_TLS"]),
        sender=str(settings["MAIL_FROM"]),
    )


@dataclass(frozen=True)
class LetterFile:
    """A file that goes with a letter.

    Attributes:
        media_type: With its parameters, such as "text/calendar; method=REQUEST".
    """

    name: str
    media_type: str
    text: str


def write_letter(
    session: AnySession,
    to_address: str,
    subject: str,
    body: str,
    files: Sequence[LetterFile] = (),
) -> OutboxMail:
    """Put a letter into the outbox as part of a larger unit of work; return it."""
    at = now()
    letter = OutboxMail(
        to_address=to_address,
        subject=" ".join(subject.split()),
        body=body,
        files=[asdict(one) for one in files] or None,
        made_at=at,
        next_try_at=at,
        tries=0,
    )
    session.add(letter)
    return letter


def stop_address(body: str) -> str | None:
    """Return the address that stops letters like this one; None where it names none."""
    lines = body.rstrip().splitlines()
    return lines[-1].removeprefix(STOP) if lines and lines[-1].startswith(STOP) else None


def send_waiting(server: MailServer) -> int:
    """Send the letters that wait and return how many went out.

    A letter is claimed before it is sent, so that two senders do not both send it; when the
    machine stops in between, it is sent again after a while.
    """
    sent = 0
    for letter_id in db.session.scalars(
        select(OutboxMail.id)
        .where(OutboxMail.next_try_at <= now())
        .order_by(OutboxMail.id)
        .limit(50)
    ).all():
        sent += _send_one(server, letter_id)
    return sent


def _send_one(server: MailServer, letter_id: int) -> bool:
    letter = _claim(letter_id)
    if letter is None:
        return False
    try:
        _hand_over(server, letter)
    except (OSError, smtplib.SMTPException) as error:
        _finish(letter_id, problem=f"{type(error).__name__}: {error}"[:300])
        return False
    _finish(letter_id, problem=None)
    return True


def _claim(letter_id: int) -> EmailMessage | None:
    at = now()
    with transaction() as session:
        kept = session.get(OutboxMail, letter_id, with_for_update=True)
        if kept is None or kept.next_try_at is None or kept.next_try_at > at:
            return None
        if problem := _why_not(session, kept):
            kept.problem, kept.next_try_at = problem, None
            kept.body, kept.files = "", None
            return None
        kept.tries += 1
        last = kept.tries >= MOST_TRIES
        kept.next_try_at = None if last else at + FIRST_WAIT * 2 ** (kept.tries - 1)
        message = EmailMessage()
        message["To"] = kept.to_address
        message["Subject"] = kept.subject
        message["Date"] = formatdate(kept.made_at.timestamp())
        message["Message-ID"] = f"<training-mix-{kept.id}-{int(kept.made_at.timestamp())}@outbox>"
        message["Auto-Submitted"] = "auto-generated"
        if stop := stop_address(kept.body):
            message["List-Unsubscribe"] = f"<{stop}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(kept.body)
        _add_files(message, [LetterFile(**one) for one in kept.files or ()])
        return message


def _why_not(session: AnySession, letter: OutboxMail) -> str | None:
    """Return why a letter is not sent any more: much may have changed since it was written."""
    return next((why for check in checks if (why := check(session, letter))), None)


def _add_files(message: EmailMessage, files: Sequence[LetterFile]) -> None:
    """Put files into a letter; the first one for calendars becomes another form of the text.

    Mail programs show that one as an invitation with its date; a letter has only one such place,
    so the other dates of a session are files beside it.
    """
    is_first = True
    for one in files:
        kind, _, rest = one.media_type.partition(";")
        subtype = kind.strip().removeprefix("text/")
        told = dict(part.strip().split("=", 1) for part in rest.split(";") if part.strip())
        if subtype == CALENDAR and is_first:
            message.add_alternative(one.text, subtype=subtype, params=told)
            is_first = False
        else:
            message.add_attachment(one.text, subtype=subtype, params=told, filename=one.name)


def _hand_over(server: MailServer, message: EmailMessage) -> None:
    message["From"] = server.sender
    safe = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=LONGEST_TALK, context=safe)
        if server.tls == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=LONGEST_TALK)
    )
    with connection as smtp:
        if server.tls == "starttls":
            smtp.starttls(context=safe)
        if server.user and server.password:
            smtp.login(server.user, server.password)
        smtp.send_message(message, from_addr=parseaddr(server.sender)[1])


def _finish(letter_id: int, problem: str | None) -> None:
    values: dict[str, object] = {"problem": problem}
    if problem is None:  # what it said, such as a link, is needed no longer
        values |= {"sent_at": now(), "next_try_at": None, "body": "", "files": None}
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == letter_id).values(**values))
