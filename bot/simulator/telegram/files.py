"""The files that the server keeps."""

from bot.simulator.telegram.refusals import WRONG_FILE, bad
from bot.simulator.telegram.shapes import Json


class Files:
    def __init__(self, bot: int) -> None:
        self._bot = bot
        self._kept: dict[str, tuple[bytes, str]] = {}

    def keep(self, content: bytes, path: str) -> Json:
        """Keep a file; `path` has a place for its number. Returns what stands in a message."""
        number = len(self._kept) + 1
        name = f"FILE-{self._bot}-{number}"
        self._kept[name] = (content, path.format(number))
        return {"file_id": name, "file_unique_id": f"U{number}", "file_size": len(content)}

    def find(self, name: object) -> tuple[bytes, str]:
        """Return a file and its path. Raises Refused."""
        try:
            return self._kept[str(name)]
        except KeyError:
            raise bad(WRONG_FILE) from None

    def at(self, path: str) -> bytes | None:
        return next((content for content, kept in self._kept.values() if kept == path), None)

    def of(self, message: Json) -> bytes | None:
        """Return the file in a message: of a photo, its largest size."""
        file = (message.get("photo") or [None])[-1] or message.get("document")
        return self._kept[file["file_id"]][0] if file else None
