"""Every mistake that an official can make is told with its line."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path

import pytest

from faq.files import Mistakes, read
from faq.remedies import ANYWAY, REMEDIES


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    day: date | None = None
    at: time | None = None
    colour: Colour = Colour.RED
    enabled: bool = True
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    rows: tuple[Row, ...]


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_words_mean_what_they_say(tmp_path: Path) -> None:
    page = read(
        written(
            tmp_path, "title: no\nrows:\n- {id: on, day: 2026-07-01, at: 08:00, colour: blue, enabled: no}\n"
        ),
        Page,
    ).value
    assert page == Page("no", (Row("on", date(2026, 7, 1), time(8), Colour.BLUE, enabled=False),))


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("title: a\n", ["1: thiếu mục «rows»"]),
        ("title: a\nrows:\n- day: 2026-01-01\n", ["3: thiếu mục «id»"]),
        ("title: a\nrows:\n- id: x\n  dya: 1\n", ["4: không có mục nào tên «dya»"]),
        ("title: a\nrwos: []\nrows: []\n", ["2: không có mục nào tên «rwos»"]),
        (
            "title: a\nrows:\n- id: x\n  day: 31/12/2026\n",
            ["4: «day» phải là ngày viết năm-tháng-ngày, ví dụ 2026-07-01: 31/12/2026"],
        ),
        (
            "title: a\nrows:\n- id: x\n  day: 2026-02-30\n",
            ["4: «day» phải là ngày viết năm-tháng-ngày, ví dụ 2026-07-01: 2026-02-30"],
        ),
        ("title: a\nrows:\n- id: x\n  at: 25 giờ\n", ['4: «at» phải là giờ, ví dụ "08:00": 25 giờ']),
        (
            "title: a\nrows:\n- id: x\n  colour: green\n",
            ["4: «colour» không được là «green»; chỉ được là 'red' hoặc 'blue'"],
        ),
        ("title: a\nrows:\n- id: x\n  enabled: maybe\n", ["4: «enabled» phải là true hoặc false"]),
        (
            "title: a\nrows:\n- id: x\n  names: one\n",
            ["4: «names» phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch"],
        ),
        ("title: [a]\nrows: []\n", ["1: «title» phải là chữ"]),
        ("title: a\ntitle: b\nrows: []\n", ["2: mục «title» ghi hai lần"]),
        ("title: &x a\nrows: []\n", ["1: không dùng dấu & và * để lặp lại nội dung"]),
        ("title: a\nrows: " + "[" * 40 + "]" * 40, ["2: các mục lồng nhau quá sâu"]),
        (b"title: a\nrows: \xff\n", ["2: tệp phải lưu bằng bảng mã UTF-8"]),
        ("", ["1: thiếu mục «title»", "1: thiếu mục «rows»"]),
        (
            "title: a\nrows:\n- id: x\n  day: x\n- colour: pink\n",
            [
                "4: «day» phải là ngày viết năm-tháng-ngày, ví dụ 2026-07-01: x",
                "5: thiếu mục «id»",
                "5: «colour» không được là «pink»; chỉ được là 'red' hoặc 'blue'",
            ],
        ),
    ],
)
def test_mistakes(tmp_path: Path, text: str | bytes, mistakes: list[str]) -> None:
    sheet = read(written(tmp_path, text), Page)
    assert sheet.value is None
    assert sorted(f"{mistake.line}: {mistake.text}" for mistake in sheet.mistakes) == sorted(mistakes)
    assert ANYWAY not in {mistake.remedy for mistake in sheet.mistakes}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: a\n\trows: []\n", 2),
        ("title: 'a\nrows: []\n", 3),
        ("title: a: b\n", 1),
        ("title: a\nrows: [\n", 3),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    mistake = read(written(tmp_path, text), Page).mistakes[0]
    assert mistake.line == line


def test_a_mistake_is_told_with_its_place_and_remedy(tmp_path: Path) -> None:
    mistake = read(written(tmp_path, "title: a\nrows:\n- id: x\n  colour: green\n"), Page).mistakes[0]
    assert str(mistake) == (
        f"{tmp_path}/a.yaml:4:3: «colour» không được là «green»; chỉ được là 'red' hoặc 'blue'. "
        "Cách sửa: chọn một trong các giá trị ấy."
    )


@pytest.mark.parametrize(
    ("where", "remedy"),
    [
        (("rows", 0, "id"), REMEDIES["id"]),
        (("rows", 0, "names", 1), ANYWAY),
        (("hours", 3), REMEDIES["hours"]),
        ((), ANYWAY),
    ],
)
def test_the_key_knows_the_remedy_of_a_mistake(
    tmp_path: Path, where: tuple[str | int, ...], remedy: str
) -> None:
    sheet = read(written(tmp_path, "title: a\nrows: [{id: x}]\n"), Page)
    sheet.wrong("sai", *where)
    sheet.wrong("sai", *where, remedy="sửa đi")
    assert [mistake.remedy for mistake in sheet.mistakes] == [remedy, "sửa đi"]


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (("rows", 1, "names", 1), (4, 15)),
        (("rows", 1, "id"), (3, 4)),
        (("rows", 1, "day"), (3, 3)),
        (("rows", 1), (3, 3)),
        (("nowhere",), (1, 1)),
    ],
)
def test_a_place_is_that_of_the_nearest_thing(
    tmp_path: Path, where: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    text = "title: a\nrows: [{id: x},\n  {id: y,\n  names: [no, yes]}]\n"
    assert read(written(tmp_path, text), Page).place(*where) == place


def test_a_tab_is_called_a_tab(tmp_path: Path) -> None:
    mistake = read(written(tmp_path, "title: a\nrows:\n\t- id: x\n"), Page).mistakes[0]
    assert "Tab" in mistake.text


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    sheet = read(written(tmp_path, "\n".join(lines)), Page)
    assert "dấu & và *" in sheet.mistakes[0].text


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    sheet = read(written(tmp_path, b"#" * 10_000_001), Page)
    assert "quá lớn" in sheet.mistakes[0].text


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "không đọc được" in read(tmp_path / "no.yaml", Page).mistakes[0].text


def test_all_mistakes_are_one_text(tmp_path: Path) -> None:
    sheet = read(written(tmp_path, "title: [a]\n"), Page)
    assert str(Mistakes(sheet.mistakes)).count("\n") == 1
