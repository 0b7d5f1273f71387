"""Who signs what: a plain SHA-256 over the bytes as they came."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.zalo_oa.signature import OLDEST, is_genuine, is_timely, mac, stamp_of

APP, STAMP, SECRET = "50554360515256678", "1717061839659", "abcSECRET"
RAW = b'{"event_name":"user_send_text","app_id":"50554360515256678","timestamp":"1717061839659"}'
MAC = "dfcc46e888df10c408216edadfeacf213c8dcdbbad3793b1b8f51b5dbf20c499"
AT = datetime.fromtimestamp(1717061839.659, UTC)


def test_the_vector() -> None:
    assert mac(APP, RAW, STAMP, SECRET) == MAC


@pytest.mark.parametrize("header", [f"mac={MAC}", MAC, f" mac={MAC} ", f"mac={MAC.upper()}"])
def test_the_ways_it_may_be_written(header: str) -> None:
    assert is_genuine([header], RAW, APP, SECRET)


FORGED: dict[str, tuple[list[str], bytes]] = {
    "none": ([], RAW),
    "two": ([f"mac={MAC}", f"mac={MAC}"], RAW),
    "empty": ([""], RAW),
    "another": (["mac=" + "0" * 64], RAW),
    "not ASCII": (["mac=\udcff"], RAW),
    "the same values in other bytes": ([f"mac={MAC}"], RAW.replace(b":", b": ")),
    "another timestamp": ([f"mac={MAC}"], RAW.replace(b"659", b"660")),
    "no body": ([f"mac={MAC}"], b""),
}


@pytest.mark.parametrize(("headers", "raw"), FORGED.values(), ids=FORGED)
def test_forgeries(headers: list[str], raw: bytes) -> None:
    assert not is_genuine(headers, raw, APP, SECRET)


def test_the_secret_of_the_app_is_not_the_one_that_signs() -> None:
    assert not is_genuine([f"mac={MAC}"], RAW, APP, "another secret")


@pytest.mark.parametrize(
    ("raw", "stamp"),
    [
        (b'{"timestamp":1717061839659}', STAMP),
        (b'{"message":{"timestamp":"1"},"timestamp":"1717061839659"}', STAMP),
        (b'{"text":"\\"timestamp\\":\\"1\\"", "timestamp" : "1717061839659"', STAMP),
        (b"{}", ""),
        (b"\xff\xfe", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_the_timestamp_is_found_in_what_cannot_be_read_too(raw: bytes, stamp: str) -> None:
    assert stamp_of(raw) == stamp
    assert is_genuine([mac(APP, raw, stamp, SECRET)], raw, APP, SECRET)


def test_what_is_too_old_or_from_the_future_is_not_timely() -> None:
    assert is_timely(RAW, AT + OLDEST)
    assert is_timely(RAW, AT - OLDEST)
    assert not is_timely(RAW, AT + OLDEST + timedelta(seconds=1))
    assert not is_timely(RAW, AT - OLDEST - timedelta(seconds=1))
    assert not is_timely(b'{"timestamp":"99999999999999999999"}', AT)
    assert not is_timely(b"{}", AT)
