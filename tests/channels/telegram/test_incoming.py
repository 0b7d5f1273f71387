"""What Telegram delivers, file by file, and what we make of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiogram import types
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.incoming import Unreadable, press_of, read
from feedback.messages import Attachment, Incoming, Kind

ACCOUNT = "123456789"
AT = datetime(2026, 3, 2, 4, 1, tzinfo=UTC)
FILES = {path.stem: path for path in (Path(__file__).parent / "incoming").glob("*.json")}
POLE = Attachment("AgACAgUAAxkBAAIpole2", mime="image/jpeg", size=90211)


def payload(name: str) -> dict[str, Any]:
    update: dict[str, Any] = json.loads(FILES[name].read_text())
    return update


def of_lan(event: int, kind: Kind, text: str = "", *attachments: Attachment, message: int = 0) -> Incoming:
    return Incoming(
        channel="telegram",
        account=ACCOUNT,
        event=str(812004000 + event),
        person="1001",
        chat="1001",
        at=AT,
        kind=kind,
        text=text,
        attachments=attachments,
        name="Lan Trần Thị",
        message=str(message or event),
    )


def of_minh(event: int, kind: Kind, text: str, *attachments: Attachment) -> Incoming:
    return Incoming(
        channel="telegram",
        account=ACCOUNT,
        event=str(812004000 + event),
        person="5219430881",
        chat="5219430881",
        at=AT,
        kind=kind,
        text=text,
        attachments=attachments,
        name="Minh 🌾",
        message=str(event),
    )


def in_group(event: int, kind: Kind, text: str, **more: Any) -> Incoming:  # noqa: ANN401 - many types
    known = of_lan(event, kind, text)
    return replace(known, chat="-1002155880123", group=True, **{"name": "", "message": "", **more})


UNKNOWN_TO_AIOGRAM = {"text_beside_a_strange_quotation"}
EXPECTED: dict[str, Incoming | None] = {
    "text": of_lan(101, Kind.TEXT, "Đèn đường ngõ 12 Trần Phú hỏng đã một tuần, tối rất nguy hiểm."),
    "text_many_lines": of_minh(
        102,
        Kind.TEXT,
        "Kính gửi UBND phường,\n\nTôi xin hỏi về thủ tục cấp lại căn cước.\n\nXem https://dichvucong.gov.vn",
    ),
    "start": of_lan(103, Kind.TEXT, "/start"),
    "start_deep_link": of_lan(104, Kind.TEXT, "/start tracuu_7K2M9Q"),
    "text_reply": replace(of_lan(105, Kind.TEXT, "Vâng, đúng rồi ạ"), replies_to="77"),
    "text_forwarded": replace(of_lan(106, Kind.TEXT, "Thông báo cắt nước từ 8 giờ"), forwarded=True),
    "text_of_her_own_forwarded": of_lan(141, Kind.TEXT, "Thông báo cắt nước từ 8 giờ"),
    "photo_forwarded_from_a_channel": replace(
        of_lan(142, Kind.FILES, "Cả nước chỉ còn 16 tỉnh, chia sẻ ngay!", POLE), forwarded=True
    ),
    "text_control_characters": of_lan(107, Kind.TEXT, "Xin chào"),
    "photo": of_lan(108, Kind.FILES, "", Attachment("AgACAgUAAxkBAAIlarge", mime="image/jpeg", size=187320)),
    "photo_with_caption": of_lan(109, Kind.FILES, "Cột đèn số 3, ngõ 12", POLE),
    "photo_of_an_album": replace(
        of_lan(110, Kind.FILES, "", Attachment("AgACAgUAAxkBAAIalbum", mime="image/jpeg", size=60000)),
        album="13672211470011234",
    ),
    "document_of_an_album": replace(
        of_lan(
            146,
            Kind.FILES,
            "Biên bản họp tổ dân phố",
            Attachment("BQACAgUAAxkBAAIalbum2", name="bien-ban.pdf", mime="application/pdf", size=90400),
        ),
        album="13600000000002",
    ),
    "edited_caption_of_an_album": replace(
        of_lan(
            147,
            Kind.EDIT,
            "Cột đèn số 5",
            Attachment("AgACAgUAAxkBAAIalbum", mime="image/jpeg", size=60000),
            message=110,
        ),
        album="13672211470011234",
    ),
    "document": of_lan(
        111,
        Kind.FILES,
        "Đơn của tổ dân phố",
        Attachment("BQACAgUAAxkBAAIdoc001", name="Đơn kiến nghị.pdf", mime="application/pdf", size=48213),
    ),
    "document_bare": of_minh(112, Kind.FILES, "", Attachment("BQACAgUAAxkBAAIdoc002")),
    "video": of_lan(
        113,
        Kind.FILES,
        "",
        Attachment("BAACAgUAAxkBAAIvid001", name="IMG_0031.MP4", mime="video/mp4", size=5300211),
    ),
    "animation": of_lan(
        114,
        Kind.FILES,
        "",
        Attachment("CgACAgUAAxkBAAIgif001", name="flood.gif.mp4", mime="video/mp4", size=90113),
    ),
    "voice": of_lan(115, Kind.FILES, "", Attachment("AwACAgUAAxkBAAIvoice1", mime="audio/ogg", size=20412)),
    "audio": of_lan(
        116,
        Kind.FILES,
        "",
        Attachment("CQACAgUAAxkBAAIaudio1", name="loa-phuong.mp3", mime="audio/mpeg", size=3144000),
    ),
    "video_note": of_lan(
        117, Kind.FILES, "", Attachment("DQACAgUAAxkBAAInote01", mime="video/mp4", size=402113)
    ),
    "sticker": of_lan(118, Kind.UNSUPPORTED),
    "location": of_lan(119, Kind.LOCATION, "21.028511, 105.804817"),
    "location_live": of_lan(148, Kind.LOCATION, "-0.000012, 105.804817"),
    "venue": of_lan(120, Kind.LOCATION, "21.036900, 105.834600 (UBND phường, 12 Trần Phú)"),
    "contact": of_lan(121, Kind.CONTACT, "Lan, +84900000001"),
    "contact_of_another": of_lan(149, Kind.CONTACT, "Minh Phạm, +84900000002"),
    "poll": of_lan(122, Kind.UNSUPPORTED),
    "dice": of_lan(123, Kind.UNSUPPORTED),
    "story": of_lan(124, Kind.UNSUPPORTED),
    "game": of_lan(125, Kind.UNSUPPORTED),
    "paid_media": of_lan(126, Kind.UNSUPPORTED, "xem đi"),
    "sticker_animated": of_lan(150, Kind.UNSUPPORTED),
    "giveaway": of_lan(151, Kind.UNSUPPORTED),
    "checklist": of_lan(152, Kind.UNSUPPORTED),
    "text_of_a_deep_link_that_cannot_be": of_lan(153, Kind.TEXT, "/start tracuu_"),
    "edited_location_that_stopped": None,
    "text_beside_a_strange_quotation": replace(of_lan(127, Kind.TEXT, "Tôi chọn thứ bảy"), replies_to="78"),
    "users_shared": of_lan(128, Kind.UNSUPPORTED),
    "web_app_data": of_lan(129, Kind.UNSUPPORTED),
    "something_new": of_lan(130, Kind.UNSUPPORTED),
    "edited_text": of_lan(131, Kind.EDIT, "Đèn đường ngõ 21 Trần Phú hỏng"),
    "edited_caption": of_lan(132, Kind.EDIT, "Cột đèn số 4", POLE),
    "edited_live_location": None,
    "note_pinned": None,
    "note_auto_delete": None,
    "note_write_access": None,
    "from_the_bot_itself": None,
    "press": of_lan(138, Kind.BUTTON, "rate:17:5", message=140),
    "press_on_a_lost_message": of_lan(139, Kind.BUTTON, "case:7K2M9Q", message=12),
    "press_on_a_game": of_lan(140, Kind.UNSUPPORTED),
    "press_inline": None,
    "press_in_a_group": in_group(142, Kind.BUTTON, "rate:17:5", message="140", press="4299262263801112349"),
    "group_text": in_group(143, Kind.TEXT, "/start@caunoi_bot", message="900"),
    "group_topic_reply": in_group(
        301, Kind.TEXT, "Đã gọi cho xã.", message="77", forum=True, topic="40", replies_to="41"
    ),
    "group_topic_edit": in_group(302, Kind.EDIT, "Đã gọi lại.", message="77", forum=True, topic="40"),
    "group_by_anonymous_admin": replace(
        in_group(303, Kind.TEXT, "/noi", message="78"), person="-1002155880123"
    ),
    "group_photo": in_group(304, Kind.FILES, "Biên bản", message="79", forum=True, topic="40"),
    "group_migrated": replace(in_group(305, Kind.MOVED, "-1002155880123", message="9"), chat="-5880123"),
    "group_topic_created": None,
    "group_bot_promoted": in_group(307, Kind.PLACED, "write topics", forum=True),
    "group_bot_without_topics": in_group(308, Kind.PLACED, "write", forum=True),
    "group_bot_removed": in_group(309, Kind.PLACED, ""),
    "channel_post": None,
    "blocked_by_person": replace(of_lan(145, Kind.LEFT), name="", message=""),
    "unblocked_by_person": None,
    "added_to_a_group": Incoming(
        "telegram",
        ACCOUNT,
        "812004156",
        "1001",
        "-1001999888777",
        AT,
        kind=Kind.PLACED,
        text="write",
        group=True,
    ),
    "inline_query": None,
    "business_message": None,
}


@pytest.mark.parametrize("name", FILES)
def test_incoming(name: str) -> None:
    assert read(payload(name), ACCOUNT, AT) == EXPECTED[name]


def test_every_row_has_its_file() -> None:
    assert set(EXPECTED) == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_the_payloads_are_what_telegram_delivers(name: str) -> None:
    if name not in UNKNOWN_TO_AIOGRAM:
        types.Update.model_validate(payload(name))


def test_a_press_is_named_for_its_answer() -> None:
    assert press_of(payload("press")) == "4299262263801112345"
    assert press_of(payload("text")) == ""
    assert press_of({"callback_query": None}) == ""
    assert press_of(payload("press_in_a_group")) == ""


def test_nothing_of_a_broken_update_is_quoted() -> None:
    update = payload("text")
    update["message"]["date"] = "Đèn đường hỏng"

    with pytest.raises(Unreadable) as refused:
        read(update, ACCOUNT, AT)

    assert "Đèn" not in str(refused.value)
    assert refused.value.__suppress_context__


BROKEN: dict[str, dict[str, Any]] = {
    "number of the update": {"update_id": "x"},
    "message": {"message": "x"},
    "chat": {"message": payload("text")["message"] | {"chat": 1}},
    "sender": {
        "message": payload("text")["message"] | {"from": {"id": "x", "first_name": "L", "is_bot": False}}
    },
    "text": {"message": payload("text")["message"] | {"text": 7}},
    "date": {"message": payload("text")["message"] | {"date": 10**18}},
    "photo": {"message": payload("text")["message"] | {"photo": [{}]}},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_no_update_is_unreadable(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(payload("text") | broken, ACCOUNT, AT)


def test_no_message_at_all_is_unreadable_or_not_for_us() -> None:
    with pytest.raises(Unreadable):
        read({}, ACCOUNT, AT)
    assert read({"update_id": 1, "hologram_call": {}}, ACCOUNT, AT) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


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
        incoming = read(update, ACCOUNT, AT)
    except Unreadable:
        return
    if incoming:
        incoming.text.encode()
        incoming.name.encode()
