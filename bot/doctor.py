"""`caunoi doctor`: what somebody has to look into."""

from collections.abc import Iterator

from bot import witness
from bot.looking import NOTHING, looking
from bot.service import signing_key
from bot.settings import Settings
from handlers import library
from storage.audit import Fault
from storage.store import Tx
from storage.witness import Damaged, Witness

WRONG = {
    "missing": "dòng {seq}: đã bị xóa",
    "changed": "dòng {seq}: đã bị sửa hoặc đổi chỗ",
    "content": "dòng {seq}: nội dung không còn như lúc ghi{event}",
    "emptied": "dòng {seq}: nội dung bị bỏ mà không có dòng nào ghi việc xóa ấy",
    "event": "dòng {seq}: diễn biến {number} của hồ sơ đã bị xóa",
    "added": "diễn biến {number} được thêm vào hồ sơ mà không qua nhật ký",
    "head": "dòng {seq}: đầu chuỗi không khớp với dòng cuối",
    "cut": "dòng {seq}: đã từng có, nay không còn như thế; phần cuối nhật ký bị cắt hoặc bị viết lại",
}


async def look(settings: Settings, *, audit: bool) -> int:
    """Print what was looked at and what is wrong; return how much is. Raises Mistakes, Unavailable."""
    loaded = library.load(settings.content_dir)
    print(f"Nội dung: {len(loaded.knowledge.entries)} câu trả lời, {len(loaded.office.units)} đơn vị.")  # noqa: T201
    async with looking(settings) as tx:
        if tx is None:
            print(NOTHING)  # noqa: T201
            return 0
        wrong = await _audit(tx, witness.of(settings.data_dir, signing_key(settings)), whole=audit)
    for line in wrong:
        print(line)  # noqa: T201
    return len(wrong)


async def _audit(tx: Tx, kept: Witness, *, whole: bool) -> list[str]:
    """Compare the end with what is kept outside; the whole of it where that is wanted."""
    lines = [f"{path.name}: từng có phần cuối nhật ký mà cơ sở dữ liệu không còn" for path in kept.aside()]
    known = None
    try:
        known = kept.read()
    except Damaged as error:
        lines.append(f"{error}: tệp không do dịch vụ này ghi, hoặc khóa CAUNOI_SECRET đã đổi")
    faults = await tx.audit.faults(known) if whole else []
    head = await tx.audit.head()
    if not whole and known and not await tx.audit.holds(known):
        faults = [Fault(known.seq, "cut")]
    print(f"Nhật ký kiểm tra: {head.seq} dòng.")  # noqa: T201
    return [*lines, *_lines(faults)]


def _lines(faults: list[Fault]) -> Iterator[str]:
    for fault in faults:
        event = f" (diễn biến {fault.event})" if fault.event else ""
        yield "Nhật ký kiểm tra, " + WRONG[fault.wrong].format(seq=fault.seq, number=fault.event, event=event)
