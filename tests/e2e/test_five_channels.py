"""One story on all five channels: the same words, the same choices, the same case and the same answer."""

import re
from pathlib import Path

import pytest

from tests.e2e.officer import Officer, link_for
from tests.e2e.phones import LINES, Heard, Line, Phone

STORY = Path(__file__).parent / "five_channels.txt"
CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")
SAMPLE = "7K3F9-Q2M4R"  # the example that stands in a phrase
DAY = re.compile(r"(chậm nhất|Tiếp nhận:) ngày \d\d/\d\d/20\d\d")
REPORT = "Tôi muốn phản ánh: xã tôi chậm chi trả lương cơ sở mới cho cán bộ, đã ba tháng nay chưa có."
ANSWER = "Cục đã yêu cầu Ủy ban nhân dân xã chi trả trước ngày 15. Căn cứ: Nghị định số 161/2026/NĐ-CP."
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40


@pytest.mark.parametrize("channel", LINES)
async def test_the_whole_story_is_the_same_on_every_channel(
    channel: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with LINES[channel](tmp_path) as line:
        told = await _story(line)
    if request.config.getoption("--rewrite"):
        STORY.write_text(told, "utf-8")
    assert told == STORY.read_text("utf-8")


class Told:
    """What was said on a phone and heard there, with codes and promised days masked."""

    def __init__(self, phone: Phone) -> None:
        self.lines: list[str] = []
        self.code = ""
        self._phone = phone

    async def says(self, text: str) -> None:
        self._write(f"Lan: {text}", await self._phone.says(text))

    async def chooses(self, label: str) -> None:
        self._write(f"Lan chọn: {label}", await self._phone.chooses(label))

    async def sends_photo(self) -> None:
        self._write("Lan gửi ảnh", await self._phone.sends_photo(PHOTO))

    async def hears(self, why: str) -> None:
        self._write(why, await self._phone.hears())

    def _write(self, what: str, heard: list[Heard]) -> None:
        shown = [what]
        for each in heard:
            found = [code for code in CODE.findall(each.text) if code != SAMPLE]
            self.code = self.code or (found[0] if found else "")
            shown += [f"Bot: {each.text}", *(f"  [{label}]" for label in each.labels)]
        text = "\n".join(shown).replace(self.code or "\0", "#")
        self.lines.append(DAY.sub(r"\1 …", text))


async def _story(line: Line) -> str:
    told = Told(line.phone)
    await told.says("/start")
    await told.says("luong co so hien nay la bao nhieu")
    await told.chooses("1. Không đúng ý tôi")
    await told.says(REPORT)
    await told.chooses("1. Gửi: Phản ánh")
    await told.chooses("1. Đồng ý")
    await told.chooses("1. Người dân")
    await told.says("Xã Hòa Bình, tỉnh Phú Thọ")
    await told.sends_photo()
    await told.chooses("1. Xong")
    await told.chooses("1. Ẩn danh")
    await told.chooses("1. Gửi")
    async with Officer(line.url) as an:
        await an.signs_in(link_for(line.key, "an"))
        await an.does("accept", told.code)
        await told.hears("An nhận xử lý")
        await an.does("answer", told.code, text=ANSWER)
        await told.hears("An trả lời")
        await told.chooses("5. Rất hài lòng")
        await told.says("Trả lời nhanh, xin cảm ơn.")
        await told.says(f"/tracuu {told.code}")
        page = await an.opens(f"/desk/cases/{told.code}")
    assert "Người dân chấm 5/5" in page
    assert "Tin báo người dân: Đã gửi" in page
    return "\n\n".join(told.lines) + "\n"
