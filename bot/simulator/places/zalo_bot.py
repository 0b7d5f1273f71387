"""Two phones with Zalo on them, in their chat with a bot of the Bot Platform."""

from collections.abc import Awaitable, Callable

from bot.simulator import samples
from bot.simulator.given import Act, Wrong
from bot.simulator.places.zalo_lines import counts, key_of, lines_of
from bot.simulator.places.zalo_troubles import Troubles
from bot.simulator.shown import Chat, Deed, File, Line, Place
from bot.simulator.zalo import Event, FakeZalo, Fault
from bot.simulator.zalo.bots.chats import Person

SENDING, TEXT = "sendMessage", "message.text.received"
DEEDS = (
    Deed("photo", "Ảnh…", "file"),
    Deed("sample", "Ảnh mẫu"),
    Deed("album", "Ba ảnh mẫu, mỗi ảnh một tin"),
    Deed("file", "Tệp (bot chỉ biết là có)"),
    Deed("location", "Vị trí (bot chỉ biết là có)"),
    Deed("contact", "Danh thiếp (bot chỉ biết là có)"),
    Deed("sticker", "Nhãn dán"),
    Deed("voice", "Tin thoại"),
    Deed("block", "Chặn bot"),
)
TROUBLES = {
    "rate": ("429, gửi quá nhanh", SENDING, Fault.RATE),
    "error": ("Lỗi máy chủ 500", SENDING, Fault.BROKEN),
    "lost": ("Đã nhận nhưng mất trả lời", SENDING, Fault.LOST),
    "reset": ("Ngắt kết nối", SENDING, Fault.RESET),
    "hang": ("Treo, không trả lời", SENDING, Fault.HANG),
    "expired": ("401, mã bot hết hạn", SENDING, Fault.EXPIRED),
    "refused": ("403, người dân đã chặn", SENDING, Fault.BLOCKED),
    "twice": ("Giao tin sau hai lần", TEXT, Fault.TWICE),
    "swapped": ("Giao tin sau trễ một lượt", TEXT, Fault.SWAPPED),
    "late": ("Giao tin sau chậm", TEXT, Fault.LATE),
}


class ZaloBot:
    id = "zalo_bot"

    def __init__(self, fake: FakeZalo) -> None:
        self._fake = fake
        self._people = {
            each.id: fake.bot.person(samples.BOT_NUMBERS[each.id], each.name) for each in samples.PEOPLE
        }
        self._troubles = Troubles(fake.faults, TROUBLES, (SENDING,))

    def shown(self) -> Place:
        return Place(
            id=self.id,
            title="Zalo Bot",
            note="Bot «Cầu Nối»: không có nút, gõ số để chọn",
            people=samples.PEOPLE,
            chats=tuple(self._chat(each.id, each.name) for each in samples.PEOPLE),
            deeds=DEEDS,
            troubles=self._troubles.shown(),
            counts=counts(
                self._fake.ledger,
                lambda name: name.startswith("message."),
                lambda name: name.startswith("send"),
            ),
        )

    async def act(self, act: Act) -> None:
        if act.name in self._troubles:
            self._troubles.cause(act.name, on=act.on)
        elif act.name in TABLE:
            await TABLE[act.name](self._people[act.person], act)
        else:
            raise Wrong(f"Ở đây không làm được «{act.name}».")

    def file(self, key: str) -> bytes | None:
        return self._fake.media.get(key)

    def _chat(self, key: str, name: str) -> Chat:
        person = self._people[key]
        lines = lines_of(self._fake.ledger, person.id, lambda event: _read(event, person.id))
        state = "Đã chặn bot: không tin nào tới được." if person.blocked else ""
        return Chat(key, name, lines, state=state, is_blocked=person.blocked, is_new=not lines)


def _read(event: Event, person: str) -> Line | None:
    """Tell what an event shows on the phone of its person."""
    message = event.body.get("message", {})
    if not event.name.startswith("message.") or message.get("chat", {}).get("id") != person:
        return None
    text: str = message.get("text") or message.get("caption") or ""
    files: tuple[File, ...] = ()
    match event.name.split(".")[1]:
        case "image":
            files = (File(key_of(message["photo"]), "Ảnh", is_image=True),)
        case "voice":
            files = (File(key_of(message["voice_url"]), "Tin thoại"),)
        case "sticker":
            text = "👍"
        case "unsupported":
            text = "Tệp, vị trí hoặc danh thiếp"
    return Line(message["message_id"], "person", text, at=message["date"] // 1000, files=files)


async def _sends_images(person: Person, act: Act) -> None:
    for file in act.chosen:
        await person.sends_image(file.content, act.text)


async def _sends_samples(person: Person, act: Act) -> None:
    for number in range(3 if act.name == "album" else 1):
        await person.sends_image(samples.picture(number))


TABLE: dict[str, Callable[[Person, Act], Awaitable[object]]] = {
    "say": lambda person, act: person.says(act.words),
    "photo": _sends_images,
    "sample": _sends_samples,
    "album": _sends_samples,
    "file": lambda person, _: person.sends_something_else(),
    "location": lambda person, _: person.sends_something_else(),
    "contact": lambda person, _: person.sends_something_else(),
    "sticker": lambda person, _: person.sends_sticker(),
    "voice": lambda person, _: person.sends_voice(samples.VOICE),
    "block": lambda person, _: person.blocks(),
    "unblock": lambda person, _: person.unblocks(),
}
