"""What the operator can mend is told in a sentence on standard error, without a traceback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

WRONG = 1


def stop(text: str) -> NoReturn:
    """Say why, and end with code 1."""
    typer.echo(text, err=True)
    raise typer.Exit(WRONG)


def settings() -> "Settings":
    """Read the settings and begin the log, or stop."""
    from bot import logs  # noqa: PLC0415
    from bot import settings as files  # noqa: PLC0415

    try:
        loaded = files.load()
    except files.SettingsError as error:
        stop(f"Thiết lập chưa đúng:\n{error}\nXem docs/reference/settings.md.")
    logs.configure(loaded.log_format)
    return loaded


@contextmanager
def told_plainly() -> Iterator[None]:
    """Stop with a sentence where the block fails by something that the operator can mend."""
    from bot.service import AlreadyRunning  # noqa: PLC0415
    from faq.edit import NotEdited  # noqa: PLC0415
    from faq.files import Mistakes  # noqa: PLC0415
    from storage.migrations import TooNew  # noqa: PLC0415
    from storage.store import Unavailable  # noqa: PLC0415

    try:
        yield
    except Mistakes as mistakes:
        stop(f"Nội dung có {len(mistakes.all)} lỗi:\n{mistakes}")
    except NotEdited as error:
        stop(str(error))
    except AlreadyRunning as error:
        stop(f"Một tiến trình khác đang dùng {error}. Hãy dừng nó trước, hoặc đặt CAUNOI_DATA_DIR khác.")
    except Unavailable as error:
        stop(f"Không mở được cơ sở dữ liệu: {error}. Kiểm tra CAUNOI_DATABASE_URL.")
    except TooNew as error:
        stop(f"Cơ sở dữ liệu thuộc phiên bản mới hơn ({error}). Hãy dùng bản Cầu Nối mới hơn.")
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        stop(
            f"{reason}{f': {error.filename}' if error.filename else ''}. "
            "Kiểm tra CAUNOI_HOST, CAUNOI_PORT và quyền ghi thư mục CAUNOI_DATA_DIR."
        )
    except KeyboardInterrupt:
        pass
