"""`caunoi deadlines …`: the promises of the open cases, when the calendar or a term has changed."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot import telling
from bot.telling import told_plainly

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    name="deadlines", help="Ngày hẹn của hồ sơ đang xử lý.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def deadlines() -> None:
    """Ngày hẹn của hồ sơ đang xử lý."""


@app.command()
def recompute(
    *, dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ liệt kê, không đổi gì")] = False
) -> None:
    """Tính lại ngày hẹn theo lịch và thời hạn hiện nay; báo người dân, đơn vị, và in những hồ sơ đổi ngày."""
    settings = telling.settings()
    with told_plainly():
        lines = asyncio.run(_list(settings) if dry_run else _recompute(settings))
    print("\n".join([*lines, f"{len(lines)} hồ sơ {'sẽ đổi' if dry_run else 'đã đổi'} ngày hẹn."]))


async def _list(settings: "Settings") -> list[str]:
    """Look only: a service that runs on this folder need not stop."""
    from bot.looking import looking  # noqa: PLC0415
    from handlers import library as library_files  # noqa: PLC0415
    from handlers.actions import promises  # noqa: PLC0415

    library, lines, last = library_files.load(settings.content_dir), [], -1
    async with looking(settings) as tx:
        while tx and last:
            moves, last = await promises.found(tx, library, max(last, 0))
            lines += [promises.line(library, move) for move in moves]
    return lines


async def _recompute(settings: "Settings") -> list[str]:
    from bot.service import now, opened  # noqa: PLC0415
    from handlers.actions import promises  # noqa: PLC0415

    lines, last = [], -1
    async with opened(settings) as (shelf, store):
        while last:
            async with store.begin(now()) as tx:
                moves, last = await promises.found(tx, shelf.library, max(last, 0))
                await promises.follow(tx, shelf.library, moves)
            lines += [promises.line(shelf.library, move) for move in moves]
    return lines
