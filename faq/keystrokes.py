"""Telex and VNI keystrokes that were left in a text: «luowng» and «lu7o7ng» are «lương».

The keys are those of the two common input methods. A key may stand at the end of the word or right
after its letter. Only what then is a syllable is changed.
"""

import re
import unicodedata
from abc import ABC, abstractmethod

INITIAL = "(?:ngh|gh|k)(?=[eiy])|(?:ng|c)(?![eiy])|g(?![ey])|gi|nh|ch|kh|ph|qu|th|tr|[bdhlmnprstvx]"
RIME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|ech|em|en|eng|enh|eo|ep|et|eu|i|ia|ich|iec|iem|ien|ieng|"
    "iep|iet|ieu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oc|oe|oen|oeo|oet|oi|"
    "om|on|ong|op|ot|u|ua|uan|uang|uat|uay|uc|ue|uech|uenh|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|"
    "uot|uou|up|ut|uu|uy|uya|uych|uyen|uyet|uynh|uyt|uyu|y|ych|yem|yen|yeng|yet|yeu|ynh|yt"
)
SYLLABLE = re.compile(f"(?:{INITIAL})?(?:{RIME})|[bx]oong|mooc")  # «khoong» is «không»
ONSET = re.compile("(?:ngh|ng|nh|ch|gh|gi(?=[aeiouy])|kh|ph|qu|th|tr|dd|d9|[bcdghklmnprstvx])?")
NUCLEUS = "aăâeêioôơuưy"
THREE_VOWELS = ("oao", "oeo")
TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323", "z": ""}
VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323", "0": ""}
STOPS = ("c", "ch", "p", "t")
CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
OTHER_PLACE = re.compile(r"(?:(o)([àáảãạèéẻẽẹ])|(?<!q)(u)([ỳýỷỹỵ]))\Z")


def is_syllable(bare: str) -> bool:
    return SYLLABLE.fullmatch(bare) is not None


def is_writable(word: str) -> bool:
    """Whether its marks can stand so: before c, ch, p and t, sắc or nặng: «việc», never «viễc»."""
    apart = unicodedata.normalize("NFD", word)
    return word.isascii() or not apart.endswith(STOPS) or not {"\u0301", "\u0323"}.isdisjoint(apart)


def without_keystrokes(word: str) -> str:
    """Undo typing that was not converted; a word that is no such typing comes back as it is."""
    if not word.isascii() or word.isdigit() or is_syllable(word):
        return word
    onset = ONSET.match(word)
    start = onset.end() if onset else 0
    typed = _Vni(word[:start]) if any(key.isdigit() for key in word) else _Telex(word[:start])
    return typed.word() if all(map(typed.take, word[start:])) else word


def new_placed(word: str) -> str:
    """Place the tone as most keyboards do: «hoà» is «hòa», «thuý» is «thúy»."""
    found = OTHER_PLACE.search(word)
    if not found:
        return word
    first, second = filter(None, found.groups())
    apart = unicodedata.normalize("NFD", second)
    return word[: found.start()] + unicodedata.normalize("NFC", first + apart[1]) + apart[0]


class _Typed(ABC):
    """A syllable while its keys come in."""

    def __init__(self, onset: str) -> None:
        self.typed = onset
        self.onset = "đ" if onset in ("dd", "d9") else onset
        self.letters: list[str] = []
        self.tone: str | None = None
        self.unfinished = False  # a letter came a second time at the end, and no tone yet

    def take(self, key: str) -> bool:
        """Apply a key; False if no such syllable is typed so."""
        self.typed += key
        return self.applied(key)

    @abstractmethod
    def applied(self, key: str) -> bool: ...

    def word(self) -> str:
        rime = "".join(self.letters)
        rime = "uơ" if rime == "ươ" else rime  # nothing follows: «thuở»
        bare = "".join(map(_bare, self.onset + rime))
        return self.typed if self.unfinished or not is_syllable(bare) else self.onset + self._toned(rime)

    def struck(self) -> bool:
        self.onset = "đ"
        return True

    def circumflexed(self, only: str = "aeo") -> bool:
        return self._replaced({letter: mark for letter, mark in CIRCUMFLEX.items() if letter in only})

    def horned(self) -> bool:
        """Mark both letters of «uo», the first of «uu», else the last that can bear it."""
        text = "".join(self.letters)
        for plain, horned in (("uo", "ươ"), ("uu", "ưu")):
            if plain in text:
                self.letters[:] = text.replace(plain, horned)
                return True
        return self._replaced({"u": "ư", "o": "ơ"})

    def breved(self) -> bool:
        return self._replaced({"a": "ă"})

    def _replaced(self, marks: dict[str, str]) -> bool:
        """Mark the last letter that can bear it."""
        for place in reversed(range(len(self.letters))):
            if self.letters[place] in marks:
                self.letters[place] = marks[self.letters[place]]
                return True
        return False

    def _toned(self, rime: str) -> str:
        """Put the tone on the letter that bears it, as most keyboards do."""
        vowels = [i for i, letter in enumerate(rime) if letter in NUCLEUS]
        marked = [i for i in vowels if rime[i] in "ăâêôơư"]
        if not self.tone:
            return rime
        if marked:
            place = marked[-1]
        elif len(vowels) == 3 or (len(vowels) == 2 and vowels[-1] < len(rime) - 1):
            place = vowels[1]
        else:
            place = vowels[0]
        return unicodedata.normalize("NFC", rime[: place + 1] + self.tone + rime[place + 1 :])


class _Telex(_Typed):
    def applied(self, key: str) -> bool:
        if key in TELEX_TONES and self.letters:
            before, self.tone, self.unfinished = self.tone, TELEX_TONES[key], False
            return before != self.tone  # typed twice it is the letter: «boss»
        if key == "w":
            return self._hooked()
        if key == "d" and self.onset == "d" and self.letters:
            return self.struck()
        if key in CIRCUMFLEX and key in self.letters:
            if self.letters[-1] == key:
                return self.circumflexed(key)
            if "".join((*self.letters, key)) not in THREE_VOWELS:
                self.unfinished = self.tone is None
                return self.circumflexed(key)
        if self.tone is not None and key in NUCLEUS:
            return False
        self.letters.append(key)
        return True

    def _hooked(self) -> bool:
        """«w» is a horn, a breve, or «ư» by itself; after «ua» it is «ưa», but «quă»."""
        text = "".join(self.letters)
        if not text:
            self.letters.append("ư")
            return True
        if text.endswith("ua") and self.onset != "qu":
            self.letters[-2] = "ư"
            return True
        return self.breved() if "a" in text else self.horned()


class _Vni(_Typed):
    def applied(self, key: str) -> bool:
        marks = {"6": self.circumflexed, "7": self.horned, "8": self.breved}
        if key in VNI_TONES and self.letters and self.tone is None:
            self.tone = VNI_TONES[key]
        elif key in marks:
            return marks[key]()
        elif key == "9" and self.onset == "d":
            return self.struck()
        elif key.isdigit():
            return False
        else:
            self.letters.append(key)
        return True

    def word(self) -> str:
        return super().word() if len(self.typed) > 2 else self.typed  # «a4» is a size of paper


def _bare(letter: str) -> str:
    found = unicodedata.normalize("NFD", letter)[0]
    return "d" if found == "đ" else found
