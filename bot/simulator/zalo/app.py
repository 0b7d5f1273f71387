"""Who the service is at Zalo: what an administrator would copy from developers.zalo.me."""

import secrets
from dataclasses import dataclass, field

from bot.simulator.zalo import ids


def _secret() -> str:
    return secrets.token_urlsafe(15)


@dataclass(frozen=True, slots=True)
class App:
    """Three secrets, which are easily mixed up: `app_secret` is for OAuth, `oa_secret` signs webhooks.

    `callback` is the redirect URI that was registered; empty lets any pass.
    """

    app_id: str = field(default_factory=ids.number)
    oa_id: str = field(default_factory=ids.number)
    oa_name: str = "Cầu Nối"
    bot_id: str = field(default_factory=ids.number)
    bot_name: str = "Cầu Nối"
    callback: str = ""
    app_secret: str = field(default_factory=_secret, repr=False)
    oa_secret: str = field(default_factory=_secret, repr=False)
    bot_secret: str = field(default_factory=_secret, repr=False)

    @property
    def bot_token(self) -> str:
        return f"{self.bot_id}:{self.bot_secret}"
