"""The parameters of a call, as they come: in JSON, in a form, or in the address."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.simulator.telegram.refusals import bad
from bot.simulator.telegram.shapes import Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request as multipart/form-data."""

    content: bytes
    name: str
    mime: str


class Given:
    """Everything that reads a parameter raises Refused if it is not what it should be."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) not in (None, "")

    def get(self, name: str) -> object:
        return self.raw.get(name)

    def text(self, name: str) -> str:
        return str(self.raw[name]) if name in self else ""

    def number(self, name: str, default: int | None = None) -> int:
        if name not in self and default is not None:
            return default
        try:
            return int(str(self.raw.get(name)))
        except ValueError:
            raise bad("parameter must be an integer") from None

    def message(self, verb: str, name: str = "message_id") -> int:
        """Return the number of a message that something is to be done with."""
        if name not in self:
            raise bad("message identifier is not specified")
        try:
            return int(str(self.raw[name]))
        except ValueError:
            raise bad(f"message to {verb} not found") from None

    def flag(self, name: str) -> bool:
        return str(self.raw.get(name)).lower() in {"true", "1"}  # forms say "true"

    def structure(self, name: str) -> Any:  # noqa: ANN401 - JSON
        return structure(self.raw.get(name))

    def file(self, name: str) -> Upload | str:
        """Return a file, or the file_id of one that is already there."""
        file = self.raw.get(name)
        if isinstance(file, str) and file.startswith("attach://"):
            file = self.raw.get(file.removeprefix("attach://"))
        if not file:
            raise bad(f"there is no {name} in the request")
        return file if isinstance(file, Upload) else str(file)


def structure(value: object) -> Any:  # noqa: ANN401 - JSON
    """Forms carry objects as JSON text, JSON bodies carry them as they are."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad("can't parse JSON object") from None


async def given_in(request: web.Request) -> Given:
    raw: Json = dict(request.query)
    if request.content_type == "application/json":
        return Given(raw | await request.json())
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            raw[name] = Upload(value.file.read(), value.filename, value.content_type)
        else:
            raw[name] = value
    return Given(raw)
