"""Logs for the operator: events and ids, never what people write and never a secret."""

import logging
import re
import sys

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = re.compile(r"(?<!\d)(?:\+?84|0)\d{8,10}(?!\d)|(?<!\d)\d{12}(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")
TOKEN = re.compile(r"\d{6,}:[\w-]{20,}|/desk/signin/[\w.~-]+")


def configure(log_format: str) -> None:
    """Write one line an event to standard error, as text or as JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_is_ours)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _is_ours(record: logging.LogRecord) -> bool:
    """Scanners send what is no HTTP all day; it is answered with 400 and not worth a traceback."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide phone numbers, identity numbers, e-mail addresses, bot tokens and sign-in links."""
    return {key: _hide(value) if isinstance(value, str) else value for key, value in event.items()}


def _hide(text: str) -> str:
    return PERSONAL.sub("…", TOKEN.sub("…", text))
