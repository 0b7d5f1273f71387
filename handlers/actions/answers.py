"""An approved answer as a citizen reads it: the question as understood, the answer, what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from faq.entries import Document, Entry
from handlers.library import Library


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom an answer is written: in which language, on which day."""

    library: Library
    language: str
    day: date

    def read(self, entry: Entry) -> str:
        parts = [self._understood(entry), self._approved(entry), "\n".join(self._grounds(entry))]
        return "\n\n".join(parts)

    def corrected(self, entry: Entry) -> str:
        """Return what holds, and what it rests on."""
        return "\n\n".join([self._approved(entry), "\n".join(self._grounds(entry))])

    def label(self, entry: Entry) -> str:
        """Return the question for a list to choose from; «(Doanh nghiệp)» if it is not for everybody."""
        if not entry.audience:
            return entry.question
        return self._say("answer.label", question=entry.question, audience=self._audience(entry))

    def _understood(self, entry: Entry) -> str:
        key = "answer.understood" if entry.verdict is None else "answer.understood_claim"
        return self._say(key, question=entry.question)

    def _approved(self, entry: Entry) -> str:
        if entry.verdict is None:
            return entry.answer
        return f"{self._say(f'answer.rumour_{entry.verdict}')}\n{entry.answer}"

    def _grounds(self, entry: Entry) -> Iterator[str]:
        """The legal source and its date, for whom and until when it holds, who is responsible."""
        lines = [self._source(document, article) for document, article in self._sources(entry)]
        if lines:
            yield self._say("answer.sources", sources="\n".join(f"• {line}" for line in lines))
        if entry.audience:
            yield self._say("answer.audience", audience=self._audience(entry))
        yield self._say("answer.unit", unit=self.library.office.unit(entry.unit).name)
        yield from self._changes(entry)

    def _changes(self, entry: Entry) -> Iterator[str]:
        knowledge = self.library.knowledge
        if since := knowledge.changed_lately(entry, self.day):
            yield self._say("answer.changed", date=_written(since))
        if change := knowledge.changes_soon(entry, self.day):
            yield self._say("answer.changes_soon", date=_written(change))
            following = knowledge.successor(entry, change)
            for document, _ in self._sources(following)[:1] if following else ():
                yield self._say("answer.changes_to", source=self._source(document, ""))

    def _source(self, document: Document, article: str) -> str:
        key = "answer.source_article" if article else "answer.source"
        text = self._say(key, title=document.title, number=document.number, article=article)
        for key, day in (("effective", document.effective), ("expired", document.expired)):
            if day:
                text = self._say(f"answer.source_{key}", source=text, date="/".join(reversed(day.split("-"))))
        return text

    def _sources(self, entry: Entry) -> tuple[tuple[Document, str], ...]:
        return self.library.knowledge.sources(entry)

    def _audience(self, entry: Entry) -> str:
        return ", ".join(self._say(f"button.sender.{who}") for who in entry.audience)

    def _say(self, key: str, **values: object) -> str:
        return self.library.phrases.say(self.language, key, **values)


def _written(day: date) -> str:
    return f"{day:%d/%m/%Y}"
