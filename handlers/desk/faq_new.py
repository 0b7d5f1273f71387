"""A new answer for what people asked: it waits for verification before anybody gets it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from aiohttp import web

from faq import edit
from faq.entries import Confidence, Entry, Source
from faq.files import Mistakes
from feedback.masking import without_placeholders
from feedback.routing import Unit
from feedback.vietnamese import fold
from handlers.desk import faq_proof
from handlers.desk.faq_proof import Trial
from handlers.desk.faq_unanswered import ids, page, settle
from handlers.desk.visit import Visit
from handlers.library import Library
from handlers.names import Names

LONGEST = {"question": edit.LONGEST_WORDING, "answer": 3_000}  # characters; with sources, one message
MOST_ALTERNATES, SUGGESTED = 10, 5
FIELDS = ("question", "alternates", "answer", "group", "topic", "unit", "doc")  # as the form asks for them


async def form(visit: Visit) -> web.Response:
    """Begin from what was asked, or go on with what was written already."""
    return _form(visit, visit.form if "question" in visit.form else await _suggested(visit))


async def proof(visit: Visit) -> web.Response:
    """Show what the question will get when the answer is verified, and what else changes."""
    if errors := mistakes(visit.form, visit.desk.library):
        return _form(visit, visit.form, errors)
    try:
        return _proof(visit, await _attempt(visit))
    except (edit.NotEdited, Mistakes) as error:
        return _form(visit, visit.form, refusal=error)


async def save(visit: Visit) -> web.Response:
    """Write the answer into its group's file, to be verified there."""
    if errors := mistakes(visit.form, visit.desk.library):
        return _form(visit, visit.form, errors)
    try:
        trial = await _attempt(visit)
        if not trial.proof.helps and visit.form.get("sure") != "yes":
            return _proof(visit, trial, {"sure": "mistake.sure"})
        group, entry = visit.form["group"], _entry(visit.form)
        found = await asyncio.to_thread(edit.add_entry, visit.desk.faq, group, entry)
    except (edit.NotEdited, Mistakes) as error:
        return _form(visit, visit.form, refusal=error)
    await settle(visit, f"entry {found}")
    return await page(visit, "entry", entry=found)


def mistakes(filled: Mapping[str, str], library: Library) -> dict[str, str]:
    """Return the word for what is wrong, for each field where something is."""
    known = {
        "group": library.knowledge.groups,
        "topic": library.office.topics,
        "unit": [unit.code for unit in _units(library)],
        "doc": ["", *library.knowledge.documents],
    }
    wrong = {field for field, codes in known.items() if filled.get(field, "") not in codes}
    wrong |= {field for field, longest in LONGEST.items() if not _fits(filled.get(field, ""), longest)}
    wordings = filled.get("alternates", "").splitlines()
    if len(wordings) > MOST_ALTERNATES or any(len(each) > edit.LONGEST_WORDING for each in wordings):
        wrong.add("alternates")
    return {field: f"mistake.faq.{field}" for field in FIELDS if field in wrong}


def _fits(text: str, longest: int) -> bool:
    return bool(fold(text)) and len(text) <= longest


def _units(library: Library) -> list[Unit]:
    return Names(library.office).receiving(but="")


async def _suggested(visit: Visit) -> dict[str, str]:
    """Fill in what was asked, and where the nearest answer stands."""
    text, library = visit.form.get("text", ""), visit.desk.library
    async with visit.desk.store.look(visit.now) as tx:
        said = [each.text for each in await tx.questions.by_ids(ids(visit))]
    near = next((match.entry for match in library.index.rank(text)), None)
    group = near.id.partition("-")[0] if near else ""
    return visit.form | {
        "question": text,
        "alternates": "\n".join(_wordings(text, *map(without_placeholders, said))[:SUGGESTED]),
        "group": group,
        "topic": near.topic if near else "",
        "unit": near.unit if near else "",
    }


def _wordings(*texts: str) -> list[str]:
    """Each on one line and once, however it was typed."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(fold(text), " ".join(text.split()))
    return [wording for bare, wording in found.items() if bare]


def _entry(filled: Mapping[str, str]) -> Entry:
    """Its file gives it the next id of the group."""
    question, *alternates = _wordings(filled["question"], *filled.get("alternates", "").splitlines())
    doc = filled.get("doc", "")
    return Entry(
        id="",
        topic=filled["topic"],
        question=question,
        answer=filled["answer"],
        unit=filled["unit"],
        confidence=Confidence.KNOWLEDGE,
        alternates=tuple(alternates),
        sources=(Source(doc, filled.get("article", "")),) if doc else (),
        verify_before_use=True,
    )


async def _attempt(visit: Visit) -> Trial:
    """Try it as it will be when it is verified."""
    entry, group = _entry(visit.form), visit.form["group"]
    known = set(visit.desk.library.knowledge.entries)
    verified = replace(entry, id=edit.next_id(group, known), verify_before_use=False)
    change = partial(edit.add_entry, group=group, entry=entry)
    question = visit.form.get("text") or entry.question
    return await faq_proof.attempt(visit, change, question=question, entry=verified)


def _form(
    visit: Visit,
    filled: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    refusal: Exception | None = None,
) -> web.Response:
    library = visit.desk.library
    return visit.show(
        "faq_new.html",
        422 if errors or refusal else 200,
        filled=filled,
        errors=errors or {},
        reasons=faq_proof.reasons(refusal),
        groups=library.knowledge.groups.items(),
        topics=[(topic.code, topic.name) for topic in library.office.topics.values()],
        units=[(unit.code, unit.name) for unit in _units(library)],
        documents=[(doc.key, f"{doc.number}: {doc.title}") for doc in library.knowledge.documents.values()],
    )


def _proof(visit: Visit, trial: Trial, errors: Mapping[str, str] | None = None) -> web.Response:
    entry = replace(_entry(visit.form), id=trial.proof.entry)
    return visit.show(
        "faq_new_proof.html",
        422 if errors else 200,
        trial=trial,
        entry=entry,
        entries=visit.desk.library.knowledge.entries | {entry.id: entry},
        errors=errors or {},
        filled=visit.form,
    )
