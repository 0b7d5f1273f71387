"""What the documentation names exists, and what exists is named there."""

import re
import unicodedata
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer

from bot.cli import app
from bot.settings import PREFIX, Settings
from faq.entries import Clarification, Document, Entry, Source, Verified
from faq.entries import Group as EntryGroup
from faq.words import SynonymFile, Term, Unmarked, WordFile
from feedback.escalation import Escalation, Rung, Silence
from feedback.kinds import Kind, Promise
from feedback.linting import Wording
from feedback.replies import Reply
from feedback.routing import Rule, Topic, Unit
from feedback.staff import Absence, Officer
from handlers.clock.schedule import JOBS
from handlers.library import PARTS, Library
from handlers.office.shapes import (
    CalendarFile,
    Consent,
    Day,
    Group,
    HalfDay,
    Hours,
    Kinds,
    Pending,
    Replies,
    Retention,
    Routing,
    RoutingCase,
    RoutingTests,
    Staff,
    Terms,
    Topics,
    Units,
)
from storage.tables import metadata

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
SETTING = re.compile(rf"{PREFIX}[A-Z_]+")
SHAPES: list[type] = [
    *(Clarification, Document, Entry, EntryGroup, Source, SynonymFile, Term, Unmarked, Verified, WordFile),
    *(CalendarFile, Day, Group, Hours, Kind, Kinds, Officer, Pending, Promise, Staff, Topic, Topics),
    *(Routing, RoutingCase, RoutingTests, Rule, Unit, Units, Wording, Replies, Reply),
    *(Consent, Retention, Terms, Absence, Rung, Silence, Escalation, HalfDay),
]
NOT_WRITTEN = {"path", "line"}  # the program fills them in
CODE = re.compile(r"`([^`\n]+)`")


def _page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def _commands() -> dict[str, list[str]]:
    """Return each command of the command line, with its options."""
    commands: dict[str, list[str]] = {}
    groups = [("", typer.main.get_command(app))]
    for prefix, group in groups:
        for name, command in getattr(group, "commands", {}).items():
            if hasattr(command, "commands"):
                groups.append((f"{prefix}{name} ", command))
                continue
            options = [each for each in command.params if each.param_type_name == "option"]
            words = [word for each in options for word in (*each.opts, *each.secondary_opts)]
            commands[prefix + name] = words
    return commands


def _anchors(page: Path) -> set[str]:
    """Name the headings as GitHub does: lower case, spaces to hyphens, no punctuation."""
    text = unicodedata.normalize("NFC", FENCE.sub("", page.read_text("utf-8")))
    bare = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text)]
    return {heading.strip().replace(" ", "-") for heading in bare}


def _broken(page: Path) -> list[str]:
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert _broken(page) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Một, hai\n[a](#một-hai) [b](#ba) [c](none.md) [d](page.md#một-hai)\n")
    assert _broken(page) == ["#ba", "none.md"]


def test_every_page_is_in_the_index() -> None:
    listed = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(_page("README.md"))}
    assert {page.resolve() for page in PAGES} - listed == {ROOT / "README.md", DOCS / "README.md"}


def test_every_setting_is_explained() -> None:
    page = _page("reference/settings.md")
    for name, field in Settings.model_fields.items():
        setting = PREFIX + name.upper()
        assert re.search(rf"^\| `{setting}` \|", page, re.MULTILINE), f"{setting} is not in the table"
        assert f"### {setting}\n" in page, f"{setting} has no section"
        if field.default not in ("", None) and isinstance(field.default, str | int):
            assert re.search(rf"^\| `{setting}` \| `{re.escape(str(field.default))}`", page, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_setting_that_does_not_exist(page: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {
        "CAUNOI_PROT"
    }  # the sample misspelling
    assert set(SETTING.findall(page.read_text("utf-8"))) - known == set()


def test_every_command_and_option_is_explained() -> None:
    page, commands = _page("reference/commands.md"), _commands()
    assert set(re.findall(r"^## ([a-z -]+)$", page, re.MULTILINE)) == set(commands)
    for name, options in commands.items():
        section = page.split(f"## {name}\n")[1].split("\n## ")[0]
        assert [option for option in options if f"`{option}" not in section] == [], name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_command_that_does_not_exist(page: Path) -> None:
    commands = set(_commands())
    groups = "|".join({name.partition(" ")[0] for name in commands if " " in name})
    command = rf"(?:^|`|bin/)caunoi ((?:(?:{groups}) )?[a-z][a-z-]+)"
    named = set(re.findall(command, page.read_text("utf-8"), re.MULTILINE))
    assert named - commands - set(groups.split("|")) == set()


def test_every_table_and_every_job_is_explained() -> None:
    page = _page("reference/data.md")
    assert set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)) == set(metadata.tables)
    assert [job for job in JOBS if f"«{job}»" not in page] == []


def test_every_content_file_is_explained() -> None:
    page = _page("reference/content.md")
    for part, folder in PARTS.items():
        section = page.split(f"\n## {part}\n")[1].split("\n## ")[0]
        headings = set(
            re.findall(r"[\w-]+\.yaml", " ".join(re.findall(r"^### (.+)$", section, re.MULTILINE)))
        )
        assert headings == {file.name for file in folder.glob("*.yaml")}


def test_every_kind_and_every_part_of_the_phrases_is_explained(library: Library) -> None:
    page = _page("reference/content.md")
    kinds, phrases = page.split("### kinds.yaml")[1], page.split("### vi.yaml, en.yaml")[1]
    table = kinds.split("|---|---|---|---|\n")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [kind.code for kind in library.office.kinds]
    rows = re.findall(r"^\| (`.+?) \|", phrases, re.MULTILINE)
    parts = {key.partition(".")[0] for key in library.phrases.keys("")}
    assert {name for row in rows for name in CODE.findall(row)} == parts


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__qualname__)
def test_every_key_of_the_content_is_explained(shape: type) -> None:
    words = set(re.findall(r"\w+", _page("reference/content.md")))
    assert {field.name for field in fields(shape)} - words - NOT_WRITTEN == set()
