"""An official edits the answers while the service runs, well and badly, and the service is started again."""

from pathlib import Path

from bot.cli import init
from tests.e2e.command import caunoi
from tests.e2e.officer import Officer, link_for
from tests.e2e.waiting import until
from tests.e2e.webcitizen import WebCitizen
from tests.process import ServiceProcess

SECRET = "a-sample-secret-of-the-tests"
QUESTION = "Lương cơ sở hiện nay là bao nhiêu?"
OLD, NEW = "2.530.000 đồng/tháng (trước đó", "2.530.000 đồng mỗi tháng (trước đó"
BROKEN = "\tthụt dòng bằng Tab: sai"


async def test_a_save_is_live_and_a_broken_one_is_told(tmp_path: Path) -> None:
    init(tmp_path / "content")
    file = tmp_path / "content" / "faq" / "G3.yaml"
    service = ServiceProcess(tmp_path, content_dir=str(tmp_path / "content"), secret=SECRET)
    async with service, WebCitizen(service.url) as lan, Officer(service.url) as binh:

        async def is_told() -> bool:
            return "1 chỗ sai nên chưa được dùng" in await binh.opens("/desk")

        async def is_answered_anew() -> bool:
            return NEW in await lan.says(QUESTION)

        await binh.signs_in(link_for(SECRET.encode(), "binh"))
        assert OLD in await lan.says(QUESTION)
        file.write_text(file.read_text().replace(OLD, NEW))
        await until(is_answered_anew)
        file.write_text(file.read_text() + BROKEN)
        await until(is_told)
        assert "thụt dòng bằng dấu cách, không dùng phím Tab" in await binh.opens("/desk/faq")
        assert NEW in await lan.says(QUESTION)

        await service.stop()
        await service.start()
        assert NEW in await lan.says(QUESTION)
        assert await is_told()
    assert "Tệp hỏi đáp có 1 lỗi; dịch vụ dùng bản đúng gần nhất:" in service.log.read_text()
    signin = await caunoi("signin", "binh", folder=tmp_path, content_dir="content", secret=SECRET)
    assert (signin.code, signin.err) == (0, "")
