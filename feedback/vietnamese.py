"""Vietnamese letters: one spelling of each, and the same text without its marks."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_SPACES = re.compile(r"[ \t\r\f\v]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def tidy(text: str) -> str:
    """NFC, without control and invisible characters, with single spaces; line breaks stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def plain(text: str) -> str:
    """Lower case, NFC, words separated by single spaces: «Lương, 2026» → «lương 2026»."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).lower()).replace("_", " ").strip()


def fold(text: str) -> str:
    """`plain` without diacritics: «Đề nghị» → «de nghi»."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", plain(text)))
    return bare.replace("đ", "d")


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
