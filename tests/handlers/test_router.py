"""The map of the conversation is whole: no step, word or button leads nowhere."""

import re
from pathlib import Path

from feedback.vietnamese import fold
from handlers.citizen.intake import ASK, ORDER
from handlers.citizen.router import BUTTONS, COMMANDS, MENU, STEPS, WORDS
from handlers.citizen.steps import Step
from handlers.library import Library

CODE = "\n".join(path.read_text("utf-8") for path in Path("handlers").rglob("*.py"))


def test_every_step_has_a_handler() -> None:
    assert set(STEPS) == set(Step)


def test_every_step_of_the_intake_can_be_asked() -> None:
    assert {*ORDER, Step.REVIEW} == set(ASK)


def test_every_word_leads_to_a_command_and_is_written_as_it_is_compared() -> None:
    assert set(WORDS.values()) <= set(COMMANDS)
    assert [word for word in WORDS if fold(word) != word] == []


def test_every_command_in_the_menu_exists_and_does_the_same_in_english(library: Library) -> None:
    assert {key.removeprefix("commands.") for key in library.phrases.keys("commands.")} == set(MENU)
    for name, english in MENU.items():
        assert english in COMMANDS
        assert COMMANDS[name] is COMMANDS[english] or (name, english) == ("english", "tiengviet")


def test_every_command_that_a_sentence_names_exists(library: Library) -> None:
    for language in ("vi", "en"):
        sentences = " ".join(library.phrases.raw(language, key) for key in library.phrases.keys())  # noqa: SIM118
        named = set(re.findall(r"(?<![\w/])/([a-z]+)", sentences))
        assert named <= set(COMMANDS)


def test_every_button_that_is_shown_can_be_pressed() -> None:
    verbs = set(re.findall(r'\.button\(\s*f?"([a-z]+)[:"]', CODE)) | set(re.findall(r'f?"([a-z]+):\{', CODE))
    verbs -= {"e", "unreadable"}
    assert len(verbs) > 10
    assert verbs <= set(BUTTONS) | {step.value for step in Step}


def test_no_button_is_longer_than_telegram_takes(library: Library) -> None:
    longest = "G" * 30
    assert max(map(len, library.knowledge.entries)) <= len(longest)
    assert len(f"entry:{longest}:{2**63 - 1}".encode()) <= 64
