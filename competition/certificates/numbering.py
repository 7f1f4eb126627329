"""The number printed on a certificate: competition-year-event-award-sequence-check, e.g. HA26-2026-WELD-FIRST-0001-K.

Source: docs/sources.md, the award certificates of domain §9.2 (`{org}-{year}-{event}-{award}-{seq}`), with one check character
(ISO/IEC 7064, MOD 37-2) over its letters and digits. The number alone opens nothing: it is public and can be guessed.
"""

import re
import unicodedata

from competition.rules.check_character import check_character, is_complete

_SHAPE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+){1,4}-[0-9]{4,}-[A-Z0-9]")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ー一"), "-")
_LONGEST = {"competition": 20, "event": 12, "award": 8}


def certificate_number(*, competition: str, year: int, event: str, award: str, sequence: int) -> str | None:
    """The number, or None for a sequence number whose check character would be "*": it is left out."""
    parts = [
        _letters(competition, "competition"),
        str(year),
        _letters(event, "event"),
        _letters(award, "award"),
        f"{sequence:04d}",
    ]
    number = "-".join(part for part in parts if part)
    check = check_character(number.replace("-", ""))
    return None if check == "*" else f"{number}-{check}"


def read_number(text: str) -> str | None:
    """The number somebody typed, in any width, case and kind of dash; None when it cannot be a number of ours."""
    number = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    number = re.sub(r"\s+", "", number)
    if not _SHAPE.fullmatch(number) or not is_complete(number.replace("-", "")):
        return None
    return number


def read_verification_id(text: str) -> str | None:
    """The twelve Crockford characters of an address, small letters and look-alikes forgiven; None when it is none."""
    cleaned = text.upper().replace("-", "").translate(str.maketrans("OIL", "011"))
    return cleaned if re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", cleaned) else None


def _letters(code: str, part: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", code).upper())[: _LONGEST[part]]
