"""What must fit together in the office's files."""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import TypeVar
from zoneinfo import available_timezones

from faq.files import Sheet
from feedback.cases import Sender
from feedback.escalation import PASSED, Escalation
from feedback.kinds import Handling, Kind
from feedback.replies import FIELDS, unknown_fields
from feedback.staff import Role
from handlers.office.shapes import (
    CalendarFile,
    Hours,
    Kinds,
    Replies,
    Routing,
    Sayings,
    Staff,
    Topics,
    Units,
)

NEEDED = ("question", "report", "personal_data")  # the conversation begins these by itself
STEPS = ("sender", "text", "place", "files", "identity")
FIELDS_IN_WORDS = ", ".join(f"{{{field}}}" for field in FIELDS)
OTHER_NAME = "đặt một tên khác"
KNOWN_KIND = "dùng một mã có trong office/kinds.yaml, hoặc xóa dòng này"
EMAIL = re.compile(r"(?=.{3,80}$)[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9-]+(\.[a-z0-9-]+)*")
T = TypeVar("T")


def units(sheet: Sheet[Units], known: set[str]) -> None:
    file = sheet.value
    if file is None:
        return
    receiving = {unit.code for unit in file.units if unit.receives}
    for key in ("default_unit", "complaint_unit", "data_protection_unit"):
        if getattr(file, key) not in receiving:
            sheet.wrong(f"«{getattr(file, key)}» không phải là đơn vị đang nhận hồ sơ", key)
    seen: set[str] = set()
    for i, unit in enumerate(file.units):
        if unit.code in seen:
            sheet.wrong(f"mã đơn vị «{unit.code}» đã có ở trên", "units", i, "code")
        seen.add(unit.code)
        _email(sheet, unit.email, "units", i, "email")
        if unit.ended and not unit.successor:
            sheet.wrong(f"đơn vị {unit.code} đã kết thúc mà chưa ghi successor", "units", i)
        for key in ("successor", "parent", "backup"):
            _known(sheet, getattr(unit, key), known, "units", i, key)


def topics(sheet: Sheet[Topics], known: set[str]) -> None:
    seen: set[str] = set()
    for i, group in enumerate(sheet.value.groups if sheet.value else ()):
        places = [((), group.topic()), *((("subtopics", j), each) for j, each in enumerate(group.subtopics))]
        for place, topic in places:
            where: tuple[str | int, ...] = ("groups", i, *place)
            if topic.code in seen:
                sheet.wrong(f"mã chủ đề «{topic.code}» đã có ở trên", *where, "code")
            seen.add(topic.code)
            _known(sheet, topic.unit, known, *where, "unit")
            for key in ("with_units", "outside_units"):
                for k, unit in enumerate(getattr(topic, key)):
                    _known(sheet, unit, known, *where, key, k)


def kinds(sheet: Sheet[Kinds], known: set[str]) -> None:
    seen: set[str] = set()
    for i, kind in enumerate(sheet.value.kinds if sheet.value else ()):
        if kind.code in seen:
            sheet.wrong(f"mã loại «{kind.code}» đã có ở trên", "kinds", i, "code")
        seen.add(kind.code)
        _known(sheet, kind.unit, known, "kinds", i, "unit")
        for k, unit in enumerate(kind.copy_to):
            _known(sheet, unit, known, "kinds", i, "copy_to", k)
        for k, step in enumerate(kind.steps):
            if step not in STEPS:
                sheet.wrong(f"không có bước «{step}»; chỉ có {', '.join(STEPS)}", "kinds", i, "steps", k)
        for wrong in _unfit(kind):
            sheet.wrong(f"loại «{kind.code}» {wrong}", "kinds", i)
    for code in NEEDED:
        if sheet.value and code not in seen:
            sheet.wrong(f"thiếu loại «{code}»", "kinds")


def _unfit(kind: Kind) -> Iterator[str]:
    if kind.handling in {Handling.CASE, Handling.ANSWER}:
        if kind.promise is None:
            yield "phải có promise (ngày hẹn trả lời)"
        if "text" not in kind.steps:
            yield "phải có bước text (nội dung)"
    if kind.handling in {Handling.EXPLAIN_ONLY, Handling.EMERGENCY} and not kind.explanation:
        yield "phải có explanation (lời hướng dẫn)"


def staff(sheet: Sheet[Staff], known: set[str]) -> None:
    seen: set[str] = set()
    addresses: set[str] = set()
    for i, officer in enumerate(sheet.value.staff if sheet.value else ()):
        if officer.id in seen:
            sheet.wrong(f"id cán bộ «{officer.id}» đã có ở trên", "staff", i, "id")
        seen.add(officer.id)
        _known(sheet, officer.unit, known, "staff", i, "unit")
        _email(sheet, officer.email, "staff", i, "email")
        if officer.email in addresses:
            sheet.wrong(f"địa chỉ thư «{officer.email}» đã có ở trên", "staff", i, "email")
        addresses |= {officer.email} - {""}


def replies(sheet: Sheet[Replies], units: set[str], kinds: set[str]) -> None:
    seen: set[str] = set()
    for i, reply in enumerate(sheet.value.replies if sheet.value else ()):
        if reply.name in seen:
            sheet.wrong(f"câu mẫu «{reply.name}» đã có ở trên", "replies", i, "name", remedy=OTHER_NAME)
        seen.add(reply.name)
        for field in unknown_fields(reply.text):
            text = f"câu mẫu «{reply.name}» có chỗ điền lạ: {{{field}}}"
            sheet.wrong(text, "replies", i, "text", remedy=f"chỉ dùng {FIELDS_IN_WORDS}")
        for k, unit in enumerate(reply.units):
            _known(sheet, unit, units, "replies", i, "units", k)
        for k, kind in enumerate(reply.kinds):
            if kind not in kinds:
                sheet.wrong(f"không có loại «{kind}»", "replies", i, "kinds", k, remedy=KNOWN_KIND)


def somebody_receives(sheet: Sheet[Staff], default: str, receiving: set[str]) -> None:
    """What no rule sends anywhere goes to the default unit: there must be somebody."""
    if default not in receiving:
        return
    staff = sheet.value.staff if sheet.value else ()
    if sheet.value and not any(each.unit == default and each.role is not Role.LEADER for each in staff):
        sheet.wrong(f"không có cán bộ nào nhận hồ sơ của đơn vị mặc định «{default}»", "staff")


def routing(sheet: Sheet[Routing], units: Units, topics: set[str], kinds: set[str]) -> None:
    receiving = {unit.code for unit in units.units if unit.receives}
    known: dict[str, set[str]] = {"topics": topics, "kinds": kinds, "senders": {str(each) for each in Sender}}
    seen: set[str] = set()
    for i, rule in enumerate(sheet.value.rules if sheet.value else ()):
        if rule.name in seen:
            sheet.wrong(
                f"quy tắc «{rule.name}» đã có ở trên", "rules", i, "name", remedy="đổi tên một trong hai"
            )
        seen.add(rule.name)
        if rule.unit not in receiving:
            sheet.wrong(f"«{rule.unit}» không phải là đơn vị đang nhận hồ sơ", "rules", i, "unit")
        if not any(rule.conditions):
            sheet.wrong(
                f"quy tắc «{rule.name}» không có điều kiện nào",
                "rules",
                i,
                remedy="ghi ít nhất một điều kiện, hoặc xóa quy tắc",
            )
        for key, names in known.items():
            for j, name in enumerate(getattr(rule, key)):
                if name not in names:
                    sheet.wrong(f"«{key}» không được là «{name}»", "rules", i, key, j)


def says(sheet: Sheet[Sayings], units: set[str], topics: set[str]) -> None:
    for i, each in enumerate(sheet.value.says if sheet.value else ()):
        _known(sheet, each.unit, units, "says", i, "unit")
        if each.topic and each.topic not in topics:
            sheet.wrong(f"không có chủ đề «{each.topic}»", "says", i, "topic")


def absences(sheet: Sheet[Staff]) -> None:
    known = {officer.id for officer in sheet.value.staff} if sheet.value else set()
    for i, officer in enumerate(sheet.value.staff if sheet.value else ()):
        if officer.substitute and officer.substitute not in known:
            sheet.wrong(f"không có cán bộ «{officer.substitute}»", "staff", i, "substitute")
        for j, absence in enumerate(officer.away):
            if absence.end < absence.start:
                sheet.wrong("ngày cuối vắng mặt đứng trước ngày đầu", "staff", i, "away", j, "end")


def escalation(sheet: Sheet[Escalation]) -> None:
    if sheet.value is None:
        return
    for i, step in enumerate(sheet.value.steps):
        if not 0 < step < PASSED:
            sheet.wrong("bước nhắc phải từ 1 đến 99", "steps", i)
    silence = sheet.value.silence
    if not 0 < silence.ask < silence.report < silence.take_back:
        sheet.wrong("ba mốc ask, report, take_back phải tăng dần", "silence")


def calendar(sheet: Sheet[CalendarFile]) -> None:
    if sheet.value is None:
        return
    if sheet.value.zone not in available_timezones():
        sheet.wrong(f"không có múi giờ «{sheet.value.zone}»", "zone")
    _hours(sheet, sheet.value.hours, "hours")
    for i, half in enumerate(sheet.value.half_days):
        _hours(sheet, half.hours, "half_days", i, "hours")
    for key in ("holidays", "make_up_days", "half_days"):
        seen: set[date] = set()
        for i, day in enumerate(getattr(sheet.value, key)):
            if day.date in seen:
                sheet.wrong(f"ngày {day.date:%d/%m/%Y} ghi hai lần", key, i, "date")
            seen.add(day.date)


def _email(sheet: Sheet[T], address: str, *where: str | int) -> None:
    if address and not EMAIL.fullmatch(address):
        sheet.wrong("phải là một địa chỉ thư viết thường, nhiều nhất 80 ký tự", *where)


def _hours(sheet: Sheet[CalendarFile], spans: tuple[Hours, ...], *where: str | int) -> None:
    ends = time.min
    for i, span in enumerate(spans):
        if not ends <= span.start < span.end:
            sheet.wrong("giờ làm việc phải xếp theo thứ tự và không trùng nhau", *where, i)
        ends = span.end


def _known(sheet: Sheet[T], unit: str, known: set[str], *where: str | int) -> None:
    if unit and unit not in known:
        sheet.wrong(f"không có đơn vị «{unit}»", *where)
