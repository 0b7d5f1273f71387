"""What the server checks in a message before it takes it."""

import re
from html import unescape
from typing import Any

from bot.simulator.telegram.given import structure
from bot.simulator.telegram.refusals import bad
from bot.simulator.telegram.shapes import units

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "a": "text_link",
}
TAG = re.compile(r"<(/?)([a-zA-Z-]*)([^<>]*)>?")


def text(parameters: dict[str, Any], name: str, longest: int) -> dict[str, Any]:
    """Return the text under `name` with its entities, as they stand in a Message."""
    raw = str(parameters.get(name) or "")
    entities: list[dict[str, Any]] = []
    if parameters.get("parse_mode"):
        if parameters["parse_mode"] != "HTML":
            raise bad("unsupported parse_mode")
        raw, entities = html(raw)
    if units(raw) > longest:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    if not raw.strip():
        if name == "text":
            raise bad("message text is empty")
        return {}
    command = re.match(r"/\w+(@\w+)?", raw)
    if command:
        entities.append({"type": "bot_command", "offset": 0, "length": units(command[0])})
    key = "entities" if name == "text" else "caption_entities"
    return {name: raw} | ({key: entities} if entities else {})


def html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Parse Telegram's HTML; offsets are in UTF-16 units, those of errors in bytes."""
    plain, entities, opened, position = "", [], [], 0
    for tag in TAG.finditer(source):
        plain += unescape(source[position : tag.start()])
        position, at, name = tag.end(), len(source[: tag.start()].encode()), tag[2].lower()
        if not tag[1]:
            if name not in TAGS:
                raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
            opened.append((name, units(plain), tag[3]))
        elif not opened:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {at}")
        elif opened[-1][0] != name:
            raise bad(
                f"can't parse entities: Unmatched end tag at byte offset {at}, "
                f'expected "</{opened[-1][0]}>", found "</{name}>"'
            )
        else:
            entities.append(_entity(*opened.pop(), units(plain)))
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return plain + unescape(source[position:]), entities


def _entity(name: str, start: int, attributes: str, end: int) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": TAGS[name], "offset": start, "length": end - start}
    if link := re.search(r'href="([^"]*)"', attributes):
        entity["url"] = unescape(link[1])
    return entity


def keyboard(value: object) -> dict[str, Any]:
    """Return the inline keyboard as it stands in a Message, or nothing."""
    markup = structure(value)
    if not markup:
        return {}
    rows = markup.get("inline_keyboard")
    if rows is None:
        raise bad("this fake knows inline keyboards only")
    for button in (button for row in rows for button in row):
        if not button.get("text"):
            raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
        data = button.get("callback_data")
        if data is None and "url" not in button:
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    return {"reply_markup": {"inline_keyboard": rows}} if any(rows) else {}
