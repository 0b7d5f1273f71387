"""What the Official Account's webhook is told, as it stands in the body."""

import json
from hashlib import md5, sha256

from bot.simulator.zalo import ids
from bot.simulator.zalo.app import App
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.ledger import Json


def mac(app_id: str, body: bytes, timestamp: str, oa_secret: str) -> str:
    """The signature: a plain SHA-256 over the four in a row, the body as it is sent."""
    return sha256(app_id.encode() + body + timestamp.encode() + oa_secret.encode()).hexdigest()


class Events:
    def __init__(self, app: App, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    def user(self, name: str, user_id: str, message: Json) -> Json:
        """A user did something with a message."""
        return self._frame(
            name,
            user_id_by_app=ids.by_app(user_id, self._app.app_id),
            sender={"id": user_id},
            recipient={"id": self._app.oa_id},
            message=message,
        )

    def account(self, name: str, user_id: str, message: Json, officer: str = "") -> Json:
        """The account did something: its own message, or what became of it. `officer` wrote by hand."""
        return self._frame(
            name,
            user_id_by_app=ids.by_app(user_id, self._app.app_id),
            sender={"id": self._app.oa_id} | ({"admin_id": officer} if officer else {}),
            recipient={"id": user_id},
            message=message,
        )

    def follow(self, name: str, user_id: str, source: str = "") -> Json:
        """Unlike all others, this names its person as a follower."""
        return self._frame(
            name,
            oa_id=self._app.oa_id,
            follower={"id": user_id},
            user_id_by_app=ids.by_app(user_id, self._app.app_id),
            **({"source": source} if source else {}),
        )

    def form(self, user_id: str, info: Json) -> Json:
        return self._frame(
            "user_submit_info",
            oa_id=self._app.oa_id,
            user_id_by_app=ids.by_app(user_id, self._app.app_id),
            sender={"id": user_id},
            recipient={"id": self._app.oa_id},
            info=info,
        )

    def about(self, name: str, user_id: str, **more: object) -> Json:
        """Something that concerns a person and is no message."""
        by_app = ids.by_app(user_id, self._app.app_id)
        return self._frame(name, oa_id=self._app.oa_id, user_id=user_id, user_id_by_app=by_app, **more)

    def group(self, name: str, group_id: str, user_id: str, **more: object) -> Json:
        return self._frame(
            name, oa_id=self._app.oa_id, sender={"id": user_id}, recipient={"id": group_id}, **more
        )

    def _frame(self, name: str, **content: object) -> Json:
        return {
            "event_name": name,
            "app_id": self._app.app_id,
            **content,
            "timestamp": str(self._clock.stamp()),
        }


def media(kind: str, url: str) -> Json:
    """An attachment with a preview: image, gif, video."""
    return {"type": kind, "payload": {"thumbnail": url, "url": url}}


def file(content: bytes, name: str, url: str) -> Json:
    payload = {
        "url": url,
        "size": str(len(content)),
        "name": name,
        "checksum": md5(content, usedforsecurity=False).hexdigest(),
        "type": name.rpartition(".")[2],
    }
    return {"type": "file", "payload": payload}


def location(latitude: float, longitude: float) -> Json:
    return {
        "type": "location",
        "payload": {"coordinates": {"latitude": str(latitude), "longitude": str(longitude)}},
    }


def card(url: str, phone: str) -> Json:
    """A business card is a link whose description is JSON."""
    description = json.dumps({"phone": phone, "qrCodeUrl": url})
    return {"type": "link", "payload": {"url": url, "thumbnail": url, "description": description}}
