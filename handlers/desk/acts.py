"""What an officer does with a case: each form that a case page has."""

from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from feedback.cases import Answered, Corrected
from feedback.messages import Outgoing, fit
from handlers.actions import approval, cases, replies, terms, warnings
from handlers.actions.allowed import may_approve, needs_second
from handlers.actions.enclosures import Enclosed
from handlers.desk import enclosing, folder, forms
from handlers.desk.folder import Folder
from handlers.desk.visit import Visit, go
from handlers.names import Names
from storage.ids import known
from storage.store import Changed, Tx
from storage.tables import ReplyStatus

OK = 200
PREVIEWED = ("answer", "correct", "approve")


async def accept(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        cases.accept(tx, visit.desk.library, found.case, visit.officer)

    return await _act(visit, "accept", do)


async def preview(visit: Visit) -> web.Response:
    """Show what the citizen will read, before it is sent or proposed."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
    act = _previewed(visit)
    return _refusal(visit, act, found) or await _preview(visit, act, found)


async def _preview(visit: Visit, act: str, found: Folder, *, status: int = 200) -> web.Response:
    library, case = visit.desk.library, found.case
    async with visit.desk.store.look(visit.now) as tx:
        warned = await warnings.of(tx, library, case, found.happenings, _written(visit, act))
    pieces = fit(_as_seen(visit, found, act), case.address.channel)
    shown = {"act": act, "pieces": pieces, "warned": warned, "way": _outcome(visit, act, found)}
    unsaid = {"override": "mistake.override.empty"} if status != OK else {}
    return visit.show("preview.html", status, **folder.values(visit, found), **shown, errors=unsaid)


def _outcome(visit: Visit, act: str, found: Folder) -> str:
    """Return what the preview's button does: the act, or proposing it."""
    by_two = act in ("answer", "correct") and needs_second(visit.desk.library.office, found.case)
    return "propose" if by_two else act


def _written(visit: Visit, act: str) -> str:
    return visit.form["corrected" if act == "correct" else "text"]


def _overridden(visit: Visit) -> str:
    """Return why they send it in spite of the warnings that they saw."""
    return visit.form.get("override", "") if "warned" in visit.form else ""


def _leaves_unsaid(visit: Visit, act: str, found: Folder) -> bool:
    """Whether there were warnings, and no word why it is sent all the same. Who proposes sends nothing."""
    sends = act in PREVIEWED and _outcome(visit, act, found) != "propose"
    return sends and forms.leaves_unsaid(visit.form)


async def edit(visit: Visit) -> web.Response:
    """Go back from the preview to the form, with the text."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
    return folder.page(visit, found, opened=_previewed(visit))


async def fill(visit: Visit) -> web.Response:
    """Put a saved reply under what is written already."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
    reply = replies.filled(visit.desk.library, found.case, visit.form.get("reply", ""))
    text = "\n\n".join(filter(None, [visit.form.get("text", ""), reply]))
    return folder.page(replace(visit, form=visit.form | {"text": text}), found, opened="answer")


def _previewed(visit: Visit) -> str:
    act = visit.form.get("act", "")
    return act if act in PREVIEWED else "answer"


def _as_seen(visit: Visit, found: Folder, act: str) -> Outgoing:
    library, form = visit.desk.library, visit.form
    enclosed = enclosing.enclosed(visit, found)
    match act:
        case "correct":
            corrected = Corrected(form["corrected"], form["cause"])
            return cases.sent_as_seen(library, found.case, corrected, enclosed)
        case "approve" if found.proposal:
            return approval.approve_as_seen(library, found.case, found.proposal, form["text"], enclosed)
        case _:
            return cases.sent_as_seen(library, found.case, Answered(form["text"]), enclosed)


async def answer(visit: Visit) -> web.Response:
    """Send it, or propose it where a second person is needed."""

    def do(tx: Tx, found: Folder) -> str:
        if number := _letter(visit):
            tx.replies.move(number, found.case.id, ReplyStatus.SENT)
        if needs_second(visit.desk.library.office, found.case):
            approval.propose(tx, found.case, visit.form["text"], visit.officer)
            return "propose"
        text, why = visit.form["text"], _overridden(visit)
        enclosed = _enclose(visit, tx, found)
        cases.answer(tx, visit.desk.library, found.case, text, visit.officer, why, enclosed)
        return "answer"

    return await _act(visit, "answer", do)


async def correct(visit: Visit) -> web.Response:
    """The same for an answer that takes the place of one that was sent."""

    def do(tx: Tx, found: Folder) -> str:
        text, cause = visit.form["corrected"], visit.form["cause"]
        if needs_second(visit.desk.library.office, found.case):
            approval.propose(tx, found.case, text, visit.officer, corrects=cause)
            return "propose"
        why, enclosed = _overridden(visit), _enclose(visit, tx, found)
        cases.correct(tx, visit.desk.library, found.case, text, cause, visit.officer, why, enclosed)
        return "correct"

    return await _act(visit, "correct", do)


async def approve(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        if found.proposal:
            library, text, why = visit.desk.library, visit.form["text"], _overridden(visit)
            enclosed = _enclose(visit, tx, found)
            approval.approve(tx, library, found.case, found.proposal, text, visit.officer, why, enclosed)

    return await _act(visit, "approve", do)


async def decline(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        approval.decline(tx, found.case, visit.form["why_not"], visit.officer)

    return await _act(visit, "decline", do)


def _enclose(visit: Visit, tx: Tx, found: Folder) -> tuple[Enclosed, ...]:
    """Let the files that were attached go along."""
    for file in found.pending:
        tx.files.enclosed(file)
    return enclosing.enclosed(visit, found)


async def drop(visit: Visit) -> web.Response:
    """Take a draft that came by mail off the case's page."""
    async with visit.desk.store.begin(visit.now) as tx:
        case = await folder.find(visit, tx)
        if number := _letter(visit):
            tx.replies.move(number, case.id, ReplyStatus.DROPPED)
    return go(f"/desk/cases/{case.code}?done=drop")


def _letter(visit: Visit) -> int:
    """Return the number of the draft that the form began with; 0 if there was none."""
    written = visit.form.get("letter", "")
    return int(written) if known(written) else 0


async def note(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        cases.note(tx, found.case, visit.form["note"], visit.officer)

    return await _act(visit, "note", do)


async def transfer(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        unit, reason = visit.form["unit"], visit.form["reason"]
        cases.transfer(tx, visit.desk.library, found.case, unit, reason, visit.officer)

    return await _act(visit, "transfer", do)


async def give_back(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        cases.give_back(tx, visit.desk.library, found.case, visit.form["back"], visit.officer)

    return await _act(visit, "return", do)


async def ask(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        cases.ask(tx, visit.desk.library, found.case, visit.form["question"], visit.officer)

    return await _act(visit, "ask", do)


async def extend(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        due = terms.later(visit.desk.library.office, found.case, visit.form["day"])
        cases.extend(tx, visit.desk.library, found.case, due, visit.form["why"], visit.officer)

    return await _act(visit, "extend", do)


async def close(visit: Visit) -> web.Response:
    def do(tx: Tx, found: Folder) -> None:
        cases.close(tx, visit.desk.library, found.case, visit.form["result"], visit.officer)

    return await _act(visit, "close", do)


async def _act(visit: Visit, act: str, do: Callable[[Tx, Folder], str | None]) -> web.Response:
    """Do it and show the case again; `do` returns what came of it, if that is not `act`."""
    try:
        async with visit.desk.store.begin(visit.now) as tx:
            found = await folder.take(visit, tx)
            if refusal := _refusal(visit, act, found):
                return refusal
            if _leaves_unsaid(visit, act, found):
                return await _preview(visit, act, found, status=422)
            done = do(tx, found) or act
    except Changed:
        return await _lost(visit, act)
    visit.desk.wake()
    gone = act in ("transfer", "return") and visit.units is not None
    return go(f"/desk?done={done}" if gone else f"/desk/cases/{found.case.code}?done={done}")


def _refusal(visit: Visit, act: str, found: Folder) -> web.Response | None:
    """Refuse what was meant for another state of the case, then what is written wrongly.

    A note contradicts nothing, so it is kept whatever happened meanwhile.
    """
    stale = act != "note" and visit.form.get("version") != str(found.version)
    if stale or not found.allows(act):
        return _conflict(visit, act, found)
    if act in ("approve", "decline") and not may_approve(visit.officer, found.case):
        return folder.page(visit, found, 422, errors={"pending": "mistake.own"})
    names = Names(visit.desk.library.office)
    errors = forms.mistakes(act, visit.form, found.case, names)
    return folder.page(visit, found, 422, errors=errors, opened=act) if errors else None


async def _lost(visit: Visit, act: str) -> web.Response:
    """Somebody was faster, by less than this request took."""
    async with visit.desk.store.look(visit.now) as tx:
        return _conflict(visit, act, await folder.take(visit, tx))


def _conflict(visit: Visit, act: str, found: Folder) -> web.Response:
    """Show what happened since the form was opened; the next try is about the case as it is now."""
    seen = visit.form.get("version", "")
    news = found.since(int(seen) if seen.isdecimal() and len(seen) < 9 else 0)
    values = folder.values(visit, news) | {"version": found.version}
    return visit.show("conflict.html", 409, **values, act=act, errors={})
