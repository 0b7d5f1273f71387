"""The office's dictionary of abbreviations, quick writing, dialect and frequent misspellings."""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from faq.files import Mistakes, read
from feedback.vietnamese import fold, plain

Text = Annotated[str, Field(min_length=1)]
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    written: Text
    means: Text
    also_written: tuple[Text, ...] = ()
    other_meanings: tuple[Text, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Unmarked:
    """What a phrase typed without marks can be."""

    written: Text
    candidates: tuple[Text, ...]
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class WordFile:
    abbreviations: tuple[Term, ...] = ()
    teencode: tuple[Term, ...] = ()
    dialect: tuple[Term, ...] = ()
    misspellings: tuple[Term, ...] = ()
    without_marks: tuple[Unmarked, ...] = ()


class Words:
    """`sure` forms have one meaning; `unsure` ones may also stand for themselves."""

    def __init__(self, file: WordFile) -> None:
        sure: dict[Phrase, Phrase] = {}
        unsure: dict[Phrase, Phrase] = {}
        for term in file.abbreviations:
            for form in (term.written, *term.also_written):
                written = _phrase(form)
                into = unsure if term.ambiguous else sure
                into.setdefault(written, (*written, *_phrase(term.means)))
                if fold(form) != plain(form):
                    into.setdefault(_phrase(fold(form)), (*written, *_phrase(term.means)))
        for term in (*file.teencode, *file.dialect, *file.misspellings):
            (unsure if term.ambiguous else sure).setdefault(_phrase(term.written), _phrase(term.means))
        for phrase in file.without_marks:
            if not phrase.ambiguous and len(phrase.candidates) == 1:
                sure.setdefault(_phrase(phrase.written), _phrase(phrase.candidates[0]))
        self.sure = MappingProxyType(sure)
        self.unsure = MappingProxyType({form: means for form, means in unsure.items() if form not in sure})
        self.any = MappingProxyType({**self.unsure, **self.sure})
        self.longest = max((len(form) for form in self.any), default=1)

    @classmethod
    def load(cls, folder: Path) -> "Words":
        sheet = read(folder / "abbreviations.yaml", WordFile)
        if sheet.mistakes or sheet.value is None:
            raise Mistakes(sheet.mistakes)
        return cls(sheet.value)


def _phrase(text: str) -> Phrase:
    return tuple(plain(text).split())
