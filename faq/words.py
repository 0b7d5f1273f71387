"""The office's dictionary: abbreviations, quick writing, dialect, frequent misspellings, and synonyms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from faq.files import Mistakes, Sheet, read
from faq.keystrokes import new_placed
from feedback.vietnamese import fold, plain

Text = Annotated[str, Field(min_length=1)]
Phrase = tuple[str, ...]
Concepts = frozenset[int]


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


@dataclass(frozen=True, slots=True)
class SynonymFile:
    """Each group is a list of words and phrases that people use for one thing."""

    synonyms: tuple[tuple[Text, ...], ...] = ()


class Words:
    """`sure` forms have one meaning; `unsure` ones may also stand for themselves."""

    def __init__(self, file: WordFile, synonyms: SynonymFile | None = None) -> None:
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
        self.sure: Mapping[Phrase, Phrase] = sure
        self.unsure: Mapping[Phrase, Phrase] = {
            form: means for form, means in unsure.items() if form not in sure
        }
        self.any: Mapping[Phrase, Phrase] = {**self.unsure, **self.sure}
        self.beginnings = beginnings(self.any)
        groups: defaultdict[Phrase, set[int]] = defaultdict(set)
        for number, group in enumerate(synonyms.synonyms if synonyms else ()):
            for text in group:
                groups[_phrase(text)].add(number)
        alike: defaultdict[Phrase, list[tuple[Phrase, Concepts]]] = defaultdict(list)
        for said, numbers in groups.items():
            alike[tuple(map(fold, said))].append((said, frozenset(numbers)))
        self._alike = dict(alike)
        self._alike_beginnings = beginnings(alike)
        self.groups = len(synonyms.synonyms) if synonyms else 0
        self.phrases = tuple(alike)

    def concepts(self, found: Sequence[str], bare: Sequence[str]) -> tuple[Concepts, ...]:
        """Tell for each word the groups of synonyms that it belongs to, alone or in a phrase.

        Marks that were typed must agree; a word without marks may be any of its writings.
        """
        out: list[Concepts] = [NONE] * len(found)
        for place, first in enumerate(bare):
            longest = min(self._alike_beginnings.get(first, 0), len(found) - place)
            for end in range(place + 1, place + longest + 1):
                for said, numbers in self._alike.get(tuple(bare[place:end]), ()):
                    if _agree(found[place:end], bare[place:end], said):
                        for i in range(place, end):
                            out[i] |= numbers
        return tuple(out)

    @classmethod
    def load(cls, folder: Path) -> "Words":
        sheet = read(folder / "abbreviations.yaml", WordFile)
        path = folder / "synonyms.yaml"
        alike = read(path, SynonymFile) if path.exists() else Sheet(path, SynonymFile())
        mistakes = sheet.mistakes + alike.mistakes
        if mistakes or sheet.value is None or alike.value is None:
            raise Mistakes(mistakes)
        return cls(sheet.value, alike.value)


NONE: Concepts = frozenset()


def beginnings(phrases: Iterable[Phrase]) -> dict[str, int]:
    """Tell for each word that begins a phrase how long the longest such phrase is."""
    longest: dict[str, int] = {}
    for phrase in filter(None, phrases):  # a form may have signs only: «&»
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return longest


def _agree(found: Sequence[str], bare: Sequence[str], said: Phrase) -> bool:
    return all(word in (letters, wanted) for word, letters, wanted in zip(found, bare, said, strict=True))


def _phrase(text: str) -> Phrase:
    return tuple(map(new_placed, plain(text).split()))
