"""What people asked and got no answer to: a new wording of an answer, a new answer, or nothing to do."""

import asyncio
from datetime import timedelta
from functools import partial

from aiohttp import web

from faq import edit
from faq.entries import Entry
from faq.files import Mistakes
from faq.unanswered import groups, with_wording
from handlers.desk import faq_proof, faq_state
from handlers.desk.faq_proof import Trial
from handlers.desk.visit import Visit, go
from storage.ids import known

SINCE = timedelta(days=90)
MOST = 2_000  # questions


async def show(visit: Visit) -> web.Response:
    return await page(visit, visit.request.query.get("done", ""))


async def page(visit: Visit, done: str = "", *, entry: str = "", text: str = "") -> web.Response:
    """List the groups, and what was `done` just now: from here it can be undone."""
    library = visit.desk.library
    async with visit.desk.store.look(visit.now) as tx:
        waiting = await tx.questions.unanswered(visit.now - SINCE, MOST)
    return visit.show(
        "faq_unanswered.html",
        groups=await asyncio.to_thread(groups, waiting, library.index),
        total=len(waiting),
        days=SINCE.days,
        done=done,
        ids=visit.form.get("ids", ""),
        entry=entry,
        text=text,
    )


async def ignore(visit: Visit) -> web.Response:
    """Take a group off the list."""
    await settle(visit, "ignored")
    return await page(visit, "ignored")


async def undo(visit: Visit) -> web.Response:
    """Put a group back on the list, and take away the wording that was added for it, if one was."""
    if entry := visit.form.get("entry"):
        try:
            await asyncio.to_thread(edit.remove_alternate, visit.desk.faq, entry, visit.form.get("text", ""))
        except (edit.NotEdited, Mistakes) as error:
            return refused(visit, error)
    async with visit.desk.store.begin(visit.now) as tx:
        tx.questions.unsettle(ids(visit))
    return go("/desk/faq/unanswered?done=undone")


async def alternate(visit: Visit) -> web.Response:
    """Show what the question gets when it becomes another wording of an answer, and what else changes."""
    try:
        entry = _chosen(visit)
        return await _proof(visit, entry, await _attempt(visit, entry))
    except (edit.NotEdited, Mistakes) as error:
        return refused(visit, error)


async def save(visit: Visit) -> web.Response:
    """Add the wording if it helps, or if the officer wants it nevertheless."""
    text = visit.form.get("text", "")
    try:
        entry = _chosen(visit)
        trial = await _attempt(visit, entry)
        if not trial.proof.helps and visit.form.get("sure") != "yes":
            return await _proof(visit, entry, trial, {"sure": "mistake.sure"})
        await asyncio.to_thread(edit.add_alternate, visit.desk.faq, entry.id, text)
    except (edit.NotEdited, Mistakes) as error:
        if not (isinstance(error, edit.AlreadyThere) and await _settled(visit, entry)):  # or pressed twice
            return refused(visit, error)
    await settle(visit, _how(entry))
    return await page(visit, "alternate", entry=entry.id, text=text)


def _chosen(visit: Visit) -> Entry:
    """An id that was typed counts more than a button. Raises NotEdited."""
    wanted = visit.form.get("other") or visit.form.get("entry", "")
    for entry in visit.desk.library.knowledge.entries.values():
        if entry.id.lower() == wanted.lower():
            return entry
    raise edit.NotEdited(f"Không có câu «{wanted}».")


async def _attempt(visit: Visit, entry: Entry) -> Trial:
    text = visit.form.get("text", "")
    change = partial(edit.add_alternate, entry_id=entry.id, text=text)
    return await faq_proof.attempt(visit, change, question=text, entry=with_wording(entry, text))


async def _proof(
    visit: Visit, entry: Entry, trial: Trial, errors: dict[str, str] | None = None
) -> web.Response:
    library = visit.desk.library
    async with visit.desk.store.look(visit.now) as tx:
        off = await tx.questions.switched_off()
    return visit.show(
        "faq_proof.html",
        422 if errors else 200,
        entry=entry,
        standing=faq_state.standing(entry, library.office.today(visit.now), off),
        trial=trial,
        entries=library.knowledge.entries,
        errors=errors or {},
        filled=visit.form,
    )


def refused(visit: Visit, error: Exception) -> web.Response:
    """Nothing was changed; say why."""
    return visit.show("faq_refused.html", 409, reasons=faq_proof.reasons(error), filled=visit.form)


async def settle(visit: Visit, how: str) -> None:
    async with visit.desk.store.begin(visit.now) as tx:
        tx.questions.settle(ids(visit), how, visit.officer.id)


async def _settled(visit: Visit, entry: Entry) -> bool:
    async with visit.desk.store.look(visit.now) as tx:
        found = await tx.questions.by_ids(ids(visit))
    return bool(found) and all(each.settled_how == _how(entry) for each in found)


def _how(entry: Entry) -> str:
    return f"alternate {entry.id}"


def ids(visit: Visit) -> list[int]:
    """Read which questions a form is about; what is no id is left out."""
    return [int(each) for each in visit.form.get("ids", "").split() if known(each)][:MOST]
