"""What a sample without errors says about the sheets that nobody looked at.

Source: docs/sources.md, reliability (sampling audit): with 95 % confidence the share of wrong sheets lies below p when
n random sheets hold no error and n is at least ln 0.05 ÷ ln(1 − p): 59 sheets for 5 %, 299 for 1 %.
"""

from decimal import Decimal

FEW_SHEETS = 60
"""Up to so many sheets there is no reason to draw a sample: check them all."""

_DOUBT = 20  # one in twenty: 95 % confidence


def error_bound(checked: int) -> Decimal | None:
    """The smallest share of wrong sheets, in percent with one digit, that so many right ones rule out; None below 3 sheets.

    Reckoned in whole numbers: (1 − p)^n ≤ 1/20 for p in thousandths.
    """
    if checked < 3:
        return None
    low, high = 1, 1000
    while low < high:
        middle = (low + high) // 2
        if _DOUBT * (1000 - middle) ** checked <= 1000**checked:
            high = middle
        else:
            low = middle + 1
    return Decimal(low) / 10
