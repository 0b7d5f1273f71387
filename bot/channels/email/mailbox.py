"""Our mailbox, read by IMAP (RFC 3501) with the standard library; every call here waits for the network.

Nothing in the mailbox is changed: what was read is remembered by number, so that a person may look into it,
too.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from storage.accounts import Place

PATIENCE = 30.0  # seconds for each step
AT_ONCE = 20  # letters of one look
LARGEST = 25 * 1024 * 1024  # bytes of a letter that is read whole
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
GONE = (imaplib.IMAP4.error, OSError)  # also what ssl raises


class NotRead(Exception):
    """The mailbox cannot be read; `denied` if the server does not let us in."""

    def __init__(self, reason: str, *, denied: bool = False) -> None:
        super().__init__(reason)
        self.denied = denied


@dataclass(frozen=True, slots=True)
class Account:
    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    trust: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """A letter as it lies there; of one that is too large only its head."""

    content: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """`place` is where reading begins, `letters` what lies behind it, each with its number (None: gone)."""

    place: Place
    letters: tuple[tuple[int, Raw | None], ...] = ()


def look(account: Account, known: Place | None) -> Found:
    """Return what came since; at the very first look nothing, and where things to come begin.

    Where the numbers are new ones, all that is there is read again. Raises NotRead.
    """
    box = Mailbox(account)
    try:
        newest = box.open()
        if known is None:
            return Found(newest)
        place = known if known.validity == newest.validity else Place(newest.validity, 0)
        return Found(place, tuple(box.some(place.uid)))
    finally:
        box.close()


class Mailbox:
    """One connection. Raises NotRead."""

    def __init__(self, account: Account) -> None:
        try:
            self._imap = _connect(account)
        except GONE as error:
            raise NotRead(type(error).__name__) from None
        try:
            _sign_in(self._imap, account)
        except GONE as error:
            self.close()
            denied = isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)
            reason = "the server does not accept user and password" if denied else type(error).__name__
            raise NotRead(reason, denied=denied) from None

    def open(self) -> Place:
        """Say up to where letters have come by now."""
        _checked(self._call("select", "INBOX", readonly=True))
        validity, following = self._number("UIDVALIDITY"), self._number("UIDNEXT")
        return Place(validity, following - 1)

    def after(self, uid: int) -> list[int]:
        """Return the numbers of the letters that came later, the first first."""
        found = _checked(self._call("uid", "SEARCH", f"UID {uid + 1}:*"))
        numbers = [int(each) for each in (found[0] or b"").split()]
        return sorted(number for number in numbers if number > uid)  # «*» is the last one, however old

    def some(self, uid: int) -> Iterator[tuple[int, Raw | None]]:
        """Return the next letters, not more than are good to have at once."""
        room = LARGEST
        for number in self.after(uid)[:AT_ONCE]:
            raw = self.read(number)
            yield number, raw
            room -= len(raw.content) if raw else 0
            if room <= 0:
                return

    def read(self, uid: int) -> Raw | None:
        """None if it is gone by now."""
        size = SIZE.search(_joined(self._fetch(uid, "(RFC822.SIZE)")))
        whole = size is not None and int(size[1]) <= LARGEST
        found = self._fetch(uid, "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])")
        contents = [part[1] for part in found if isinstance(part, tuple)]
        return Raw(contents[0], whole) if contents else None

    def close(self) -> None:
        with suppress(*GONE):
            self._imap.logout()
        with suppress(OSError, ValueError):
            self._imap.shutdown()

    def _fetch(self, uid: int, what: str) -> list[Any]:
        return _checked(self._call("uid", "FETCH", str(uid), what))

    def _number(self, name: str) -> int:
        found = self._imap.response(name)[1]
        if not found or not found[-1] or not found[-1].isdigit():
            raise NotRead(f"the server names no {name}")
        return int(found[-1])

    def _call(self, name: str, *words: str, **options: bool) -> tuple[str, list[Any]]:
        try:
            answer: tuple[str, list[Any]] = getattr(self._imap, name)(*words, **options)
        except GONE as error:
            raise NotRead(type(error).__name__) from None
        return answer


def _connect(account: Account) -> imaplib.IMAP4:
    trust = account.trust or ssl.create_default_context()
    if account.security == "tls":
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=trust, timeout=PATIENCE)
    imap = imaplib.IMAP4(account.host, account.port, timeout=PATIENCE)
    if account.security == "starttls":
        imap.starttls(trust)
    return imap


def _sign_in(imap: imaplib.IMAP4, account: Account) -> None:
    """By SASL where the server can: LOGIN takes no Vietnamese letters."""
    if "AUTH=PLAIN" in imap.capabilities:
        imap.authenticate("PLAIN", lambda _: f"\0{account.user}\0{account.password}".encode())
    else:
        imap.login(account.user, account.password)


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise NotRead(f"the server says {answer[0]}")
    return answer[1]


def _joined(found: list[Any]) -> bytes:
    """Servers may add a line about flags to what was asked for."""
    return b" ".join(part if isinstance(part, bytes) else b" ".join(part) for part in found if part)
