"""Every sentence is used, exists in both languages, and every key that the code names exists."""

import re
import shutil
from pathlib import Path

import pytest

from faq.files import Mistakes
from handlers import phrases
from handlers.library import Library
from handlers.phrases import FOLDER, load

CODE = [path for name in ("handlers", "bot") for path in Path(name).rglob("*.py")]
WHOLE = {"web.", "commands.", "error."}  # sections that are used as a whole
MADE = {  # keys that the code puts together
    "button.menu.": "menu:",
    "button.sender.": "sender:",
    "button.review.": "review:",
    "button.data.": "data:",
    "button.erase.": "erase:",
    "button.identity.": "identity:",
    "button.consent.": "consent:",
    "button.files.": "files:",
    "button.file.": "file:",
    "button.answer.": "answer:",
    "button.rate.": "button.rate.",
    "button.withdrawal.": "withdrawal:",
    "status.": "status.{",
    "tracking.moved.": "tracking.moved.{",
    "answer.rumour_": "answer.rumour_{",
    "answer.source_": "answer.source_{",
    "summary.": "summary.",
    "letter.subject.": "letter.subject.{",
    "letter.new": "letter.{what}",
    "letter.transferred": "letter.{what}",
    "letter.overdue": "letter.{what}",
    "letter.reopened": "letter.{what}",
    "letter.refused.": "letter.refused.{",
    "citizen.rescheduled_": "citizen.rescheduled_{",
    "citizen.clock_": "citizen.clock_{",
    **{
        f"group.{part}": f"group.{part}{{"
        for part in (
            "ask.",
            "preview.",
            "done.",
            "told.",
            "weekday.",
            "button.",
            "refused.",
            "part.",
            "reminder_",
            "bound_",
            "warned.",
        )
    },
    "survey.factor.": "survey.factor.{",
}


def source() -> str:
    return "\n".join(path.read_text("utf-8") for path in CODE)


def test_every_sentence_is_used(library: Library) -> None:
    text = source()
    unused = [
        key
        for key in library.phrases.keys()  # noqa: SIM118 - not a mapping
        if not any(key.startswith(section) for section in WHOLE)
        and not any(key.startswith(start) and how in text for start, how in MADE.items())
        and f'"{key}"' not in text
        and f'"{key.removeprefix("button.")}"' not in text
    ]
    assert unused == []


def test_every_sentence_that_is_said_exists(library: Library) -> None:
    said = re.findall(
        r'(?:talk\.say|phrase|tell_citizen|words\.say|Refusal)\([^"()]*"([a-z_]+\.[a-z_.]+)"', source()
    )
    assert len(said) > 40
    assert [key for key in said if key not in library.phrases.keys()] == []  # noqa: SIM118


def test_the_shortest_page_needs_no_placeholder_filled_twice(library: Library) -> None:
    assert library.phrases.say("vi", "tracking.due", due="{due}") == "Hẹn trả lời: chậm nhất {due}"


def test_a_mistake_in_the_office_copy_is_told_with_file_and_line(tmp_path: Path) -> None:
    for language in ("vi", "en"):
        shutil.copy(FOLDER / f"{language}.yaml", tmp_path)
    path = tmp_path / "vi.yaml"
    lines = (
        path.read_text("utf-8")
        .replace("  cannot_skip:", "  can_skip:")
        .replace("{most}", "{mots}")
        .splitlines()
    )
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(Mistakes) as found:
        load(tmp_path)
    told = [f"{mistake.path}:{mistake.line}: {mistake.text}" for mistake in found.value.all]
    line = next(number for number, text in enumerate(lines, start=1) if "can_skip" in text)
    section = lines.index("intake:") + 1
    assert f"{path}:{section}: thiếu câu «intake.cannot_skip»" in told
    assert f"{path}:{line}: câu «intake.can_skip» không được dùng ở đâu" in told
    assert any("chỗ điền lạ: mots" in mistake for mistake in told)


def test_dates_are_written_as_the_office_writes_them(library: Library) -> None:
    from tests.conftest import NOW  # noqa: PLC0415

    assert library.phrases.day("vi", NOW) == "ngày 23/11/2026"
    assert phrases.LANGUAGES == ("vi", "en")
