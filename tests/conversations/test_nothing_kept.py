"""A denunciation or a complaint is turned to its procedure: a look into every table for what was written."""

from handlers.library import Library
from storage.store import Store
from tests.conversations.stage import Stage
from tests.handlers.test_erasure import everything

CANARY = "kim-tước-4711"
DENUNCIATION = f"""
Lan: Tôi muốn tố cáo chủ tịch xã {CANARY} nhận hối lộ của dân
Lan gửi tệp: {CANARY}.jpg to cao can bo dia chinh {CANARY} nhan tien
Lan: /gopy
Lan: 1
Lan: 1
Lan: Tôi tố cáo ông {CANARY} tham ô
"""
COMPLAINT = f"Lan: Tôi khiếu nại quyết định kỷ luật buộc thôi việc số {CANARY} đối với tôi\n"


async def test_of_a_denunciation_nothing_stays(store: Store, library: Library) -> None:
    stage = Stage(store, library)
    said = await stage.play(DENUNCIATION)
    assert "thủ tục riêng do luật định" in said
    assert CANARY.casefold() not in (await everything(store, stage.now)).casefold()


async def test_of_a_complaint_nothing_stays(store: Store, library: Library) -> None:
    stage = Stage(store, library)
    said = await stage.play(COMPLAINT)
    assert "khiếu nại" in said.partition("\n")[2]
    assert CANARY.casefold() not in (await everything(store, stage.now)).casefold()


async def test_a_report_stays_so_that_the_look_is_not_blind(store: Store, library: Library) -> None:
    stage = Stage(store, library)
    await stage.play(f"Lan: Tôi muốn phản ánh bộ phận một cửa {CANARY} trễ hẹn\n")
    assert CANARY in await everything(store, stage.now)
