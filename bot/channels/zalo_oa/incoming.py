"""Events of the Official Account, translated."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from feedback.messages import Attachment, Incoming, Kind

NAME = "zalo_oa"
PRESSED = re.compile(r"#([a-z]{1,20}(?::[A-Za-z0-9._-]{1,40}){0,4})")  # no sentence looks like this
TAKEN = ("image", "file")  # what may be one of our kinds of file; voice, video and stickers are none
MIMES = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
LONGEST_ID = 80

Content = tuple[Kind, str, tuple[Attachment, ...]]
NO_EVENT = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Unreadable(ValueError):
    """Authentic, but no event as we know it: delivering it again cannot help."""


def read(event: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """Translate an event; None if it is not for us: receipts, our own messages, groups, other accounts.

    People without a Zalo account (anonymous_…) are not answered. Raises Unreadable, which never quotes what
    the person wrote.
    """
    try:
        name = str(event["event_name"])
        reader = _reader(name)
        found = reader(event, account, at) if reader else None
    except NO_EVENT as error:
        raise Unreadable(f"not an event of the account: {type(error).__name__}") from None
    return found


def _reader(name: str) -> Callable[[dict[str, Any], str, datetime], Incoming | None] | None:
    if name.startswith("user_send_group_"):
        return None
    if name.startswith("user_send_"):
        return _message
    if name.startswith("oa_send_"):
        return _echo
    return {
        "follow": _follow,
        "unfollow": _follow,
        "user_click_chatnow": _about,
        "user_withdraw": _about,
        "user_submit_info": _form,
    }.get(name)


def _message(event: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    if event["recipient"]["id"] != account:
        return None
    message, person = event["message"], _id(event["sender"]["id"])
    kind, text, attachments = _content(event["event_name"].removeprefix("user_send_"), message)
    number = _id(message["msg_id"])
    return Incoming(
        channel=NAME,
        account=account,
        event=number,
        person=person,
        chat=person,
        at=at,
        kind=kind,
        text=_clean(text),
        attachments=attachments,
        message=number,
        replies_to=_clean(str(message.get("quote_msg_id", "")))[:LONGEST_ID],
    )


def _content(name: str, message: dict[str, Any]) -> Content:
    text = _text(message.get("text"))
    given = [(one["type"], one["payload"]) for one in message.get("attachments", ())]
    match name:
        case "text":
            return _written(text)
        case "location":
            return Kind.LOCATION, _place(given[0][1]["coordinates"]), ()
        case "business_card":
            card = json.loads(given[0][1]["description"])
            contact = _contact(card.get("name"), card.get("phone"))
            return (Kind.CONTACT, contact, ()) if contact else (Kind.UNSUPPORTED, "", ())
        case "link":
            shown = [text, *(_text(link.get(key)) for _, link in given for key in ("description", "url"))]
            return _written("\n".join(dict.fromkeys(filter(None, shown))))
    files = tuple(_file(kind, payload) for kind, payload in given)
    if files and (text or name in TAKEN):
        return Kind.FILES, text, files
    return (Kind.TEXT, text, ()) if text else (Kind.UNSUPPORTED, "", ())


def _written(text: str) -> Content:
    """Take for a pressed button what looks like one.

    A press arrives as a text that anybody can type, so it grants nothing: what a button is about is checked
    where it is handled.
    """
    if pressed := PRESSED.fullmatch(text):
        return Kind.BUTTON, pressed[1], ()
    return (Kind.TEXT, text, ()) if text else (Kind.UNSUPPORTED, "", ())


def _place(given: dict[str, Any]) -> str:
    latitude, longitude = float(given["latitude"]), float(given["longitude"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("no place on earth")
    return f"{latitude}, {longitude}"


def _file(kind: str, payload: dict[str, Any]) -> Attachment:
    """`remote` is the address, with the checksum behind it where Zalo gives one."""
    ending = _text(payload.get("type")).lower() if kind == "file" else "jpg" * (kind == "image")
    checksum = re.fullmatch(r"[0-9a-fA-F]{32}", _text(payload.get("checksum")))
    size = _text(payload.get("size"))
    return Attachment(
        remote=_clean(payload["url"]) + (f"#md5={checksum[0].lower()}" if checksum else ""),
        name=_clean(_text(payload.get("name")))[-120:],
        mime=MIMES.get(ending, ""),
        size=int(size) if re.fullmatch(r"[0-9]{1,15}", size) else 0,
    )


def _echo(event: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """A person of the office wrote in OA Manager; anything else that the account sent was our own."""
    sender = event["sender"]
    if sender["id"] != account or not sender.get("admin_id"):
        return None
    number = _id(event["message"]["msg_id"])
    return replace(_bare(event["recipient"]["id"], account, at, Kind.TAKEN_OVER, number), message=number)


def _follow(event: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    kind = Kind.STARTED if event["event_name"] == "follow" else Kind.LEFT
    return _told(event, event["follower"]["id"], account, at, kind)


def _about(event: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """The sources do not agree on where these name their person."""
    kind = Kind.STARTED if event["event_name"] == "user_click_chatnow" else Kind.ERASE
    person = event.get("user_id") or event.get("sender", {}).get("id") or event["follower"]["id"]
    return _told(event, person, account, at, kind)


def _form(event: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """The form that asks for contact data."""
    info = event["info"]
    found = _told(event, event["sender"]["id"], account, at, Kind.CONTACT)
    return found and replace(found, text=_clean(_contact(info.get("name"), info.get("phone"))))


def _told(event: dict[str, Any], person: str, account: str, at: datetime, kind: Kind) -> Incoming | None:
    """What is no message has no id: its key is made of what it says, and names nobody."""
    if event.get("oa_id", account) != account:
        return None
    parts = (event["event_name"], _id(person), str(event["timestamp"]))
    return _bare(person, account, at, kind, sha256(":".join(parts).encode("utf-8", "replace")).hexdigest())


def _bare(person: str, account: str, at: datetime, kind: Kind, number: str) -> Incoming:
    return Incoming(NAME, account, number, _id(person), _id(person), at, kind)


def _contact(name: object, phone: object) -> str:
    return ", ".join(filter(None, (_text(name).strip(), _text(phone).strip())))


def _id(given: object) -> str:
    """Ids are texts; what is longer fits into no column."""
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_ID or not given.isascii():
        raise ValueError("no id")
    return given


def _text(given: object) -> str:
    if given is None:
        return ""
    if isinstance(given, int):
        return str(given)
    if not isinstance(given, str):
        raise TypeError("no text")
    return given


def _clean(text: str) -> str:
    """No lone surrogates and no NUL: no database takes them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
