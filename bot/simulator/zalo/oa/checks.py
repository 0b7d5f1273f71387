"""What is checked in a message before it is taken."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulator.zalo.addresses import is_web
from bot.simulator.zalo.ledger import Button, Json
from bot.simulator.zalo.oa.refusals import Refused
from bot.simulator.zalo.oa.uploads import Upload, Uploads

TEXT = 2000  # characters; how Zalo counts emoji is not known
BUTTONS, TITLE = 5, 100
ELEMENTS, SUBTITLE = 5, 500
ANSWERS = {"oa.query.show", "oa.query.hide"}
OPENS = {"oa.open.url": "url", "oa.open.phone": "phone_code", "oa.open.sms": "phone_code"}
TEMPLATES = {"message/transaction": "transaction_", "message/promotion": "promotion"}


@dataclass(frozen=True, slots=True)
class Content:
    """`echo` is the event by which the account hears of its own message."""

    echo: str
    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: bytes | None = None
    file: bytes | None = None
    name: str = ""
    url: str = ""
    attachments: list[Json] = field(default_factory=list)


def content(method: str, message: object, uploads: Uploads) -> Content:
    """Return what a message says. Raises Refused."""
    known = structure(message, "message")
    text = words(known.get("text", ""), "text", TEXT)
    if "attachment" not in known:
        if method in TEMPLATES:
            raise Refused(-233, "this kind of message takes a template")
        if not text.strip():
            raise Refused(-201, "message is empty")
        return Content("oa_send_text", text)
    attachment = structure(known["attachment"], "attachment")
    payload = structure(attachment.get("payload"), "payload")
    match attachment.get("type"):
        case "file":
            return _file(text, payload, uploads)
        case "template":
            return _template(method, text, payload, uploads)
        case other:
            raise Refused(-233, f"attachment {other!r}")


def structure(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise Refused(-201, f"{name} must be an object")
    return value


def words(value: object, name: str, longest: int, shortest: int = 0) -> str:
    if not isinstance(value, str) or len(value) < shortest:
        raise Refused(-201, f"{name} must be a text")
    if len(value) > longest:
        raise Refused(-210, f"{name} is longer than {longest}")
    return value


def web_address(value: object, name: str) -> str:
    address = words(value, name, TEXT, 1)
    if not is_web(address):
        raise Refused(-201, f"{name} must be an address")
    return address


def _file(text: str, payload: Json, uploads: Uploads) -> Content:
    if text:
        raise Refused(-201, "a file goes without a text")
    upload = uploads.get("file", payload.get("token"))
    return Content("oa_send_file", file=upload.content, name=upload.name, attachments=[{"type": "file"}])


def _template(method: str, text: str, payload: Json, uploads: Uploads) -> Content:
    template = str(payload.get("template_type", ""))
    buttons = tuple(_button(one) for one in _list(payload.get("buttons", []), "buttons", BUTTONS))
    attachments = [{"type": "template", "payload": payload}]
    if method in TEMPLATES:
        if not template.startswith(TEMPLATES[method]):
            raise Refused(-233, f"template {template!r}")
        shown = "\n".join(filter(None, map(_shown, _list(payload.get("elements"), "elements", 20, 1))))
        return Content("oa_send_template", shown, buttons, attachments=attachments)
    match template:
        case "":
            if not buttons or not text.strip():
                raise Refused(-201, "buttons need a text, and a text its buttons")
            return Content("oa_send_text", text, buttons, attachments=attachments)
        case "list":
            elements = _list(payload.get("elements"), "elements", ELEMENTS, 1)
            shown = "\n".join([text, *map(_element, elements)]).strip()
            return Content("oa_send_list", shown, buttons, attachments=attachments)
        case "request_user_info":
            (element,) = _list(payload.get("elements"), "elements", 1, 1)
            _element(element)
            web_address(element.get("image_url"), "image_url")
            return Content("oa_send_template", element["title"], attachments=attachments)
        case "media":
            (element,) = _list(payload.get("elements"), "elements", 1, 1)
            return _media(text, structure(element, "element"), uploads, attachments)
        case other:
            raise Refused(-233, f"template {other!r}")


def _media(text: str, element: Json, uploads: Uploads, attachments: list[Json]) -> Content:
    kind = str(element.get("media_type"))
    if kind == "sticker":
        words(element.get("attachment_id"), "attachment_id", TEXT, 1)
        return Content("oa_send_sticker", text, attachments=attachments)
    if kind not in {"image", "gif"}:
        raise Refused(-233, f"media {kind!r}")
    if "attachment_id" not in element:
        url = web_address(element.get("url"), "url")
        return Content(f"oa_send_{kind}", text, url=url, attachments=attachments)
    upload: Upload = uploads.get(kind, element["attachment_id"])
    return Content(f"oa_send_{kind}", text, image=upload.content, name=upload.name, attachments=attachments)


def _button(value: object) -> Button:
    button = structure(value, "button")
    title = words(button.get("title"), "title", TITLE, 1)
    kind, payload = str(button.get("type")), button.get("payload")
    if kind in ANSWERS:
        return Button(title, kind, words(payload, "payload", TEXT, 1))
    if kind not in OPENS:
        raise Refused(-201, f"button {kind!r}")
    fields = structure(payload, "payload")
    target = words(fields.get(OPENS[kind]), OPENS[kind], TEXT, 1)
    if kind == "oa.open.url":
        web_address(target, "url")
    if kind == "oa.open.sms":
        words(fields.get("content"), "content", TEXT, 1)
    return Button(title, kind, target)


def _element(value: object) -> str:
    element = structure(value, "element")
    title = words(element.get("title"), "title", TITLE, 1)
    words(element.get("subtitle", ""), "subtitle", SUBTITLE)
    if "image_url" in element:
        web_address(element["image_url"], "image_url")
    if "default_action" in element:
        action = structure(element["default_action"], "default_action")
        if str(action.get("type")) not in ANSWERS | OPENS.keys():
            raise Refused(-201, "default_action is of no known type")
        if action["type"] == "oa.open.url":
            web_address(action.get("url"), "url")
    return title


def _shown(value: object) -> str:
    element = structure(value, "element")
    match element.get("type"):
        case "header" | "text":
            return words(element.get("content"), "content", TEXT, 1)
        case "table":
            rows = [structure(row, "row") for row in _list(element.get("content"), "content", 20, 1)]
            return "\n".join(f"{row.get('key')}: {row.get('value')}" for row in rows)
        case "banner":
            return ""
        case other:
            raise Refused(-201, f"element {other!r}")


def _list(value: object, name: str, most: int, least: int = 0) -> list[Any]:
    if not isinstance(value, list) or len(value) < least:
        raise Refused(-201, f"{name} must be a list")
    if len(value) > most:
        raise Refused(-210, f"more than {most} {name}")
    return value
