"""One check character for a number made of digits and capital letters.

Source: ISO/IEC 7064, MOD 37-2 (a pure system: radix 2, modulus 37). It finds every single wrong character and every
swap of two neighbours, which are the mistakes people make when they copy a number from paper. The check character may
be "*".
"""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MODULUS = 37


def check_character(text: str) -> str:
    """The character that completes a text of digits and capital letters. ValueError for any other character."""
    return ALPHABET[(1 - 2 * _sum(text)) % _MODULUS]


def is_complete(text: str) -> bool:
    """Whether the last character of the text is the check character of what stands before it."""
    return len(text) > 1 and all(c in _VALUES for c in text) and "*" not in text[:-1] and _sum(text) == 1


def _sum(text: str) -> int:
    total = 0
    for character in text:
        if character not in _VALUES:
            raise ValueError(f"{character!r} is neither a digit nor a capital letter")
        total = (2 * total + _VALUES[character]) % _MODULUS
    return total
