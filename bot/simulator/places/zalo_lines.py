"""What was said to a Zalo account and by it, as people read it, in the ledger's order."""

import json
from collections.abc import Callable
from dataclasses import replace

from bot.simulator.shown import Button, Count, File, Line
from bot.simulator.zalo import Button as Pressed
from bot.simulator.zalo import Call, Event, Sent, Try, tally
from bot.simulator.zalo.ledger import Json, Ledger

QUOTED = 200  # characters
PAID = "sub_quota"
REACTION = "message"  # the method that does nothing else any more
Reader = Callable[[Event], Line | None]


def lines_of(ledger: Ledger, person: str, read: Reader) -> tuple[Line, ...]:
    """`read` tells what an event shows on the phone of this person."""
    taken = {attempt.event for attempt in ledger.of(Try) if attempt.taken}
    found: list[Line] = []
    for entry in ledger.entries:
        match entry:
            case Sent() if entry.to == person and entry.method != REACTION:
                found.append(_sent(entry))
            case Event() if shown := read(entry):
                found.append(shown if entry.number in taken else replace(shown, marks=("chưa tới dịch vụ",)))
    texts = {one.id: one.text for one in found}
    return tuple(replace(one, quote=texts.get(one.quote, "")[:QUOTED]) for one in found)


def attachment(one: Json) -> tuple[str, tuple[File, ...]]:
    """Return the words and the files of an attachment to an event of the Official Account."""
    payload = one.get("payload", {})
    match one.get("type"):
        case "location":
            where = payload["coordinates"]
            return f"Vị trí: {float(where['latitude']):.4f}, {float(where['longitude']):.4f}", ()
        case "sticker":
            return "👍", ()
        case "link":
            return _card(payload), ()
        case "image" | "gif":
            return "", (File(key_of(payload["url"]), "Ảnh", is_image=True),)
        case kind:
            name = payload.get("name") or ("Tin thoại" if kind == "audio" else str(kind))
            return "", (File(key_of(payload["url"]), name),)


def key_of(url: str) -> str:
    """Return the name under which the server keeps a file."""
    return url.rpartition("/")[2]


def _card(payload: Json) -> str:
    try:
        return f"Danh thiếp: {json.loads(payload['description'])['phone']}"
    except (ValueError, LookupError, TypeError):
        return str(payload.get("url", ""))


def _sent(sent: Sent) -> Line:
    file = File(sent.id, sent.name or "Ảnh", is_image=sent.image is not None)
    return Line(
        id=sent.id,
        by="officer" if sent.officer else "bot",
        text=sent.text or (f"[{sent.name}]" if sent.name and not sent.file else ""),
        author="Cán bộ, trên OA Manager" if sent.officer else "",
        buttons=tuple(map(_button, sent.buttons)),
        files=(file,) if sent.image or sent.file else (),
        quote=sent.quote,
        marks=("trừ vào gói tin",) if sent.quota == PAID else (),
    )


def _button(button: Pressed) -> Button:
    if button.kind.startswith("oa.open."):
        return Button(button.title, opens=button.payload)
    return Button(button.title, button.payload)


def counts(
    ledger: Ledger, is_ours: Callable[[str], bool], sending: Callable[[str], bool]
) -> tuple[Count, ...]:
    """`is_ours` knows the names of events, `sending` of methods that reach people."""
    happened = [event.number for event in ledger.of(Event) if is_ours(event.name)]
    ours = set(happened)
    taken = [attempt.event for attempt in ledger.of(Try) if attempt.taken and attempt.event in ours]
    found = tally(list(map(str, happened)), list(map(str, taken)))
    calls = [call for call in ledger.of(Call) if sending(call.method)]
    failed = sum(call.outcome != "0" for call in calls)
    sent = sum(sending(message.method) for message in ledger.of(Sent))
    return (
        Count("Việc người dân làm", len(happened)),
        Count("Dịch vụ đã nhận", len(set(taken))),
        Count("Chưa nhận", found.lost, is_bad=found.lost > 0),
        Count("Nhận hơn một lần", found.doubled),
        Count("Nhận sai thứ tự", found.disordered),
        Count("Tin bot đã gửi", sent),
        Count("Lần gửi hỏng, mất trả lời", failed, is_bad=failed > 0),
    )
