"""What the Bot Platform says no with: an HTTP status, repeated in the body."""

from typing import Any

from bot.simulator.zalo.faults import Fault


class Refused(Exception):
    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code

    @property
    def answer(self) -> dict[str, Any]:
        return {"ok": False, "description": str(self), "error_code": self.code}


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def unauthorized() -> Refused:
    return Refused(401, "Unauthorized")


def forbidden() -> Refused:
    return Refused(403, "Forbidden")


def not_found() -> Refused:
    return Refused(404, "Not Found")


def idle() -> Refused:
    return Refused(408, "Request timeout")


def of(fault: Fault) -> Refused:
    if fault is Fault.RATE:
        return Refused(429, "Too Many Requests")
    return unauthorized() if fault is Fault.EXPIRED else forbidden()
