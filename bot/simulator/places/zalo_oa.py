"""Two phones with Zalo on them, in their chat with the Official Account."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.simulator import samples
from bot.simulator.given import Act, Wrong
from bot.simulator.places.zalo_lines import attachment, counts, lines_of
from bot.simulator.places.zalo_troubles import Troubles
from bot.simulator.shown import Chat, Count, Deed, File, Line, Place
from bot.simulator.zalo import Event, FakeZalo, Fault
from bot.simulator.zalo.oa.people import Person
from bot.simulator.zalo.oa.users import FREE, OPEN

SENDING, TOKENS, TEXT = "message/cs", "access_token", "user_send_text"
HIDDEN = "oa.query.hide"
OUR_EVENTS = ("user_send_", "follow", "unfollow", "user_withdraw")
NOTES = {
    "follow": "Đã quan tâm Official Account",
    "unfollow": "Đã bỏ quan tâm",
    "user_withdraw": "Đã yêu cầu xóa dữ liệu",
}
DEEDS = (
    Deed("photo", "Ảnh…", "file"),
    Deed("file", "Tệp…", "file"),
    Deed("sample", "Ảnh mẫu"),
    Deed("album", "Ba ảnh mẫu, mỗi ảnh một tin"),
    Deed("location", "Vị trí"),
    Deed("contact", "Danh thiếp"),
    Deed("sticker", "Nhãn dán"),
    Deed("voice", "Tin thoại"),
    Deed("follow", "Quan tâm"),
    Deed("unfollow", "Bỏ quan tâm"),
    Deed("officer", "Cán bộ trả lời tay (OA Manager)", "text"),
    Deed("erase", "Yêu cầu xóa dữ liệu"),
    Deed("block", "Chặn Official Account"),
)
TROUBLES = {
    "rate": ("-32, gửi quá nhanh", SENDING, Fault.RATE),
    "error": ("Lỗi máy chủ 500", SENDING, Fault.BROKEN),
    "lost": ("Đã nhận nhưng mất trả lời", SENDING, Fault.LOST),
    "reset": ("Ngắt kết nối", SENDING, Fault.RESET),
    "hang": ("Treo, không trả lời", SENDING, Fault.HANG),
    "expired": ("-216, mã truy cập hết hạn", SENDING, Fault.EXPIRED),
    "refused": ("-217, người dân đã chặn", SENDING, Fault.BLOCKED),
    "closed": ("-230, quá 7 ngày im lặng", SENDING, Fault.CLOSED),
    "twice": ("Giao tin sau hai lần", TEXT, Fault.TWICE),
    "swapped": ("Giao tin sau trễ một lượt", TEXT, Fault.SWAPPED),
    "late": ("Giao tin sau chậm", TEXT, Fault.LATE),
}


class ZaloOA:
    id = "zalo_oa"

    def __init__(self, fake: FakeZalo) -> None:
        self._fake = fake
        self._people = {
            each.id: fake.oa.person(samples.ZALO_NUMBERS[each.id], each.name) for each in samples.PEOPLE
        }
        self._troubles = Troubles(fake.faults, TROUBLES, (SENDING, TOKENS))

    def shown(self) -> Place:
        return Place(
            id=self.id,
            title="Zalo OA",
            note="Official Account «Cầu Nối»",
            people=samples.PEOPLE,
            chats=tuple(self._chat(each.id, each.name) for each in samples.PEOPLE),
            deeds=DEEDS,
            opening=Deed("follow", "Quan tâm"),
            troubles=self._troubles.shown(),
            counts=self._counts(),
        )

    async def act(self, act: Act) -> None:
        if act.name in self._troubles:
            self._troubles.cause(act.name, on=act.on)
            return
        person = self._people[act.person]
        if act.name == "officer":
            self._fake.oa.writes(person, act.words)
        elif act.name in TABLE:
            await TABLE[act.name](person, act)
        else:
            raise Wrong(f"Ở đây không làm được «{act.name}».")

    def file(self, key: str) -> bytes | None:
        for person in self._people.values():
            for sent in person.received:
                if sent.id == key:
                    return sent.image or sent.file
        return self._fake.media.get(key)

    def _chat(self, key: str, name: str) -> Chat:
        person = self._people[key]
        hidden = {
            button.payload: button.title
            for sent in person.received
            for button in sent.buttons
            if button.kind == HIDDEN
        }
        lines = lines_of(self._fake.ledger, person.id, lambda event: _read(event, person.id, hidden))
        return Chat(
            id=key,
            name=name,
            lines=lines,
            state=self._state(person),
            is_blocked=person.blocked,
            is_new=not lines,
        )

    def _state(self, person: Person) -> str:
        if person.blocked:
            return "Đã chặn Official Account: không tin nào tới được."
        if person.last_act is None:
            return "Chưa từng tương tác: Official Account chưa được gửi tin."
        follows = "Đang quan tâm. " if person.is_follower else ""
        age = self._fake.clock() - person.last_act
        if age > OPEN:
            return f"{follows}Im lặng quá 7 ngày: không gửi được nữa."
        if age > FREE:
            return f"{follows}Còn gửi được {_hours(OPEN - age)} giờ, trừ vào gói tin."
        return f"{follows}Còn {_hours(FREE - age)} giờ gửi miễn phí."

    def _counts(self) -> tuple[Count, ...]:
        found = counts(
            self._fake.ledger, lambda name: name.startswith(OUR_EVENTS), lambda name: name == SENDING
        )
        renewed = sum(call.outcome == "0" for call in self._fake.calls(TOKENS))
        return (*found, Count("Lần cấp mã truy cập", renewed))


def _read(event: Event, person: str, hidden: dict[str, str]) -> Line | None:
    """Tell what an event shows on the phone of its person."""
    body = event.body
    who = (body.get("sender") or body.get("follower") or {}).get("id") or body.get("user_id")
    if who != person:
        return None
    number, at = f"e{event.number}", int(body.get("timestamp") or 0) // 1000
    if event.name in NOTES:
        return Line(number, "note", NOTES[event.name], at=at)
    if not event.name.startswith("user_send_"):
        return None
    message = body["message"]
    text: str = message.get("text", "")
    files: tuple[File, ...] = ()
    if text in hidden:
        return Line(number, "note", f"Đã bấm «{hidden[text]}»", at=at)
    for one in message.get("attachments", ()):
        words, files = attachment(one)
        text = text or words
    return Line(message["msg_id"], "person", text, at=at, files=files, quote=message.get("quote_msg_id", ""))


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


async def _sends_images(person: Person, act: Act) -> None:
    for file in act.chosen:
        await person.sends_image(file.content, act.text)


async def _sends_files(person: Person, act: Act) -> None:
    for file in act.chosen:
        await person.sends_file(file.content, file.name)


async def _sends_samples(person: Person, act: Act) -> None:
    for number in range(3 if act.name == "album" else 1):
        await person.sends_image(samples.picture(number))


TABLE: dict[str, Callable[[Person, Act], Awaitable[object]]] = {
    "say": lambda person, act: person.says(act.words),
    "press": lambda person, act: person.presses(act.data, act.message),
    "photo": _sends_images,
    "file": _sends_files,
    "sample": _sends_samples,
    "album": _sends_samples,
    "location": lambda person, _: person.sends_location(*samples.PLACE),
    "contact": lambda person, _: person.sends_card(samples.PHONE),
    "sticker": lambda person, _: person.sends_sticker(),
    "voice": lambda person, _: person.sends_audio(samples.VOICE),
    "follow": lambda person, _: person.follows(),
    "unfollow": lambda person, _: person.unfollows(),
    "erase": lambda person, _: person.withdraws(),
    "block": lambda person, _: person.blocks(),
    "unblock": lambda person, _: person.unblocks(),
}
