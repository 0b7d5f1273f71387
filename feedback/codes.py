"""The code by which a citizen finds a case again: nine random characters and a check character.

It shows a status and never a text, so 31^9 (44 bits) with limited guesses is enough.
"""

ALPHABET = "023456789ABCDEFGHJKMNPQRSTVWXYZ"  # 31, a prime; no 1, I, L, O or U
BODY = 9
SPACE = len(ALPHABET) ** BODY


def make(number: int) -> str:
    """Write a number below SPACE as a code such as «7K3F9-Q2M4R»."""
    values = []
    for _ in range(BODY):
        number, value = divmod(number, len(ALPHABET))
        values.append(value)
    values.append(-_weighted(values) * _INVERSE_OF_LAST % len(ALPHABET))
    letters = "".join(ALPHABET[value] for value in values)
    return f"{letters[:5]}-{letters[5:]}"


def read(text: str) -> str | None:
    """Return the code as it was issued, or None if a character is wrong, missing or swapped.

    Weights 1…10 modulo a prime find every single wrong character and every swap of two.
    """
    letters = "".join(text.upper().split()).replace("-", "").replace("O", "0")
    if len(letters) != BODY + 1 or any(letter not in ALPHABET for letter in letters):
        return None
    if _weighted([ALPHABET.index(letter) for letter in letters]) % len(ALPHABET):
        return None
    return f"{letters[:5]}-{letters[5:]}"


def find(text: str) -> str | None:
    """Return the first code in a sentence: «mã của tôi là 7K3F9-Q2M4R». A word of letters only is no code."""
    for word in text.replace(",", " ").replace(".", " ").split():
        if (code := read(word)) and any(letter in "-0123456789" for letter in word):
            return code
    return None


def _weighted(values: list[int]) -> int:
    return sum(weight * value for weight, value in enumerate(values, start=1))


_INVERSE_OF_LAST = pow(BODY + 1, -1, len(ALPHABET))
