"""Read the YAML files that officials edit, and tell every mistake with its place and its remedy.

Every value is text until the shape says what it is, so «no», «on» and «08:00» mean what they say.
Anchors and aliases are refused: a few lines of them can fill the memory.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from faq.remedies import ANYWAY, REMEDIES
from feedback.vietnamese import composed

LARGEST = 10_000_000  # bytes
DEEPEST = 30
EMPTY = ("", "~", "null")
T = TypeVar("T")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # making one costs more than reading a file
Where = str | int
UNKNOWN_KEY = "sửa tên mục cho đúng, hoặc xóa dòng này"
ALLOWED = "chọn một trong các giá trị ấy"
LIST = "xuống dòng, mỗi giá trị một dòng bắt đầu bằng dấu gạch và dấu cách"
NAMED = "xuống dòng, thụt vào và ghi từng mục dạng «tên: giá trị»"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a file, where (line and column count from 1), and what to do about it."""

    path: Path
    line: int
    text: str
    column: int = 1
    remedy: str = ANYWAY

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.text}. Cách sửa: {self.remedy}."


class Mistakes(Exception):  # the list is the error
    """All mistakes that were found; as text, one a line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.all = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.all))


def attempt(load: Callable[[], T], mistakes: list[Mistake]) -> T | None:
    """Return what was loaded, or None with its mistakes in the list, so that others are found too."""
    try:
        return load()
    except Mistakes as found:
        mistakes += found.all
        return None


@dataclass(slots=True)
class Sheet(Generic[T]):
    """A file that was read: its value, None when it cannot be used, and what is wrong in it."""

    path: Path
    value: T | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    root: yaml.Node | None = None

    def place(self, *where: Where) -> tuple[int, int]:
        """Return line and column of a place of the value, or of the nearest thing around it."""
        return _place(self.root, where)

    def wrong(self, text: str, *where: Where, remedy: str = "") -> None:
        """Note a mistake at a place of the value: `sheet.wrong("…", "entries", 3, "unit")`.

        Without a remedy of its own it has that of the key where it stands.
        """
        line, column = self.place(*where)
        key = next((step for step in reversed(where) if isinstance(step, str)), "")
        told = remedy or REMEDIES.get(key, ANYWAY)
        self.mistakes.append(Mistake(self.path, line, text, column, told))


def read(path: Path, shape: type[T]) -> Sheet[T]:
    """Read a file whose whole content has this shape."""
    sheet: Sheet[T] = Sheet(path)
    try:
        if path.stat().st_size > LARGEST:
            sheet.wrong("tệp quá lớn (trên 10 MB)", remedy="chia nội dung ra nhiều tệp")
            return sheet
        text = composed(path.read_text("utf-8-sig"))
        sheet.root = _compose(text)
        plain = _plain(sheet.root) if sheet.root else {}
        sheet.value = _adapter(shape).validate_python((plain,))[0]
    except OSError:
        sheet.wrong("không đọc được tệp", remedy="đặt lại tệp này (bản mẫu: caunoi init) và cho quyền đọc")
    except UnicodeDecodeError as error:
        lines = error.object[: error.start].decode().split("\n")
        text, remedy = SAID["encoding"]
        sheet.mistakes.append(Mistake(path, len(lines), text, len(lines[-1]) + 1, remedy))
    except _Refused as error:
        sheet.mistakes.append(Mistake(path, error.line, error.text, error.column, error.remedy))
    except yaml.MarkedYAMLError as error:
        sheet.mistakes.append(_syntax(path, text, error))
    except yaml.YAMLError:
        sheet.wrong("có ký tự không được phép trong tệp", remedy="xóa ký tự lạ, thường do chép từ nơi khác")
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=True):
            text, remedy = _in_vietnamese(detail)
            sheet.wrong(text, *detail["loc"][1:], remedy=remedy)
    return sheet


class _Mark(Protocol):
    """The two classes that PyYAML has for a place; they count from 0."""

    line: int
    column: int


class _Refused(Exception):  # caught in this file only
    def __init__(self, kind: str, mark: _Mark | None, key: str = "") -> None:
        super().__init__(kind)
        self.text, self.remedy = (part.format(key=key) for part in SAID[kind])
        self.line, self.column = _counted(mark)


def _adapter(shape: type[T]) -> TypeAdapter[tuple[T]]:
    """Refuse unknown keys everywhere: dataclasses inside a tuple take over its configuration."""
    if shape not in _ADAPTERS:
        whole = tuple[shape]  # type: ignore[valid-type]
        _ADAPTERS[shape] = TypeAdapter(whole, config=ConfigDict(extra="forbid"))
    return _ADAPTERS[shape]


def _compose(text: str) -> yaml.Node | None:
    loader = yaml.CSafeLoader(text)
    try:
        depth = 0
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Refused("alias", event.start_mark)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _Refused("depth", event.start_mark)
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _plain(node: yaml.Node) -> Any:  # noqa: ANN401  # whatever stands in the file, before it has a shape
    match node:
        case yaml.ScalarNode():
            return None if node.style is None and node.value in EMPTY else node.value
        case yaml.SequenceNode():
            return [_plain(each) for each in node.value]
        case yaml.MappingNode():
            pairs: dict[str, Any] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise _Refused("name", key.start_mark)
                if key.value in pairs:
                    raise _Refused("twice", key.start_mark, key.value)
                pairs[key.value] = _plain(value)
            return pairs
    raise TypeError(node)


def _place(node: yaml.Node | None, where: Sequence[Where]) -> tuple[int, int]:
    if node is None:
        return 1, 1
    mark = node.start_mark
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            mark, node = pair[0].start_mark, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
    return _counted(mark)


def _counted(mark: _Mark | None) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _syntax(path: Path, text: str, error: yaml.MarkedYAMLError) -> Mistake:
    line, column = _counted(error.problem_mark or error.context_mark)
    said = "".join(text.splitlines()[line - 1 : line])
    kind = "tab" if "\t" in said[: len(said) - len(said.lstrip())] else "syntax"
    wrong, remedy = SAID[kind]
    return Mistake(path, line, wrong.format(problem=error.problem), column, remedy)


SAID = {  # kind of mistake: what is wrong, what to do
    "encoding": (
        "tệp phải lưu bằng bảng mã UTF-8",
        "mở tệp bằng trình soạn thảo và lưu lại với bảng mã UTF-8",
    ),
    "alias": (
        "không dùng dấu & và * để lặp lại nội dung",
        "chép đầy đủ nội dung; chữ bắt đầu bằng & hoặc * thì đặt trong dấu nháy",
    ),
    "depth": ("các mục lồng nhau quá sâu", "bỏ bớt dấu ngoặc và mức thụt dòng"),
    "name": ("tên mục phải là một chữ", "đặt một tên ở trước dấu hai chấm"),
    "twice": ("mục «{key}» ghi hai lần", "giữ một dòng «{key}», xóa dòng kia"),
    "tab": ("thụt dòng bằng dấu cách, không dùng phím Tab", "thay mỗi dấu Tab ở đầu dòng bằng dấu cách"),
    "syntax": (
        "dấu cách, dấu hai chấm hoặc dấu nháy đặt sai chỗ ({problem})",
        'so với các mục bên trên; giá trị có dấu hai chấm thì đặt trong dấu nháy "…"',
    ),
    "missing": ("thiếu mục «{key}»", "thêm dòng «{key}: …»"),
    "extra_forbidden": ("không có mục nào tên «{key}»", UNKNOWN_KEY),
    "unexpected_keyword_argument": ("không có mục nào tên «{key}»", UNKNOWN_KEY),
    "string_type": ("«{key}» phải là chữ", "ghi một giá trị sau dấu hai chấm, không ghi danh sách"),
    "string_too_short": ("«{key}» không được để trống", "ghi nội dung, hoặc xóa dòng này nếu không bắt buộc"),
    "string_pattern_mismatch": ("«{key}» viết không đúng dạng: {input}", "viết như các mục khác trong tệp"),
    "enum": ("«{key}» không được là «{input}»; chỉ được là {expected}", ALLOWED),
    "literal_error": ("«{key}» không được là «{input}»; chỉ được là {expected}", ALLOWED),
    "bool_parsing": ("«{key}» phải là true hoặc false", "ghi true (có) hoặc false (không)"),
    "bool_type": ("«{key}» phải là true hoặc false", "ghi true (có) hoặc false (không)"),
    "int_parsing": ("«{key}» phải là một số", "ghi bằng chữ số, ví dụ 10"),
    "int_type": ("«{key}» phải là một số", "ghi bằng chữ số, ví dụ 10"),
    "tuple_type": ("«{key}» phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch", LIST),
    "list_type": ("«{key}» phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch", LIST),
    "dict_type": ("«{key}» phải gồm các mục có tên", NAMED),
    "dataclass_type": ("«{key}» phải gồm các mục có tên", NAMED),
    "dataclass_exact_type": ("«{key}» phải gồm các mục có tên", NAMED),
    "date": (
        "«{key}» phải là ngày viết năm-tháng-ngày, ví dụ 2026-07-01: {input}",
        "viết lại thành năm-tháng-ngày, và là ngày có thật",
    ),
    "time": (
        '«{key}» phải là giờ, ví dụ "08:00": {input}',
        "viết hai chữ số giờ, dấu hai chấm, hai chữ số phút",
    ),
}


def _in_vietnamese(detail: ErrorDetails) -> tuple[str, str]:
    """Say what is wrong, and what to do."""
    steps = [step for step in detail["loc"] if isinstance(step, str)]
    kind = re.sub(r"^(date|time)_.*", r"\1", detail["type"])
    text, remedy = SAID.get(kind, ("«{key}»: {msg}", ANYWAY))
    expected = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", " hoặc ")
    parts = {"key": steps[-1] if steps else "tệp", "input": detail["input"], "msg": detail["msg"]}
    return text.format(**parts, expected=expected), remedy.format(**parts)
