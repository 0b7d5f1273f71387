"""`caunoi faq recall`: who was given an answer that was corrected since, and having them told."""

from collections.abc import Sequence
from getpass import getuser

from bot.looking import looking
from bot.service import now, opened
from bot.settings import Settings
from handlers import library as library_files
from handlers.actions import recalls
from handlers.actions.recalls import Preview
from handlers.library import Library
from storage.received import WITHDRAWN
from storage.store import Tx

BY = "caunoi:"


async def show(settings: Settings, entries: Sequence[str], days: int, reason: str) -> list[Preview]:
    """Say what a recall would do. The service may be running."""
    library = library_files.load(settings.content_dir)
    async with looking(settings) as tx:
        return await _previews(tx, library, entries, days, reason) if tx else []


async def order(settings: Settings, entries: Sequence[str], days: int, reason: str) -> list[Preview]:
    """Have the service send what the preview shows. On the embedded database it must not be running."""
    async with opened(settings) as (shelf, store), store.begin(now()) as tx:
        found = await _previews(tx, shelf.library, entries, days, reason)
        for each in found:
            if each.persons:
                recalls.order(tx, each.recall)
    return found


def lines(previews: Sequence[Preview]) -> list[str]:
    """Write them for the terminal: one part for each answer that somebody has an old version of."""
    found: list[str] = []
    for each in previews:
        by_channel = ", ".join(f"{channel} {n}" for channel, n in sorted(each.channels.items()))
        found.append(
            f"{each.recall.entry} «{each.question}»: {each.persons} người ({by_channel or 'không ai'})"
        )
        if each.recall.version == WITHDRAWN:
            found.append("  Hiện không có câu trả lời nào đang dùng thay câu này.")
        for old in each.olds:
            found += ["", f"  {old.persons} người đang giữ bản {old.version}. Họ sẽ đọc:"]
            found += [f"  │ {line}".rstrip() for line in old.message.splitlines()]
        found.append("")
    total = sum(each.persons for each in previews)
    return [*found, f"Tổng cộng {len(previews)} câu, {total} lượt người."]


async def _previews(
    tx: Tx, library: Library, entries: Sequence[str], days: int, reason: str
) -> list[Preview]:
    by = f"{BY}{getuser()}"[:40]
    plans = [await recalls.plan(tx, library, entry, days, reason, by) for entry in entries]
    return [await recalls.preview(tx, library, plan) for plan in plans]
