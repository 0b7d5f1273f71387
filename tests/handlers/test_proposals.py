"""What officers passed on becomes a proposal, and nothing else changes."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from faq.files import read
from feedback.routing import Matter
from handlers.actions import cases, proposals, routes
from handlers.library import Library
from handlers.office.shapes import Routing
from storage.store import Store
from tests.handlers.desk.office import LAN


async def moved(store: Store, library: Library, now: datetime, *units: str) -> list[proposals.Proposal]:
    """Take bà Lan's case, pass it on to each unit in turn, and look."""
    router = library.office.officer("binh")
    async with store.begin(now) as tx:
        case = cases.open_case(tx, library, LAN)
    for unit in units:
        async with store.begin(now) as tx:
            known = await tx.cases.by_code(case.code)
            assert known
            cases.transfer(tx, library, known, unit, "Đúng hơn", router)
    async with store.look(now) as tx:
        return proposals.proposals(await tx.cases.moved(now - timedelta(days=1)), library.office)


async def test_what_was_passed_on_is_counted_with_the_words_that_led_there(
    store: Store, library: Library, now: datetime
) -> None:
    await moved(store, library, now, "VL")
    (found,) = await moved(store, library, now, "PC", "VL")
    assert (found.before, found.after, found.count) == ("TL-BHXH", "VL", 2)
    assert found.words


async def test_what_stayed_or_came_back_proposes_nothing(
    store: Store, library: Library, now: datetime
) -> None:
    assert await moved(store, library, now) == []
    assert await moved(store, library, now, "PC", "TL-BHXH") == []


async def test_what_those_who_route_still_hold_proposes_nothing(
    store: Store, library: Library, now: datetime
) -> None:
    assert await moved(store, library, now, "VP") == []


async def test_the_proposed_rule_can_be_pasted(
    store: Store, library: Library, now: datetime, tmp_path: Path
) -> None:
    (found,) = await moved(store, library, now, "VL")
    file = tmp_path / "routing.yaml"
    file.write_text(f"threshold: 0.5\nmost_transfers: 3\nrules:\n{found.rule()}", "utf-8")
    sheet = read(file, Routing)
    assert sheet.value is not None
    assert [rule.unit for rule in sheet.value.rules] == ["VL"]
    ours = replace(library, office=replace(library.office, rules=sheet.value.rules))
    assert routes.route(ours, Matter(LAN.text)).unit == "VL"
