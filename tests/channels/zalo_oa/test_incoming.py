"""What Zalo tells an Official Account, file by file, and what we make of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo_oa.incoming import Unreadable, read
from feedback.messages import Attachment, Incoming, Kind

OA, LAN = "1646843870823903717", "5510185758261927916"
AT = datetime(2026, 3, 2, 4, 1, tzinfo=UTC)
FILES = {path.stem: path for path in (Path(__file__).parent / "incoming").glob("*.json")}


def payload(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(FILES[name].read_text())
    return event


def of_lan(number: int, kind: Kind, text: str = "", *files: Attachment) -> Incoming:
    event = f"e2a641af6661713b{number:04d}"
    return Incoming("zalo_oa", OA, event, LAN, LAN, AT, kind, text, files, message=event)


def told(kind: Kind, text: str = "") -> Incoming:
    """What is no message has a key that is made by us."""
    return Incoming("zalo_oa", OA, "", LAN, LAN, AT, kind, text)


EXPECTED: dict[str, Incoming | None] = {
    "text": of_lan(1, Kind.TEXT, "Đèn đường trước nhà tôi hỏng đã ba tuần"),
    "text_that_quotes": replace(of_lan(2, Kind.TEXT, "Đúng vậy"), replies_to="7d1c33aa0001"),
    "press": of_lan(3, Kind.BUTTON, "rate:7K3F9-Q2M4R:5"),
    "text_with_a_hash_that_is_no_press": of_lan(4, Kind.TEXT, "#tố cáo ông chủ tịch"),
    "image": of_lan(5, Kind.FILES, "", Attachment("https://f.zdn.vn/1.jpg", mime="image/jpeg")),
    "image_with_words": of_lan(
        6, Kind.FILES, "Cột đèn số 4", Attachment("https://f.zdn.vn/2.jpg", mime="image/jpeg")
    ),
    "gif": of_lan(7, Kind.UNSUPPORTED),
    "file": of_lan(
        8,
        Kind.FILES,
        "",
        Attachment(
            "https://f.zdn.vn/don.pdf#md5=0cc175b9c0f1b6a831c399e269772661",
            "Đơn kiến nghị.pdf",
            "application/pdf",
            48213,
        ),
    ),
    "file_bare": of_lan(9, Kind.FILES, "", Attachment("https://f.zdn.vn/x")),
    "location": of_lan(10, Kind.LOCATION, "21.0285, 105.8542"),
    "audio": of_lan(11, Kind.UNSUPPORTED),
    "video": of_lan(12, Kind.UNSUPPORTED),
    "video_with_words": of_lan(
        13, Kind.FILES, "Ngập trước cổng trường", Attachment("https://f.zdn.vn/5.mp4")
    ),
    "sticker": of_lan(14, Kind.UNSUPPORTED),
    "link": of_lan(15, Kind.TEXT, "https://bao.example.vn/tin\nTăng lương cơ sở từ tháng 7"),
    "business_card": of_lan(16, Kind.CONTACT, "84900000001"),
    "business_card_empty": of_lan(17, Kind.UNSUPPORTED),
    "text_empty": of_lan(18, Kind.UNSUPPORTED),
    "text_for_another_account": None,
    "something_new": of_lan(20, Kind.UNSUPPORTED),
    "follow": told(Kind.STARTED),
    "unfollow": told(Kind.LEFT),
    "follow_another_account": None,
    "chat_now": told(Kind.STARTED),
    "withdraw": told(Kind.ERASE),
    "withdraw_with_a_sender": told(Kind.ERASE),
    "form": told(Kind.CONTACT, "Trần Thị Lan, 84900000001"),
    "form_without_a_phone": told(Kind.CONTACT, "Trần Thị Lan"),
    "echo": None,
    "echo_list": None,
    "echo_of_an_officer": replace(told(Kind.TAKEN_OVER), event="aa003", message="aa003"),
    "received": None,
    "seen": None,
    "reaction": None,
    "anonymous": None,
    "group_text": None,
    "group_made": None,
    "profile_changed": None,
}


@pytest.mark.parametrize("name", FILES)
def test_incoming(name: str) -> None:
    found, expected = read(payload(name), OA, AT), EXPECTED[name]
    if found and expected and not expected.event:
        assert len(found.event) == 64
        found = replace(found, event="")
    assert found == expected


def test_every_row_has_its_file() -> None:
    assert set(EXPECTED) == set(FILES)


def test_the_key_of_what_is_no_message_is_the_same_again_and_names_nobody() -> None:
    first, again = read(payload("follow"), OA, AT), read(payload("follow"), OA, AT)
    other = read(payload("follow") | {"timestamp": "1717061839999"}, OA, AT)
    assert first
    assert again
    assert other
    assert first.event == again.event != other.event
    assert LAN not in first.event


@pytest.mark.parametrize(
    "typed",
    ["# menu:start", "#menu:start ", "#tố cáo", "#toi muon to cao", "#" + "a" * 21, "#a:" + "b" * 41,
     "##menu", "menu:start", "#menu:start\n", "#Menu:start"],
)  # fmt: skip
def test_a_sentence_is_never_taken_for_a_press(typed: str) -> None:
    event = payload("text")
    event["message"]["text"] = typed
    found = read(event, OA, AT)
    assert found
    assert (found.kind, found.text) == (Kind.TEXT, typed)


BROKEN: dict[str, dict[str, Any]] = {
    "sender": {"sender": {}},
    "id that is a number": {"sender": {"id": 5510185758261927916}},
    "message": {"message": "x"},
    "no id of the message": {"message": {"text": "x"}},
    "text": {"message": payload("text")["message"] | {"text": ["x"]}},
    "attachments": {"event_name": "user_send_image", "message": {"msg_id": "1", "attachments": [7]}},
    "place": {
        "event_name": "user_send_location",
        "message": {
            "msg_id": "1",
            "attachments": [
                {"type": "location", "payload": {"coordinates": {"latitude": "nan", "longitude": "5"}}}
            ],
        },
    },
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_no_event_is_unreadable(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(payload("text") | broken, OA, AT)


def test_nothing_of_a_broken_event_is_quoted() -> None:
    event = payload("text")
    event["message"]["text"] = {"Đèn": 1}
    with pytest.raises(Unreadable) as refused:
        read(event, OA, AT)
    assert "Đèn" not in str(refused.value)
    assert refused.value.__suppress_context__


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(name=st.sampled_from(sorted(FILES)), data=st.data(), junk=json_values)
def test_a_damaged_event_is_read_or_unreadable(name: str, data: st.DataObject, junk: object) -> None:
    event = payload(name)
    place: Any = event
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            place[key] = junk
            break
        place = place[key]
    try:
        incoming = read(event, OA, AT)
    except Unreadable:
        return
    if incoming:
        (incoming.text + incoming.event + incoming.chat + incoming.replies_to).encode()
        assert max(len(incoming.event), len(incoming.chat), len(incoming.replies_to)) <= 80
