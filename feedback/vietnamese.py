"""Vietnamese letters: one spelling of each, and the same text without its marks."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps

REMEMBERED, LONGEST_REMEMBERED = 2**16, 16  # words; characters of one

_MARKS = re.compile("[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[\W_]+")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TOGETHER = re.compile(f"[{_TONES}\u0302\u0306\u031b]{{2,}}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def composed(text: str) -> str:
    """NFC, also where a keyboard put the tone before the mark of the letter: «ẽ̂» is «ễ»."""
    if unicodedata.is_normalized("NFC", text) and not _MARKS.search(text):
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _TOGETHER.sub(_tones_last, apart))


def tidy(text: str) -> str:
    """`composed`, without control and invisible characters, with single spaces; line breaks stay."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACES.sub(" ", composed(text)).strip()


def plain(text: str) -> str:
    """Lower case, NFC, words separated by single spaces: «Lương, 2026» → «lương 2026»."""
    return _NOT_WORD.sub(" ", composed(text).lower()).strip()


def fold(text: str) -> str:
    """`plain` without diacritics: «Đề nghị» → «de nghi»."""
    return _bare(plain(text))


def remembered(read: Callable[[str], str]) -> Callable[[str], str]:
    """Remember what becomes of a word; a long one is no word of the language and would only fill memory."""
    known = lru_cache(maxsize=REMEMBERED)(read)

    @wraps(read)
    def reading(word: str) -> str:
        return known(word) if len(word) <= LONGEST_REMEMBERED else read(word)

    return reading


@remembered
def bare(word: str) -> str:
    """`fold` for one word that is `plain` already."""
    return word if word.isascii() else _bare(word)


def contains(words: str, phrase: str) -> bool:
    """Whether the phrase stands in the words at word boundaries; both are `plain` or both folded."""
    return f" {phrase} " in f" {words} "


def says(text: str, phrase: str) -> bool:
    """Whether a person wrote the phrase, with its diacritics or with none at all.

    Typed diacritics must agree: «lượng» does not say «lương», «luong» says both.
    """
    words = plain(text)
    if contains(words, plain(phrase)):
        return True
    folded = fold(text)
    return words == folded and contains(folded, fold(phrase))


def sound(text: str) -> str:
    """Return the text without what no database takes: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _bare(words: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFD", words)).replace("đ", "d")


def _tones_last(marks: re.Match[str]) -> str:
    return "".join(sorted(marks.group(), key=_TONES.__contains__))
