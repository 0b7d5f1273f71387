"""`caunoi faq …`: check, try and compare answers before citizens get them.

A folder is an office's whole content or only its answers. `--json` prints what a machine may read.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import telling
from bot.telling import stop, told_plainly

if TYPE_CHECKING:
    from bot.content import Content
    from bot.settings import Settings
    from faq.check import Finding
    from faq.compare import Decision, Difference
    from faq.exchange import ImportReport
    from faq.golden import Result
    from faq.index import Match
    from faq.unanswered import UnansweredGroup

app = typer.Typer(
    name="faq",
    help="Câu hỏi đáp: kiểm tra, hỏi thử, so sánh, nhập, xuất.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NEAREST = 5  # entries
LONGEST_REASON = 500  # characters that the receivers of a correction read
SHOWN = 5  # findings of one kind, unless all are wanted
SEVERITIES = {"mistake": "Lỗi", "warning": "Nên xem lại"}
DECISIONS = {"answer": "trả lời ngay", "choose": "đưa ra để chọn", "none": "báo chưa có thông tin"}
OUTCOMES = {
    "right": "đúng",
    "offered": "chỉ đưa ra để chọn",
    "missed": "không tìm thấy",
    "wrong": "trả lời sai",
}
THRESHOLDS = {
    "answer": "trả lời ngay: xác suất câu đầu đúng, so với câu sau nó",
    "right": "trả lời ngay: xác suất câu đầu đúng, xét riêng nó",
    "choose": "đưa ra để chọn: xác suất câu đúng ở trong ba câu đầu",
}
IMPORTED = {
    "added": "Thêm",
    "changed": "Sửa",
    "removed": "Xóa",
    "missing": "Không có trong tệp nguồn nên giữ nguyên",
}
SETS = {"golden": "Câu hỏi thử", "wordings": "Cách hỏi đã ghi", "asked": "Câu hỏi thật gần đây"}

Folder = Annotated[Path | None, typer.Argument(help="Thư mục nội dung; bỏ trống là nội dung đang dùng")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Như vào ngày này (năm-tháng-ngày)")]
Json = Annotated[bool, typer.Option("--json", help="In dạng JSON")]


@dataclass(frozen=True, slots=True)
class Tried:
    """A question of a message, what it is answered, and the entries that come nearest."""

    question: str
    decision: "Decision"
    nearest: "Sequence[Match]"

    def probabilities(self) -> dict[str, float]:
        """Return for each threshold what is compared with it."""
        from faq import decide  # noqa: PLC0415

        if not self.nearest:
            return dict.fromkeys(THRESHOLDS, 0.0)
        first = self.nearest[0]
        sure = decide.sure(first.points, first.lead)
        return {"answer": sure, "right": first.score, "choose": decide.among(first.points)}

    def json(self, day: date) -> dict[str, object]:
        return {
            "question": self.question,
            "decision": asdict(self.decision),
            "probabilities": self.probabilities(),
            "matches": [
                {
                    "id": each.entry.id,
                    "question": each.entry.question,
                    "score": each.score,
                    "understood": each.understood,
                    "why": each.why,
                    "shared": each.shared,
                    "missing": each.missing,
                    "usable": each.entry.usable(day),
                }
                for each in self.nearest
            ],
        }


@app.command()
def check(
    folder: Folder = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Có điều nên xem lại cũng trả về 1")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Thử cả khi thiếu từng cách hỏi; lâu hơn")] = False,
    everything: Annotated[bool, typer.Option("--all", help="In hết mọi điều nên xem lại")] = False,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Tìm lỗi và điều nên xem lại: tệp, dòng, cột và cách sửa."""
    from bot import content as contents  # noqa: PLC0415
    from faq import check as checks  # noqa: PLC0415
    from faq import golden as goldens  # noqa: PLC0415
    from faq.check import Finding, Severity  # noqa: PLC0415
    from faq.files import Mistake, attempt  # noqa: PLC0415

    wrong: list[Mistake] = []
    found: list[Finding] = []
    with told_plainly():
        content = attempt(lambda: contents.read(folder), wrong)
    if content:
        place, known = content.folder, content.knowledge
        attempt(lambda: goldens.load(place, known.entries), wrong)
        found += checks.check(place, known, content.words, _day(content, day), deep=deep)
        if content.office:
            found += checks.uncovered(place, known, content.office.units, content.office.topics)
    found = checks.in_order([*(Finding("unreadable", mistake) for mistake in wrong), *found])
    must = sum(each.severity is Severity.MISTAKE for each in found)
    if as_json:
        _print_json(
            {
                "mistakes": must,
                "warnings": len(found) - must,
                "findings": [
                    {"kind": each.kind, "severity": each.severity, **asdict(each.mistake)}
                    | {"ids": each.ids, "scores": each.scores}
                    for each in found
                ],
            }
        )
    else:
        _print_findings(found, everything=everything)
        print(f"{must} lỗi, {len(found) - must} điều nên xem lại.")
    _fail(must or (strict and found))


@app.command("try")
def try_(
    message: Annotated[str, typer.Argument(help="Tin nhắn như người dân gõ")],
    folder: Folder = None,
    *,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Hỏi thử: từng câu hỏi trong tin, quyết định, ngưỡng, năm câu gần nhất và vì sao."""
    from bot import content as contents  # noqa: PLC0415
    from faq import compare, decide  # noqa: PLC0415

    with told_plainly():
        content = contents.read(folder)
    index, on = content.index(), _day(content, day)
    tried = [
        Tried(question, compare.of(found), index.rank(question)[:NEAREST])
        for question, found in index.asked(message, on)
    ]
    thresholds = {name: getattr(decide, name.upper()) for name in THRESHOLDS}
    if as_json:
        _print_json({"day": on, "thresholds": thresholds, "asked": [each.json(on) for each in tried]})
        return
    for each in tried:
        _print_tried(each, on)


@app.command()
def golden(
    folder: Folder = None,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Câu chưa được trả lời ngay cũng trả về 1")
    ] = False,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Hỏi mọi câu trong golden.yaml; có câu bị trả lời sai thì trả về 1."""
    from bot import content as contents  # noqa: PLC0415
    from faq import golden as goldens  # noqa: PLC0415
    from faq.golden import Outcome  # noqa: PLC0415

    with told_plainly():
        content = contents.read(folder)
        questions = goldens.load(content.folder, content.knowledge.entries)
    results = goldens.run(questions, content.knowledge, content.index(), _day(content, day))
    counts = {name: sum(each.outcome == name for each in results) for name in OUTCOMES}
    if as_json:
        _print_json({"counts": counts, "results": [asdict(each) for each in results]})
    elif results:
        _print_results(results)
        counted = ", ".join(f"{counts[name]} {said}" for name, said in OUTCOMES.items())
        print(f"{len(results)} câu: {counted}.")
    else:
        file = content.folder / goldens.FILE
        print(f"Chưa có câu hỏi thử. Thêm tệp {file}; xem docs/reference/content.md.")
    _fail(counts[Outcome.WRONG] or (strict and counts[Outcome.RIGHT] < len(results)))


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Thư mục nội dung trước khi sửa")],
    new: Annotated[Path, typer.Argument(help="Thư mục nội dung sau khi sửa")],
    *,
    last: Annotated[int, typer.Option(min=0, help="So cả bấy nhiêu câu hỏi thật gần nhất")] = 500,
    fail: Annotated[bool, typer.Option("--fail", help="Câu trong golden.yaml đổi thì trả về 1")] = False,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """So hai thư mục: câu hỏi nào được trả lời khác đi."""
    from bot import content as contents  # noqa: PLC0415
    from faq import compare  # noqa: PLC0415
    from faq import golden as goldens  # noqa: PLC0415

    with told_plainly():
        sides = before, after = contents.read(old), contents.read(new)
        tried = [each for side in sides for each in goldens.load(side.folder, side.knowledge.entries)]
    entries = [entry for side in sides for entry in side.knowledge.entries.values()]
    questions = {
        "golden": [each.question for each in tried],
        "wordings": [text for entry in entries for text in entry.wordings()],
        "asked": [each.text for each in contents.latest(last)],
    }
    indexes, on = (before.index(), after.index()), _day(after, day)
    changed = {name: compare.compare(*indexes, texts, on) for name, texts in questions.items()}
    if as_json:
        counts = {name: len(set(texts)) for name, texts in questions.items()}
        listed = {name: [asdict(each) for each in found] for name, found in changed.items()}
        _print_json({"day": on, "compared": counts, **listed})
    else:
        for name, found in changed.items():
            print(f"{SETS[name]}: {len(found)} trong {len(set(questions[name]))} câu được trả lời khác đi.")
            _print_differences(found)
    _fail(fail and changed["golden"])


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="Tệp sẽ ghi, đuôi .xlsx hoặc .md")],
    folder: Folder = None,
) -> None:
    """Xuất mọi câu ra bảng tính (.xlsx) hoặc văn bản (.md) để người khác sửa."""
    from bot import content as contents  # noqa: PLC0415
    from faq import exchange  # noqa: PLC0415

    with told_plainly():
        home = contents.home(folder)
        known = contents.rules(home)
        units = {code: unit.name for code, unit in known.units.items()} if known else None
        topics = {code: topic.name for code, topic in known.topics.items()} if known else None
        exchange.export(contents.answers(home), target, units=units, topics=topics)
    place = f" {folder}" if folder else ""
    print(f"Đã ghi {target}. Sửa xong thì xem trước: caunoi faq import {target}{place} --dry-run")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="Tệp .xlsx hoặc .md đã sửa")],
    folder: Folder = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không ghi gì")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Xóa câu không có trong tệp")] = False,
    group: Annotated[str, typer.Option(help="Nhóm của câu mới khi bảng không ghi")] = "",
    unit: Annotated[str, typer.Option(help="Đơn vị của câu mới khi bảng không ghi")] = "",
    topic: Annotated[str, typer.Option(help="Chủ đề của câu mới khi bảng không ghi")] = "",
    as_json: Json = False,
) -> None:
    """Đưa một bảng tính hoặc văn bản đã sửa vào các tệp nội dung: tất cả, hoặc không gì cả."""
    from bot import content as contents  # noqa: PLC0415
    from faq import exchange  # noqa: PLC0415
    from faq.entries import ANY_NAME  # noqa: PLC0415

    with told_plainly():
        home = contents.home(folder)
        known = contents.rules(home)
        report = exchange.imported(
            source,
            contents.answers(home),
            dry_run=dry_run,
            remove=remove,
            units=known.units if known else ANY_NAME,
            topics=known.topics if known else ANY_NAME,
            defaults=exchange.Defaults(group, unit, topic),
        )
    if as_json:
        _print_json(asdict(report))
    else:
        _print_import(report, dry_run=dry_run)
    _fail(report.mistakes)


@app.command()
def bench(
    corpus: Annotated[Path, typer.Argument(help="Kho: mỗi dòng JSON có id, question, answer, alternates")],
    queries: Annotated[Path, typer.Argument(help="Câu hỏi: mỗi dòng JSON có qid, text, relevant, kind")],
    *,
    predictions: Annotated[Path | None, typer.Option(help="Ghi từng quyết định ra tệp này (JSONL)")] = None,
    as_json: Json = False,
) -> None:
    """Đo cách tìm câu trả lời trên một bộ câu hỏi đã biết đáp án."""
    from faq import bench as benches  # noqa: PLC0415

    with told_plainly():
        report = benches.run(corpus, queries)
    if predictions:
        lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in report.predictions())
        try:
            predictions.write_text("".join(lines), "utf-8")
        except OSError as error:
            stop(f"Không ghi được {predictions}: {error.strerror}. Chọn nơi khác cho --predictions.")
    if as_json:
        _print_json(report.json())
    else:
        print(report.text())


@app.command()
def unanswered(
    folder: Folder = None,
    *,
    days: Annotated[int, typer.Option(min=1, help="Số ngày gần đây")] = 30,
    as_json: Json = False,
) -> None:
    """Liệt kê câu hỏi thật chưa được trả lời, gộp theo ý, nhiều nhất trước."""
    from bot import content as contents  # noqa: PLC0415
    from faq import unanswered as open_questions  # noqa: PLC0415

    with told_plainly():
        content = contents.read(folder)
    found = open_questions.groups(contents.unanswered(days), content.index())
    if as_json:
        _print_json([_group(each) for each in found])
    else:
        for each in found:
            print(f"{each.count:4} lần  {each.wording}  (gần nhất {content.day(each.last):%d/%m/%Y})")
            for match in each.nearest:
                print(f"          {_score(match.score)}  {match.entry.id:6} {match.entry.question}")
        print(f"{sum(each.count for each in found)} câu hỏi chưa được trả lời, {len(found)} ý.")


@app.command()
def recall(
    entry: Annotated[str, typer.Argument(help="Mã câu; bỏ trống nếu dùng --document")] = "",
    days: Annotated[int, typer.Option(min=1, max=180, help="Những người nhận trong ngần ấy ngày")] = 30,
    reason: Annotated[str, typer.Option(help="Lý do, người nhận sẽ đọc; nhiều nhất 500 ký tự")] = "",
    document: Annotated[str, typer.Option(help="Mọi câu dựa vào văn bản này: số hoặc mã")] = "",
    *,
    send: Annotated[bool, typer.Option("--send", help="Gửi thật; không có thì chỉ xem trước")] = False,
) -> None:
    """Đính chính đến đúng những người đã nhận bản cũ của một câu: xem trước, rồi gửi."""
    from bot import recalls  # noqa: PLC0415
    from bot.service import AlreadyRunning  # noqa: PLC0415

    settings = telling.settings()
    if len(reason) > LONGEST_REASON:
        stop(f"Lý do dài {len(reason)} ký tự; nhiều nhất {LONGEST_REASON}.")
    with told_plainly():
        entries = _recalled(settings, entry, document)
        try:
            work = recalls.order if send else recalls.show
            found = asyncio.run(work(settings, entries, days, reason))
        except AlreadyRunning:
            stop("Dịch vụ đang chạy trên SQLite: gửi đính chính ở bàn làm việc, trang của câu, «Đính chính».")
    print("\n".join(recalls.lines(found)))
    if send:
        print("Đã ghi. Dịch vụ gửi lần lượt khi chạy, mỗi người một lần; chạy lại lệnh không gửi trùng.")
    else:
        print("Chưa gửi gì. Gửi thật: thêm --send.")


def _recalled(settings: "Settings", entry: str, document: str) -> list[str]:
    """Return the ids of the answers that are meant, or stop."""
    from handlers import library  # noqa: PLC0415
    from handlers.actions import recalls  # noqa: PLC0415

    if bool(entry) == bool(document):
        stop("Nêu mã một câu, hoặc --document và số văn bản; một trong hai.")
    loaded = library.load(settings.content_dir)
    if entry:
        known = {each.lower(): each for each in loaded.knowledge.entries}
        return [known.get(entry.lower(), entry)]  # one that left the files can still be recalled
    try:
        return [each.id for each in recalls.resting_on(loaded, document)]
    except LookupError:
        stop(f"Không có văn bản «{document}» trong documents.yaml. Viết số hoặc mã của văn bản.")


def _day(content: "Content", chosen: datetime | None) -> date:
    return chosen.date() if chosen else content.today()


def _print_findings(found: Sequence["Finding"], *, everything: bool) -> None:
    from faq.check import KINDS, Severity  # noqa: PLC0415

    for kind, of_kind in KINDS.items():
        findings = [each for each in found if each.kind == kind]
        if not findings:
            continue
        print(f"{SEVERITIES[of_kind.severity]}: {of_kind.title} ({len(findings)})")
        most = len(findings) if everything or of_kind.severity is Severity.MISTAKE else SHOWN
        for each in findings[:most]:
            print(each.mistake)
        if len(findings) > most:
            print(f"… và {len(findings) - most} điều nữa (thêm --all để xem hết)")
        print()


def _print_results(results: Sequence["Result"]) -> None:
    from faq.golden import Outcome  # noqa: PLC0415

    for outcome in (Outcome.WRONG, Outcome.MISSED, Outcome.OFFERED):
        for each in (result for result in results if result.outcome is outcome):
            expected = " hoặc ".join(each.golden.expected) or "không trả lời"
            print(f"{OUTCOMES[outcome]}: {each.golden.question}")
            print(f"      {_said(each.decision)}; mong đợi: {expected}")


def _print_tried(tried: Tried, day: date) -> None:
    from faq import decide  # noqa: PLC0415

    print(f"\nCâu hỏi: {tried.question}")
    print(f"Quyết định: {_said(tried.decision)}")
    for name, probability in tried.probabilities().items():
        print(f"  {THRESHOLDS[name]} {_score(probability)}, ngưỡng {_score(getattr(decide, name.upper()))}")
    for each in tried.nearest:
        shown = "" if each.entry.usable(day) else "  (không dùng ngày này)"
        print(f"{_score(each.score)}  {each.entry.id:6} {each.entry.question}{shown}")
        missing = f"; không có: {', '.join(each.missing)}" if each.missing else ""
        print(f"      khớp: {each.why}{missing}")


def _print_differences(differences: Sequence["Difference"]) -> None:
    for each in differences:
        print(f"  {each.question}\n      trước: {_said(each.before)}\n      sau:   {_said(each.after)}")


def _print_import(report: "ImportReport", *, dry_run: bool) -> None:
    for name, said in IMPORTED.items():
        if ids := getattr(report, name):
            print(f"{said}: {len(ids)} ({', '.join(ids)})")
    for mistake in report.mistakes:
        print(mistake)
    if report.mistakes:
        print(f"{len(report.mistakes)} lỗi nên chưa ghi gì. Sửa trong tệp nguồn rồi chạy lại lệnh này.")
    elif dry_run:
        print("Xem trước, chưa ghi gì. Bỏ --dry-run để ghi.")
    else:
        print(f"Đã ghi. {len(report.unchanged)} mục không đổi.")


def _group(group: "UnansweredGroup") -> dict[str, object]:
    nearest = [{"id": each.entry.id, "score": each.score} for each in group.nearest]
    seen = {
        "count": group.count,
        "last": group.last.isoformat(),
        "wordings": group.wordings,
        "ids": group.ids,
    }
    return {"wording": group.wording, **seen, "nearest": nearest}


def _said(decision: "Decision") -> str:
    ids = f": {', '.join(decision.ids)} ({_score(decision.score)})" if decision.ids else ""
    return DECISIONS[decision.kind] + ids


def _score(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _fail(reason: object) -> None:
    if reason:
        raise typer.Exit(telling.WRONG)
