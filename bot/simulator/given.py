"""What the page asks for, checked before anything is done with it."""

import base64
import binascii
from dataclasses import dataclass, field

LONGEST_TEXT = 4096
LONGEST_NAME = 200
MOST_FILES = 10


class Wrong(Exception):
    """It cannot be done; the text is a sentence for the page."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """`name` is what is done, in a `place`, by a `person`, in a `chat` of it, to a `message`."""

    name: str
    place: str = ""
    person: str = ""
    chat: str = ""
    message: str = ""
    text: str = ""
    data: str = ""
    on: bool = False
    hours: int = 0
    files: tuple[File, ...] = ()

    @property
    def words(self) -> str:
        """What is to be said. Raises Wrong."""
        if not self.text.strip():
            raise Wrong("Chưa có nội dung để gửi.")
        return self.text

    @property
    def chosen(self) -> tuple[File, ...]:
        """What is to be sent. Raises Wrong."""
        if not self.files:
            raise Wrong("Chưa chọn tệp.")
        return self.files


def read(given: object) -> Act:
    """Raises Wrong."""
    if not isinstance(given, dict):
        raise Wrong("Yêu cầu phải là một đối tượng JSON.")
    unknown = given.keys() - Act.__dataclass_fields__.keys()
    if unknown or "name" not in given:
        raise Wrong("Yêu cầu thiếu name, hoặc có mục lạ.")
    named = {key: _text(given, key, LONGEST_NAME) for key in ("name", "place", "person", "chat", "message")}
    return Act(
        **named,
        text=_text(given, "text", LONGEST_TEXT),
        data=_text(given, "data", LONGEST_TEXT),
        on=given.get("on") is True,
        hours=_hours(given.get("hours", 0)),
        files=_files(given.get("files", [])),
    )


def media_type(content: bytes) -> str:
    """Return what a file is by its first bytes; only pictures are known."""
    if content.startswith(b"\x89PNG\r\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if content[:4] == b"GIF8" else "application/octet-stream"


def _text(given: dict[str, object], name: str, longest: int) -> str:
    text = given.get(name, "")
    if not isinstance(text, str) or len(text) > longest:
        raise Wrong(f"{name} phải là chữ, nhiều nhất {longest} ký tự.")
    return text.encode("utf-8", "replace").decode()


def _hours(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= 24 * 366:
        raise Wrong("hours phải là số giờ, nhiều nhất một năm.")
    return int(value)


def _files(value: object) -> tuple[File, ...]:
    if not isinstance(value, list) or len(value) > MOST_FILES:
        raise Wrong(f"files phải là một danh sách, nhiều nhất {MOST_FILES} tệp.")
    return tuple(map(_file, value))


def _file(value: object) -> File:
    match value:
        case {"name": str(name), "content": str(content)}:
            try:
                return File(name[:LONGEST_NAME] or "tệp", base64.b64decode(content, validate=True))
            except binascii.Error:
                raise Wrong("Nội dung tệp phải viết bằng base64.") from None
    raise Wrong("Mỗi tệp cần có name và content.")
