"""`caunoi retention`: what the terms of office/retention.yaml mean for the data that are here."""

from bot import sweeper
from bot.graves import Graves
from bot.looking import NOTHING, looking
from bot.service import now, opened
from bot.settings import Settings
from handlers import library
from handlers.clock import retention
from storage.blobs import Blobs
from storage.retention import Terms
from storage.store import Tx

CLASSES = {
    "answered": "hồ sơ đã trả lời, tự đóng",
    "sender": "địa chỉ và liên hệ của hồ sơ đã đóng",
    "consent": "lời đồng ý",
    "handled": "khóa của tin đến đã xử lý",
    "dead_letter": "tin đến không xử lý được",
    "conversation": "tin đã gửi, bản nháp",
    "held": "tin chờ người dân nhắn lại",
    "changeable": "tin nào đã vào hồ sơ nào",
    "question": "câu hỏi đã che",
    "received": "ai nhận câu trả lời nào",
    "refusal": "việc bị từ chối trong nhóm",
    "session": "liên kết đăng nhập, phiên đã hết hạn",
    "upload": "tệp không thuộc hồ sơ nào",
}


async def show(settings: Settings) -> None:
    """Print how much is over, class by class; nothing is changed, and the service may run."""
    terms = library.load(settings.content_dir).office.terms
    async with looking(settings) as tx:
        if tx is None:
            print(NOTHING)  # noqa: T201
            return
        over = await _counts(tx, terms)
        over["upload"] = await sweeper.unused(tx, Blobs(settings.data_dir / "files"), terms["upload"])
    for name, what in CLASSES.items():
        print(f"{over.get(name, 0):7}  {what} ({name}: {terms[name].days} ngày)")  # noqa: T201


async def _counts(tx: Tx, terms: Terms) -> dict[str, int]:
    over = {"answered": await tx.retention.to_close(terms)}
    for name, _table, count in await tx.retention.counts(terms):
        over[name] = over.get(name, 0) + count
    return over


async def apply(settings: Settings) -> None:
    """Do now what the clock does every hour; an embedded database must be at rest."""
    async with opened(settings) as (shelf, store):
        for work in retention.ALL:
            async with store.begin(now()) as tx:
                await work(tx, shelf.library)
        blobs = Blobs(settings.data_dir / "files")
        await sweeper.Sweeper(store, blobs, Graves(settings.data_dir), shelf, now).sweep()
    print("Đã xóa những gì hết thời hạn lưu.")  # noqa: T201
