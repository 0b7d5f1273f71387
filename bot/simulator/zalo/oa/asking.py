"""Methods that tell what the account knows of people, of itself, and of what it may still send."""

import json
from datetime import datetime

from bot.simulator.zalo import ids
from bot.simulator.zalo.app import App
from bot.simulator.zalo.ledger import Json
from bot.simulator.zalo.oa import checks
from bot.simulator.zalo.oa.refusals import Refused
from bot.simulator.zalo.oa.state import Asked, State
from bot.simulator.zalo.oa.users import VIETNAM

MOST_USERS = 50  # in one answer
OWNERS = {"OA", "App"}


class Asking:
    def __init__(self, app: App, state: State) -> None:
        self._app = app
        self._state = state

    def detail(self, asked: Asked) -> Json:
        user = self._state.user(_data(asked).get("user_id"))
        avatar = f"https://avatar.example.org/{user.id}.jpg"
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

    def users(self, asked: Asked) -> Json:
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

    def account(self, _: Asked) -> Json:
        return {
            "oa_id": self._app.oa_id,
            "name": self._app.oa_name,
            "description": "",
            "is_verified": True,
            "oa_type": 2,
            "num_follower": sum(user.follows for user in self._state.users.values()),
            "avatar": "",
            "cover": "",
        }

    def quota(self, asked: Asked) -> Json | list[Json]:
        """Of the account, or of what may still go to one user."""
        if "user_id" in asked.body:
            user = self._state.user(asked.body["user_id"])
            last = round(user.last_act.timestamp() * 1000) if user.last_act else 0
            return {"last_interaction": str(last), "cs_reply": self._state.window.free_of(user)}
        if str(asked.body.get("quota_owner")) not in OWNERS:
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

    def replies(self, asked: Asked) -> Json:
        """How many replies to a user's message are still free."""
        message = str(asked.body.get("message_id"))
        for user in self._state.users.values():
            if message in user.heard:
                return self._state.window.free_of(user)
        raise Refused(-201, "message_id is not known")


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
