"""Signing in: how long a visit lasts, how long to wait after failures, who needs two factors."""

import hashlib
import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from people.rules.levels import RoleName

LONGEST_VISIT = timedelta(hours=12)
LONGEST_IDLE = timedelta(hours=8)
LONGEST_IDLE_OF_TRUSTED = timedelta(minutes=30)
NOTICED_AFTER = timedelta(minutes=1)
"""A visit is written down as seen no more often than this."""

PROVEN_FOR = timedelta(minutes=15)
"""For how long a person need not prove again who they are, before what matters."""

TRUSTED = frozenset({RoleName.HR, RoleName.ADMIN})
"""Who sees everybody or runs the system: two factors, and a short idle limit."""

FREE_TRIES = {"account": 5, "address": 20, "code": 5, "reset": 3, "reset-address": 10}
"""How many failures cost no wait, by what is tried."""

LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
"""Without further failures, earlier ones count no longer."""

TICKETS = {
    "second-factor": timedelta(minutes=10),
    "passkey": timedelta(minutes=5),
    "passkey-new": timedelta(minutes=5),
    "totp-new": timedelta(minutes=20),
    "reset": timedelta(minutes=30),
    "invite": timedelta(days=3),
}
"""How long something begun may be finished."""

RECOVERY_CODES = 10


def needs_two_factors(roles: Collection[RoleName]) -> bool:
    """Tell whether somebody with these roles has to prove themself twice."""
    return bool(TRUSTED & set(roles))


def idle_limit(roles: Collection[RoleName]) -> timedelta:
    """Return after how long without a request a visit ends."""
    return LONGEST_IDLE_OF_TRUSTED if needs_two_factors(roles) else LONGEST_IDLE


def has_ended(
    started_at: datetime, last_seen_at: datetime, roles: Collection[RoleName], now: datetime
) -> bool:
    """Tell whether a visit is over because it is idle or has lasted its time."""
    return now - started_at >= LONGEST_VISIT or now - last_seen_at >= idle_limit(roles)


def is_proven(proven_at: datetime, now: datetime) -> bool:
    """Tell whether the person has proven lately who they are."""
    return now - proven_at < PROVEN_FOR


def wait_after(kind: str, failures: int) -> timedelta:
    """Return how long the next try waits after this many failures: 1 s, 2 s, 4 s and so on."""
    beyond = failures - FREE_TRIES[kind]
    if beyond < 0:
        return timedelta()
    return min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_WAIT)


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Return what somebody signs in with, in words they recognise: "Firefox on Windows"."""
    browser = next((word for mark, word in _BROWSERS if mark in user_agent), "A browser")
    system = next((word for mark, word in _SYSTEMS if mark in user_agent), "an unknown system")
    return f"{browser} on {system}"


_NOT_IN_CODES = re.compile(r"[^0-9a-z]")


def plain_code(text: str) -> str:
    """Return a typed code as it is compared: without blanks, dashes and capitals."""
    return _NOT_IN_CODES.sub("", text.casefold())


def digest_of(token: str) -> str:
    """Return what is kept of a word nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Site:
    """Where passkeys are good for: a browser gives them to nobody else.

    Attributes:
        origin: Scheme, name and port, as a browser says it.
        name: The name of the site alone.
    """

    origin: str
    name: str


def site_of(base_url: str) -> Site | None:
    """Return the site of passkeys; None where browsers allow none: at numbers, and in the open."""
    parts = urlsplit(base_url)
    name = parts.hostname or ""
    if parts.scheme != "https" and name != "localhost":
        return None
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return Site(f"{parts.scheme}://{parts.netloc}", name) if name else None
    return None
