"""A citizen asks: an approved answer, a choice of three, or an honest «we have none»."""

from collections.abc import Iterator

from faq.entries import Document, Entry
from faq.index import Answer, Choices, Unknown
from feedback.codes import find, read
from feedback.kinds import Handling, Kind, recognise
from feedback.messages import Button
from handlers.actions import cases
from handlers.citizen import intake, menu, special, tracking
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk


async def question(talk: Talk) -> Step:
    if talk.message.attachments:
        return intake.offer_files(talk)
    if code := read(talk.text) or find(talk.text):
        return await tracking.show(talk, code)
    kind = recognise(talk.text, talk.library.office.kinds)
    match kind:
        case Kind(handling=Handling.EXPLAIN_ONLY):
            return special.explain(talk, kind)
        case Kind(handling=Handling.GREET | Handling.DECLINE):
            return menu.small_talk(talk, kind)
        case Kind(handling=Handling.CASE, answer_first=False):
            return intake.offer(talk, kind)
    return await answer(talk, talk.text)


async def answer(talk: Talk, text: str) -> Step:
    """Look the question up; the text is kept so that one tap can send it to the unit."""
    said = talk.draft.get("said", "") if talk.pressed else talk.message.message
    talk.state.draft = {"question": text, "said": said}
    match talk.library.index.ask(text, talk.library.office.today(talk.tx.now)):
        case Answer(entry=entry):
            return _show(talk, entry)
        case Choices(entries=entries):
            found = [Button(entry.question, f"entry:{entry.id}") for entry in entries]
            talk.say("answer.choose", *found, talk.button("file:question", "none_of_these"))
        case Unknown():
            unit = cases.route(talk.library, text, "question", talk.tx.now).unit
            talk.say("answer.unknown", *_send_or_menu(talk), unit=talk.library.office.unit(unit).name)
    return Step.IDLE


async def chosen(talk: Talk) -> Step:
    """One of the three, or an old button: shown only if it is approved and valid today."""
    entry = talk.library.knowledge.entries.get(talk.pressed[-1])
    if entry is None or not entry.usable(talk.library.office.today(talk.tx.now)):
        talk.say("answer.gone", *_send_or_menu(talk))
        return Step.IDLE
    return _show(talk, entry)


async def not_meant(talk: Talk) -> Step:
    """«Không đúng ý tôi»: the question goes on to people, if the person wants it."""
    talk.say("answer.not_meant", *_send_or_menu(talk))
    return Step.IDLE


async def anyway(talk: Talk) -> Step:
    """It looked like feedback, but the person only wants an answer."""
    text = str(talk.draft.get("question", ""))
    return await answer(talk, text) if text else await menu.ask(talk)


def _show(talk: Talk, entry: Entry) -> Step:
    key = "answer.understood" if entry.verdict is None else "answer.understood_claim"
    understood = talk.phrase(key, question=entry.question)
    wrong = talk.button(f"wrong:{entry.id}", "wrong")
    text = "\n\n".join([understood, _approved(talk, entry), "\n".join(_grounds(talk, entry))])
    talk.tell(text, wrong, talk.button("menu:start"))
    return Step.IDLE


def _approved(talk: Talk, entry: Entry) -> str:
    if entry.verdict is None:
        return entry.answer
    return f"{talk.phrase(f'answer.rumour_{entry.verdict}')}\n{entry.answer}"


def _grounds(talk: Talk, entry: Entry) -> Iterator[str]:
    """The legal source and its date, who is responsible, and until when it holds."""
    knowledge = talk.library.knowledge
    lines = [_source(talk, document, article) for document, article in knowledge.sources(entry)]
    if lines:
        yield talk.phrase("answer.sources", sources="\n".join(f"• {line}" for line in lines))
    yield talk.phrase("answer.unit", unit=talk.library.office.unit(entry.unit).name)
    if change := knowledge.changes_soon(entry, talk.library.office.today(talk.tx.now)):
        yield talk.phrase("answer.changes_soon", date=f"{change:%d/%m/%Y}")


def _source(talk: Talk, document: Document, article: str) -> str:
    key = "answer.source_article" if article else "answer.source"
    text = talk.phrase(key, title=document.title, number=document.number, article=article)
    for key, date in (("effective", document.effective), ("expired", document.expired)):
        if date:
            text = talk.phrase(f"answer.source_{key}", source=text, date="/".join(reversed(date.split("-"))))
    return text


def _send_or_menu(talk: Talk) -> tuple[Button, Button]:
    return talk.button("file:question"), talk.button("menu:start")
