"""The unit's group in Telegram, with its topics, and each member's own chat with the bot."""

from collections.abc import Sequence

from bot.simulator import samples
from bot.simulator.given import Act
from bot.simulator.places import telegram_acts
from bot.simulator.places.telegram import waiting_in, with_popups
from bot.simulator.places.telegram_lines import line
from bot.simulator.shown import Chat, Place, Someone
from bot.simulator.telegram import FakeTelegram, Member, Person
from bot.simulator.telegram.refusals import Refused
from bot.simulator.telegram.shapes import topic_of

NUMBER = -1_002_000_000_001
FIRST_NUMBER = 820_000_001
PRIVATE = "rieng-"
GENERAL = "0"
HINT = (
    "Cán bộ mở Bàn làm việc, mục Telegram, lấy liên kết nối tài khoản rồi dán vào «Riêng với bot»; "
    "sau đó gõ /noi trong nhóm."
)


class Group:
    """`officers` are in it, and a stranger."""

    id = "group"

    def __init__(self, fake: FakeTelegram, title: str, officers: Sequence[Someone]) -> None:
        self._fake = fake
        self._bot = int(fake.token.partition(":")[0])
        self._title = title
        self._group = fake.group(NUMBER, title, forum=True)
        self._members = (*officers, samples.STRANGER)
        self._people: dict[str, Person] = {}
        self._inside: dict[str, Member] = {}
        for number, someone in enumerate(self._members, FIRST_NUMBER):
            person = fake.person(number, someone.name, started=False)
            self._people[someone.id] = person
            self._inside[someone.id] = self._group.member(person)
        self._owners = {person.id: key for key, person in self._people.items()}

    def shown(self) -> Place:
        topics = {GENERAL: "Chung"} | {str(number): name for number, name in self._group.topics.items()}
        return Place(
            id=self.id,
            title="Nhóm Telegram",
            note=self._title,
            people=tuple(with_popups(self._fake, each, self._people[each.id]) for each in self._members),
            chats=(
                *(self._topic(number, name) for number, name in topics.items()),
                *(self._private(someone) for someone in self._members),
            ),
            deeds=telegram_acts.DEEDS,
            hint=HINT,
            can_edit=True,
        )

    async def act(self, act: Act) -> None:
        if act.chat == PRIVATE + act.person:
            person = self._people[act.person]
            if act.name == "press":
                await person.presses(act.data, telegram_acts.number_of(act.message))
            else:
                await telegram_acts.do(person, act)
            return
        member = self._inside[act.person]
        topic = telegram_acts.number_of(act.chat)
        if topic and topic not in self._group.topics:
            raise LookupError(act.chat)
        if act.name == "press":
            await member.presses(telegram_acts.number_of(act.message), act.data)
        else:
            await telegram_acts.do(member, act, topic)

    def file(self, key: str) -> bytes | None:
        try:
            return self._fake.file(key)
        except Refused:
            return None

    def _topic(self, number: str, name: str) -> Chat:
        someone = next(iter(self._inside.values()))
        messages = [one for one in someone.sees() if str(topic_of(one)) == number]
        waiting = waiting_in(self._fake, NUMBER)
        is_closed = int(number) in self._group.closed
        return Chat(
            id=number,
            name=name,
            lines=tuple(
                line(message, self._bot, self._owners, self._group.pinned, waiting) for message in messages
            ),
            state="Chủ đề đã đóng." if is_closed else "",
        )

    def _private(self, someone: Someone) -> Chat:
        person = self._people[someone.id]
        waiting = waiting_in(self._fake, person.id)
        lines = tuple(line(message, self._bot, self._owners, waiting=waiting) for message in person.sees())
        return Chat(PRIVATE + someone.id, "Riêng với bot", lines, of=someone.id)
