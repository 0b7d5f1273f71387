"""Methods that reach people."""

from bot.simulator.zalo import ids
from bot.simulator.zalo.app import App
from bot.simulator.zalo.ledger import Json, Ledger, Sent
from bot.simulator.zalo.oa import checks
from bot.simulator.zalo.oa.events import Events
from bot.simulator.zalo.oa.people import Tell
from bot.simulator.zalo.oa.refusals import Refused
from bot.simulator.zalo.oa.state import Asked, State
from bot.simulator.zalo.oa.users import User

ICON = 20  # characters


class Sending:
    def __init__(self, app: App, ledger: Ledger, state: State, made: Events, tell: Tell) -> None:
        self._app = app
        self._ledger = ledger
        self._state = state
        self._made = made
        self._tell = tell

    def send(self, asked: Asked) -> Json:
        user = self._state.recipient(asked.body)
        content = self._content(asked)
        quote = str(asked.body["message"].get("quote_message_id", ""))
        if quote and quote not in user.heard | {message.id for message in user.received}:
            raise Refused(-201, "quote_message_id is not known")
        quota = self._state.window.enter(asked.name, user)
        sent = _sent(asked.name, user.id, content, quote=quote, quota=quota, plain=asked.body)
        self._deliver(user, sent, content)
        return {"message_id": sent.id, "user_id": user.id, "quota": self._left(user, quota)}

    def write(self, user: User, text: str, officer: str) -> Sent:
        """Let an officer write by hand in the account's own pages."""
        content = checks.content("manager", {"text": text}, self._state.uploads)
        sent = _sent("manager", user.id, content, officer=officer)
        self._deliver(user, sent, content)
        return sent

    def send_to_group(self, asked: Asked) -> Json:
        group = self._state.group(asked.body)
        sent = _sent(asked.name, group.id, self._content(asked), plain=asked.body)
        group.received.append(sent)
        self._ledger.add(sent)
        return {"message_id": sent.id, "group_id": group.id}

    def react(self, asked: Asked) -> Json:
        """The only thing that version 2 of message still does."""
        if "sender_action" not in asked.body:
            raise Refused(-240)
        user = self._state.recipient(asked.body)
        action = checks.structure(asked.body["sender_action"], "sender_action")
        icon = checks.words(action.get("react_icon"), "react_icon", ICON, 1)
        message = str(action.get("react_message_id"))
        if message not in user.heard:
            raise Refused(-201, "react_message_id is not known")
        sent = Sent(ids.message(), user.id, asked.name, text=icon, quote=message, plain=asked.body)
        self._ledger.add(sent)
        return {"message_id": sent.id, "user_id": user.id}

    def _content(self, asked: Asked) -> checks.Content:
        return checks.content(asked.name, asked.body.get("message"), self._state.uploads)

    def _deliver(self, user: User, sent: Sent, content: checks.Content) -> None:
        user.received.append(sent)
        self._ledger.add(sent)
        told: Json = {"text": content.text} if content.text else {}
        told |= {"attachments": content.attachments} if content.attachments else {}
        self._tell(self._made.account(content.echo, user.id, told | {"msg_id": sent.id}, sent.officer))

    def _left(self, user: User, quota: str) -> Json:
        """Numbers are texts here, and numbers where they are asked for."""
        package, free = self._state.window.package, self._state.window.free_of(user)
        counted = free if quota == "reply" else {"remain": package.left, "total": package.total}
        return {
            "quota_type": quota,
            **{name: str(number) for name, number in counted.items()},
            "expired_date": package.until,
            "owner_type": "OA",
            "owner_id": self._app.oa_id,
        }


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
