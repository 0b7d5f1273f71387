"""A citizen asks: an approved answer, a choice of three, or an honest «we have none».

What may follow is in the draft: `question`, all that was written; `asked`, the words of each question by
its number in the records; `refused`, the entries that were not meant, by the same number; `answered`, the
last entry that was shown and when; `kind`, as what it is filed if the person wants that.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from textwrap import shorten

from faq.entries import Entry
from faq.index import Answer, Choices, Decision, Unknown
from feedback.codes import find, read
from feedback.kinds import Handling, Kind
from feedback.messages import Button
from feedback.routing import Matter
from handlers.actions import cases, routes
from handlers.actions.answers import Reader
from handlers.citizen import intake, later, menu, special, tracking
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk
from storage import ids
from storage.tables import Outcome

FOLLOW_UP = timedelta(minutes=30)  # how long a question may lean on the one before
LONGEST_ECHO = 120  # characters of a question that are repeated
NOT_YET = ("", "")  # no entry was shown at any time


async def question(talk: Talk) -> Step:
    """What somebody else wrote is a claim to be checked, and no report of the person who passes it on."""
    later.asked(talk)
    forwarded = talk.message.forwarded and bool(talk.text)
    if talk.message.attachments and not forwarded:
        return intake.offer_files(talk)
    if code := read(talk.text) or find(talk.text):
        return await tracking.show(talk, code)
    kind = talk.kind
    match kind:
        case Kind(handling=Handling.EXPLAIN_ONLY):
            return special.explain(talk, kind)
        case Kind(handling=Handling.GREET | Handling.DECLINE):
            return menu.small_talk(talk, kind)
        case Kind(handling=Handling.CASE, answer_first=False) if not forwarded:
            return intake.offer(talk, kind)
    claim = forwarded or (kind is not None and kind.code == cases.RUMOUR)
    return await answer(talk, talk.text, cases.RUMOUR if claim else "question")


async def answer(talk: Talk, text: str, kind: str = "question") -> Step:
    """Look up what was asked, two questions at most; one tap can send the text to the unit as this kind."""
    off, before = await talk.tx.questions.switched_off(), _before(talk)
    talk.state.draft = {
        "question": text,
        "said": talk.draft.get("said", "") if talk.pressed else talk.message.message,
        "attachments": intake.attachments(talk),
        "parts": talk.draft.get("parts", []) if talk.pressed else [],
        "answered": talk.draft.get("answered", NOT_YET),
        "kind": kind,
    }
    if not talk.pressed:
        later.take(talk, "text")
    asked = talk.library.index.asked(text, talk.today, off=off, audience=talk.state.audience, before=before)
    if talk.message.forwarded:
        asked = tuple((words, _of_claim(decision)) for words, decision in asked)
    kept = [_keep(talk, words, decision) for words, decision in asked]
    if len(asked) == 1 or all(isinstance(decision, Unknown) for _, decision in asked):
        talk.draft["asked"] = {kept[0]: text}
        _reply(talk, kept[0], asked[0][1])
        return Step.IDLE
    talk.draft["asked"] = {number: words for number, (words, _) in zip(kept, asked, strict=True)}
    for number, (_, decision) in zip(kept, asked, strict=True):
        _reply(talk, number, decision)
    return Step.IDLE


async def chosen(talk: Talk) -> Step:
    """One of the three, or an old button: shown only if it may be shown today."""
    entry_id, number = _named(talk)
    off = await talk.tx.questions.switched_off()
    entry = talk.library.knowledge.entries.get(entry_id)
    if entry is None or entry.id in off or not entry.usable(talk.today):
        talk.say("answer.gone", _file(talk, number), talk.button("menu:start"))
        return Step.IDLE
    if number:
        talk.tx.questions.chosen(int(number), entry.id, version=entry.version)
    _show(talk, entry, number)
    return Step.IDLE


async def not_meant(talk: Talk) -> Step:
    """«Không đúng ý tôi»: the next best ones, once; then the question goes on to people."""
    entry_id, number = _named(talk)
    if number:
        talk.tx.questions.refuse(int(number))
    talk.draft.pop("answered", None)
    words = talk.draft.get("asked", {}).get(number)
    if words:
        refused = talk.draft.setdefault("refused", {}).setdefault(number, [])
        if entry_id not in refused:
            refused.append(entry_id)
        nearest = await _nearest(talk, words, refused) if len(refused) == 1 else ()
        if nearest:
            talk.tell(_about(talk, number, "answer.next"), *_choices(talk, nearest, number))
            return Step.IDLE
    talk.tell(_about(talk, number, "answer.not_meant"), _file(talk, number), talk.button("menu:start"))
    return Step.IDLE


async def anyway(talk: Talk) -> Step:
    """It looked like feedback, but the person only wants an answer."""
    text = str(talk.draft.get("question", ""))
    return await answer(talk, text) if text else await menu.ask(talk)


def _of_claim(decision: Decision) -> Decision:
    """Of what a forwarded text may mean, only clarifications are offered: it asks nothing else."""
    match decision:
        case Choices(entries=entries, scores=scores):
            found = [each for each in zip(entries, scores, strict=True) if each[0].verdict]
            return Choices(*zip(*found, strict=True)) if found else Unknown(entries[0])
    return decision


def _keep(talk: Talk, words: str, decision: Decision) -> str:
    """Put the question on record for those who look after the answers; return its number there."""
    match decision:
        case Answer(entry=entry):
            outcome, shown, nearest, version = Outcome.ANSWERED, entry.id, "", entry.version
        case Choices(entries=entries):
            outcome, shown, nearest, version = Outcome.CHOICES, "", entries[0].id, ""
        case Unknown(nearest=near):
            outcome, shown, nearest, version = Outcome.UNKNOWN, "", near.id if near else "", ""
    channel = talk.message.channel
    return str(talk.tx.questions.keep(words, outcome, shown, nearest, version=version, channel=channel))


def _reply(talk: Talk, number: str, decision: Decision) -> None:
    match decision:
        case Answer(entry=entry):
            _show(talk, entry, number)
        case Choices(entries=entries):
            talk.tell(_about(talk, number, "answer.choose"), *_choices(talk, entries, number))
        case Unknown():
            _offer_to_send(talk, number)


def _show(talk: Talk, entry: Entry, number: str) -> None:
    talk.draft["answered"] = [entry.id, talk.tx.now.isoformat()]
    talk.tx.received.keep(talk.message.lane, entry.id, entry.version, talk.state.language)
    wrong = talk.button(f"wrong:{entry.id}:{number}".rstrip(":"), "wrong")
    talk.tell(_reader(talk).read(entry), wrong, talk.button("menu:start"))


def _offer_to_send(talk: Talk, number: str) -> None:
    kind = talk.draft["kind"]
    unit = routes.route(talk.library, Matter(talk.draft["asked"][number], kind)).unit
    key = "answer.unknown_claim" if kind == cases.RUMOUR else "answer.unknown"
    values = {
        "unit": talk.library.office.unit(unit).name,
        "due": talk.library.phrases.day(talk.state.language, cases.due(talk.library, kind, talk.tx.now)),
    }
    talk.tell(_about(talk, number, key, **values), _file(talk, number), talk.button("menu:start"))


def _about(talk: Talk, number: str, key: str, **values: object) -> str:
    """Say which of two questions it is about."""
    said = talk.phrase(key, **values)
    asked = talk.draft.get("asked", {})
    if number not in asked or len(asked) == 1:
        return said
    about = talk.phrase("answer.about", question=shorten(asked[number], LONGEST_ECHO, placeholder=" …"))
    return f"{about}\n{said}"


def _choices(talk: Talk, entries: Sequence[Entry], number: str) -> list[Button]:
    reader = _reader(talk)
    found = [Button(reader.label(entry), f"entry:{entry.id}:{number}") for entry in entries]
    return [*found, _file(talk, number, "none_of_these")]


def _file(talk: Talk, number: str, key: str = "") -> Button:
    """Send a question of the draft; what is no longer there is written anew."""
    kind = talk.draft["kind"] if number in talk.draft.get("asked", {}) else "question"
    return talk.button(f"file:{kind}:{number}".rstrip(":"), key or f"file.{kind}")


async def _nearest(talk: Talk, words: str, refused: Collection[str]) -> tuple[Entry, ...]:
    """Return what is asked for most likely if not these."""
    off = await talk.tx.questions.switched_off()
    match talk.library.index.ask(
        words, talk.today, off=off, refused=frozenset(refused), audience=talk.state.audience
    ):
        case Answer(entry=entry):
            return (entry,)
        case Choices(entries=entries):
            return entries
    return ()


def _before(talk: Talk) -> str:
    """Return the question that was answered just now: «còn viên chức thì sao?» leans on it."""
    entry_id, at = talk.draft.get("answered", NOT_YET)
    entry = talk.library.knowledge.entries.get(entry_id)
    if entry is None or talk.tx.now - datetime.fromisoformat(at) > FOLLOW_UP:
        return ""
    return entry.question


def _named(talk: Talk) -> tuple[str, str]:
    """Return a button's entry and the question's number; a button of an older version has none."""
    entry_id, number = [*talk.pressed[1:], "", ""][:2]
    return entry_id, number if ids.known(number) else ""


def _reader(talk: Talk) -> Reader:
    return Reader(talk.library, talk.state.language, talk.today)
