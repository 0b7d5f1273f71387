"""Every sentence a person reads. The office edits the files vi.yaml and en.yaml beside this one."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from faq.files import Mistakes, Sheet, read

FOLDER = Path(__file__).parent
LANGUAGES = ("vi", "en")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_PLACEHOLDER = re.compile(r"{(\w+)}")

Nested = dict[str, object]


class Phrases:
    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    def say(self, language: str, key: str, **values: object) -> str:
        """Return the sentence with its {placeholders} filled. Raises KeyError: a test finds those first."""
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), self._texts[language][key])

    def raw(self, language: str, key: str) -> str:
        """Return the sentence with its placeholders as they stand: the page fills them."""
        return self._texts[language][key]

    def keys(self, start: str = "") -> list[str]:
        return [key for key in self._texts["vi"] if key.startswith(start)]

    def day(self, language: str, moment: datetime) -> str:
        """Write a date as the office does: «ngày 24/11/2026»."""
        local = moment.astimezone(HANOI)
        return self.say(language, "date.day", day=f"{local:%d/%m/%Y}")


def load(folder: Path = FOLDER) -> Phrases:
    """Read both languages; they must have the same keys and placeholders. Raises Mistakes."""
    samples = dict(_flat(read(FOLDER / "vi.yaml", Nested).value or {}))
    sheets = {language: read(folder / f"{language}.yaml", Nested) for language in LANGUAGES}
    for sheet in sheets.values():
        if sheet.value is not None:
            _compare(sheet, dict(_flat(sheet.value)), samples)
    mistakes = [mistake for sheet in sheets.values() for mistake in sheet.mistakes]
    if mistakes:
        raise Mistakes(mistakes)
    return Phrases({language: dict(_flat(sheet.value or {})) for language, sheet in sheets.items()})


def _flat(nested: Nested, start: str = "") -> Iterator[tuple[str, str]]:
    for name, value in nested.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{start}{name}.")
        else:
            yield f"{start}{name}", str(value).rstrip("\n")


def _compare(sheet: Sheet[Nested], texts: Mapping[str, str], samples: Mapping[str, str]) -> None:
    for key in sorted(samples.keys() - texts.keys()):
        sheet.wrong(f"thiếu câu «{key}»", *key.split(".")[:-1])
    for key in sorted(texts.keys() - samples.keys()):
        sheet.wrong(f"câu «{key}» không được dùng ở đâu", *key.split("."))
    for key in sorted(samples.keys() & texts.keys()):
        strange = set(_PLACEHOLDER.findall(texts[key])) - set(_PLACEHOLDER.findall(samples[key]))
        if strange:
            sheet.wrong(f"câu «{key}» có chỗ điền lạ: {', '.join(sorted(strange))}", *key.split("."))
