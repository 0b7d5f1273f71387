"""Change the office's FAQ files from within, as carefully as an official would with an editor.

`folder` holds the YAML files: the part `faq` of the office's content folder. Every function reads,
changes, checks and replaces under the folder's lock, and blocks meanwhile.
"""

import codecs
import shutil
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from filelock import FileLock, Timeout

from faq import disk
from faq.entries import CONTENT, Clarifications, Entry, Group, group_files
from faq.files import Mistake, Mistakes, read
from faq.patch import Unpatchable, Value, patched, said
from feedback.vietnamese import fold, sound, tidy

LONGEST_WORDING = 500  # characters
LOCK = ".caunoi.lock"
PATIENCE = 10  # seconds
PLACES = {"path", "line"}  # fields that the program fills in
Shape = type[Group] | type[Clarifications]
ORDER = (  # in which the keys of an entry or a document are written
    *("id", "key", "number", "topic", "title", "question", "claim", "alternates", "verdict", "answer"),
    *("clarification", "issued", "effective", "expired", "status", "sources", "unit", "also_units"),
    *("audience", "claim_documented", "valid_from", "valid_to", "review_by", "replaces", "amended_by"),
    *("replaced_by", "confidence", "verify_before_use", "verified", "enabled", "note", "evidence"),
)


class NotEdited(Exception):
    """Nothing was changed; as text, why and what to do."""


class Packaged(NotEdited):
    """The samples inside the program are nobody's to edit."""

    def __init__(self) -> None:
        super().__init__(
            "Đây là nội dung mẫu nằm trong chương trình nên không sửa trực tiếp được. Hãy chép ra thư mục "
            "của cơ quan bằng lệnh «caunoi init THƯ-MỤC», đặt CAUNOI_CONTENT_DIR=THƯ-MỤC rồi khởi động lại."
        )


class Changed(NotEdited):
    """Somebody wrote to the file after it was read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Tệp {path.name} vừa được người khác sửa. Hãy tải lại rồi làm lại.")


class AlreadyThere(NotEdited):
    """An entry has the wording: `entry_id`."""

    def __init__(self, wording: str, entry_id: str) -> None:
        super().__init__(f"Cách hỏi «{wording}» đã có ở câu {entry_id}. Hãy ghi một cách hỏi khác.")
        self.entry_id = entry_id


def add_alternate(folder: Path, entry_id: str, text: str) -> None:
    """Add a wording that citizens use. Raises NotEdited (AlreadyThere, Packaged, Changed) or Mistakes."""
    wording = _wording(text)
    if not fold(wording):
        raise NotEdited("Cách hỏi chưa có chữ nào. Hãy ghi câu mà người dân hỏi.")
    if len(wording) > LONGEST_WORDING:
        raise NotEdited(f"Cách hỏi dài quá {LONGEST_WORDING} ký tự. Hãy ghi ngắn như người dân hỏi.")
    with _edited(folder) as faq:
        entry, data = faq.find(entry_id)
        faq.refuse_known((wording,), entry)
        put(data, "alternates", [*entry.alternates, wording])


def remove_alternate(folder: Path, entry_id: str, text: str) -> None:
    """Undo `add_alternate`. Raises NotEdited or Mistakes."""
    with _edited(folder) as faq:
        entry, data = faq.find(entry_id)
        wording = _wording(text)
        same = [each for each in entry.alternates if each == wording]
        same = same or [each for each in entry.alternates if fold(each) == fold(wording)]
        if not same:
            raise NotEdited(f"Câu {entry_id} không có cách hỏi «{wording}». Hãy tải lại trang.")
        put(data, "alternates", [each for each in entry.alternates if each not in same])


def _wording(text: str) -> str:
    return tidy(sound(text)).replace("\n", " ")


def set_enabled(folder: Path, entry_id: str, *, enabled: bool) -> None:
    """Stop an answer, or give it again. Raises NotEdited or Mistakes."""
    with _edited(folder) as faq:
        entry, data = faq.find(entry_id)
        if entry.enabled != enabled:
            put(data, "enabled", None if enabled else False)


def add_entry(folder: Path, group: str, entry: Entry) -> str:
    """Add an entry at the end of its group and return its id: the group's next if it has none.

    Raises NotEdited or Mistakes.
    """
    with _edited(folder) as faq:
        taken = set(faq.entries)
        if entry.id in taken:
            raise NotEdited(f"Mã «{entry.id}» đã dùng cho câu khác. Hãy chọn mã khác.")
        faq.refuse_known(entry.wordings(), entry)
        new = replace(entry, id=entry.id or next_id(group, taken))
        file = faq.group(group)
        file.data["entries"] = [*file.items, written(new)]
        return new.id


def next_id(group: str, taken: set[str]) -> str:
    """Return the id after the last one of the group."""
    ends = (each.removeprefix(f"{group}-") for each in taken if each.startswith(f"{group}-"))
    return f"{group}-{max((int(end) for end in ends if end.isdecimal()), default=0) + 1:02}"


def written(value: object) -> dict[str, Any]:
    """Return a dataclass as a file says it: in the usual order, without what goes without saying."""
    found = {
        each.name: _written(getattr(value, each.name))
        for each in fields(value)  # type: ignore[arg-type]
        if each.name not in PLACES and getattr(value, each.name) != each.default
    }
    return in_order(found)


def in_order(item: Mapping[str, Any]) -> dict[str, Any]:
    """Put the keys of an entry or a document into the usual order."""
    return {key: item[key] for key in sorted(item, key=_place)}


def _written(value: object) -> Any:  # noqa: ANN401  # what a file may say
    match value:
        case StrEnum():
            return value.value
        case tuple():
            return [_written(each) for each in value]
    return written(value) if is_dataclass(value) else value


def put(data: MutableMapping[str, Any], key: str, value: Value) -> None:
    """Set a key at its usual place; None, no text and no items take it away."""
    if value is None or value in ("", []):
        data.pop(key, None)
    elif key in data:
        data[key] = value
    else:
        later = {name: data.pop(name) for name in [*data] if _place(name) > _place(key)}
        data[key] = value
        data.update(later)


def _place(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes of ours from editing the folder. Raises NotEdited."""
    if folder.resolve() == CONTENT.resolve():
        raise Packaged
    if not folder.is_dir():  # the lock would make it
        raise NotEdited(f"Không có thư mục {folder}. Hãy kiểm tra tên thư mục.")
    lock = FileLock(folder / LOCK, timeout=PATIENCE, mode=0o660)
    try:
        lock.acquire()
    except Timeout as error:
        raise NotEdited("Có người khác đang ghi vào thư mục này. Hãy thử lại sau ít phút.") from error
    except OSError as error:
        raise _refused_by_disk(folder, error) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(slots=True)
class YamlFile:
    """A file while it is edited: the bytes that were read, None for no file, and what it shall say.

    A file that shall say nothing shall not be there.
    """

    path: Path
    before: bytes | None = None
    data: dict[str, Any] = field(default_factory=dict)
    _said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Self:
        """Take up a file in which `faq.files.read` finds no mistake."""
        before = path.read_bytes()
        found = said(before.decode("utf-8-sig"))
        data = found if isinstance(found, dict) else {}
        return cls(path, before, data, deepcopy(data))

    @property
    def items(self) -> list[dict[str, Any]]:
        lists = (each for each in self.data.values() if isinstance(each, list))
        return next(lists, [])

    def after(self) -> bytes | None:
        """Return what to write; where the file says the same, the same bytes. Raises NotEdited."""
        if not self.data or self.data == self._said:
            return self.before if self.data else None
        before = f"{next(iter(self.data))}:\n".encode() if self.before is None else self.before
        mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
        try:
            return mark + patched(before.decode("utf-8-sig"), self.data).encode()
        except Unpatchable as error:
            raise NotEdited(
                f"Tệp {self.path.name} được viết theo cách mà chương trình không sửa an toàn được. "
                "Hãy sửa tệp bằng trình soạn thảo."
            ) from error


def replace_files(files: Sequence[YamlFile]) -> None:
    """Write all files that changed, or none of them. Raises NotEdited."""
    changes = [(file.path.resolve(), file.before, file.after()) for file in files]
    changes = [each for each in changes if each[1] != each[2]]
    if not changes:
        return
    folder = changes[0][0].parent
    try:
        with TemporaryDirectory(dir=folder, prefix=".caunoi-") as place:
            new = [_kept(Path(place) / f"new{i}", path, now) for i, (path, _, now) in enumerate(changes)]
            old = [_kept(Path(place) / f"old{i}", path, was) for i, (path, was, _) in enumerate(changes)]
            _swap([path for path, _, _ in changes], [was for _, was, _ in changes], new, old)
            disk.sync(folder)
    except OSError as error:
        raise _refused_by_disk(folder, error) from error


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file or nothing. Raises NotEdited."""
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".caunoi-") as place:
            _move(_kept(Path(place) / "new", path, content), path)
        disk.sync(path.parent)
    except OSError as error:
        raise _refused_by_disk(path.parent, error) from error


def _swap(
    paths: Sequence[Path],
    read: Sequence[bytes | None],
    new: Sequence[Path | None],
    old: Sequence[Path | None],
) -> None:
    for path, was in zip(paths, read, strict=True):
        if (path.read_bytes() if path.exists() else None) != was:
            raise Changed(path)
    moved = 0
    try:
        for path, content in zip(paths, new, strict=True):
            _move(content, path)
            moved += 1
    except OSError:
        for path, content in zip(paths[:moved], old[:moved], strict=True):
            _move(content, path)
        raise


def _move(content: Path | None, path: Path) -> None:
    if content:
        content.replace(path)
    else:
        path.unlink()


def _kept(place: Path, like: Path, content: bytes | None) -> Path | None:
    """Write the bytes for good, with the rights of the file whose name they will take."""
    if content is None:
        return None
    disk.write(place, content)
    if like.exists():
        shutil.copymode(like, place)
    return place


def _refused_by_disk(folder: Path, error: OSError) -> NotEdited:
    return NotEdited(f"Không ghi được vào {folder} ({error.strerror}). Hãy kiểm tra quyền ghi và chỗ trống.")


class _Faq:
    """The files that hold entries, and each entry beside what its file says of it."""

    def __init__(self, folder: Path) -> None:
        """Raise Mistakes when a file is wrong already."""
        shapes: dict[Path, Shape] = {folder / "clarifications.yaml": Clarifications}
        shapes |= dict.fromkeys(group_files(folder), Group)
        mistakes: list[Mistake] = []
        self.entries: dict[str, tuple[Entry, dict[str, Any]]] = {}
        self._groups: dict[str, YamlFile] = {}
        self._files: list[tuple[YamlFile, Shape]] = []
        for path, shape in shapes.items():
            sheet = read(path, shape)
            mistakes += sheet.mistakes
            if sheet.value:
                self._take(YamlFile.of(path), shape, sheet.value)
        if mistakes:
            raise Mistakes(mistakes)

    def _take(self, file: YamlFile, shape: Shape, value: Group | Clarifications) -> None:
        self._files.append((file, shape))
        if isinstance(value, Group):
            self._groups[value.group] = file
            entries = value.entries
        else:
            entries = tuple(each.entry() for each in value.clarifications)
        items = {str(item["id"]): item for item in file.items}
        self.entries |= {each.id: (each, items[each.id]) for each in entries if each.id in items}

    def find(self, entry_id: str) -> tuple[Entry, dict[str, Any]]:
        if entry_id not in self.entries:
            raise NotEdited(f"Không có câu «{entry_id}». Hãy tải lại trang.")
        return self.entries[entry_id]

    def group(self, code: str) -> YamlFile:
        if code not in self._groups:
            raise NotEdited(f"Không có nhóm «{code}». Các nhóm: {', '.join(self._groups)}.")
        return self._groups[code]

    def refuse_known(self, wordings: Sequence[str], entry: Entry) -> None:
        """Raise AlreadyThere."""
        for other, _ in self.entries.values():
            known = set() if entry.apart_from(other) else {fold(each) for each in other.wordings()}
            for wording in wordings:
                if fold(wording) in known:
                    raise AlreadyThere(wording, other.id)

    def save(self) -> None:
        """Raise Mistakes when a file would be wrong, NotEdited when it cannot be written."""
        with TemporaryDirectory() as place:
            for file, shape in self._files:
                content, copy = file.after(), Path(place) / file.path.name
                if content is None or content == file.before:
                    continue
                copy.write_bytes(content)
                if mistakes := read(copy, shape).mistakes:
                    raise Mistakes(replace(each, path=file.path) for each in mistakes)
        replace_files([file for file, _ in self._files])


@contextmanager
def _edited(folder: Path) -> Iterator[_Faq]:
    with locked(folder):
        faq = _Faq(folder)
        yield faq
        faq.save()
