"""`caunoi zalo …`: what an administrator does for the Official Account."""

import typer

from bot import telling
from bot.telling import stop

app = typer.Typer(
    name="zalo",
    help="Zalo Official Account: nối tài khoản.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def zalo() -> None:
    """Zalo Official Account: nối tài khoản."""


@app.command()
def connect() -> None:
    """In địa chỉ để quản trị viên OA cấp quyền gửi tin; dùng trong 15 phút, khi dịch vụ đang chạy."""
    from bot.service import now, signing_key  # noqa: PLC0415
    from bot.zalo_oa import GRANTED, permission_of  # noqa: PLC0415

    settings = telling.settings()
    if not settings.uses_zalo_oa:
        stop("Chưa thiết lập Zalo Official Account. Xem docs/how-to/zalo.md.")
    typer.echo(f"Địa chỉ trả về phải được khai báo ở ứng dụng Zalo: {settings.public_url}{GRANTED}", err=True)
    typer.echo("Mở địa chỉ sau trong trình duyệt, đăng nhập bằng tài khoản quản trị OA và đồng ý:", err=True)
    typer.echo(permission_of(settings, signing_key(settings)).address(now()))
