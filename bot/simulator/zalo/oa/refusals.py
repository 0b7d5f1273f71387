"""What the Official Account's API says no with. The codes are Zalo's; only the text of -216 is known."""

from typing import Any

from bot.simulator.zalo.faults import Fault

TEXTS = {
    -32: "Rate limit exceeded",
    -100: "Attachment does not exist or has expired",
    -201: "Parameter is not valid",
    -209: "API is not supported",
    -210: "Parameter is over its limit",
    -211: "Quota is used up",
    -213: "User has not followed the OA",
    -216: "Access token has expired",
    -217: "User has blocked the OA",
    -218: "User can receive no more messages of this kind",
    -220: "Access token has expired or was removed",
    -227: "User is banned or has been inactive for more than 45 days",
    -230: "User has not interacted with the OA in the past 7 days",
    -232: "User has not interacted with the OA, or too long ago",
    -233: "Message type is not supported",
    -234: "This kind of message is not sent at night",
    -240: "API v2 for messages is shut, use v3",
}
OAUTH = {
    -14003: "Invalid parameter",
    -14014: "Invalid refresh token",
    -14020: "Expired refresh token",
}
FAULTS = {Fault.RATE: -32, Fault.EXPIRED: -216, Fault.BLOCKED: -217, Fault.CLOSED: -230}


class Refused(Exception):
    """Answered with HTTP 200."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"{TEXTS[code]}: {detail}" if detail else TEXTS[code])
        self.code = code

    @property
    def answer(self) -> dict[str, Any]:
        return {"error": self.code, "message": str(self)}


class NotGranted(Exception):
    """A refusal of OAuth, which has a form of its own. Codes other than these three are not known."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(detail or OAUTH[code])
        self.code = code

    @property
    def answer(self) -> dict[str, Any]:
        return {"error": self.code, "error_name": OAUTH[self.code], "error_description": str(self)}
