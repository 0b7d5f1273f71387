"""Bots of the same trade for benchmarks/updates.py, each a process of its own.

`python -m benchmarks.bots bare|ptb|aiogram|caunoi PORT API`: receive updates by webhook at PORT, answer
each by sendMessage at API.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

import aiohttp
from aiohttp import web

from bot import tasks

TOKEN = "123456789:a-sample-token-of-the-benchmarks"  # noqa: S105 - of nobody
SECRET = "a-sample-secret-of-the-benchmarks"  # noqa: S105 - same
PATH = "/webhooks/telegram"


async def bare(port: int, api: str) -> None:
    """Nothing but HTTP: it stores nothing and knows no library of Telegram."""
    async with aiohttp.ClientSession() as session:

        async def answer(request: web.Request) -> web.Response:
            message = (await request.json())["message"]
            body = {"chat_id": message["chat"]["id"], "text": message["text"]}
            async with session.post(f"{api}/bot{TOKEN}/sendMessage", json=body) as sent:
                await sent.read()
            return web.Response()

        app = web.Application()
        app.router.add_post(PATH, answer)
        await _serve(app, port)


async def ptb(port: int, api: str) -> None:
    """python-telegram-bot as it is installed, its documented way of an own web server."""
    from telegram import Update  # noqa: PLC0415
    from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters  # noqa: PLC0415

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").updater(None).concurrent_updates(True)
    bot = builder.build()
    bot.add_handler(MessageHandler(filters.TEXT, echo))

    async def receive(request: web.Request) -> web.Response:
        await bot.update_queue.put(Update.de_json(await request.json(), bot.bot))
        return web.Response()

    app = web.Application()
    app.router.add_post(PATH, receive)
    async with bot:
        await bot.start()
        await _serve(app, port)


async def aiogram(port: int, api: str) -> None:
    from aiogram import Bot, Dispatcher  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.types import Message  # noqa: PLC0415
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler  # noqa: PLC0415

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot).register(app, path=PATH)
    await _serve(app, port)


async def caunoi(port: int, api: str) -> None:
    """The whole service with the sample knowledge; only the pace that Telegram asks for is lifted."""
    from bot import service  # noqa: PLC0415
    from bot.channels.base import UNLIMITED  # noqa: PLC0415
    from bot.channels.telegram import Telegram  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415

    Telegram.overall = UNLIMITED
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        settings = Settings(
            _env_file=None,
            data_dir=Path(folder),
            port=port,
            public_url=f"http://127.0.0.1:{port}",
            telegram_token=TOKEN,
            telegram_secret=SECRET,
            telegram_api_url=api,
        )
        await service.run(settings, lambda _: None)


async def _serve(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


BOTS: dict[str, Callable[[int, str], Coroutine[None, None, None]]] = {
    "bare": bare,
    "ptb": ptb,
    "aiogram": aiogram,
    "caunoi": caunoi,
}

if __name__ == "__main__":
    os.sched_setaffinity(0, {0})
    run = tasks.run if sys.argv[1] == "caunoi" else asyncio.run
    run(BOTS[sys.argv[1]](int(sys.argv[2]), sys.argv[3]))
