"""From what people type to plain words, one small step after the other.

The same steps make the index and the question, so that both end up alike. A form with several
meanings is read twice: as it stands, and as its likeliest meaning.
"""

import re
from collections.abc import Callable, Mapping

from faq.keystrokes import is_syllable, new_placed, without_keystrokes
from faq.words import Phrase, Words, beginnings
from feedback.vietnamese import fold, plain

LONGEST_READING = 28  # words, with all abbreviations written out
STRETCHED = re.compile(r"([^\W\d])\1{2,}")
NUMBER_MARK = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")
POLITE = """
    ạ | à | ơi | nhé | nha | nhỉ | vậy | dạ | vâng | ad | admin | với ạ | thế ạ | mọi người | làm ơn
    bot ơi | chào bot | cảm ơn bot | bot nha | bot nhé | vậy ad | vậy ạ | vậy ta | ad ơi | ạ ad
    bạn ơi | các bạn ơi | em ơi | anh chị ơi | xin chào | chào | chào bạn | cảm ơn | cám ơn | xin cảm ơn
    cho hỏi | xin hỏi | cho tôi hỏi | cho em hỏi | cho mình hỏi | cho con hỏi | cho cháu hỏi
    tôi muốn hỏi | em muốn hỏi | mình muốn hỏi | tôi muốn biết | cho tôi biết | cho biết | xin cho biết
    giúp tôi | giúp em | giúp mình
"""
FILLERS = frozenset(tuple(part.split()) for line in POLITE.strip().splitlines() for part in line.split("|"))
BARE_FILLERS = frozenset(tuple(map(fold, filler)) for filler in FILLERS if len(filler) > 1)
FILLER_BEGINNINGS = beginnings((*FILLERS, *BARE_FILLERS))


def tokens(text: str, words: Words, two: Callable[[str], bool] = lambda _: False) -> list[str]:
    """Split into words in lower case, as if they had been typed with care; greetings are left out.

    What is `two` words without the space was not left by a keyboard: «hoso» is not «hố».
    """
    found = [unstretched(word) for word in plain(NUMBER_MARK.sub("", text)).split()]
    typed = [word if (word,) in words.any or two(word) else without_keystrokes(word) for word in found]
    return without_fillers([new_placed(word) for word in typed])


def readings(found: list[str], words: Words) -> list[list[str]]:
    """Write abbreviations and quick writing out in full; twice if a form is ambiguous."""
    first = replaced(found, words.sure, words)[:LONGEST_READING]
    second = replaced(found, words.any, words)[:LONGEST_READING]
    return [first] if first == second else [first, second]


def unstretched(word: str) -> str:
    """«đượcccc» is «được»."""
    return STRETCHED.sub(r"\1", word)


def replaced(found: list[str], meanings: Mapping[Phrase, Phrase], words: Words) -> list[str]:
    """Write forms out in full, the longest first."""
    without_marks = all(word.isascii() for word in found)
    out: list[str] = []
    place = 0
    while place < len(found):
        longest = min(words.beginnings.get(found[place], 0), len(found) - place)
        for size in range(longest, 0, -1):
            form = tuple(found[place : place + size])
            if form in meanings and not (size == 1 and without_marks and is_syllable(form[0])):
                out.extend(meanings[form])
                place += size
                break
        else:
            out.append(found[place])
            place += 1
    return out


def without_fillers(found: list[str]) -> list[str]:
    """Leave out greetings and polite words, unless nothing else is said."""
    while (left := _shorter(found)) and left != found:  # «cho ạ hỏi»: one may stand inside another
        found = left
    return found


def _shorter(found: list[str]) -> list[str]:
    fillers = BARE_FILLERS if all(word.isascii() for word in found) else FILLERS
    out: list[str] = []
    place = 0
    while place < len(found):
        longest = min(FILLER_BEGINNINGS.get(found[place], 0), len(found) - place)
        for size in range(longest, 0, -1):
            if tuple(found[place : place + size]) in fillers:
                place += size
                break
        else:
            out.append(found[place])
            place += 1
    return out
