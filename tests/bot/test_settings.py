"""Settings: every mistake at once, and no secret is ever shown."""

import os
from pathlib import Path

import pytest

from bot.settings import SettingsError, load

TOKEN = "123456789:a-sample-token-of-nobody"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("CAUNOI_"):
            monkeypatch.delenv(name)


def test_nothing_has_to_be_set() -> None:
    settings = load()
    assert settings.database == "sqlite+aiosqlite:///data/caunoi.db"
    assert (settings.host, settings.port, settings.uses_webhook) == ("127.0.0.1", 8080, False)


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PORT": "eighty",
        "DATABASE_URL": "mysql://localhost/x",
        "PUBLIC_URL": "http://caunoi.example",
        "TELEGRAM_TOKEN": "secret-and-wrong",
        "TELEGRAM_SECRET": "short!",
        "CONTENT_DIR": "nowhere",
        "EMBED_ORIGINS": "https://www.example.vn *",
        "TRUSTED_PROXIES": "127.0.0.1 nginx",
        "TELEGRAM_TOKKEN": "x",
    }.items():
        monkeypatch.setenv(f"CAUNOI_{name}", value)
    with pytest.raises(SettingsError) as error:
        load()
    told = str(error.value).splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "CAUNOI_TELEGRAM_TOKKEN",
        "CAUNOI_DATABASE_URL",
        "CAUNOI_CONTENT_DIR",
        "CAUNOI_PORT",
        "CAUNOI_PUBLIC_URL",
        "CAUNOI_TELEGRAM_TOKEN",
        "CAUNOI_TELEGRAM_SECRET",
        "CAUNOI_EMBED_ORIGINS",
        "CAUNOI_TRUSTED_PROXIES",
    ]
    assert "secret-and-wrong" not in str(error.value)
    assert "short!" not in str(error.value)


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUNOI_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("CAUNOI_PUBLIC_URL", "https://caunoi.example")
    with pytest.raises(SettingsError, match="CAUNOI_TELEGRAM_SECRET"):
        load()
    monkeypatch.setenv("CAUNOI_TELEGRAM_SECRET", "a-sample-secret-0123")
    settings = load()
    assert settings.uses_webhook
    assert TOKEN not in repr(settings)


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CAUNOI_PORT=8181\nCAUNOI_DATABASE_URL=postgresql://localhost/caunoi\n")
    settings = load()
    assert (settings.port, settings.database) == (8181, "postgresql+asyncpg://localhost/caunoi")


def test_a_misspelt_setting_in_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CAUNOI_PROT=8181\n")
    with pytest.raises(SettingsError, match="CAUNOI_PROT"):
        load()


def test_origins_are_taken_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().embeds == ()
    origins = "https://www.example.vn/ https://WWW.example.vn:443 http://localhost:8000 https://bộ.example"
    monkeypatch.setenv("CAUNOI_EMBED_ORIGINS", origins)
    assert load().embeds == ("https://www.example.vn", "http://localhost:8000", "https://xn--b-8xm.example")


@pytest.mark.parametrize(
    "wrong",
    [
        "*",
        "https://*.example.vn",
        "www.example.vn",
        "http://www.example.vn",
        "https://www.example.vn/portal",
        "https://www.example.vn?x",
        "https://lan:secret@www.example.vn",
        "https://www.example.vn;script-src",
        "https://www.example.vn:port",
        "https://[",
        "'self'",
    ],
)
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("CAUNOI_EMBED_ORIGINS", f"https://portal.example.vn {wrong}")
    with pytest.raises(SettingsError, match=r"^CAUNOI_EMBED_ORIGINS: ") as error:
        load()
    assert "secret" not in str(error.value)


OA = {
    "PUBLIC_URL": "https://caunoi.example",
    "ZALO_OA_ID": "1646843870823903717",
    "ZALO_APP_ID": "50554360515256678",
    "ZALO_APP_SECRET": "a-sample-app-secret",
    "ZALO_WEBHOOK_SECRET": "a-sample-webhook-secret",
}


@pytest.mark.parametrize("missing", OA)
def test_an_official_account_needs_all_of_its_settings(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in OA.items():
        if name != missing:
            monkeypatch.setenv(f"CAUNOI_{name}", value)
    with pytest.raises(SettingsError, match=f"CAUNOI_{missing}: cần có để nối Zalo Official Account"):
        load()
    monkeypatch.setenv(f"CAUNOI_{missing}", OA[missing])
    settings = load()
    assert settings.uses_zalo_oa
    assert "a-sample" not in repr(settings)


def test_the_mistakes_of_zalo_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ZALO_APP_ID": "mười",
        "ZALO_API_URL": "http://openapi.example",
        "ZALO_MEDIA_HOSTS": "zdn.vn, https://x",
        "ZALO_PER_SECOND": "0",
        "ZALO_BOT_TOKEN": "secret and wrong",
        "ZALO_BOT_SECRET": "short",
    }.items():
        monkeypatch.setenv(f"CAUNOI_{name}", value)
    with pytest.raises(SettingsError) as error:
        load()
    told = str(error.value)
    assert [line.partition(":")[0].removeprefix("CAUNOI_ZALO_") for line in told.splitlines()] == [
        "APP_ID", "API_URL", "MEDIA_HOSTS", "PER_SECOND", "BOT_TOKEN", "BOT_SECRET",
    ]  # fmt: skip
    assert "chỉ được gồm chữ số" in told
    assert "secret and wrong" not in told


def test_a_window_closes_after_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUNOI_ZALO_WINDOW_HOURS", "24")
    with pytest.raises(SettingsError, match="CAUNOI_ZALO_WINDOW_HOURS"):
        load()
    monkeypatch.setenv("CAUNOI_ZALO_FREE_HOURS", "24")
    window = load().windows["zalo_oa"]
    assert window.free == window.longest


def test_a_bot_of_zalo_with_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUNOI_ZALO_BOT_TOKEN", TOKEN)
    assert not load().public_url
    monkeypatch.setenv("CAUNOI_PUBLIC_URL", "https://caunoi.example")
    with pytest.raises(SettingsError, match="CAUNOI_ZALO_BOT_SECRET"):
        load()


MAIL = {
    "PUBLIC_URL": "https://caunoi.example",
    "EMAIL_ADDRESS": "hop@bo.example",
    "EMAIL_SMTP_HOST": "smtp.bo.example",
    "EMAIL_PASSWORD": "a-sample-password",
    "EMAIL_IMAP_HOST": "imap.bo.example",
}


@pytest.mark.parametrize("missing", ["PUBLIC_URL", "EMAIL_ADDRESS", "EMAIL_SMTP_HOST", "EMAIL_PASSWORD"])
def test_mail_needs_all_of_its_settings(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in MAIL.items():
        if name != missing:
            monkeypatch.setenv(f"CAUNOI_{name}", value)
    with pytest.raises(SettingsError, match=f"CAUNOI_{missing}: cần có"):
        load()
    monkeypatch.setenv(f"CAUNOI_{missing}", MAIL[missing])
    assert "a-sample" not in repr(load())


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("EMAIL_ADDRESS", "Cầu Nối <hop@bo.example>"),
        ("EMAIL_ADDRESS", f"{'a' * 40}@bo.example"),
        ("EMAIL_SMTP_SECURITY", "ssl"),
        ("EMAIL_SMTP_SECURITY", "none"),
        ("EMAIL_IMAP_SECURITY", "none"),
        ("EMAIL_IMAP_PORT", "0"),
        ("EMAIL_EVERY", "0"),
    ],
)
def test_the_mistakes_of_mail_are_told(monkeypatch: pytest.MonkeyPatch, name: str, wrong: str) -> None:
    for each, value in (MAIL | {name: wrong}).items():
        monkeypatch.setenv(f"CAUNOI_{each}", value)
    with pytest.raises(SettingsError, match=f"CAUNOI_{name}: ") as error:
        load()
    assert "a-sample" not in str(error.value)
