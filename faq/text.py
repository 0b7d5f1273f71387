"""From what people type to plain words, one small step after the other.

The same steps make the index and the question, so that both end up alike. A form with several
meanings is read twice: as it stands, and as its likeliest meaning.
"""

import re
from collections.abc import Mapping

from faq.words import Phrase, Words
from feedback.vietnamese import fold, plain, tidy

LONGEST = 1_000  # characters that are looked at
WHOLE = 16  # words; a longer sentence is looked at in windows, for the question may stand in a story
WINDOW = 12
STRIDE = 6
LONGEST_READING = 24  # words, with all abbreviations written out
INITIAL = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx]"
RIME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|ech|em|en|eng|enh|eo|ep|et|eu|i|ia|ich|iec|iem|ien|ieng|"
    "iep|iet|ieu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|"
    "ong|op|ot|u|ua|uan|uang|uat|uay|uc|ue|uech|uenh|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|"
    "uu|uy|uya|uych|uyen|uyet|uynh|uyt|y|yem|yen|yet|yeu"
)
SYLLABLE = re.compile(f"(?:{INITIAL})?(?:{RIME})")
STRETCHED = re.compile(r"([^\W\d])\1{2,}")
SENTENCE_END = re.compile(r"[.?!…\n;]+(?:\s|$)")
NUMBER_MARK = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")
LETTERS = {"aa": "a", "ee": "e", "oo": "o", "dd": "d", "w": ""}
POLITE = """
    ạ | à | ơi | nhé | nha | nhỉ | vậy | dạ | vâng | ad | admin | với ạ | thế ạ | mọi người | làm ơn
    xin chào | chào | cảm ơn | cám ơn | xin cảm ơn | cho hỏi | xin hỏi | cho tôi hỏi | cho em hỏi
    cho mình hỏi | cho con hỏi | cho cháu hỏi | tôi muốn hỏi | em muốn hỏi | mình muốn hỏi | tôi muốn biết
    cho tôi biết | cho biết | xin cho biết | giúp tôi | giúp em | giúp mình
"""
FILLERS = frozenset(tuple(part.split()) for line in POLITE.strip().splitlines() for part in line.split("|"))
BARE_FILLERS = frozenset(tuple(map(fold, filler)) for filler in FILLERS if len(filler) > 1)
LONGEST_FILLER = max(map(len, FILLERS))


def is_syllable(bare: str) -> bool:
    return SYLLABLE.fullmatch(bare) is not None


def windows(text: str) -> list[str]:
    """Cut into sentences, and long ones into pieces that overlap."""
    found: list[str] = []
    for sentence in SENTENCE_END.split(tidy(text[: 2 * LONGEST])[:LONGEST]):
        words = sentence.split()
        if len(words) <= WHOLE:
            found.append(sentence)
        else:
            found += [" ".join(words[i : i + WINDOW]) for i in range(0, len(words) - STRIDE, STRIDE)]
    return [window for window in found if window]


def readings(text: str, words: Words) -> list[list[str]]:
    """Read the words of a text, with the marks that were typed; twice if a form is ambiguous."""
    found = unstretched(plain(NUMBER_MARK.sub("", text)).split())
    found = without_fillers([without_keystrokes(word) for word in found])
    first = replaced(found, words.sure, words.longest)[:LONGEST_READING]
    second = replaced(found, words.any, words.longest)[:LONGEST_READING]
    return [first] if first == second else [first, second]


def unstretched(found: list[str]) -> list[str]:
    """«đượcccc» is «được»."""
    return [STRETCHED.sub(r"\1", word) for word in found]


def without_keystrokes(word: str) -> str:
    """Undo Telex or VNI typing that was not converted: «luowng», «lu7o7ng» are «luong»."""
    if not word.isascii() or is_syllable(word) or word.isdigit():
        return word
    if any(letter.isdigit() for letter in word):
        letters = re.sub(r"\d", "", word)
        return letters if len(letters) > 1 and is_syllable(letters) and not word[-2:].isdigit() else word
    bare = word
    for keys, letter in LETTERS.items():
        bare = bare.replace(keys, letter)
    for guess in (bare, re.sub(r"[sfrxj]$", "", bare), re.sub(r"(?<=[aeiouy])[sfrxj]", "", bare)):
        if is_syllable(guess):
            return guess
    return word


def replaced(found: list[str], meanings: Mapping[Phrase, Phrase], longest: int) -> list[str]:
    """Write forms out in full, the longest first."""
    without_marks = all(word.isascii() for word in found)
    out: list[str] = []
    place = 0
    while place < len(found):
        for size in range(min(longest, len(found) - place), 0, -1):
            form = tuple(found[place : place + size])
            if form in meanings and not (size == 1 and without_marks and is_syllable(form[0])):
                out.extend(meanings[form])
                place += size
                break
        else:
            out.append(found[place])
            place += 1
    return out


def said_twice(found: list[str], words: Words) -> list[tuple[list[str], list[str]]]:
    """Undo the writing out of abbreviations: each form as it was typed, and its meaning if that follows."""
    out: list[tuple[list[str], list[str]]] = []
    place = 0
    while place < len(found):
        for size in range(min(words.longest, len(found) - place), 0, -1):
            form = tuple(found[place : place + size])
            end = place + len(words.any.get(form, ()))
            if end > place + size and words.any[form] == tuple(found[place:end]):
                out.append((found[place : place + size], found[place + size : end]))
                place = end
                break
        else:
            out.append((found[place : place + 1], []))
            place += 1
    return out


def without_fillers(found: list[str]) -> list[str]:
    """Leave out greetings and polite words, unless nothing else is said."""
    fillers = BARE_FILLERS if all(word.isascii() for word in found) else FILLERS
    out: list[str] = []
    place = 0
    while place < len(found):
        for size in range(min(LONGEST_FILLER, len(found) - place), 0, -1):
            if tuple(found[place : place + size]) in fillers:
                place += size
                break
        else:
            out.append(found[place])
            place += 1
    return out or found
