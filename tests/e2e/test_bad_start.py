"""A service that cannot start says everything that must be mended, in sentences, and ends with code 1."""

import re
import socket
from pathlib import Path

import pytest

from bot.cli import init
from tests.e2e.command import Ended, caunoi
from tests.process import ServiceProcess, free_port


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return a folder with a copy of the office's files."""
    init(tmp_path / "content")
    return tmp_path / "content"


async def test_every_mistake_in_the_content_is_told_with_its_file_and_line(content: Path) -> None:
    broken = [
        _append(content / "faq/G1.yaml", "\tthụt dòng bằng Tab: sai"),
        _append(content / "faq/G5.yaml", "lặp lại: &neo [1]"),
        _append(content / "office/topics.yaml", "khong_co_muc_nay: 1"),
        _append(content / "phrases/en.yaml", "menu: {}"),
        _in_latin_1(content / "faq/G2.yaml", line=3),
        _rename(content / "faq/G3.yaml", "unit:", "unti:"),
        _rename(content / "phrases/vi.yaml", "  too_fast:", "  too_quick:"),
        _truncate(content / "faq/G0.yaml", at="    unit:"),
        _truncate(content / "office/units.yaml", at="office:"),
    ]
    ended = await caunoi("run", folder=content.parent, content_dir="content", port="0")
    told = set(re.findall(r"^content/(\S+:\d+):\d+: \S", ended.err, re.MULTILINE))
    assert {f"{path.relative_to(content)}:{line}" for path, line in broken} <= told
    assert len(ended.err.splitlines()) > len(broken)
    _is_told_plainly(ended)


async def test_every_wrong_setting_is_told_and_no_secret_is_printed(tmp_path: Path) -> None:
    wrong = {
        "content_dir": "nowhere",
        "database_url": "mysql://caunoi:the-password@localhost/caunoi",
        "log_format": "xml",
        "port": "eighty",
        "prot": "8080",
        "public_url": "http://caunoi.example",
        "telegram_secret": "the-secret",
        "telegram_token": "the-token",
    }
    ended = await caunoi("run", folder=tmp_path, **wrong)
    assert set(re.findall(r"^CAUNOI_(\w+): \S", ended.err, re.MULTILINE)) == {name.upper() for name in wrong}
    assert "the-" not in ended.out + ended.err
    _is_told_plainly(ended)


async def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    nobody = f"postgresql://caunoi:the-password@127.0.0.1:{free_port()}/caunoi"
    ended = await caunoi("run", folder=tmp_path, database_url=nobody)
    assert "Không mở được cơ sở dữ liệu" in ended.err
    assert "the-password" not in ended.out + ended.err
    _is_told_plainly(ended)


async def test_a_second_process_on_the_same_data_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with ServiceProcess(tmp_path) as first:
        second = await caunoi("run", folder=tmp_path, port="0")
        assert f"Một tiến trình khác đang dùng {tmp_path / 'data'}." in second.err
        _is_told_plainly(second)
        assert await first.stop() == 0


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = await caunoi("run", folder=tmp_path, port=str(port))
    assert re.search(r"[Aa]ddress already in use\. Kiểm tra .*CAUNOI_PORT", ended.err)
    _is_told_plainly(ended)


def _is_told_plainly(ended: Ended) -> None:
    assert ended.code == 1
    assert ended.out == ""
    assert "Traceback" not in ended.err


def _append(path: Path, line: str) -> tuple[Path, int]:
    text = path.read_text("utf-8").rstrip("\n") + "\n"
    path.write_text(f"{text}{line}\n", "utf-8")
    return path, text.count("\n") + 1


def _truncate(path: Path, at: str) -> tuple[Path, int]:
    """Cut it off in the middle of its last entry, or before everything."""
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex(at)], "utf-8")
    begin = text.rfind("  - id:", 0, text.rindex(at))
    return path, text.count("\n", 0, begin) + 1 if begin > 0 else 1


def _in_latin_1(path: Path, line: int) -> tuple[Path, int]:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line - 1] = "# giờ là Latin-1: café\n".encode("cp1258", "replace")
    path.write_bytes(b"".join(lines))
    return path, line


def _rename(path: Path, old: str, new: str) -> tuple[Path, int]:
    before, after = path.read_text("utf-8").split(old, 1)
    path.write_text(before + new + after, "utf-8")
    return path, before.count("\n") + 1
