"""`caunoi doctor --audit` says where the audit is not as it was written."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot import doctor
from bot.service import now, opened
from bot.settings import Settings, load
from storage.store import Store


@pytest.fixture
async def used(folder: Path, url: str, tmp_path: Path) -> Settings:
    """Return the settings of a service that did five things and was stopped."""
    assert folder
    settings = load(data_dir=tmp_path, database_url=url)
    async with opened(settings) as (_shelf, store):
        for number in range(5):
            async with store.begin(now()) as tx:
                tx.questions.switch(f"G1-0{number + 1}", off=True, by="chi", reason="đang xem lại")
    return settings


async def strike(settings: Settings, *statements: str) -> None:
    store = await Store.open(settings.database)
    async with store.begin(now()) as tx:
        for statement in statements:
            await tx.connection.execute(text(statement))
    await store.close()


async def test_an_audit_that_nobody_touched_is_whole(
    used: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await doctor.look(used, audit=True) == 0
    assert "Nhật ký kiểm tra: 6 dòng." in capsys.readouterr().out


async def test_a_changed_line_is_named(used: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await strike(used, "UPDATE audit SET actor = 'an' WHERE seq = 4")
    assert await doctor.look(used, audit=False) == 0
    assert await doctor.look(used, audit=True) == 1
    assert "Nhật ký kiểm tra, dòng 4: đã bị sửa" in capsys.readouterr().out


CUT = (
    "DELETE FROM audit WHERE seq > 4",
    "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)",
)


async def test_a_cut_end_is_found_at_once(used: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await strike(used, *CUT)
    assert await doctor.look(used, audit=False) == 1
    assert "dòng 6: đã từng có, nay không còn như thế" in capsys.readouterr().out


async def test_a_cut_end_is_not_forgotten_when_the_service_goes_on(
    used: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await strike(used, *CUT)
    async with opened(used) as (_shelf, store), store.look(now()) as tx:
        (lost,) = [row for row in await tx.audit.of_subject("") if row.what == "end_lost"]
        assert lost.content == {"file": "audit.1", "expected": 6}
    assert await doctor.look(used, audit=True) == 1
    assert "audit.1: từng có phần cuối nhật ký" in capsys.readouterr().out


async def test_a_forged_end_is_found(used: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (used.data_dir / "audit.head").write_bytes(b"%020d %064d %064d\n" % (4, 0, 0))
    assert await doctor.look(used, audit=True) == 1
    assert "audit.head: tệp không do dịch vụ này ghi" in capsys.readouterr().out
