"""The methods of the Official Account's OpenAPI."""

from collections.abc import Callable

from bot.simulator.zalo.app import App
from bot.simulator.zalo.oa.asking import Asking
from bot.simulator.zalo.oa.refusals import Refused
from bot.simulator.zalo.oa.sending import Sending
from bot.simulator.zalo.oa.state import Asked, State
from bot.simulator.zalo.pace import Pace

RATES = {"message": 20, "user": 10, "upload": 5}  # calls in a second, by the first word of their names


class Methods:
    def __init__(self, app: App, state: State, sending: Sending, pace: Pace) -> None:
        self._state = state
        self._pace = pace
        asking = Asking(app, state)
        self._table: dict[tuple[str, str], Callable[[Asked], object]] = {
            ("POST", "v3.0/oa/message/cs"): sending.send,
            ("POST", "v3.0/oa/message/transaction"): sending.send,
            ("POST", "v3.0/oa/message/promotion"): sending.send,
            ("POST", "v3.0/oa/group/message"): sending.send_to_group,
            ("POST", "v2.0/oa/message"): sending.react,
            ("POST", "v2.0/oa/upload/image"): self._upload,
            ("POST", "v2.0/oa/upload/gif"): self._upload,
            ("POST", "v2.0/oa/upload/file"): self._upload,
            ("GET", "v3.0/oa/user/detail"): asking.detail,
            ("GET", "v3.0/oa/user/getlist"): asking.users,
            ("GET", "v2.0/oa/getoa"): asking.account,
            ("POST", "v3.0/oa/quota/message"): asking.quota,
            ("POST", "v2.0/oa/quota/message"): asking.replies,
        }

    def __call__(self, asked: Asked) -> object:
        """Return the data of the answer. Raises Refused."""
        method = self._table.get((asked.verb, asked.path))
        if method is None:
            raise Refused(-209)
        if not self._pace.admits(asked.name.partition("/")[0]):
            raise Refused(-32)
        return method(asked)

    def _upload(self, asked: Asked) -> object:
        return self._state.uploads.take(asked.path.rpartition("/")[2], asked.upload)
