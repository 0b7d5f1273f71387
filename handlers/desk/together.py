"""Several cases that say nearly the same, answered with the same words, each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from feedback import codes
from feedback.cases import Case
from feedback.linting import Warned
from feedback.messages import fit
from handlers.actions import cases, similar, warnings
from handlers.actions.allowed import answerable, way
from handlers.actions.similar import CHANGED, Together
from handlers.desk import folder, forms
from handlers.desk.folder import Folder
from handlers.desk.visit import Visit
from handlers.names import Names
from storage.store import Tx

MOST = 50  # cases beside the one from which they were found
WITH = "with."  # «with.CODE» in a form is a chosen case, its value how much had happened to it


@dataclass(frozen=True, slots=True)
class Other:
    case: Case
    version: int
    chosen: bool


async def show(visit: Visit) -> web.Response:
    """List the cases that are alike, all of them chosen at first."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
        others = await _others(visit, tx, found)
    return _page(visit, found, others)


async def preview(visit: Visit) -> web.Response:
    """Show the message, and to which cases it goes."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
        others = await _others(visit, tx, found)
        if wrong := forms.mistakes("answer", visit.form, found.case, Names(found.library.office)):
            return _page(visit, found, others, 422, wrong)
        return await _preview(visit, tx, found, [each for each in others if each.chosen])


async def edit(visit: Visit) -> web.Response:
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
        return _page(visit, found, await _others(visit, tx, found))


async def answer(visit: Visit) -> web.Response:
    """Do it for each, and say which were left out because they had changed."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
        others = await _others(visit, tx, found)
        if wrong := forms.mistakes("answer", visit.form, found.case, Names(found.library.office)):
            return _page(visit, found, others, 422, wrong)
        if _leaves_unsaid(visit, found):
            return await _preview(visit, tx, found, [each for each in others if each.chosen], 422)
    why = visit.form.get("override", "")
    what = Together(found.case.unit, _chosen(visit, found), visit.form["text"], visit.officer, why)
    done = await similar.answer(visit.desk.store, visit.now, visit.desk.library, what)
    visit.desk.wake()
    left_out = [code for code, act in done.items() if act == CHANGED]
    return visit.show(
        "together_done.html",
        case=found.case,
        done=[code for code in done if code not in left_out],
        left_out=left_out,
        proposed="propose" in done.values(),
    )


async def _others(visit: Visit, tx: Tx, found: Folder) -> list[Other]:
    office = found.library.office
    alike = [each for each in await similar.to(tx, found.case, MOST) if answerable(office, each, visit.now)]
    counts = await tx.cases.happened([each.id for each in alike])
    chosen, first = _chosen(visit, found), visit.request.method == "GET"
    return [
        Other(each, chosen.get(each.code, counts[each.id]), first or each.code in chosen) for each in alike
    ]


def _chosen(visit: Visit, found: Folder) -> dict[str, int]:
    """Return the codes that were ticked, with the case of the page itself; nonsense is left out."""
    written = {found.case.code: visit.form.get("version", "")} | {
        name.removeprefix(WITH): value for name, value in visit.form.items() if name.startswith(WITH)
    }
    return {
        code: int(version)
        for code, version in written.items()
        if codes.read(code) == code and version.isdecimal() and len(version) < 9
    }


def _page(
    visit: Visit,
    found: Folder,
    others: list[Other],
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> web.Response:
    return visit.show(
        "together.html", status, **folder.values(visit, found), others=others, errors=errors or {}
    )


async def _preview(
    visit: Visit, tx: Tx, found: Folder, others: Sequence[Other], status: int = 200
) -> web.Response:
    library, text = visit.desk.library, visit.form["text"]
    warned = await warnings.of(tx, library, found.case, found.happenings, text)
    for each in others:
        warned += warnings.check(library, each.case, (), text, ())
    pieces = fit(cases.answer_as_seen(library, found.case, text), found.case.address.channel)
    shown = {"others": others, "pieces": pieces, "warned": _once(warned)}
    errors = {"override": "mistake.override.empty"} if status == 422 else {}
    return visit.show("together_preview.html", status, **folder.values(visit, found), **shown, errors=errors)


def _once(warned: Sequence[Warned]) -> list[Warned]:
    return list(dict.fromkeys(warned))


def _leaves_unsaid(visit: Visit, found: Folder) -> bool:
    proposes = way(found.library.office, found.case, "answer") == "propose"
    return not proposes and forms.leaves_unsaid(visit.form)
