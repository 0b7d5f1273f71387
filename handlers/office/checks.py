"""What must fit together in the office's files."""

from collections.abc import Iterator
from datetime import date, time
from typing import TypeVar
from zoneinfo import available_timezones

from faq.files import Sheet
from feedback.escalation import PASSED, Escalation
from feedback.kinds import Handling, Kind
from handlers.office.shapes import CalendarFile, Hours, Kinds, Staff, Topics, Units

NEEDED = ("question", "report", "personal_data")  # the conversation begins these by itself
STEPS = ("sender", "text", "place", "files", "identity")
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
    for i, officer in enumerate(sheet.value.staff if sheet.value else ()):
        if officer.id in seen:
            sheet.wrong(f"id cán bộ «{officer.id}» đã có ở trên", "staff", i, "id")
        seen.add(officer.id)
        _known(sheet, officer.unit, known, "staff", i, "unit")


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


def _hours(sheet: Sheet[CalendarFile], spans: tuple[Hours, ...], *where: str | int) -> None:
    ends = time.min
    for i, span in enumerate(spans):
        if not ends <= span.start < span.end:
            sheet.wrong("giờ làm việc phải xếp theo thứ tự và không trùng nhau", *where, i)
        ends = span.end


def _known(sheet: Sheet[T], unit: str, known: set[str], *where: str | int) -> None:
    if unit and unit not in known:
        sheet.wrong(f"không có đơn vị «{unit}»", *where)
