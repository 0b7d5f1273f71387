"""What was asked is remembered without who asked it; an answer can be switched off and on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from storage.questions import LONGEST, Question, Switch
from storage.store import Store
from storage.tables import Outcome, metadata

HOUR = timedelta(hours=1)


async def ask(store: Store, now: datetime, said: str, outcome: str, entry: str = "") -> int:
    async with store.begin(now) as tx:
        return tx.questions.keep(said, outcome, entry, channel="web")


async def waiting(store: Store, now: datetime, since: datetime) -> list[str]:
    async with store.look(now) as tx:
        return [each.text for each in await tx.questions.unanswered(since)]


async def test_a_question_is_read_as_it_was_kept(store: Store, now: datetime) -> None:
    async with store.begin(now) as tx:
        kept = tx.questions.keep("Mức lương?", "answered", "G1", "", version="a1", channel="web")
    async with store.look(now) as tx:
        assert await tx.questions.latest(9) == await tx.questions.by_ids([kept])
        assert await tx.questions.latest(1) == [
            Question(kept, now, "web", "Mức lương?", Outcome.ANSWERED, "G1", "a1", "", "", "", None)
        ]


async def test_personal_data_never_reaches_the_disk(store: Store, now: datetime) -> None:
    await ask(store, now, "tôi tên là Nguyễn Văn A, số 0912 345 678, hỏi lương " + "x" * 5000, "unknown")
    async with store.look(now) as tx:
        [row] = (await tx.connection.execute(text("SELECT * FROM questions"))).all()
        [question] = await tx.questions.latest(1)
    assert question.text.startswith("tôi tên là [họ tên], số [số điện thoại], hỏi lương x")
    assert len(question.text) == LONGEST
    assert not [value for value in row if "345" in str(value).removeprefix(str(question.id))]


def test_no_column_leads_to_a_person() -> None:
    columns = set(metadata.tables["questions"].columns.keys())
    assert columns.isdisjoint({"lane", "chat", "account", "event", "name", "sender"})


async def test_an_outcome_that_does_not_exist_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises(ValueError, match="forgotten"):
        await ask(store, now, "x", "forgotten")


async def test_what_was_not_answered_is_listed_newest_first(store: Store, now: datetime) -> None:
    for number, outcome in enumerate(Outcome):
        await ask(store, now + number * HOUR, outcome, outcome)
    assert await waiting(store, now, now) == ["unknown", "refused", "choices"]
    assert await waiting(store, now, now + 4 * HOUR) == ["unknown"]
    async with store.look(now) as tx:
        assert len(await tx.questions.unanswered(now, limit=1)) == 1


async def test_a_choice_that_is_taken_is_an_answer_until_it_is_refused(store: Store, now: datetime) -> None:
    asked = await ask(store, now, "Lương hưu", "choices")
    assert await waiting(store, now, now) == ["Lương hưu"]
    async with store.begin(now) as tx:
        tx.questions.chosen(asked, "G3", version="b2")
    assert await waiting(store, now, now) == []
    async with store.begin(now) as tx:
        tx.questions.refuse(asked)
    async with store.look(now) as tx:
        [refused] = await tx.questions.unanswered(now)
    assert (refused.outcome, refused.entry, refused.version) == (Outcome.REFUSED, "G3", "b2")


async def test_a_question_can_be_refused_in_the_transaction_that_keeps_it(
    store: Store, now: datetime
) -> None:
    async with store.begin(now) as tx:
        tx.questions.refuse(tx.questions.keep("x", "answered", "G1"))
    assert await waiting(store, now, now) == ["x"]


async def test_what_is_settled_is_off_the_list_and_can_be_put_back(store: Store, now: datetime) -> None:
    asked = [await ask(store, now, said, "unknown") for said in ("một", "hai", "ba")]
    async with store.begin(now + HOUR) as tx:
        tx.questions.settle(asked[:2], "alternate:G1", "an")
    async with store.begin(now + 2 * HOUR) as tx:
        tx.questions.settle(asked[:1], "ignored", "binh")
    assert await waiting(store, now, now) == ["ba"]
    async with store.look(now) as tx:
        [first] = await tx.questions.by_ids(asked[:1])
    assert (first.settled_how, first.settled_by, first.settled_at) == ("alternate:G1", "an", now + HOUR)
    async with store.begin(now) as tx:
        tx.questions.unsettle(asked[:2])
    assert await waiting(store, now, now) == ["ba", "hai", "một"]


async def test_outcomes_are_counted(store: Store, now: datetime) -> None:
    for hours, outcome in enumerate(("unknown", "unknown", "answered", "refused")):
        await ask(store, now + hours * HOUR, "x", outcome)
    async with store.look(now) as tx:
        everything, recent = await tx.questions.counts(now), await tx.questions.counts(now + HOUR)
    assert everything == {"unknown": 2, "answered": 1, "refused": 1, "open": 3}
    assert recent == {"unknown": 1, "answered": 1, "refused": 1, "open": 2}


async def test_old_questions_are_forgotten(store: Store, now: datetime) -> None:
    for hours in range(3):
        await ask(store, now + hours * HOUR, f"{hours}", "answered")
    async with store.begin(now) as tx:
        assert await tx.retention.forget({"question": -HOUR}, "question") == 1
        assert [each.text for each in await tx.questions.latest(9)] == ["2", "1"]


async def test_an_answer_is_switched_off_and_on_again(store: Store, now: datetime) -> None:
    async with store.begin(now) as tx:
        tx.questions.switch("G1", off=True, by="an", reason="Chờ nghị định mới")
        tx.questions.switch("G2", off=True, by="an", reason="Sai số")
    async with store.begin(now + HOUR) as tx:
        assert await tx.questions.switched_off() == {"G1", "G2"}
        tx.questions.switch("G2", off=False, by="binh", reason="Đã sửa")
    async with store.look(now) as tx:
        assert await tx.questions.switched_off() == {"G1"}
        assert await tx.questions.switches() == {
            "G1": Switch("G1", True, "an", now, "Chờ nghị định mới"),
            "G2": Switch("G2", False, "binh", now + HOUR, "Đã sửa"),
        }
