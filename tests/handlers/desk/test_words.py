"""Every word of the desk is used, and every word that is used exists."""

import re
from pathlib import Path

from feedback.cases import EVENTS, Status
from feedback.staff import Role
from handlers import desk
from handlers.desk.templates import WORDS
from handlers.desk.worklist import FILTERS

HOME = Path(desk.__file__).parent
MADE = ("role.", "sender.", "channel.", "language.", "status.", "filter.", "empty.", "event.", "done.",
        "delivery.", "actor.", "mistake.", "due.", "problem.", "standing.", "decision.", "way.", "faq.tab.",
        "faq.verdict.", "faq.field.", "preview.way.", "warned.", "alarm.", "group.wrong.", "why.",
        "factor.", "recall.state.", "weekday.", "custody.")  # fmt: skip


def test_every_word_is_used_and_exists() -> None:
    sources = "".join(path.read_text("utf-8") for path in [*HOME.glob("*.py"), *HOME.glob("pages/*.html")])
    named = set(re.findall(r"""say\(["']([\w.]+)["'][,)]""", sources))
    assert named <= WORDS.keys()
    unused = {key for key in WORDS if f'"{key}"' not in sources and f"'{key}'" not in sources}
    assert {key for key in unused if not key.startswith(MADE)} == set()


def test_every_state_filter_and_role_has_its_word() -> None:
    wanted = {f"status.{status}" for status in Status} | {f"role.{role}" for role in Role}
    wanted |= {f"{start}.{each}" for start in ("filter", "empty") for each in FILTERS}
    assert wanted <= WORDS.keys()


def test_every_event_has_its_words() -> None:
    assert {f"event.{name}" for name in EVENTS} <= WORDS.keys()
