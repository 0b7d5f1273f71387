"""The Official Account's HTTP side, and what its people, its administrator and its officers do."""

import asyncio
import json
from collections.abc import Collection

from aiohttp import web

from bot.simulator.zalo import ids
from bot.simulator.zalo.addresses import reachable
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.delivery import Delivery, Letter
from bot.simulator.zalo.faults import Fault
from bot.simulator.zalo.ground import Ground
from bot.simulator.zalo.ledger import Call, Json, Sent
from bot.simulator.zalo.media import Media
from bot.simulator.zalo.oa.events import Events, mac
from bot.simulator.zalo.oa.methods import RATES, Methods
from bot.simulator.zalo.oa.oauth import OAuth
from bot.simulator.zalo.oa.people import Group, Person, Tell, Visitor
from bot.simulator.zalo.oa.refusals import FAULTS, Refused
from bot.simulator.zalo.oa.sending import Sending
from bot.simulator.zalo.oa.state import Asked, State
from bot.simulator.zalo.oa.uploads import Upload, Uploads
from bot.simulator.zalo.oa.users import Package, User, Window
from bot.simulator.zalo.pace import Pace
from bot.simulator.zalo.wire import under


class OfficialAccount:
    """`fake.oa`: people come from `person()`; `set_webhook()` does what developers.zalo.me does."""

    def __init__(
        self,
        ground: Ground,
        oauth: OAuth,
        delivery: Delivery,
        *,
        package: int,
        free: int | None,
        limits: bool,
    ) -> None:
        self.id = ground.app.oa_id
        self.uploads = Uploads(ground.clock)
        self._ground = ground
        self._oauth = oauth
        self._delivery = delivery
        self._wanted: Collection[str] = ()
        self._made = Events(ground.app, ground.clock)
        window = Window(ground.clock, Package(package, ground.clock), free)
        self._state = State(self.uploads, window)
        self._sending = Sending(ground.app, ground.ledger, self._state, self._made, self.raw)
        pace = Pace(ground.clock, RATES if limits else {})
        self._methods = Methods(ground.app, self._state, self._sending, pace)

    def person(self, user_id: str = "", name: str = "Lan") -> Person:
        """Return somebody who uses Zalo. The account may write once they have done something."""
        return Person(self._user(user_id or ids.number(), name), *self._hands())

    def visitor(self, user_id: str = "") -> Visitor:
        """Return somebody who is not logged in to Zalo."""
        user = self._user(user_id or ids.number(), "")
        user.conversation = user.conversation or ids.message()
        return Visitor(user, *self._hands())

    def group(self, group_id: str = "") -> Group:
        key = group_id or ids.message()
        return self._state.groups.setdefault(key, Group(key, self._made, self.raw))

    def writes(self, person: Person, text: str, officer: str = "") -> Sent:
        """Let an officer answer by hand in OA Manager."""
        return self._sending.write(self._state.users[person.id], text, officer or ids.number())

    async def set_webhook(self, url: str, wanted: Collection[str] = ()) -> None:
        """Register an address for some events, or for all. ValueError if Zalo would not have it."""
        if not reachable(url):
            raise ValueError(f"a webhook needs https: {url}")
        status = await self._delivery.knock(url)
        if status != 200:
            raise ValueError(f"the webhook answered an empty request with {status}")
        self._delivery.url = url
        self._wanted = wanted

    @property
    def webhook(self) -> str:
        """Where events go; empty before it is set, and after Zalo has taken it off."""
        return self._delivery.url

    def raw(self, body: Json) -> int:
        """Tell the service of any event, signed. Returns the event's number."""
        event = self._ground.ledger.event(str(body.get("event_name", "")), body)
        if not self._wanted or event.name in self._wanted:
            raw = json.dumps(body, ensure_ascii=False).encode(errors="replace")
            app = self._ground.app
            signature = mac(app.app_id, raw, str(body.get("timestamp", "")), app.oa_secret)
            headers = {"X-ZEvent-Signature": f"mac={signature}"}
            self._delivery.add(Letter(event.number, event.name, raw, headers))
        return event.number

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/")
        name = path.partition("/oa/")[2]

        async def work() -> web.Response:
            body: Json = {}
            try:
                self._oauth.check(request.headers.get("access_token", ""))
                asked = await _asked(request, path)
                body = asked.body
                data = self._methods(asked)
            except Refused as refused:
                self._called(name, body, str(refused.code))
                return web.json_response(refused.answer)
            self._called(name, body, fault or "0")
            return web.json_response({"error": 0, "message": "Success", "data": data})

        def refuse(fault: Fault) -> web.Response:
            return web.json_response(Refused(FAULTS[fault]).answer)

        fault = self._ground.faults.take(name)
        if fault not in {None, Fault.LOST, Fault.HALF}:
            self._called(name, {}, str(fault))
        return await under(fault, request, work, refuse)

    def _called(self, name: str, body: Json, outcome: str) -> None:
        self._ground.ledger.add(Call(name, body, outcome))

    def _user(self, user_id: str, name: str) -> User:
        return self._state.users.setdefault(user_id, User(user_id, name))

    def _hands(self) -> tuple[Clock, Events, Media, Tell]:
        return self._ground.clock, self._made, self._ground.media, self.raw


async def _asked(request: web.Request, path: str) -> Asked:
    if request.method == "GET":
        return Asked("GET", path, dict(request.query))
    if request.content_type == "multipart/form-data":
        file = (await request.post()).get("file")
        if not isinstance(file, web.FileField):
            return Asked(request.method, path, {})
        content = await asyncio.to_thread(file.file.read)
        return Asked(request.method, path, {"file": file.filename}, Upload(content, file.filename))
    try:
        body = await request.json()
    except ValueError:
        raise Refused(-201, "body must be JSON") from None
    if not isinstance(body, dict):
        raise Refused(-201, "body must be an object")
    return Asked(request.method, path, body)
