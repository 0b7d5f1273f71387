"""Thirty people tell the same: each comes in by the real door, all are answered at once, each by itself."""

import re

import pytest

from feedback.cases import CITIZEN, OPEN, Added, Status
from handlers.actions import cases, similar
from handlers.actions.similar import CHANGED, Together
from handlers.library import Library
from storage.store import Store
from tests.conversations.stage import Stage

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
CROWD = 30
ANSWER = "Xã chi trả lương hưu tháng 9 tại trụ sở trước ngày 05/12/2026."


async def test_thirty_similar_cases_are_answered_together(store: Store, library: Library) -> None:
    stage = Stage(store, library)
    people = [f"Dân{n}" for n in range(CROWD)]
    for n, person in enumerate(people):
        said = f"Xã chậm chi trả lương hưu tháng 9 cho người nghỉ hưu ở thôn {n + 1}, đã ba tháng chưa có."
        lines = ("/gopy", "1", "5", "phản ánh", said, "/boqua", "/boqua", "1", "1")
        await stage.play("\n".join(f"{person}: {line}" for line in lines))
    async with store.look(stage.now) as tx:
        open_ = await tx.cases.work_list(None, OPEN)
        alike = await similar.to(tx, open_[0], CROWD)
        counts = await tx.cases.happened([case.id for case in open_])
    assert (len(open_), len(alike)) == (CROWD, CROWD - 1)
    late = open_[-1]
    async with store.begin(stage.now) as tx:
        cases.record(tx, late, Added("Tôi vừa nhận được rồi."), CITIZEN)
    before = len(stage.channel.said)

    an = library.office.officer("an")
    chosen = {case.code: counts[case.id] for case in open_}
    done = await similar.answer(store, stage.now, library, Together(late.unit, chosen, ANSWER, an))
    await stage.settle()

    assert [code for code, act in done.items() if act == CHANGED] == [late.code]
    told = stage.channel.said[before:]
    assert sorted(chat for chat, _ in told) == sorted(
        case.address.chat for case in open_ if case.id != late.id
    )
    assert {code for _, message in told for code in re.findall(r"Mã (\S+) đã có trả lời", message.text)} == (
        chosen.keys() - {late.code}
    )
    await stage.play(f"{told[0][0]} bấm: Rất hài lòng\n{told[1][0]} bấm: Không hài lòng")
    async with store.look(stage.now) as tx:
        rated = [each for each in await tx.cases.by_ids([case.id for case in open_]) if each.stars]
        assert {each.address.chat: each.stars for each in rated} == {told[0][0]: 5, told[1][0]: 2}
        left = await tx.cases.by_id(late.id)
    assert left
    assert left.status is Status.ROUTED
