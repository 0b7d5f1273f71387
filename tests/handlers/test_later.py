"""What comes after a message was taken, as the unit and the database see it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from feedback.cases import Added, Commented, Edited, Event, Received
from feedback.messages import Attachment, Incoming, Kind
from handlers.clock.retention import forget_conversations
from handlers.desk import timeline
from handlers.library import Library
from handlers.names import Names
from storage.store import Store
from tests.conversations.stage import Stage

INTAKE = "Lan: /gopy\nLan: 1\nLan: 1\nLan: 2\n"
REST = "\nLan: 1\nLan: 1\nLan: 1\nLan: 1\n"
LAMP = "Đèn đường ngõ 12 hỏng đã một tuần"


@pytest.fixture
async def stage(store: Store, library: Library) -> AsyncIterator[Stage]:
    stage = Stage(store, library)
    yield stage
    async with store.begin(stage.now) as tx:
        assert await tx.inbox.dead() == []


async def events(stage: Stage) -> list[Event]:
    """Return what the citizen did to the case."""
    async with stage.store.look(stage.now) as tx:
        case = await tx.cases.by_code(stage.codes[0])
        assert case is not None
        return [each.event for each in await tx.cases.timeline(case) if each.actor == "citizen"]


async def files(stage: Stage) -> list[str]:
    async with stage.store.look(stage.now) as tx:
        case = await tx.cases.by_code(stage.codes[0])
        assert case is not None
        kept = [file.attachment.remote for file in await tx.files.of_case(case.id)]
    return [remote.removeprefix("remote ").split(" ")[0] for remote in kept]


async def test_the_unit_sees_the_old_and_the_new_wording(stage: Stage) -> None:
    await stage.play(f"{INTAKE}Lan: {LAMP}{REST}Lan sửa «{LAMP}»: Đèn đường ngõ 21 hỏng")
    assert (await events(stage))[1:] == [Edited(LAMP, "Đèn đường ngõ 21 hỏng")]
    async with stage.store.look(stage.now) as tx:
        case = await tx.cases.by_code(stage.codes[0])
        assert case is not None
        lines = timeline.lines(await tx.cases.timeline(case), [], Names(stage.library.office))
    assert (lines[-1].words, lines[-1].text) == ("event.Edited", "Đèn đường ngõ 21 hỏng")
    assert lines[-1].values["before"] == LAMP


async def test_each_message_of_a_thought_can_be_corrected(stage: Stage) -> None:
    await stage.play(f"{INTAKE}Lan gõ liền: {LAMP} | tối quá{REST}Lan sửa «tối quá»: rất tối")
    first, second = await events(stage)
    assert (first, second) == (Received(f"{LAMP}\ntối quá"), Edited("tối quá", "rất tối"))


async def test_a_correction_before_the_text_is_sent_leaves_no_trace_of_the_old_one(stage: Stage) -> None:
    await stage.play(f"{INTAKE}Lan: {LAMP}\nLan sửa «{LAMP}»: Đèn đường ngõ 21 hỏng{REST}")
    assert await events(stage) == [Received("Đèn đường ngõ 21 hỏng")]


async def test_additions_and_comments_can_be_corrected(stage: Stage) -> None:
    await stage.play(f"{INTAKE}Lan: {LAMP}{REST}Lan: 1\nLan: tối lắm\nLan sửa «tối lắm»: rất tối")
    assert (await events(stage))[1:] == [Added("tối lắm"), Edited("tối lắm", "rất tối")]
    await stage.play("An nhận #1:\nAn trả lời #1: Đã sửa đèn.\nLan: 5\nLan: nhanh qua")
    await stage.play("Lan sửa «nhanh qua»: nhanh quá")
    assert (await events(stage))[4:] == [Commented("nhanh qua"), Edited("nhanh qua", "nhanh quá")]


async def test_how_to_reach_a_person_does_not_go_into_the_timeline(stage: Stage) -> None:
    await stage.play(f"{INTAKE}Lan: {LAMP}\nLan: 1\nLan: 1\nLan: 2\nLan: 0900 000 000\nLan: 1")
    said = await stage.play("Lan sửa «0900 000 000»: 0900 000 001")
    assert "không đọc được phần Ông/Bà vừa sửa" in said
    assert len(await events(stage)) == 1


async def test_nobody_corrects_what_another_personwrote(stage: Stage) -> None:
    await stage.play(f"{INTAKE}Lan: {LAMP}{REST}")
    stage.wrote["Minh", LAMP] = stage.wrote["Lan", LAMP]
    said = await stage.play(f"Minh sửa «{LAMP}»: không hỏng")
    assert "không đọc được phần Ông/Bà vừa sửa" in said
    assert len(await events(stage)) == 1


async def test_a_correction_that_arrives_first_does_no_harm(stage: Stage) -> None:
    stage.wrote["Lan", LAMP] = "9"
    await stage.play(f"{INTAKE}Lan sửa «{LAMP}»: Đèn đường ngõ 21 hỏng\nLan: {LAMP}{REST}")
    assert await events(stage) == [Received(LAMP)]


async def test_late_parts_join_the_draft_the_case_and_the_addition(stage: Stage) -> None:
    said = await stage.play(f"{INTAKE}Lan gửi album: a.jpg | {LAMP}\nLan gửi tệp muộn: b.jpg{REST}")
    assert said.count("Việc này ở đâu?") == 1
    assert await files(stage) == ["a.jpg", "anh.jpg", "b.jpg"]
    assert await stage.play("Lan gửi tệp muộn: c.jpg") == "Lan gửi tệp muộn: c.jpg\n"
    await stage.play("Lan: 1\nLan gửi album: d.jpg | e.jpg")
    assert await stage.play("Lan gửi tệp muộn: g.jpg") == "Lan gửi tệp muộn: g.jpg\n"
    assert await files(stage) == ["a.jpg", "anh.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "g.jpg"]
    assert (await events(stage))[1:] == [Added("", 1), Added("", 2), Added("", 1)]


async def test_a_late_part_leaves_the_numbers_that_were_offered(stage: Stage) -> None:
    await stage.play("Lan gửi album: a.jpg | b.jpg\nLan gửi tệp muộn: c.jpg")
    assert "Ông/Bà có đồng ý không?" in await stage.play("Lan: 1")


async def test_nothing_of_an_album_with_a_denunciation_is_kept(stage: Stage) -> None:
    said = await stage.play("Lan gửi album: a.jpg | Tôi tố cáo ông Mẫu nhận hối lộ\nLan gửi tệp muộn: c.jpg")
    assert said.count("Bot → Lan") == 1
    assert "dấu hiệu tố cáo" in said
    async with stage.store.look(stage.now) as tx:
        state = await tx.talks.find("stage:test:Lan")
    assert state.draft == {"dropped": "album 1"}


async def test_a_thought_that_is_a_denunciation_only_as_a_whole_is_not_kept(stage: Stage) -> None:
    said = await stage.play(f"{INTAKE}Lan gõ liền: tôi muốn tố | cáo ông Mẫu nhận hối lộ")
    assert "dấu hiệu tố cáo" in said
    async with stage.store.look(stage.now) as tx:
        assert (await tx.talks.find("stage:test:Lan")).draft == {}


async def test_an_emergency_waits_for_nothing(stage: Stage) -> None:
    await stage.play(INTAKE)
    fire = Incoming("stage", "test", "fire", "Lan", "Lan", stage.now, text="cháy nhà, cứu với")
    assert not stage.goes_on(fire, "text")
    assert stage.goes_on(replace(fire, text="đèn hỏng"), "text")


async def test_a_file_that_is_too_large_is_told_and_the_rest_goes_on(stage: Stage) -> None:
    await stage.play(INTAKE)
    large, small = Attachment("1", "a.mp4", size=21 * 1024**2), Attachment("b.jpg", "b.jpg", size=1)
    await bring(
        stage, Incoming("stage", "test", "large", "Lan", "Lan", stage.now, Kind.FILES, LAMP, (large, small))
    )
    texts = [message.text for _, message in stage.channel.said[-2:]]
    assert texts[0].startswith("Có 1 tệp lớn hơn 20 MB")
    assert texts[1].startswith("Việc này ở đâu?")
    await stage.play(REST.strip())
    assert await files(stage) == ["b.jpg"]


async def test_of_an_unknown_kind_the_words_are_read(stage: Stage) -> None:
    odd = Incoming(
        "stage", "test", "odd", "Lan", "Lan", stage.now, Kind.UNSUPPORTED, "lương cơ sở là bao nhiêu"
    )
    await bring(stage, odd)
    texts = [message.text for _, message in stage.channel.said]
    assert texts[0] == "Trong tin này tôi chỉ nhận được phần chữ."
    assert "2.530.000" in texts[1]


async def bring(stage: Stage, message: Incoming) -> None:
    async with stage.store.begin(stage.now) as tx:
        await tx.inbox.add([message])
    await stage.settle()


async def test_what_can_be_changed_no_more_is_forgotten(stage: Stage) -> None:
    await stage.play(f"{INTAKE}Lan: {LAMP}{REST}")
    async with stage.store.begin(stage.now) as tx:
        await forget_conversations(tx, stage.library)
        assert await tx.parts.of_message("stage:test:Lan", stage.wrote["Lan", LAMP])
    async with stage.store.begin(stage.now + stage.library.office.terms["changeable"]) as tx:
        await forget_conversations(tx, stage.library)
        assert await tx.parts.of_message("stage:test:Lan", stage.wrote["Lan", LAMP]) is None
