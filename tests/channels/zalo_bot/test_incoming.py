"""What the Bot Platform delivers, file by file, and what we make of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo_bot import Unreadable, read
from feedback.messages import Attachment, Incoming, Kind

BOT, LAN = "123456789", "6ede9afa66b88fe6d6a9"
AT = datetime(2026, 3, 2, 4, 1, tzinfo=UTC)
FILES = {path.stem: path for path in (Path(__file__).parent / "incoming").glob("*.json")}


def payload(name: str) -> dict[str, Any]:
    update: dict[str, Any] = json.loads(FILES[name].read_text())
    return update


def of_lan(number: int, kind: Kind, text: str = "", *files: Attachment) -> Incoming:
    event = f"2d758cb5e222177a{number:04d}"
    name = "Trần Thị Lan"
    return Incoming("zalo_bot", BOT, event, LAN, LAN, AT, kind, text, files, name=name, message=event)


EXPECTED: dict[str, Incoming | None] = {
    "text": of_lan(1, Kind.TEXT, "Xin chào"),
    "text_flat": of_lan(2, Kind.TEXT, "Xin chào"),
    "image": of_lan(3, Kind.FILES, "Cột đèn", Attachment("https://f.zdn.vn/1.jpg", mime="image/jpeg")),
    "image_by_its_other_name": of_lan(
        4, Kind.FILES, "", Attachment("https://f.zdn.vn/2.jpg", mime="image/jpeg")
    ),
    "image_missing": of_lan(5, Kind.UNSUPPORTED),
    "sticker": of_lan(6, Kind.UNSUPPORTED),
    "voice": of_lan(7, Kind.UNSUPPORTED),
    "link": of_lan(8, Kind.TEXT, "https://bao.example.vn/tin"),
    "unsupported": of_lan(9, Kind.UNSUPPORTED),
    "group": None,
    "another_bot": None,
    "something_new": of_lan(12, Kind.UNSUPPORTED),
}


@pytest.mark.parametrize("name", FILES)
def test_incoming(name: str) -> None:
    assert read(payload(name), BOT, AT) == EXPECTED[name]


def test_every_row_has_its_file() -> None:
    assert set(EXPECTED) == set(FILES)


def test_both_forms_of_the_body_say_the_same() -> None:
    wrapped = read(payload("text"), BOT, AT)
    assert wrapped
    assert read(payload("text")["result"], BOT, AT) == wrapped == replace(wrapped)


@pytest.mark.parametrize("body", [{}, {"result": None}, {"ok": True, "result": {"event_name": "x"}}])
def test_what_is_no_update_is_unreadable(body: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(body, BOT, AT)


json_values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)


@settings(deadline=None)
@given(name=st.sampled_from(sorted(FILES)), data=st.data(), junk=json_values)
def test_a_damaged_update_is_read_or_unreadable(name: str, data: st.DataObject, junk: object) -> None:
    update = payload(name)
    place: Any = update
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            place[key] = junk
            break
        place = place[key]
    try:
        incoming = read(update, BOT, AT)
    except Unreadable:
        return
    if incoming:
        (incoming.text + incoming.name + incoming.event).encode()
