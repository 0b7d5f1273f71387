"""The bot's HTTP side, and those who write to it."""

from aiohttp import web

from bot.simulator.zalo import ids
from bot.simulator.zalo.bots import refusals
from bot.simulator.zalo.bots.chats import Chat, Group, Hands, Person
from bot.simulator.zalo.bots.methods import RATES, Methods
from bot.simulator.zalo.bots.refusals import Refused, unauthorized
from bot.simulator.zalo.bots.updates import Updates
from bot.simulator.zalo.delivery import Delivery
from bot.simulator.zalo.faults import Fault
from bot.simulator.zalo.ground import Ground
from bot.simulator.zalo.ledger import Call, Json
from bot.simulator.zalo.pace import Pace
from bot.simulator.zalo.wire import under


class BotAccount:
    """`fake.bot`: people come from `person()`, groups from `group()`, and a person in a group from `at()`."""

    def __init__(self, ground: Ground, delivery: Delivery, *, limits: bool) -> None:
        self.token = ground.app.bot_token
        self.updates = Updates(ground.ledger, delivery)
        self._ground = ground
        self._chats: dict[str, Chat] = {}
        self._hands = Hands(ground.clock, ground.media, f"@{ground.app.bot_name}", self.raw)
        self._methods = Methods(
            ground, self._chats, self.updates, Pace(ground.clock, RATES if limits else {})
        )

    def person(self, user_id: str = "", name: str = "Lan") -> Person:
        """Return somebody who can find the bot. It may write to them once they have written."""
        key = user_id or ids.message()
        return Person(key, name, self._chat(key, "PRIVATE"), self._hands)

    def group(self, group_id: str = "") -> Group:
        return Group(self._chat(group_id or ids.message(), "GROUP"))

    def raw(self, update: Json) -> int:
        """Tell the bot of any update. Returns the event's number."""
        return self.updates.add(update)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self._ground.faults.take(method)
        arrives = fault not in {Fault.LOST, Fault.HALF}

        async def work() -> web.Response:
            given: Json = {}
            try:
                if request.match_info["token"] != self.token:
                    raise unauthorized()
                given = await _given(request)
                result = await self._do(method, given, fault)
            except Refused as refused:
                self._called(method, given, str(refused.code))
                return web.json_response(refused.answer, status=refused.code)
            self._called(method, given, fault or "0")
            if method == "getUpdates":
                self.updates.handed_out(arrived=arrives)
            return web.json_response({"ok": True} | ({} if result is None else {"result": result}))

        def refuse(fault: Fault) -> web.Response:
            refused = refusals.of(fault)
            return web.json_response(refused.answer, status=refused.code)

        if fault not in {None, Fault.LOST, Fault.HALF, Fault.AGAIN}:
            self._called(method, {}, str(fault))
        return await under(fault, request, work, refuse)

    async def _do(self, method: str, given: Json, fault: Fault | None) -> object:
        if fault is Fault.AGAIN:
            self.updates.repeat()
        return await self._methods(method, given)

    def _called(self, method: str, given: Json, outcome: str) -> None:
        self._ground.ledger.add(Call(method, given, outcome))

    def _chat(self, key: str, kind: str) -> Chat:
        return self._chats.setdefault(key, Chat(key, kind))


async def _given(request: web.Request) -> Json:
    given: Json = dict(request.query)
    if request.content_type != "application/json":
        return given | dict(await request.post())
    try:
        body = await request.json()
    except ValueError:
        raise refusals.bad("body must be JSON") from None
    if not isinstance(body, dict):
        raise refusals.bad("body must be an object")
    return given | body
