"""Read the YAML files that officials edit, and tell every mistake with its file and line.

Every value is text until the shape says what it is, so «no», «on» and «08:00» mean what they say.
Anchors and aliases are refused: a few lines of them can fill the memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

LARGEST = 10_000_000  # bytes
DEEPEST = 30
EMPTY = ("", "~", "null")
T = TypeVar("T")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # making one costs more than reading a file
Where = str | int


@dataclass(frozen=True, slots=True)
class Mistake:
    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class Mistakes(Exception):  # the list is the error
    """All mistakes that were found; as text, one a line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.all = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.all))


@dataclass(slots=True)
class Sheet(Generic[T]):
    """A file that was read: its value, None when it cannot be used, and what is wrong in it."""

    path: Path
    value: T | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    root: yaml.Node | None = None

    def line(self, *where: Where) -> int:
        return _line(self.root, where)

    def wrong(self, text: str, *where: Where) -> None:
        """Note a mistake at a place of the value: `sheet.wrong("…", "entries", 3, "unit")`."""
        self.mistakes.append(Mistake(self.path, self.line(*where), text))


def read(path: Path, shape: type[T]) -> Sheet[T]:
    """Read a file whose whole content has this shape."""
    sheet: Sheet[T] = Sheet(path)
    try:
        if path.stat().st_size > LARGEST:
            sheet.wrong("tệp quá lớn (trên 10 MB)")
            return sheet
        text = path.read_text("utf-8-sig")
        sheet.root = _compose(text)
        plain = _plain(sheet.root) if sheet.root else {}
        sheet.value = _adapter(shape).validate_python((plain,))[0]
    except OSError:
        sheet.wrong("không đọc được tệp")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        sheet.mistakes.append(Mistake(path, line, "tệp phải lưu bằng bảng mã UTF-8"))
    except _Refused as error:
        sheet.mistakes.append(Mistake(path, error.line, error.text))
    except yaml.MarkedYAMLError as error:
        sheet.mistakes.append(_syntax(path, text, error))
    except yaml.YAMLError:
        sheet.wrong("có ký tự không được phép trong tệp")
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=True):
            sheet.wrong(_in_vietnamese(detail), *detail["loc"][1:])
    return sheet


class _Refused(Exception):  # caught in this file only
    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.text, self.line = text, line


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
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Refused("không dùng dấu & và * để lặp lại nội dung", line)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _Refused("các mục lồng nhau quá sâu", line)
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
                    raise _Refused("tên mục phải là một chữ", key.start_mark.line + 1)
                if key.value in pairs:
                    raise _Refused(f"mục «{key.value}» ghi hai lần", key.start_mark.line + 1)
                pairs[key.value] = _plain(value)
            return pairs
    raise TypeError(node)


def _line(node: yaml.Node | None, where: Sequence[Where]) -> int:
    """Find the line of a place, or of the nearest thing around it that is in the file."""
    if node is None:
        return 1
    line = node.start_mark.line + 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return int(line)


def _syntax(path: Path, text: str, error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    said = "".join(text.splitlines()[line - 1 : line])
    if "\t" in said[: len(said) - len(said.lstrip())]:
        return Mistake(path, line, "thụt dòng bằng dấu cách, không dùng phím Tab")
    return Mistake(path, line, f"dấu cách, dấu hai chấm hoặc dấu nháy đặt sai chỗ ({error.problem})")


SAID = {
    "missing": "thiếu mục «{key}»",
    "extra_forbidden": "không có mục nào tên «{key}»",
    "unexpected_keyword_argument": "không có mục nào tên «{key}»",
    "string_type": "«{key}» phải là chữ",
    "string_too_short": "«{key}» không được để trống",
    "string_pattern_mismatch": "«{key}» viết không đúng dạng: {input}",
    "enum": "«{key}» không được là «{input}»; chỉ được là {expected}",
    "literal_error": "«{key}» không được là «{input}»; chỉ được là {expected}",
    "bool_parsing": "«{key}» phải là true hoặc false",
    "bool_type": "«{key}» phải là true hoặc false",
    "int_parsing": "«{key}» phải là một số",
    "int_type": "«{key}» phải là một số",
    "tuple_type": "«{key}» phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch",
    "list_type": "«{key}» phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch",
    "dict_type": "«{key}» phải gồm các mục có tên",
    "dataclass_type": "«{key}» phải gồm các mục có tên",
    "dataclass_exact_type": "«{key}» phải gồm các mục có tên",
}


def _in_vietnamese(detail: ErrorDetails) -> str:
    steps = [step for step in detail["loc"] if isinstance(step, str)]
    key = steps[-1] if steps else "tệp"
    kind = detail["type"]
    if kind.startswith("date"):
        return f"«{key}» phải là ngày viết năm-tháng-ngày, ví dụ 2026-07-01: {detail['input']}"
    if kind.startswith("time"):
        return f'«{key}» phải là giờ, ví dụ "08:00": {detail["input"]}'
    said = SAID.get(kind)
    if said is None:
        return f"«{key}»: {detail['msg']}"
    expected = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", " hoặc ")
    return said.format(key=key, input=detail["input"], expected=expected)
