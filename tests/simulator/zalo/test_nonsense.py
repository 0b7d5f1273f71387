"""Whatever is asked, the answer has a code."""

import copy
import random

from bot.simulator.zalo import FakeZalo
from tests.simulator.zalo.hook import Client, Json, button, template

SEED = 20260302
NONSENSE: list[object] = [None, True, -1, 10**30, 0.5, [], [[]], {}, {"": {}}]
NONSENSE += ["", "\ud800", "http://[", "a" * 3000]
ELEMENT: Json = {
    "title": "Đất đai",
    "subtitle": "Cấp sổ",
    "image_url": "https://example.org/anh.png",
    "default_action": {"type": "oa.open.url", "url": "https://example.org"},
    "media_type": "image",
    "url": "https://example.org/anh.png",
    "type": "table",
    "content": [{"key": "Mã", "value": "PA-1"}],
}


def mutated(value: object, dice: random.Random) -> object:
    """Return a copy with nonsense in one place."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(list(value))
        return value | {key: mutated(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.8:
        return [mutated(value[0], dice), *value[1:]]
    return copy.deepcopy(dice.choice(NONSENSE))


async def test_the_account_answers_nonsense(fake: FakeZalo, client: Client) -> None:
    dice = random.Random(SEED)  # noqa: S311
    lan = fake.oa.person()
    asked = await lan.says("Xin chào")
    await lan.follows()
    more = {"buttons": [button(), button({"url": "https://example.org"}, "oa.open.url")]}
    kinds = ["", "list", "request_user_info", "media", "transaction_order", "promotion"]
    messages: list[Json] = [
        {
            "text": "a",
            "quote_message_id": asked,
            "attachment": template(kind, elements=[ELEMENT], **more),
        }
        for kind in kinds
    ]
    bodies: list[Json] = [{"recipient": {"user_id": lan.id}, "message": message} for message in messages]
    action = {"react_icon": "/-strong", "react_message_id": asked}
    paths: dict[str, list[Json]] = {
        "v3.0/oa/message/cs": bodies,
        "v3.0/oa/message/transaction": bodies,
        "v3.0/oa/message/promotion": bodies,
        "v2.0/oa/message": [{"recipient": {"user_id": lan.id}, "sender_action": action}],
        "v3.0/oa/group/message": [{"recipient": {"group_id": "x"}, "message": {"text": "a"}}],
        "v3.0/oa/quota/message": [{"quota_owner": "OA"}, {"user_id": lan.id}],
        "v2.0/oa/quota/message": [{"message_id": asked}],
    }

    for _ in range(300):
        path = dice.choice(list(paths))
        answer = await client.post(path, mutated(dice.choice(paths[path]), dice))
        assert isinstance(answer["error"], int)
    for _ in range(50):
        answer = await client.get(
            dice.choice(["v3.0/oa/user/detail", "v3.0/oa/user/getlist"]),
            mutated({"user_id": lan.id, "offset": 0, "count": 1, "is_follower": "true"}, dice),
        )
        assert isinstance(answer["error"], int)


async def test_the_bot_answers_nonsense(fake: FakeZalo, client: Client) -> None:
    dice = random.Random(SEED)  # noqa: S311
    lan = fake.bot.person()
    await lan.says("Xin chào")
    message: Json = {
        "chat_id": lan.id,
        "text": "Chào Ông/Bà",
        "parse_mode": "html",
        "text_styles": [{"start": 0, "len": 4, "st": "b"}],
        "photo": "https://example.org/anh.png",
        "caption": "Ảnh",
        "voice_url": "https://example.org/loi.aac",
        "action": "typing",
        "url": "https://example.org/",
        "secret_token": "bi-mat-1",
        "reply_to_message_id": "x",
    }
    methods = ["sendMessage", "sendPhoto", "sendVoice", "sendChatAction", "setWebhook", "deleteWebhook"]

    for _ in range(200):
        given = mutated(message, dice)
        if isinstance(given, dict):
            answer = await client.bot(dice.choice(methods), **given)
            assert answer["ok"] or answer["error_code"] in {400, 404}
