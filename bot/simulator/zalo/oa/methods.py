"""The methods of the Official Account's OpenAPI."""

import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.zalo import ids
from bot.simulator.zalo.app import App
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.ledger import Json, Ledger, Sent
from bot.simulator.zalo.oa import checks
from bot.simulator.zalo.oa.events import Events
from bot.simulator.zalo.oa.people import Group, Tell
from bot.simulator.zalo.oa.refusals import Refused
from bot.simulator.zalo.oa.uploads import Upload, Uploads
from bot.simulator.zalo.oa.users import VIETNAM, User, Window

MOST_USERS = 50  # in one answer
RATES = {"message": 20, "user": 10, "upload": 5}  # calls in a second


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as the methods need it. `path` begins with the version."""

    verb: str
    path: str
    body: Json
    upload: Upload | None = None


@dataclass(slots=True)
class State:
    users: dict[str, User]
    groups: dict[str, Group]
    uploads: Uploads
    window: Window


class Methods:
    """`limits` switches the limits on how often they may be called."""

    def __init__(
        self, app: App, clock: Clock, ledger: Ledger, state: State, tell: Tell, *, limits: bool
    ) -> None:
        self._app = app
        self._clock = clock
        self._ledger = ledger
        self._state = state
        self._tell = tell
        self._limits = limits
        self._made = Events(app, clock)
        self._times: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._table: dict[tuple[str, str], Callable[[Asked], object]] = {
            ("POST", "v3.0/oa/message/cs"): self._send,
            ("POST", "v3.0/oa/message/transaction"): self._send,
            ("POST", "v3.0/oa/message/promotion"): self._send,
            ("POST", "v3.0/oa/group/message"): self._send_to_group,
            ("POST", "v2.0/oa/message"): self._react,
            ("POST", "v2.0/oa/upload/image"): self._upload,
            ("POST", "v2.0/oa/upload/gif"): self._upload,
            ("POST", "v2.0/oa/upload/file"): self._upload,
            ("GET", "v3.0/oa/user/detail"): self._detail,
            ("GET", "v3.0/oa/user/getlist"): self._list,
            ("GET", "v2.0/oa/getoa"): self._account,
            ("POST", "v3.0/oa/quota/message"): self._quota,
            ("POST", "v2.0/oa/quota/message"): self._replies,
        }

    def __call__(self, asked: Asked) -> object:
        """Return the data of the answer. Raises Refused."""
        method = self._table.get((asked.verb, asked.path))
        if method is None:
            raise Refused(-209)
        self._slow_down(asked.path.partition("/oa/")[2].partition("/")[0])
        return method(asked)

    def _send(self, asked: Asked) -> object:
        method = asked.path.partition("/oa/")[2]
        user = self._recipient(asked.body)
        content = checks.content(method, asked.body.get("message"), self._state.uploads)
        quote = str(asked.body["message"].get("quote_message_id", ""))
        if quote and quote not in user.heard | {message.id for message in user.received}:
            raise Refused(-201, "quote_message_id is not known")
        quota = self._state.window.enter(method, user)
        sent = _sent(method, user.id, content, quote=quote, quota=quota, plain=asked.body)
        self._deliver(user, sent, content)
        return {"message_id": sent.id, "user_id": user.id, "quota": self._left(user, quota)}

    def write(self, user: User, text: str, officer: str) -> Sent:
        """Let an officer write by hand in the account's own pages."""
        content = checks.content("message/cs", {"text": text}, self._state.uploads)
        sent = _sent("manager", user.id, content, officer=officer)
        self._deliver(user, sent, content)
        return sent

    def _send_to_group(self, asked: Asked) -> object:
        recipient = checks.structure(asked.body.get("recipient"), "recipient")
        group = self._state.groups.get(str(recipient.get("group_id")))
        if group is None:
            raise Refused(-201, "group_id is not known")
        content = checks.content("group/message", asked.body.get("message"), self._state.uploads)
        sent = _sent("group/message", group.id, content, plain=asked.body)
        group.received.append(sent)
        self._ledger.add(sent)
        return {"message_id": sent.id, "group_id": group.id}

    def _react(self, asked: Asked) -> object:
        if "sender_action" not in asked.body:
            raise Refused(-240)
        user = self._recipient(asked.body)
        action = checks.structure(asked.body["sender_action"], "sender_action")
        icon = checks.words(action.get("react_icon"), "react_icon", 20, 1)
        message = str(action.get("react_message_id"))
        if message not in user.heard:
            raise Refused(-201, "react_message_id is not known")
        number = ids.message()
        self._ledger.add(Sent(number, user.id, "message", text=icon, quote=message, plain=asked.body))
        return {"message_id": number, "user_id": user.id}

    def _upload(self, asked: Asked) -> object:
        return self._state.uploads.take(asked.path.rpartition("/")[2], asked.upload)

    def _detail(self, asked: Asked) -> object:
        user = self._known(_data(asked).get("user_id"))
        avatar = f"https://s120-ava-talk.zadn.vn/{user.id}.jpg"
        return {
            "user_id": user.id,
            "user_id_by_app": ids.by_app(user.id, self._app.app_id),
            "user_external_id": "",
            "display_name": user.name,
            "user_alias": user.name,
            "is_sensitive": False,
            "user_last_interaction_date": _day(user.last_act) if user.last_act else "",
            "user_is_follower": user.follows,
            "avatar": avatar,
            "avatars": {"120": avatar, "240": avatar},
            "tags_and_notes_info": {"notes": [], "tag_names": []},
            "shared_info": user.shared,
        }

    def _list(self, asked: Asked) -> object:
        wanted = _data(asked)
        offset, most = _number(wanted, "offset", 0), _number(wanted, "count", MOST_USERS)
        if most > MOST_USERS:
            raise Refused(-210, "count")
        followers = {"true": True, "false": False}.get(str(wanted.get("is_follower", "")).lower())
        found = [
            user.id
            for user in self._state.users.values()
            if not user.conversation and followers in {None, user.follows}
        ]
        page = [{"user_id": user} for user in found[offset : offset + most]]
        return {"total": len(found), "count": len(page), "offset": offset, "users": page}

    def _account(self, _: Asked) -> object:
        followers = sum(user.follows for user in self._state.users.values())
        return {
            "oa_id": self._app.oa_id,
            "name": self._app.oa_name,
            "description": "",
            "is_verified": True,
            "oa_type": 2,
            "num_follower": followers,
            "avatar": "",
            "cover": "",
        }

    def _quota(self, asked: Asked) -> object:
        if "user_id" in asked.body:
            return self._of_user(self._known(asked.body["user_id"]))
        if asked.body.get("quota_owner") not in {"OA", "App"}:
            raise Refused(-201, "quota_owner")
        package = self._state.window.package
        return [
            {
                "asset_id": ids.by_app(self._app.oa_id, self._app.app_id),
                "product_type": asked.body.get("product_type", "cs"),
                "quota_type": "sub_quota",
                "valid_through": package.until,
                "total": package.total,
                "remain": package.left,
            }
        ]

    def _of_user(self, user: User) -> Json:
        window = self._state.window
        return {
            "last_interaction": str(round(user.last_act.timestamp() * 1000)) if user.last_act else "0",
            "cs_reply": {"remain": window.replies_left(user), "total": window.free or 0},
        }

    def _replies(self, asked: Asked) -> object:
        for user in self._state.users.values():
            if asked.body.get("message_id") in user.heard:
                window = self._state.window
                return {"remain": window.replies_left(user), "total": window.free or 0}
        raise Refused(-201, "message_id is not known")

    def _recipient(self, body: Json) -> User:
        recipient = checks.structure(body.get("recipient"), "recipient")
        if conversation := recipient.get("conversation_id"):
            for user in self._state.users.values():
                if user.conversation == conversation:
                    return user
        return self._known(recipient.get("user_id"))

    def _known(self, user_id: object) -> User:
        user = self._state.users.get(user_id) if isinstance(user_id, str) else None
        if user is None:
            raise Refused(-201, "user_id is not known")
        return user

    def _deliver(self, user: User, sent: Sent, content: checks.Content) -> None:
        user.received.append(sent)
        self._ledger.add(sent)
        told: Json = {"text": content.text} if content.text else {}
        told |= {"attachments": content.attachments} if content.attachments else {}
        self._tell(self._made.account(content.echo, user.id, told | {"msg_id": sent.id}, sent.officer))

    def _left(self, user: User, quota: str) -> Json:
        package, window = self._state.window.package, self._state.window
        free = quota == "reply"
        return {
            "quota_type": quota,
            "remain": str(window.replies_left(user) if free else package.left),
            "total": str((window.free or 0) if free else package.total),
            "expired_date": package.until,
            "owner_type": "OA",
            "owner_id": self._app.oa_id,
        }

    def _slow_down(self, kind: str) -> None:
        if not self._limits or kind not in RATES:
            return
        now, times = self._clock(), self._times[kind]
        while times and times[0] <= now - timedelta(seconds=1):
            times.popleft()
        if len(times) >= RATES[kind]:
            raise Refused(-32)
        times.append(now)


def _sent(
    method: str,
    to: str,
    content: checks.Content,
    *,
    quote: str = "",
    quota: str = "",
    officer: str = "",
    plain: Json | None = None,
) -> Sent:
    return Sent(
        id=ids.message(),
        to=to,
        method=method,
        text=content.text,
        buttons=content.buttons,
        image=content.image,
        file=content.file,
        name=content.name,
        url=content.url,
        quote=quote,
        quota=quota,
        officer=officer,
        plain=plain or {},
    )


def _data(asked: Asked) -> Json:
    """Questions carry JSON in the address."""
    try:
        found = json.loads(str(asked.body.get("data", "")))
    except ValueError:
        raise Refused(-201, "data must be JSON") from None
    return checks.structure(found, "data")


def _number(given: Json, name: str, default: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or value < 0:
        raise Refused(-201, name)
    return value


def _day(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y")
