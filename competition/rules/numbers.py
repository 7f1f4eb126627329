"""Exact numbers: how they are read, how they are rounded, how they are shown.

Source: docs/sources.md, domain §5.4 (two decimals, half-up, is the only published statement; digits, mode and the place of rounding
belong to the rule set). Inside the rules every number is an exact fraction, so that 1/3 + 1/3 + 1/3 is 1 and the
order of marks never matters. A number becomes a Decimal where a rounding is declared, and at the edge.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from competition.rules.sentences import Sentence, sentence

INTEGER_DIGITS = 9
DECIMAL_PLACES = 8
NUMBER_PATTERN = rf"^-?[0-9]{{1,{INTEGER_DIGITS}}}(\.[0-9]{{1,{DECIMAL_PLACES}}})?$"

_LARGEST = 10**INTEGER_DIGITS - 1
_SCALE = 10**DECIMAL_PLACES
_MOST_DIGITS = 60
_WRITTEN = re.compile(NUMBER_PATTERN.rstrip("$"))


class NumberRefused(ValueError):
    """What was given is not a number that marks can be counted with; `sentence` says why."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(str(reason))
        self.sentence = reason


class RoundingMode(StrEnum):
    """What happens to the digits that are cut off; `down` is towards zero, `up` is away from zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Rounding:
    """A declared rounding: so many decimal places, in this mode."""

    digits: int
    mode: RoundingMode = RoundingMode.HALF_UP


def as_typed(text: str) -> str:
    """８．５, 8。5 and 8,5 are all 8.5: what an input method types for a number, in half width."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").replace("，", ".").replace(",", ".").strip()


def read_number(raw: object) -> Fraction:
    """The exact value of a number as it stands in a document, a form or a database column.

    Accepts a whole number, a Decimal, a text such as "12.50", and a float through its shortest spelling (0.1 is one
    tenth). Raises NumberRefused for anything else: NaN, infinity, full-width digits, more than 9 digits before or
    8 after the decimal point.
    """
    if isinstance(raw, str):
        return _read_text(raw)
    if isinstance(raw, bool):
        raise NumberRefused(sentence("A number is expected here."))
    if isinstance(raw, int):
        return _within_limits(Fraction(raw) if -_LARGEST <= raw <= _LARGEST else None)
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    if isinstance(raw, Decimal):
        return _read_decimal(raw)
    if isinstance(raw, Fraction):
        return _within_limits(raw)
    raise NumberRefused(sentence("A number is expected here."))


def _read_text(raw: str) -> Fraction:
    if not _WRITTEN.fullmatch(raw):
        raise NumberRefused(
            sentence(
                "A number is written with the digits 0 to 9 and a point, at most %(before)s digits before the point"
                " and %(after)s after it.",
                before=INTEGER_DIGITS,
                after=DECIMAL_PLACES,
            )
        )
    return Fraction(raw)


def _read_decimal(raw: Decimal) -> Fraction:
    if not raw.is_finite():
        raise NumberRefused(sentence("Infinity and “not a number” cannot be used as a number here."))
    if not raw:
        return Fraction(0)
    if not -DECIMAL_PLACES <= raw.adjusted() < INTEGER_DIGITS or len(raw.as_tuple().digits) > _MOST_DIGITS:
        return _within_limits(None)
    return _within_limits(Fraction(raw))


def _within_limits(value: Fraction | None) -> Fraction:
    if value is None or abs(value) >= _LARGEST + 1 or _SCALE % value.denominator:
        raise NumberRefused(
            sentence(
                "The number has too many digits: at most %(before)s before the decimal point and %(after)s after it.",
                before=INTEGER_DIGITS,
                after=DECIMAL_PLACES,
            )
        )
    return value


def rounded(value: Fraction, rounding: Rounding) -> Fraction:
    """The value with so many decimal places, cut in the declared mode; exact integer arithmetic throughout."""
    scale = 10**rounding.digits
    if not scale % value.denominator:
        return value
    whole, rest = divmod(abs(value.numerator) * scale, value.denominator)
    if rest and _goes_up(whole, 2 * rest - value.denominator, rounding.mode):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, scale)


def _goes_up(whole: int, beyond_half: int, mode: RoundingMode) -> bool:
    if mode is RoundingMode.HALF_UP:
        return beyond_half >= 0
    if mode is RoundingMode.HALF_EVEN:
        return beyond_half > 0 or (beyond_half == 0 and whole % 2 == 1)
    return mode is RoundingMode.UP


def total_of(values: Sequence[Fraction]) -> Fraction:
    """The exact sum, with one common denominator instead of one per addition."""
    if len(values) == 1:
        return values[0]
    common = lcm(*(value.denominator for value in values))
    return Fraction(sum(value.numerator * (common // value.denominator) for value in values), common)


def mean_of(values: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean of one value or more."""
    return total_of(values) / len(values)


def median_of(values: Sequence[Fraction]) -> Fraction:
    """The middle of values in order, or the mean of the two in the middle."""
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def whole_number(value: Fraction, mode: RoundingMode) -> int:
    """How many people a share of people is, under a stated rounding."""
    return int(rounded(value, Rounding(0, mode)))


def as_decimal(value: Fraction, digits: int = DECIMAL_PLACES) -> Decimal:
    """The value at the edge: exact where it ends within `digits` places, otherwise rounded half-up to them."""
    cut = rounded(value, Rounding(digits))
    places = 0
    while 10**places % cut.denominator:
        places += 1
    return _scaled(cut.numerator * 10**places // cut.denominator, places)


def written(value: Fraction) -> str:
    """The value in full: a decimal number where it ends within 8 places, otherwise a fraction such as 7/3."""
    return str(value) if _SCALE % value.denominator else f"{as_decimal(value):f}"


def as_text(value: Decimal | None) -> str | None:
    """A Decimal as JSON carries it: its digits, never an exponent; None where there is none."""
    return None if value is None else f"{value:f}"


def fixed(value: Fraction, digits: int) -> Decimal:
    """The value with exactly so many places, half-up: for columns of figures that people read."""
    cut = rounded(value, Rounding(digits))
    return _scaled(cut.numerator * 10**digits // cut.denominator, digits)


def _scaled(whole: int, digits: int) -> Decimal:
    """The whole number with so many of its digits after the point, all of them, however many there are."""
    return Decimal(f"{whole}e-{digits}")


def spelled(value: Fraction) -> str:
    """The value inside a sentence: exact if it ends within six places, otherwise cut and marked as going on."""
    cut = rounded(value, Rounding(6, RoundingMode.DOWN))
    written = f"{as_decimal(cut, 6):f}"
    return written if cut == value else f"{written}…"
