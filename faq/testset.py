"""Read a set of questions for the measurement, two files of one JSON object a line.

corpus.jsonl: {"id", "question", "answer", "alternates"}, all that may be answered.
queries.jsonl: {"qid", "text", "relevant", "kind", "base", "sub"}; without relevant ids a question is out
of scope, and the last three may be missing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from faq.files import Mistake, Mistakes

OTHER = "other"  # for a question without a kind
KNOWN_ITEM = "known_item"
Text = Annotated[str, Field(min_length=1)]
T = TypeVar("T")
OBJECT = "mỗi dòng phải là một đối tượng JSON"
SAID = {  # kind of mistake: what is wrong, what to do
    "json_invalid": (
        OBJECT + " viết bằng UTF-8 ({msg})",
        "viết lại dòng này, mỗi đối tượng trọn trong một dòng",
    ),
    "missing": ("thiếu mục «{key}»", 'thêm "{key}": … vào dòng này'),
    "string_type": ("«{key}» phải là chữ", "đặt giá trị trong dấu nháy kép"),
    "string_too_short": ("«{key}» không được để trống", "ghi nội dung vào giữa hai dấu nháy"),
    "tuple_type": ("«{key}» phải là một danh sách", 'viết dạng "{key}": ["…", "…"], trống thì []'),
}
ANY = ("«{key}» ghi không đúng ({msg})", "xem dạng tệp trong docs/how-to/measure-the-matcher.md")


@dataclass(frozen=True, slots=True)
class Faq:
    id: Text
    question: Text
    answer: str = ""
    alternates: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """`base` «known_item» marks the noisy copy of a wording in the corpus; its label has a star."""

    qid: Text
    text: str
    relevant: tuple[Text, ...]
    kind: str | None = None
    base: str | None = None
    sub: str | None = None

    @property
    def label(self) -> str:
        if not self.relevant:
            return self.sub or self.kind or OTHER
        return (self.kind or OTHER) + "*" * (self.base == KNOWN_ITEM)


def load(corpus: Path, queries: Path) -> tuple[list[Faq], list[Query]]:
    """Read both files; raise `Mistakes` with everything that is wrong in them."""
    mistakes: list[Mistake] = []
    faqs = dict(_lines(corpus, Faq, mistakes))
    asked = dict(_lines(queries, Query, mistakes))
    mistakes += _repeated(corpus, ((line, faq.id) for line, faq in faqs.items()))
    mistakes += _repeated(queries, ((line, query.qid) for line, query in asked.items()))
    if not mistakes:
        mistakes += _strangers(queries, asked, {faq.id for faq in faqs.values()})
    if mistakes:
        raise Mistakes(mistakes)
    return list(faqs.values()), list(asked.values())


def _lines(path: Path, shape: type[T], mistakes: list[Mistake]) -> Iterator[tuple[int, T]]:
    """Yield line number and value of each line that is right; note the mistakes of the others."""
    adapter = TypeAdapter(shape)
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError:
        mistakes.append(Mistake(path, 1, "không đọc được tệp", remedy="ghi đúng đường dẫn của tệp"))
        return
    if not any(map(bytes.strip, lines)):
        mistakes.append(Mistake(path, 1, "tệp trống", remedy="ghi ít nhất một dòng; " + OBJECT))
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield number, adapter.validate_json(line)
        except ValidationError as error:
            told = (_told(each["type"], each["loc"], each["msg"]) for each in error.errors(include_url=False))
            mistakes += [Mistake(path, number, text, remedy=remedy) for text, remedy in told]


def _told(kind: str, where: tuple[Any, ...], message: str) -> tuple[str, str]:
    """Say what is wrong, and what to do; without a place it is the whole line."""
    key = next((step for step in reversed(where) if isinstance(step, str)), "")
    text, remedy = SAID.get(kind, ANY) if key else SAID["json_invalid"]
    return text.format(key=key, msg=message), remedy.format(key=key)


def _repeated(path: Path, keys: Iterable[tuple[int, str]]) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for line, key in keys:
        if first.setdefault(key, line) != line:
            yield Mistake(path, line, f"«{key}» đã có ở dòng {first[key]}", remedy="đổi mã, hoặc bỏ một dòng")


def _strangers(path: Path, asked: dict[int, Query], known: set[str]) -> Iterator[Mistake]:
    for line, query in asked.items():
        for each in query.relevant:
            if each not in known:
                text = f"«relevant» gọi mục «{each}» mà tệp câu trả lời không có"
                yield Mistake(path, line, text, remedy="sửa mã cho đúng, hoặc thêm mục ấy")
