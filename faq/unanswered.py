"""What was asked and not answered: grouped, and the proof that a change helps before it is saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from faq.compare import Decision, Difference, compare, decision
from faq.entries import Entry, Knowledge
from faq.index import Index, Match
from faq.words import Words
from feedback.masking import without_placeholders
from feedback.vietnamese import plain

ALIKE = 0.36  # from here on average, two groups ask the same; measured on questions whose answer is known
NEAREST = 3  # entries that are named for each group
LIMIT = 50  # groups


class Asked(Protocol):
    """A question that was kept."""

    @property
    def id(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Comparing(Protocol):
    """What grouping needs of an index."""

    def rank(self, text: str) -> list[Match]: ...

    def similarities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Compare each text with each: n×n, from 0 to 1.

        Words that no entry has count too, for they are what is missing; of a long text only the part
        that tells most, for greetings are all alike.
        """
        ...


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """Questions that ask the same, the newest first. `wording` is the most central of them."""

    wording: str
    questions: tuple[Asked, ...]
    nearest: tuple[Match, ...]

    @property
    def count(self) -> int:
        return len(self.questions)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(each.id for each in self.questions)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Each way in which it was asked, once."""
        return tuple({plain(each.text): each.text for each in reversed(self.questions)}.values())[::-1]

    @property
    def last(self) -> datetime:
        return self.questions[0].at


@dataclass(frozen=True, slots=True)
class Proof:
    """What a change does to its question, and to which of the `tried` others it gives another answer."""

    entry: str
    question: str
    before: Decision
    after: Decision
    others: tuple[Difference, ...]
    tried: int

    @property
    def helps(self) -> bool:
        return self.after.kind == "answer" and self.after.first == self.entry


def groups(questions: Iterable[Asked], index: Comparing, limit: int = LIMIT) -> list[UnansweredGroup]:
    """Return the `limit` largest groups, of equal ones the latest first."""
    asked = sorted(questions, key=lambda each: (each.at, each.id), reverse=True)
    if not asked:
        return []
    texts = [without_placeholders(each.text) for each in asked]
    alike = index.similarities(texts)
    found = sorted(map(sorted, joined(alike, ALIKE)), key=lambda members: (-len(members), members[0]))
    return [_group(members, asked, texts, alike, index) for members in found[:limit]]


def joined(alike: NDArray[Any], least: float) -> list[list[int]]:
    """Join the two groups that are most alike, again and again, while that is at least `least` on average.

    Average linkage by chains of nearest neighbours: n² steps for n rows.
    """
    near = ((alike + alike.T) / 2).astype(np.float64)  # exactly symmetric, or a chain could go in circles
    np.fill_diagonal(near, -1)
    members = [[row] for row in range(len(near))]
    left, done = set(range(len(near))), []
    chain: list[int] = []
    while left:
        chain = chain or [min(left)]
        last = chain[-1]
        nearest = int(near[last].argmax())
        if near[last, nearest] < least:  # so it is with all whose nearest this one is
            done.append(members[last])
            left.remove(last)
            near[:, last] = -1
            chain.clear()
        elif len(chain) > 1 and near[last, chain[-2]] >= near[last, nearest]:
            one, other = chain.pop(), chain.pop()
            _join(near, members, one, other)
            left.remove(other)
        else:
            chain.append(nearest)
    return done


def with_wording(entry: Entry, wording: str) -> Entry:
    return replace(entry, alternates=(*entry.alternates, wording))


def proof(
    knowledge: Knowledge,
    words: Words,
    day: date,
    question: str,
    entry: Entry,
    others: Iterable[str] = (),
    *,
    old: Index | None = None,
) -> Proof:
    """Try an entry, as it would be saved, on the question that it is to answer.

    Tried besides are the wordings of the entries that come near to what is new in it, and `others`:
    the office's test questions and the latest real ones. `old` is the index of `knowledge`, if it is there.
    """
    old = old or Index(knowledge, words)
    new = Index(replace(knowledge, entries=knowledge.entries | {entry.id: entry}), words)
    known = knowledge.entries[entry.id].wordings() if entry.id in knowledge.entries else ()
    added = dict.fromkeys((question, *(wording for wording in entry.wordings() if wording not in known)))
    rivals = {match.entry.id: match.entry for wording in added for match in new.rank(wording)}
    tried = [wording for rival in rivals.values() if rival.id != entry.id for wording in rival.wordings()]
    tried = [each for each in dict.fromkeys((*tried, *others)) if each not in added]
    return Proof(
        entry=entry.id,
        question=question,
        before=decision(old, question, day),
        after=decision(new, question, day),
        others=tuple(compare(old, new, tried, day)),
        tried=len(tried),
    )


def _join(near: NDArray[np.float64], members: list[list[int]], one: int, other: int) -> None:
    """Take the other's members over, and the average of both."""
    share = len(members[one]) / (len(members[one]) + len(members[other]))
    near[one] = near[:, one] = share * near[one] + (1 - share) * near[other]
    near[one, one] = near[other] = near[:, other] = -1
    members[one] += members[other]


def _group(
    members: list[int],
    asked: Sequence[Asked],
    texts: Sequence[str],
    alike: NDArray[np.float32],
    index: Comparing,
) -> UnansweredGroup:
    central = members[int(alike[np.ix_(members, members)].sum(axis=1).argmax())]
    nearest = tuple(index.rank(texts[central])[:NEAREST])
    return UnansweredGroup(
        texts[central] or asked[central].text, tuple(asked[each] for each in members), nearest
    )
