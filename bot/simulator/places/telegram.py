"""Two phones with Telegram on them, and what can befall the bot there."""

from collections.abc import Callable
from dataclasses import replace

from bot.simulator import samples
from bot.simulator.given import Act, Wrong
from bot.simulator.places import telegram_acts
from bot.simulator.places.telegram_lines import line
from bot.simulator.shown import Chat, Count, Deed, Place, Someone, Trouble
from bot.simulator.telegram import Deed as Done
from bot.simulator.telegram import FakeTelegram, Fault, Person
from bot.simulator.telegram.refusals import Refused

SENDING = "sendMessage"
FIRST_NUMBER = 810_000_001
PATIENCE = 5  # seconds that the bot is told to wait
DELAY = 10  # seconds
FAULTS: dict[str, tuple[str, Callable[[], Fault]]] = {
    "flood": (f"429, chờ {PATIENCE} giây", lambda: Fault.flood(PATIENCE)),
    "error": ("Lỗi máy chủ 502", lambda: Fault.page(502)),
    "lost": ("Đã nhận nhưng mất trả lời", Fault.lost),
    "reset": ("Ngắt kết nối", Fault.reset),
    "hang": ("Treo, không trả lời", Fault.hang),
    "refused": ("403, người dân đã chặn", Fault.blocked),
}
OUTAGE, DOUBLED, SHUFFLED, DELAYED = "outage", "doubled", "shuffled", "delayed"
LASTING = {
    OUTAGE: "Mất liên lạc",
    DOUBLED: "Giao mỗi tin hai lần",
    SHUFFLED: "Giao lẫn lộn các cuộc",
    DELAYED: f"Giao chậm {DELAY} giây",
}


class Telegram:
    id = "telegram"

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake
        self._people: dict[str, Person] = {}
        for number, someone in enumerate(samples.PEOPLE, FIRST_NUMBER):
            first, last = samples.GIVEN_NAMES[someone.id]
            self._people[someone.id] = fake.person(number, first, started=False, last_name=last)

    def shown(self) -> Place:
        return Place(
            id=self.id,
            title="Telegram",
            note=f"@{self._fake.username}",
            people=tuple(with_popups(self._fake, each, self._people[each.id]) for each in samples.PEOPLE),
            chats=tuple(self._chat(someone.id, someone.name) for someone in samples.PEOPLE),
            deeds=(*telegram_acts.DEEDS, Deed("block", "Chặn bot")),
            troubles=self._troubles(),
            counts=self._counts(),
            opening=Deed("start", "Bắt đầu"),
            can_edit=True,
        )

    async def act(self, act: Act) -> None:
        if act.name in FAULTS:
            self._fake.faults.next(SENDING, FAULTS[act.name][1]())
        elif act.name in LASTING:
            self._last(act.name, on=act.on)
        else:
            await self._do(self._people[act.person], act)

    def file(self, key: str) -> bytes | None:
        try:
            return self._fake.file(key)
        except Refused:
            return None

    async def _do(self, person: Person, act: Act) -> None:
        match act.name:
            case "start":
                await person.starts()
            case "press":
                await person.presses(act.data, telegram_acts.number_of(act.message))
            case "block":
                await person.blocks()
            case "unblock":
                await person.unblocks()
            case _:
                await telegram_acts.do(person, act)

    def _last(self, name: str, *, on: bool) -> None:
        deliveries = self._fake.deliveries
        match name:
            case "outage":
                self._fake.faults.outage() if on else self._fake.faults.over()
            case "doubled":
                deliveries.doubled = on
            case "shuffled":
                deliveries.shuffled = on
            case "delayed":
                deliveries.delay = DELAY if on else 0
            case _:
                raise Wrong(name)

    def _chat(self, key: str, name: str) -> Chat:
        person = self._people[key]
        waiting = waiting_in(self._fake, person.id)
        bot = int(self._fake.token.partition(":")[0])
        return Chat(
            id=key,
            name=name,
            lines=tuple(line(message, bot, {person.id: key}, waiting=waiting) for message in person.sees()),
            state="Đã chặn bot: bot không gửi được tin nào." if person.blocked else "",
            is_blocked=person.blocked,
            is_new=not person.sees(),
        )

    def _troubles(self) -> tuple[Trouble, ...]:
        faults, deliveries = self._fake.faults, self._fake.deliveries
        on = {
            OUTAGE: faults.down is not None,
            DOUBLED: deliveries.doubled,
            SHUFFLED: deliveries.shuffled,
            DELAYED: deliveries.delay > 0,
        }
        waiting = faults.waiting
        once = [Trouble(name, label, waiting=waiting.count(make())) for name, (label, make) in FAULTS.items()]
        return (
            *once,
            *(Trouble(name, label, is_lasting=True, is_on=on[name]) for name, label in LASTING.items()),
        )

    def _counts(self) -> tuple[Count, ...]:
        ledger, peaks = self._fake.ledger, self._fake.peaks()
        lost, expired = len(ledger.lost()), len(ledger.of(Done.EXPIRED))
        return (
            Count("Việc người dân làm", len(ledger.of(Done.HAPPENED))),
            Count("Dịch vụ đã nhận", len(ledger.of(Done.TAKEN))),
            Count("Chưa nhận", lost, is_bad=lost > 0),
            Count("Quá hạn, mất hẳn", expired, is_bad=expired > 0),
            Count("Giao hơn một lần", len(ledger.doubled())),
            Count("Giao sai thứ tự", len(ledger.disordered())),
            Count("Tin bot đã gửi", len(ledger.of(Done.SENT))),
            Count("Tin bot đã sửa", len(ledger.of(Done.EDITED))),
            Count("Nhiều nhất mỗi giây", peaks.second),
            Count("Nhiều nhất mỗi giây, một cuộc", peaks.chat_second),
            Count("Bị từ chối vì quá nhanh", peaks.refused, is_bad=peaks.refused > 0),
        )


def with_popups(fake: FakeTelegram, someone: Someone, person: Person) -> Someone:
    """Return someone with what they saw after their presses."""
    seen = [answer.text for answer in fake.answers if answer.person == person.id and answer.text]
    return replace(someone, popup=seen[-1], popups=len(seen)) if seen else someone


def waiting_in(fake: FakeTelegram, chat: int) -> set[int]:
    """Return the numbers of a chat's messages that the bot has not confirmed."""
    found = (update.get("message") or {} for update in fake.pending)
    return {message["message_id"] for message in found if message.get("chat", {}).get("id") == chat}
