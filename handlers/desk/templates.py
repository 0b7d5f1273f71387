"""The pages' templates, and the words that stand in them (words.yaml; officers read Vietnamese only)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from faq.files import Mistakes, read
from feedback.deadlines import VIETNAM
from handlers.phrases import Phrases

FOLDER = Path(__file__).parent


def words() -> Mapping[str, str]:
    sheet = read(FOLDER / "words.yaml", dict[str, str])
    if sheet.mistakes:
        raise Mistakes(sheet.mistakes)
    return {key: text.rstrip("\n") for key, text in (sheet.value or {}).items()}


WORDS = words()
TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def named(prefix: str, value: str) -> str:
    """Return the word for a value; one that is newer than the words names itself."""
    return WORDS.get(f"{prefix}.{value}", value)


def short(text: str, longest: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def day(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}"


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M}"


def worked(minutes: int) -> str:
    """Write working time in hours and minutes."""
    return say("custody.time", hours=minutes // 60, minutes=minutes % 60)


def size(count: int) -> str:
    """Write a number of bytes as Vietnamese does, with a decimal comma."""
    return f"{count / 1e6:.1f} MB".replace(".", ",") if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


say = partial(Phrases({"vi": WORDS}).say, "vi")
TEMPLATES.globals |= {"say": say, "named": named}
TEMPLATES.filters |= {"short": short, "day": day, "clock": clock, "size": size, "worked": worked}
