"""A letter that came → what of it is new, whose key it brings back, what hangs on it."""

import email
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from html.parser import HTMLParser

from feedback.attachments import LARGEST, type_of
from feedback.letters import KEY, new_part
from feedback.vietnamese import sound, tidy

MOST_FILES = 10
MOST_PARTS = 200
BACK = ("To", "Cc", "Delivered-To", "X-Original-To", "In-Reply-To", "References")  # where a key comes back
BULK = {"bulk", "junk", "list", "auto_reply"}
APART = {"p", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table", "ul", "ol"}
HIDDEN = {"script", "style", "head", "title"}
QUOTES = re.compile(
    r"gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|moz-cite-prefix|zmail_extra|protonmail_quote"
)


class Unreadable(ValueError):
    """This is no letter as we know them."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """`automatic` says that a program wrote it, `left_out` names the files that we do not take."""

    sender: str
    key: str
    text: str
    files: tuple[File, ...]
    left_out: tuple[str, ...]
    id: str
    automatic: bool


def read(raw: bytes, is_ours: Callable[[str], bool]) -> Letter:
    """`is_ours` says whether we signed a key. Raises Unreadable, which never quotes what was written."""
    try:
        return _read(raw, is_ours)
    except Exception as error:  # noqa: BLE001 - a letter that breaks the parser costs itself, not the service
        raise Unreadable(f"not a letter: {type(error).__name__}") from None


def _read(raw: bytes, is_ours: Callable[[str], bool]) -> Letter:
    if raw.count(b"oundary=") > MOST_PARTS:
        raise Unreadable("too many parts")
    letter = email.message_from_bytes(raw, policy=SMTP)
    senders = list(letter["From"].addresses) if letter["From"] else []
    if len(senders) != 1:
        raise Unreadable("not one sender")
    parts = list(_parts(letter))
    files, left_out = _files(parts)
    return Letter(
        sender=sound(senders[0].addr_spec).lower(),
        key=_key(letter, is_ours),
        text=tidy_lines(new_part(sound(_text(parts)))),
        files=files,
        left_out=left_out,
        id=str(letter.get("Message-ID", ""))[:500],
        automatic=_automatic(letter),
    )


def tidy_lines(text: str) -> str:
    return "\n".join(tidy(line) for line in text.split("\n")).strip()


def _automatic(letter: EmailMessage) -> bool:
    """Whether a program wrote it: such a letter is never answered (RFC 3834)."""
    submitted = str(letter.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return (
        submitted != "no"
        or str(letter.get("Precedence", "")).strip().lower() in BULK
        or str(letter.get("Return-Path", "x")).strip() == "<>"
        or letter.get_content_type() == "multipart/report"
        or any(name in letter for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
    )


def _key(letter: EmailMessage, is_ours: Callable[[str], bool]) -> str:
    written = " ".join(str(value) for name in BACK for value in letter.get_all(name, ()))
    return next((found.lower() for found in KEY.findall(written[:20_000]) if is_ours(found.lower())), "")


def _parts(letter: EmailMessage) -> Iterator[MIMEPart]:
    """Leave out letters that hang on the letter: they are somebody else's words."""
    waiting: list[MIMEPart] = [letter]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart":
            waiting = [*part.iter_parts(), *waiting]
        else:
            yield part
    raise Unreadable("too many parts")


def _text(parts: list[MIMEPart]) -> str:
    """Return the plain text; of a letter that is HTML only, what a reader would see."""
    bodies = [part for part in parts if not _is_file(part)]
    for subtype in ("plain", "html"):
        found = [_decoded(part) for part in bodies if part.get_content_type() == f"text/{subtype}"]
        if any(text.strip() for text in found):
            return "\n".join(found) if subtype == "plain" else "\n".join(map(seen, found))
    return ""


def _decoded(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _is_file(part: MIMEPart) -> bool:
    return part.get_content_disposition() == "attachment" or (
        part.get_content_maintype() != "text" or part.get_filename() is not None
    )


def _files(parts: list[MIMEPart]) -> tuple[tuple[File, ...], tuple[str, ...]]:
    """Take what we take of citizens, too, told by its first bytes; name the others."""
    kept: list[File] = []
    left_out: list[str] = []
    for part in filter(_is_file, parts):
        content = part.get_payload(decode=True)
        raw = content if isinstance(content, bytes) else b""
        name = tidy(sound(part.get_filename() or part.get_content_type())).replace("\n", " ")[-120:]
        mime = type_of(raw)
        if mime and len(raw) <= LARGEST and len(kept) < MOST_FILES:
            kept.append(File(name, mime, raw))
        else:
            left_out.append(name)
    return tuple(kept), tuple(left_out[:50])


def seen(html: str) -> str:
    """Return what a reader of the page sees of it, without what is marked as quoted."""
    page = _Page()
    page.feed(html)
    page.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(page.text))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._hidden: list[str] = []
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if QUOTES.search(" ".join(value or "" for name, value in attrs if name in ("class", "id"))):
            self._over = True
        if tag in HIDDEN or (tag == "blockquote" and not self._hidden):
            self._hidden.append(tag)
        elif tag == "br" or tag in APART:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        elif tag in APART:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden and not self._over:
            self.text.append(re.sub(r"\s+", " ", data))
