"""Settings from the environment or a file `.env`; all mistakes are told at once."""

import os
import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback.windows import WINDOWS, Window, Windows

PREFIX = "CAUNOI_"
SCHEMES = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
HOST = r"[a-z0-9.-]+|::1"
SECURITY = "^(starttls|tls|none)$"
ID = r"^[0-9]{0,40}$"
MEDIA_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
PATTERNS = {
    "CAUNOI_LOG_FORMAT": "chỉ được là text hoặc json",
    "CAUNOI_EMAIL_SMTP_SECURITY": "chỉ được là starttls, tls hoặc none",
    "CAUNOI_EMAIL_IMAP_SECURITY": "chỉ được là starttls, tls hoặc none",
}
EMAIL = re.compile(r"(?=.{3,40}$)[a-z0-9][a-z0-9._-]*@[a-z0-9-]+(\.[a-z0-9-]+)*")
LOCAL = ("127.0.0.1", "localhost", "::1")


Network = IPv4Network | IPv6Network


class SettingsError(Exception):
    """Every wrong setting, one a line."""


class Settings(BaseSettings):
    """What the operator decides. Each field is an environment variable with the prefix CAUNOI_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(Path("data"), description="Thư mục giữ cơ sở dữ liệu, tệp đính kèm và khóa")
    database_url: str = Field("", description="Cơ sở dữ liệu; mặc định là SQLite trong thư mục dữ liệu")
    content_dir: Path | None = Field(None, description="Thư mục nội dung do cơ quan sửa (xem `caunoi init`)")
    host: str = Field("127.0.0.1", description="Địa chỉ mạng mà máy chủ web lắng nghe")
    port: int = Field(8080, ge=0, le=65535, description="Cổng mà máy chủ web lắng nghe")
    public_url: str = Field("", description="Địa chỉ công khai https://…; có thì Telegram dùng webhook")
    secret: SecretStr = Field(SecretStr(""), description="Khóa ký liên kết đăng nhập; mặc định tự tạo")
    telegram_token: SecretStr = Field(SecretStr(""), description="Mã bot do BotFather cấp")
    telegram_api_url: str = Field("https://api.telegram.org", description="Máy chủ Bot API")
    telegram_secret: SecretStr = Field(SecretStr(""), description="Mã bí mật của webhook Telegram")
    embed_origins: str = Field("", description="Các trang được đặt khung trò chuyện, cách nhau một dấu cách")
    trusted_proxies: str = Field("", description="Máy chủ phía trước được tin về địa chỉ người gửi")
    zalo_app_id: str = Field("", pattern=ID, description="Mã ứng dụng trên developers.zalo.me")
    zalo_app_secret: SecretStr = Field(SecretStr(""), description="Khóa bí mật của ứng dụng (OAuth)")
    zalo_oa_id: str = Field("", pattern=ID, description="Mã Official Account")
    zalo_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Khóa bí mật của OA, ở phần webhook của ứng dụng"
    )
    zalo_api_url: str = Field("https://openapi.zalo.me", description="Máy chủ OpenAPI của Zalo")
    zalo_oauth_url: str = Field("https://oauth.zaloapp.com", description="Máy chủ cấp quyền của Zalo")
    zalo_media_hosts: str = Field(
        "zdn.vn,zadn.vn,dlfl.me,dlmd.me,zalo.me", description="Các tên miền được tải ảnh và tệp của Zalo"
    )
    zalo_free_hours: int = Field(48, ge=1, le=8760, description="Số giờ được gửi tin miễn phí")
    zalo_window_hours: int = Field(168, ge=1, le=8760, description="Số giờ còn được gửi tin")
    zalo_per_second: int = Field(15, ge=1, le=1000, description="Số tin gửi mỗi giây, nhiều nhất")
    zalo_bot_token: SecretStr = Field(SecretStr(""), description="Mã bot của Zalo Bot Platform")
    zalo_bot_secret: SecretStr = Field(SecretStr(""), description="Mã bí mật của webhook bot Zalo")
    zalo_bot_api_url: str = Field(
        "https://bot-api.zaloplatforms.com", description="Máy chủ của Zalo Bot Platform"
    )
    email_address: str = Field("", description="Hộp thư của hệ thống; có thì đơn vị được báo bằng thư")
    email_smtp_host: str = Field("", description="Máy chủ gửi thư (SMTP)")
    email_smtp_port: int = Field(587, ge=1, le=65535, description="Cổng SMTP")
    email_smtp_security: str = Field("starttls", pattern=SECURITY, description="starttls, tls hoặc none")
    email_imap_host: str = Field("", description="Máy chủ đọc thư (IMAP); trống thì không nhận thư trả lời")
    email_imap_port: int = Field(993, ge=1, le=65535, description="Cổng IMAP")
    email_imap_security: str = Field("tls", pattern=SECURITY, description="tls, starttls hoặc none")
    email_every: int = Field(20, ge=1, le=3600, description="Số giây giữa hai lần xem hộp thư")
    email_user: str = Field("", description="Tên đăng nhập hộp thư; mặc định là địa chỉ thư")
    email_password: SecretStr = Field(SecretStr(""), description="Mật khẩu hộp thư")
    email_plus: bool = Field(
        False, description="Máy chủ thư nhận địa chỉ dạng ten+ma@; thư trả lời về địa chỉ riêng từng hồ sơ"
    )
    groups_show_personal_data: bool = Field(
        False,
        description="Nhóm Telegram của đơn vị thấy cả dữ liệu cá nhân trong lời người dân; mặc định là che",
    )
    log_format: str = Field("text", pattern="^(text|json)$", description="Dạng nhật ký: text hoặc json")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'caunoi.db'}"

    @property
    def database_file(self) -> Path | None:
        """Where the embedded database is, None for a server."""
        scheme, _, path = self.database.partition(":///")
        return Path(path) if scheme.startswith("sqlite") else None

    @property
    def uses_webhook(self) -> bool:
        return bool(self.public_url and self.telegram_token.get_secret_value())

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def embeds(self) -> tuple[str, ...]:
        """The origins whose pages may frame the chat, as browsers write them."""
        return tuple(self.embed_origins.split())

    @property
    def proxies(self) -> tuple[Network, ...]:
        return tuple(ip_network(text, strict=False) for text in self.trusted_proxies.split())

    @property
    def uses_zalo_oa(self) -> bool:
        return bool(self.zalo_oa_id)

    @property
    def zalo_hosts(self) -> tuple[str, ...]:
        return tuple(filter(None, re.split(r"[\s,]+", self.zalo_media_hosts)))

    @property
    def windows(self) -> Windows:
        free, longest = timedelta(hours=self.zalo_free_hours), timedelta(hours=self.zalo_window_hours)
        return {**WINDOWS, "zalo_oa": Window(free, longest)}

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        scheme, colon, rest = value.partition(":")
        if not value:
            return value
        if scheme not in SCHEMES or not rest.startswith("//"):
            raise _wrong("phải bắt đầu bằng sqlite:/// hoặc postgresql://")
        return SCHEMES[scheme] + colon + rest

    @field_validator("public_url", "telegram_api_url", "zalo_api_url", "zalo_oauth_url", "zalo_bot_api_url")
    @classmethod
    def _url(cls, value: str, info: ValidationInfo) -> str:
        parts = urlsplit(value)
        local = parts.hostname in LOCAL
        if value and not (parts.scheme == "https" or (parts.scheme == "http" and local)):
            raise _wrong("phải là địa chỉ https:// (http:// chỉ dùng cho máy này)")
        if value and info.field_name == "public_url" and parts.path not in ("", "/"):
            raise _wrong("không được có đường dẫn phía sau tên miền")
        return value.rstrip("/")

    @field_validator("embed_origins")
    @classmethod
    def _embed_origins(cls, value: str) -> str:
        return " ".join(dict.fromkeys(_origin(text) for text in value.split()))

    @field_validator("trusted_proxies")
    @classmethod
    def _trusted_proxies(cls, value: str) -> str:
        for text in value.split():
            try:
                ip_network(text, strict=False)
            except ValueError:
                raise _wrong(
                    f"«{text}» không phải là địa chỉ IP hay mạng, ví dụ 127.0.0.1 10.0.0.0/8"
                ) from None
        return value

    @field_validator("content_dir", mode="before")
    @classmethod
    def _no_content_dir(cls, value: object) -> object:
        return value or None

    @field_validator("content_dir")
    @classmethod
    def _content_dir(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise _wrong(f"không có thư mục {value}; tạo bằng lệnh: caunoi init {value}")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _telegram_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"\d+:[\w-]{10,}", value.get_secret_value()):
            raise _wrong("không đúng dạng mã bot, ví dụ 123456789:ABC…")
        return value

    @field_validator("zalo_bot_token")
    @classmethod
    def _zalo_bot_token(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"|[\w-]{1,40}:[\w-]{8,}", value.get_secret_value()):
            raise _wrong("không đúng dạng mã bot Zalo, ví dụ 123456789:ABC…")
        return value

    @field_validator("email_address")
    @classmethod
    def _email_address(cls, value: str) -> str:
        if value and not EMAIL.fullmatch(value):
            raise _wrong("phải là một địa chỉ thư viết thường, nhiều nhất 40 ký tự")
        return value

    @field_validator("zalo_media_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        for host in filter(None, re.split(r"[\s,]+", value)):
            if not MEDIA_HOST.fullmatch(host):
                raise _wrong(f"«{host}» không phải tên miền; viết các tên miền cách nhau bằng dấu phẩy")
        return value

    @field_validator("telegram_secret", "zalo_bot_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"|[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
            raise _wrong("cần 16 đến 256 ký tự A-Z a-z 0-9 _ -")
        return value

    @model_validator(mode="after")
    def _zalo_is_whole(self) -> Self:
        """An Official Account needs all of these: its events come by webhook only."""
        needed = {
            "CAUNOI_ZALO_OA_ID": self.zalo_oa_id,
            "CAUNOI_ZALO_APP_ID": self.zalo_app_id,
            "CAUNOI_ZALO_APP_SECRET": self.zalo_app_secret.get_secret_value(),
            "CAUNOI_ZALO_WEBHOOK_SECRET": self.zalo_webhook_secret.get_secret_value(),
        }
        missing = [name for name, value in needed.items() if not value]
        if not self.public_url:
            missing.append("CAUNOI_PUBLIC_URL")
        if missing and any(needed.values()):
            raise _wrong(f"{', '.join(missing)}: cần có để nối Zalo Official Account")
        return self

    @model_validator(mode="after")
    def _zalo_closes_after_it_is_free(self) -> Self:
        if self.zalo_window_hours < self.zalo_free_hours:
            raise _wrong("CAUNOI_ZALO_WINDOW_HOURS: không được ngắn hơn CAUNOI_ZALO_FREE_HOURS")
        return self

    @model_validator(mode="after")
    def _zalo_bot_has_a_secret(self) -> Self:
        hooked = self.public_url and self.zalo_bot_token.get_secret_value()
        if hooked and not self.zalo_bot_secret.get_secret_value():
            raise _wrong(
                "CAUNOI_ZALO_BOT_SECRET: cần có khi đặt cả CAUNOI_PUBLIC_URL và CAUNOI_ZALO_BOT_TOKEN"
            )
        return self

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        """A password never leaves this machine in the clear."""
        missing = [
            name
            for name, value in (
                ("CAUNOI_EMAIL_SMTP_HOST", self.email_smtp_host),
                ("CAUNOI_PUBLIC_URL", self.public_url),
            )
            if not value
        ]
        if self.email_address and missing:
            raise _wrong(f"{', '.join(missing)}: cần có khi đặt CAUNOI_EMAIL_ADDRESS")
        if (self.email_smtp_host or self.email_imap_host) and not self.email_address:
            raise _wrong("CAUNOI_EMAIL_ADDRESS: cần có để gửi và nhận thư")
        if self.email_imap_host and not self.email_password.get_secret_value():
            raise _wrong("CAUNOI_EMAIL_PASSWORD: cần có để đọc thư (CAUNOI_EMAIL_IMAP_HOST)")
        for name in ("smtp", "imap"):
            host, security = getattr(self, f"email_{name}_host"), getattr(self, f"email_{name}_security")
            if host and security == "none" and host not in LOCAL:
                raise _wrong(f"CAUNOI_EMAIL_{name.upper()}_SECURITY: none chỉ dùng cho máy này")
        return self

    @model_validator(mode="after")
    def _webhook_has_a_secret(self) -> Self:
        if self.uses_webhook and not self.telegram_secret.get_secret_value():
            raise _wrong(
                "CAUNOI_TELEGRAM_SECRET: cần có khi đặt cả CAUNOI_PUBLIC_URL và CAUNOI_TELEGRAM_TOKEN"
            )
        return self


def load(**overrides: Any) -> Settings:  # noqa: ANN401
    """Read the settings. Raises SettingsError with all mistakes."""
    mistakes = [f"{name}: không có thiết lập này" for name in _unknown()]
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        mistakes += [_in_vietnamese(detail) for detail in error.errors()]
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return settings


def _unknown() -> list[str]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    given = {*os.environ, *dotenv_values(".env")}
    return sorted(name for name in given if name.startswith(PREFIX) and name not in known)


def _in_vietnamese(detail: ErrorDetails) -> str:
    name = PREFIX + str(detail["loc"][0]).upper() + ": " if detail["loc"] else ""
    reasons = {
        "int_parsing": "phải là một số",
        "bool_parsing": "chỉ được là true hoặc false",
        "greater_than_equal": "số quá nhỏ",
        "less_than_equal": f"số quá lớn (nhiều nhất {detail.get('ctx', {}).get('le')})",
        "string_pattern_mismatch": PATTERNS.get(name.rstrip(": "), "chỉ được gồm chữ số"),
    }
    return name + reasons.get(detail["type"], detail["msg"])


def _origin(text: str) -> str:
    """Return an origin as browsers write it. Raises what pydantic turns into a mistake."""
    if "@" in text:
        raise _wrong("không được có tên và mật khẩu trong địa chỉ")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        raise _wrong(f"«{text}» không phải là địa chỉ trang web") from None
    local = parts.scheme == "http" and host in LOCAL
    if not re.fullmatch(HOST, host) or not (parts.scheme == "https" or local):
        raise _wrong(
            f"«{text}» phải có dạng https://ten-mien (http:// chỉ dùng cho máy này, không dùng dấu *)"
        )
    if text.rstrip("/") != f"{parts.scheme}://{parts.netloc}":
        raise _wrong(f"«{text}» chỉ được gồm https:// và tên miền, không có đường dẫn phía sau")
    default = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{_bracketed(host)}" + ("" if port in (None, default) else f":{port}")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _wrong(text: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{text}", {"text": text})
