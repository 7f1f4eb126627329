"""Occupation codes of the national catalogue (职业分类大典).

Source: the 2022 catalogue; code d-dd-dd-dd: major class 1 to 8, then three pairs. Older catalogues use the
same shape with other meanings, so a code is only meaningful together with its catalogue year.
"""

import re

from competition.rules.identity import half_width
from competition.rules.sentences import Sentence, sentence

_DASH_TWINS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def normalise_occupation_code(text: str) -> str:
    """The code as it is stored: half-width, ordinary hyphens, no blanks. Checks nothing."""
    return "".join(half_width(text).translate(_DASH_TWINS).split())


def occupation_code_problem(text: str) -> Sentence | None:
    """What is wrong with an occupation code, or None. Whether the catalogue lists it is another question."""
    code = normalise_occupation_code(text)
    if not code:
        return sentence(
            "The occupation code is missing. Enter it as in the catalogue, for example 6-18-02-04."
        )
    if re.fullmatch(r"[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}", code):
        return None
    if re.fullmatch(r"[1-8][0-9]{6}", code):
        return sentence(
            "The occupation code lacks its hyphens. Write it as %(code)s.",
            code=f"{code[0]}-{code[1:3]}-{code[3:5]}-{code[5:]}",
        )
    return sentence(
        "An occupation code is one digit from 1 to 8 and three pairs of digits, joined by hyphens, "
        "for example 6-18-02-04. Look it up in the occupation catalogue."
    )
