"""Telex and VNI that were left in a text, for every syllable that Vietnamese has."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.keystrokes import is_syllable, is_writable, new_placed, without_keystrokes

BEFORE_ALL = "b c ch d đ g gi h kh l m n nh ng ph r s t th tr v x"
INITIALS = {  # initials, and the rimes that stand after them
    f" {BEFORE_ALL}": (
        "a ai ao au ay ac am an ang anh ach ap at ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
        "o oc oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
        "u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt "
        "ư ưa ưc ưi ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu"
    ),
    " b ch d đ gh h kh k l m n nh ngh ph r s t th tr v x": (
        "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu"
    ),
    "b ch d đ gh h kh k l m n nh ngh ph r s t th tr v x": "ia iêc iêm iên iêng iêp iêt iêu",
    " ch d đ g h kh l n nh ng r s t th tr v x": (
        "oa oac oach oai oan oang oanh oao oat oay oăc oăm oăn oăng oăt oe oen oeo oet "
        "uân uâng uât uây uê uêch uênh uơ uy uych uyên uyêt uynh uyt uya uyu"
    ),
    "qu": (
        "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân ât ây âu e en eo et ê ên êt êch ênh "
        "i it ơ ơi ơn y ych yên yêt ynh yt"
    ),
    "g": "i im in ip it",
    "gi": "e eo êc êm êng êt",
    "": "y yêm yên yêng yêt yêu",
}
TONES = {"ngang": "", "huyền": "\u0300", "hỏi": "\u0309", "ngã": "\u0303", "sắc": "\u0301", "nặng": "\u0323"}
STOPPED = ("c", "ch", "p", "t")  # before these only sắc and nặng are said
VOWELS = "aăâeêioôơuưy"
MARKED = "ăâêôơư"
TWO_PLACES = ("oa", "oe", "uy")


class Syllable(NamedTuple):
    initial: str
    rime: str  # without its tone
    tone: str

    def written(self, *, taught: bool = False) -> str:
        """Place the tone on the marked letter, else by what follows: «hòa», as it is taught «hoà»."""
        nucleus = [i for i, letter in enumerate(self.rime) if letter in VOWELS]
        marked = [i for i in nucleus if self.rime[i] in MARKED]
        closed = self.rime[-1] not in VOWELS
        if marked:
            place = marked[-1]
        elif len(nucleus) == 1 or closed:
            place = nucleus[-1]
        elif len(nucleus) == 3 or (taught and self.rime in TWO_PLACES):
            place = nucleus[1]
        else:
            place = nucleus[0]
        rime = self.rime[: place + 1] + TONES[self.tone] + self.rime[place + 1 :]
        return unicodedata.normalize("NFC", self.initial + rime)

    @property
    def coda(self) -> str:
        return self.rime.lstrip(VOWELS)


def bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text).replace("đ", "d")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def syllables() -> Iterator[Syllable]:
    for initials, rimes in INITIALS.items():
        for initial in initials.split(" "):
            for rime in dict.fromkeys(rimes.split()):
                if not _is_spelled(initial, rime):
                    continue
                for tone in TONES:
                    syllable = Syllable(initial, rime, tone)
                    if syllable.coda not in STOPPED or tone in ("sắc", "nặng"):
                        yield syllable


def _is_spelled(initial: str, rime: str) -> bool:
    """«c» and «k» share the vowels; no «gi» before «i»."""
    return not (initial == "c" and rime[0] in "eêiy")


SYLLABLES = list(syllables())

TELEX = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
TELEX |= dict(zip(TONES, ("", "f", "r", "x", "s", "j"), strict=True))
VNI = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
VNI |= dict(zip(TONES, ("", "2", "3", "4", "1", "5"), strict=True))
Keys = dict[str, str]


def typed(text: str, keys: Keys) -> str:
    return "".join(keys.get(letter, letter) for letter in text)


def mark_of(rime: str, keys: Keys) -> str:
    """Return the key of its marked letters, which is the same for both of «ươ»."""
    return "".join({keys[letter][1] for letter in rime if letter in MARKED})


def in_order(it: Syllable, keys: Keys) -> str:
    """Each mark after its letter, the tone last: «dduwowngf»."""
    return typed(it.initial, keys) + typed(it.rime, keys) + keys[it.tone]


def tone_after_vowels(it: Syllable, keys: Keys) -> str:
    """«dduwowfng»."""
    vowels = it.rime.removesuffix(it.coda)
    return typed(it.initial, keys) + typed(vowels, keys) + keys[it.tone] + it.coda


def mark_after_vowels(it: Syllable, keys: Keys) -> str:
    """One key for both letters: «dduowngf»."""
    vowels = it.rime.removesuffix(it.coda)
    mark = mark_of(it.rime, keys)
    return typed(it.initial, keys) + bare(vowels) + mark + it.coda + keys[it.tone]


def mark_then_tone(it: Syllable, keys: Keys) -> str:
    """«dduongwf»."""
    return typed(it.initial, keys) + bare(it.rime) + mark_of(it.rime, keys) + keys[it.tone]


def tone_then_mark(it: Syllable, keys: Keys) -> str:
    """«dduongfw»."""
    return typed(it.initial, keys) + bare(it.rime) + keys[it.tone] + mark_of(it.rime, keys)


def d_last(it: Syllable, keys: Keys) -> str:
    """«duwowngfd»."""
    initial, d = ("d", keys["đ"][1]) if it.initial == "đ" else (it.initial, "")
    return initial + typed(it.rime, keys) + keys[it.tone] + d


MARK_APART: tuple[Callable[[Syllable, Keys], str], ...] = (mark_after_vowels, mark_then_tone, tone_then_mark)
HABITS: tuple[Callable[[Syllable, Keys], str], ...] = (in_order, tone_after_vowels, d_last, *MARK_APART)


def is_a_habit(habit: Callable[[Syllable, Keys], str], it: Syllable, keys: Keys) -> bool:
    """Telex repeats a letter only after a consonant, and without a tone it may be another word: «data»."""
    if keys is VNI or habit not in MARK_APART or not set(it.rime) & set("âêô"):
        return True
    return habit is not mark_after_vowels and it.coda != "" and it.tone != "ngang"


def typings(keys: Keys) -> dict[str, str]:
    """Give what each typing is meant to be; no two syllables are typed alike."""
    found: dict[str, str] = {}
    for it in SYLLABLES:
        for habit in HABITS:
            if is_a_habit(habit, it, keys) and (keyed := habit(it, keys)) != it.written():
                assert found.setdefault(keyed, it.written()) == it.written()
    return found


def test_all_syllables_are_generated() -> None:
    written = {it.written() for it in SYLLABLES}
    assert len(written) == len(SYLLABLES) == 14_856
    assert {"nghiêng", "khuỷu", "quỳnh", "giếng", "gì", "thuở", "hòa", "thúy", "yểng", "đường"} <= written
    assert not [text for text in written if not is_syllable(bare(text))]


@pytest.mark.parametrize(
    ("keys", "count", "not_read"),
    [
        (TELEX, 34_986, {"boong", "xoong"}),  # words by themselves
        (VNI, 37_439, {vowel + key for vowel in "aeiouy" for key in "12345"} | {"e6", "o6", "o7", "u7"}),
    ],
    ids=["Telex", "VNI"],
)
def test_every_typing_of_every_syllable_is_read(keys: Keys, count: int, not_read: set[str]) -> None:
    tried = typings(keys)
    assert len(tried) == count
    assert {keyed for keyed, meant in tried.items() if without_keystrokes(keyed) != meant} == not_read


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khoong", "không"),
        ("dduwowcj", "được"),
        ("d9u7o7c5", "được"),
        ("nguwowif", "người"),
        ("nguowif", "người"),
        ("wng", "ưng"),
        ("thuowr", "thuở"),
        ("huuw", "hưu"),
        ("ruou75", "rượu"),
        ("quynhf", "quỳnh"),
        ("tienges", "tiếng"),
        ("hoaf", "hòa"),
        ("quys", "quý"),
        ("giof", "giò"),
        ("toanz", "toan"),
        ("toan0", "toan"),
    ],
)
def test_keystrokes_are_undone(typed: str, meant: str) -> None:
    assert without_keystrokes(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        *("nd178", "nq18", "tt03", "qh15", "g7", "a4", "154", "2026", "covid19", "u23", "5g", "h1n1", "x2"),
        *("email", "online", "website", "internet", "facebook", "zalo", "wifi", "login", "link", "video"),
        *(
            "google",
            "excel",
            "pdf",
            "sms",
            "app",
            "form",
            "file",
            "data",
            "boss",
            "miss",
            "vneid",
            "asean",
            "bhxh",
        ),
        *(
            "http",
            "https",
            "www",
            "vn",
            "com",
            "gov",
            "html",
            "sipas",
            "accsm",
            "ngx",
            "zzz",
            "w3",
            "dd",
            "d9",
        ),
        *("lương", "đường", "ươngf", "boong", "mooc", "quynh", "nha", "uy", "", "ñ", "日本", "🙂", "a\u0301"),
    ],
)
def test_what_is_no_keystroke_stays(word: str) -> None:
    assert without_keystrokes(word) == word


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters()) | st.text(alphabet="abcdeghiklmnopqrstuvxywzjf0123456789", max_size=9))
def test_any_word_is_a_syllable_afterwards_or_as_it_was(word: str) -> None:
    found = without_keystrokes(word)
    assert found == word or is_syllable(bare(found))
    assert without_keystrokes(found) == found


@pytest.mark.parametrize(
    "word", ["nghieng", "quyen", "quynh", "gi", "thuong", "uy", "khuya", "xoong", "yeng"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["xzq", "sowr", "dc", "bhxh", "ngx", "khoong", "lương", ""])
def test_not_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_both_placements_of_the_tone_are_one() -> None:
    tried = [it for it in SYLLABLES if it.written(taught=True) != it.written()]
    assert len(tried) == 270  # 18 initials × 3 rimes × 5 tones
    for it in tried:
        assert new_placed(it.written(taught=True)) == it.written()


def test_all_other_syllables_stay() -> None:
    assert [it.written() for it in SYLLABLES if new_placed(it.written()) != it.written()] == []


@pytest.mark.parametrize(
    "word", ["quý", "quỳ", "quỵ", "hoàn", "toán", "khoái", "huỳnh", "hòa", "của", "oa", ""]
)
def test_a_tone_that_has_one_place_only_stays(word: str) -> None:
    assert new_placed(word) == word


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters()) | st.text(alphabet="oòóỏõọaàáảãạeèéẻẽẹuùúủũụyỳýỷỹỵqht", max_size=6))
def test_a_tone_is_placed_once(word: str) -> None:
    assert new_placed(new_placed(word)) == new_placed(word)


def test_every_syllable_is_writable() -> None:
    assert [word for each in SYLLABLES if not is_writable(word := each.written())] == []


def test_before_a_stop_no_other_tone_is_writable() -> None:
    stopped = [each for each in SYLLABLES if each.coda in STOPPED]
    others = [each._replace(tone=tone).written() for each in stopped for tone in ("huyền", "hỏi", "ngã")]
    assert others
    assert not any(map(is_writable, others))


@pytest.mark.parametrize(("word", "writable"), [("viêc", False), ("viec", True), ("d9", True), ("", True)])
def test_what_is_typed_without_marks_is_writable(word: str, writable: bool) -> None:  # noqa: FBT001
    assert is_writable(word) == writable
