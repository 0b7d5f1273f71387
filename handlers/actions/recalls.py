"""An answer was wrong, or the law has changed: those who were given the old one are told, each once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from textwrap import shorten

from faq.entries import Entry
from feedback.messages import Address, Outgoing, Urgency
from feedback.vietnamese import fold
from handlers.actions.answers import Reader
from handlers.library import Library
from storage.received import WITHDRAWN, Given, Recall, Version
from storage.store import Tx

MOST_DAYS = 180  # as long as it is known who was given what
LONGEST_REASON = 500  # characters
LONGEST_OLD = 700
AT_ONCE = 100  # persons told in one transaction
DONE, CHANGED = "done", "changed"


@dataclass(frozen=True, slots=True)
class Old:
    """A version that is still in people's hands: what it said, how many have it, what they will read."""

    version: str
    text: str
    persons: int
    message: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recall would do now. `channels` counts the persons of each."""

    recall: Recall
    question: str
    channels: Counter[str]
    olds: tuple[Old, ...]

    @property
    def persons(self) -> int:
        return self.channels.total()


async def plan(tx: Tx, library: Library, entry: str, days: int, reason: str, by: str) -> Recall:
    """Say what would be told now, and to whom; nothing is kept."""
    off, since = await tx.questions.switched_off(), tx.now - timedelta(days=days)
    holds = _holds(library, entry, tx, off)
    answer, version = (holds.id, holds.version) if holds else (entry, WITHDRAWN)
    return Recall(tx.new_id(), entry, answer, version, since, reason, by, tx.now)


async def preview(tx: Tx, library: Library, recall: Recall) -> Preview:
    texts = await tx.received.texts(recall.entry)
    channels: Counter[str] = Counter()
    persons: Counter[str] = Counter()
    for version, channel, n in await tx.received.counts(recall):
        channels[channel] += n
        persons[version] += n
    olds = tuple(
        Old(version, _old(texts, version), n, _said(library, recall, _sample(recall, version), texts))
        for version, n in persons.most_common()
    )
    return Preview(recall, _question(library, recall, texts), channels, olds)


def order(tx: Tx, recall: Recall) -> None:
    """From now on the clock has them told."""
    tx.received.order(recall)


async def tell(tx: Tx, library: Library, recall: Recall) -> None:
    """Tell the next ones; whoever is told has the right answer from this transaction on.

    What was ordered is what was previewed: if another text holds by now, the rest is for a new recall.
    """
    off = await tx.questions.switched_off()
    holds = _holds(library, recall.entry, tx, off)
    if (holds.version if holds else WITHDRAWN) != recall.version:
        tx.received.end(recall, CHANGED)
        return
    owed = await tx.received.owed(recall, AT_ONCE)
    texts = await tx.received.texts(recall.entry)
    for given in owed:
        message = Outgoing(_said(library, recall, given, texts))
        tx.outbox.put(Address(*given.lane.split(":", 2)), message, urgency=Urgency.BULK)
        tx.received.keep(given.lane, recall.answer, recall.version, given.language)
    tx.received.told(recall, len(owed))
    if len(owed) < AT_ONCE:
        tx.received.end(recall, DONE)


def resting_on(library: Library, document: str) -> list[Entry]:
    """Return the answers that rest on a document, by its key or its number. Raises LookupError."""
    wanted, documents = fold(document), library.knowledge.documents.values()
    keys = {each.key for each in documents if wanted in (fold(each.key), fold(each.number))}
    if not keys:
        raise LookupError(document)
    entries = library.knowledge.entries.values()
    return [entry for entry in entries if keys & {source.doc for source in entry.sources}]


def missing_texts(library: Library, known: Iterable[tuple[str, str]]) -> list[Version]:
    """Return what the answers say in versions that nobody has kept yet."""
    kept = set(known)
    return [
        Version(entry.id, entry.version, entry.question, entry.answer)
        for entry in library.knowledge.entries.values()
        if (entry.id, entry.version) not in kept
    ]


def _holds(library: Library, entry_id: str, tx: Tx, off: frozenset[str]) -> Entry | None:
    """Return what is the answer today: the entry itself, or the one that replaces it."""
    day, entry = library.office.today(tx.now), library.knowledge.entries.get(entry_id)
    if entry is None:
        return None
    following = library.knowledge.successor(entry, day)
    found = [each for each in (entry, following) if each and each.usable(day) and each.id not in off]
    return found[0] if found else None


def _said(library: Library, recall: Recall, given: Given, texts: dict[str, Version]) -> str:
    say, language = library.phrases.say, given.language
    reason = say(language, "recall.reason", reason=recall.reason) if recall.reason else ""
    about = say(
        language,
        "recall.withdrawn" if recall.version == WITHDRAWN else "recall.corrected",
        day=library.phrases.day(language, given.at),
        question=_question(library, recall, texts),
    )
    old = say(language, "recall.old", text=_old(texts, given.version)) if given.version in texts else ""
    return "\n\n".join(filter(None, [about, reason, old, _new(library, recall, language)]))


def _new(library: Library, recall: Recall, language: str) -> str:
    if recall.version == WITHDRAWN:
        return library.phrases.say(language, "recall.nothing")
    reader = Reader(library, language, library.office.today(recall.at))
    text = reader.corrected(library.knowledge.entries[recall.answer])
    return library.phrases.say(language, "recall.new", text=text)


def _question(library: Library, recall: Recall, texts: dict[str, Version]) -> str:
    entry = library.knowledge.entries.get(recall.entry)
    kept = list(texts.values())
    return entry.question if entry else kept[-1].question if kept else recall.entry


def _old(texts: dict[str, Version], version: str) -> str:
    return shorten(texts[version].answer, LONGEST_OLD, placeholder=" …") if version in texts else ""


def _sample(recall: Recall, version: str) -> Given:
    """Stand in for whoever has this version: each is told their own day, in their own language."""
    return Given("", recall.entry, version, "vi", recall.at)
