"""What officers passed on after it was routed, as rules to take over: nothing changes by itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from feedback import routing
from feedback.cases import Case, Routed
from feedback.heard import hear
from handlers.office import Office

PERIOD = timedelta(days=90)
MOST_WORDS = 3  # keywords of one proposal


@dataclass(frozen=True, slots=True)
class Proposal:
    """So many cases went from one unit to another although these words, or this topic, led to the first."""

    before: str
    after: str
    words: tuple[str, ...]
    topic: str
    count: int

    def rule(self) -> str:
        """Return the lines to paste into routing.yaml."""
        name = f"{self.before}-{self.after}-{'-'.join(self.words or (self.topic,))}".lower().replace(" ", "-")
        said = f"keywords: [{', '.join(self.words)}]" if self.words else f"topics: [{self.topic}]"
        return (
            f"  - name: {name}\n"
            f"    unit: {self.after}\n"
            f"    reason: Cán bộ đã chuyển {self.count} hồ sơ như vậy từ {self.before}.\n"
            f"    {said}\n"
        )


def proposals(moved: Iterable[tuple[Case, Routed]], office: Office) -> list[Proposal]:
    """Return what was passed on, the most frequent first; nothing where neither words nor a topic led."""
    counted = Counter(
        (routed.unit, case.unit, *_led(case, routed, office))
        for case, routed in moved
        if _corrects(case, routed, office)
    )
    return [
        Proposal(before, after, words, topic, count)
        for (before, after, words, topic), count in counted.most_common()
        if words or topic
    ]


def _corrects(case: Case, routed: Routed, office: Office) -> bool:
    """What is with those who route is not settled yet, and what came back was right."""
    return case.unit not in (routed.unit, office.default_unit)


def _led(case: Case, routed: Routed, office: Office) -> tuple[tuple[str, ...], str]:
    said = routing.said(hear(case.text), office).get(routed.unit)
    if said and said.words:
        return said.words[:MOST_WORDS], said.topic
    return (), routed.topic
