"""The map of the conversation is whole: no step, word or button leads nowhere."""

import re
from pathlib import Path

from feedback.vietnamese import fold
from handlers.actions import cards
from handlers.citizen.intake import ASK, ORDER
from handlers.citizen.router import BUTTONS, COMMANDS, MENU, STEPS, WORDS
from handlers.citizen.steps import Step
from handlers.group import router as group
from handlers.library import Library

GROUP = [
    *Path("handlers/group").glob("*.py"),
    Path("handlers/actions/cards.py"),
    Path("handlers/actions/leaving.py"),
]
CODE, IN_GROUPS = (
    "\n".join(
        path.read_text("utf-8") for path in Path("handlers").rglob("*.py") if (path in GROUP) is in_groups
    )
    for in_groups in (False, True)
)


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
        for_groups = library.phrases.keys("group.")
        for_citizens = [key for key in library.phrases.keys() if key not in for_groups]  # noqa: SIM118
        for keys, commands in ((for_citizens, COMMANDS), (for_groups, group.COMMANDS)):
            sentences = " ".join(library.phrases.raw(language, key) for key in keys)
            assert set(re.findall(r"(?<![\w/])/([a-z]+)", sentences)) <= set(commands)


def test_every_button_that_is_shown_can_be_pressed() -> None:
    verbs = set(re.findall(r'\.button\(\s*f?"([a-z]+)[:"]', CODE)) | set(re.findall(r'f?"([a-z]+):\{', CODE))
    verbs -= {"e", "unreadable"}
    assert len(verbs) > 10
    assert verbs <= set(BUTTONS) | {step.value for step in Step}


def test_every_button_that_is_shown_in_a_group_can_be_pressed() -> None:
    verbs = set(re.findall(r'f"([a-z]+):[{A-Z]', IN_GROUPS))
    verbs |= {"do", *cards.VERBS.values()}  # written together from a table
    assert verbs >= {"draft", "note"}
    assert verbs <= set(group.BUTTONS)


def test_no_button_is_longer_than_telegram_takes(library: Library) -> None:
    longest = "G" * 30
    assert max(map(len, library.knowledge.entries)) <= len(longest)
    assert len(f"entry:{longest}:{2**63 - 1}".encode()) <= 64
