"""The ministry's own site, at another origin and with a strict policy of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

PAGE = """<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><title>Cổng thông tin</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="{chat}/widget.js" async></script></head>
<body><main><h1>Cổng thông tin của Bộ</h1><p><a href="/news">Tin mới</a></p></main></body>
</html>"""
POLICY = "default-src 'none'; script-src {chat}; frame-src {chat}; style-src 'self'; frame-ancestors 'none'"


@asynccontextmanager
async def portal(port: int, chat: str) -> AsyncIterator[str]:
    """Serve a page with the chat's script; its policy allows what the documentation says, and no more."""

    async def page(request: web.Request) -> web.Response:
        html = PAGE.format(chat=chat, lang=request.query.get("lang", "vi"))
        headers = {
            "Content-Security-Policy": POLICY.format(chat=chat) + "; require-trusted-types-for 'script'",
            "Referrer-Policy": "no-referrer",
        }
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def nothing(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/favicon.ico", nothing)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://localhost:{port}"
    await runner.cleanup()
