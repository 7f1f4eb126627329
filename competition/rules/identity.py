"""Numbers that identify people and organisations: are they well formed, and how may they be shown.

Sources: GB 11643 (resident ID number), GB 32100 (unified social credit code), GB/T 2260 (division codes).
Assumptions: a withdrawn area code in an ID number is not an error, because cards keep the code of their day;
other documents than the resident ID have no published check rule that we rely on, so only their shape is
checked. No sentence of this module repeats the number: sentences may reach a log, and these numbers are
personal data.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from competition.rules.sentences import Sentence, sentence

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK_CHARACTERS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# GB/T 2260 gives the country itself no number; 100000 is what the public map services use for it.
NATION = "100000"
PROVINCES = frozenset(
    f"{region}{number}"
    for region, numbers in enumerate(
        ("12345", "123", "1234567", "123456", "01234", "12345", "1", "12"), start=1
    )
    for number in numbers
)
_EARLIEST_BIRTH_YEAR = 1800
_DASHES = str.maketrans("", "", "-‐‑‒–—−")


class IdType(StrEnum):
    """The documents by which a person may be registered."""

    RESIDENT_ID = "resident_id"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"
    MILITARY_ID = "military_id"
    PASSPORT = "passport"

    @property
    def label(self) -> Sentence:
        """The document's name for a form or a list."""
        return _ID_TYPE_LABELS[self]


_ID_TYPE_LABELS = {
    IdType.RESIDENT_ID: sentence("Resident ID card"),
    IdType.HK_MACAO_PERMIT: sentence("Mainland travel permit for Hong Kong and Macao residents"),
    IdType.TAIWAN_PERMIT: sentence("Mainland travel permit for Taiwan residents"),
    IdType.FOREIGN_PERMANENT_RESIDENCE: sentence("Foreign permanent resident ID card"),
    IdType.MILITARY_ID: sentence("Military ID card"),
    IdType.PASSPORT: sentence("Passport"),
}


class Sex(StrEnum):
    """Sex as the resident ID number states it."""

    FEMALE = "female"
    MALE = "male"

    @property
    def label(self) -> Sentence:
        """The word for a form or a list."""
        return sentence("Female") if self is Sex.FEMALE else sentence("Male")


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as their ASCII twins; every other character stays as it is."""
    return "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)


def _compact(text: str) -> str:
    """Half-width, upper case, without blanks and without the invisible marks that copying drags along."""
    if text.isascii() and text.isalnum():
        return text.upper()  # nothing to take out: nearly every number of a long list
    kept = (c for c in half_width(text) if not c.isspace() and unicodedata.category(c) != "Cf")
    return "".join(kept).upper()


# --- resident ID number ---------------------------------------------------------------------------


def normalise_id_number(text: str) -> str:
    """The number as it is stored: half-width, upper-case X, no blanks or invisible marks. Checks nothing."""
    return _compact(text)


def id_check_character(first_17: str) -> str:
    """The 18th character that GB 11643 demands after 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, first_17, strict=True))
    return ID_CHECK_CHARACTERS[total % 11]


def id_number_problem(text: str, *, today: date | None = None) -> Sentence | None:
    """What is wrong with a resident ID number (GB 11643), or None.

    With `today`, a birth date after it is refused.
    """
    number = normalise_id_number(text)
    if not number:
        return sentence("The ID number is missing. Enter the 18 characters printed on the ID card.")
    if re.fullmatch(r"[0-9]{15}", number):
        return sentence(
            "This is a 15-digit ID number of the first generation, which is no longer valid. "
            "Enter the 18-character number of the present ID card."
        )
    if len(number) != 18:
        return sentence(
            "An ID number has 18 characters, this one has %(count)s. Compare it with the ID card.",
            count=len(number),
        )
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return sentence(
            "An ID number is 17 digits, not starting with 0, and a last character that is a digit or X. "
            "Compare it with the ID card."
        )
    birth = _date_in(number)
    if birth is None:
        return sentence(
            "Digits 7 to 14 of the ID number are the date of birth, and this date does not exist. "
            "Compare them with the ID card."
        )
    if today is not None and birth > today:
        return sentence(
            "Digits 7 to 14 of the ID number are the date of birth, and this date lies in the future. "
            "Compare them with the ID card."
        )
    if id_check_character(number[:17]) != number[17]:
        return sentence(
            "The last character of the ID number does not fit the others: "
            "a digit is mistyped or two are swapped. Compare it with the ID card."
        )
    return None


def _date_in(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= _EARLIEST_BIRTH_YEAR else None


def birth_date_of(id_number: str) -> date | None:
    """The date of birth a valid resident ID number carries; None when the number is not valid."""
    return None if id_number_problem(id_number) else _date_in(normalise_id_number(id_number))


def sex_of(id_number: str) -> Sex | None:
    """The sex a valid resident ID number carries (17th digit odd: male).

    None when the number is not valid.
    """
    if id_number_problem(id_number):
        return None
    return Sex.MALE if int(normalise_id_number(id_number)[16]) % 2 else Sex.FEMALE


def id_disagreements(id_number: str, *, birth_date: date | None, sex: Sex | None) -> tuple[Sentence, ...]:
    """Where typed fields contradict a valid resident ID number. Fields left open contradict nothing."""
    found = []
    born, carried_sex = birth_date_of(id_number), sex_of(id_number)
    if born and birth_date and born != birth_date:
        found.append(
            sentence(
                "The date of birth differs from the one in the ID number. "
                "Correct one of them, or leave the date of birth empty: it is then taken from the ID number."
            )
        )
    if carried_sex and sex and carried_sex is not sex:
        found.append(
            sentence(
                "The sex differs from the one in the ID number. "
                "Correct one of them, or leave the sex empty: it is then taken from the ID number."
            )
        )
    return tuple(found)


def mask_id_number(number: str) -> str:
    """The number as lists show it: first 3 and last 4 characters of a long one, less of a short one."""
    number = normalise_id_number(number)
    if len(number) >= 12:
        head, tail = 3, 4
    elif len(number) >= 6:
        head, tail = 1, 2
    else:
        head, tail = 0, 0
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


# --- other documents ------------------------------------------------------------------------------

_DOCUMENT_SHAPES = {
    # letter + 8 digits, older cards with 2 more for the issue
    IdType.HK_MACAO_PERMIT: r"[HM][0-9]{8}([0-9]{2})?",
    # 8 digits, older booklets 10 digits and an issue letter
    IdType.TAIWAN_PERMIT: r"[0-9]{8}|[0-9]{10}[A-Z]?",
    # 15 characters until 2023, 18 digits beginning with 9 since
    IdType.FOREIGN_PERMANENT_RESIDENCE: r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]",
    IdType.PASSPORT: r"[A-Z0-9]{5,20}",
}


def document_problem(id_type: IdType, text: str, *, today: date | None = None) -> Sentence | None:
    """What is wrong with the number of any accepted identity document, or None."""
    if id_type is IdType.RESIDENT_ID:
        return id_number_problem(text, today=today)
    number = normalise_id_number(text)
    if not number:
        return sentence("The document number is missing. Enter it as printed on the document.")
    if id_type is IdType.MILITARY_ID:
        fits = 5 <= len(number) <= 30 and all(c.isalnum() or c in "()-" for c in number)
    else:
        fits = re.fullmatch(_DOCUMENT_SHAPES[id_type], number) is not None
    if fits:
        return None
    return sentence(
        "This does not look like the number of the document “%(document)s”. "
        "Compare it with the document, or choose another document type.",
        document=id_type.label,
    )


# --- unified social credit code -------------------------------------------------------------------


def normalise_credit_code(text: str) -> str:
    """The code as it is stored: half-width, upper case, no blanks, no hyphens. Checks nothing."""
    return _compact(text).translate(_DASHES)


def credit_check_character(first_17: str) -> str:
    """The 18th character that GB 32100 demands after 17.

    Mod 31 twice, because 31 − 0 is no place in the alphabet.
    """
    total = sum(w * CREDIT_ALPHABET.index(c) for w, c in zip(CREDIT_WEIGHTS, first_17, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def credit_code_problem(text: str) -> Sentence | None:
    """What is wrong with a unified social credit code (GB 32100), or None."""
    code = normalise_credit_code(text)
    if not code:
        return sentence("The credit code is missing. Enter the 18 characters of the business licence.")
    if re.fullmatch(r"[0-9]{15}", code):
        return sentence(
            "This is a 15-digit registration number of the old kind. "
            "Enter the 18-character unified social credit code of the present business licence."
        )
    if len(code) != 18:
        return sentence(
            "A unified social credit code has 18 characters, this one has %(count)s. "
            "Compare it with the business licence.",
            count=len(code),
        )
    if any(c in "IOZSV" for c in code):
        return sentence(
            "A unified social credit code never contains the letters I, O, Z, S or V. "
            "They are usually misread 1, 0, 2, 5 or U: compare the code with the business licence."
        )
    if any(c not in CREDIT_ALPHABET for c in code) or not re.fullmatch(r"[0-9]{6}", code[2:8]):
        return sentence(
            "A unified social credit code is made of digits and capital letters, "
            "and its characters 3 to 8 are digits. Compare it with the business licence."
        )
    if credit_check_character(code[:17]) != code[17]:
        return sentence(
            "The last character of the credit code does not fit the others: "
            "one is mistyped or two are swapped. Compare the code with the business licence."
        )
    return None


# --- telephone ------------------------------------------------------------------------------------


def normalise_phone(text: str) -> str:
    """The number as it is stored.

    Digits only, Chinese country code dropped, a foreign one kept with its plus.
    """
    number = re.sub(r"[().]", "", _compact(text).translate(_DASHES))
    if re.fullmatch(r"861[3-9][0-9]{9}", number):
        return number[2:]
    rest = re.sub(r"^(\+|00)86", "", number)
    if rest == number:
        return "+" + number[2:] if number.startswith("00") else number
    return rest if re.match(r"0|1[3-9]", rest) else "0" + rest


def phone_problem(text: str) -> Sentence | None:
    """What is wrong with a telephone number, or None.

    Mainland mobile, mainland landline, or + and a foreign one.
    """
    number = normalise_phone(text)
    if not number:
        return sentence("The telephone number is missing.")
    if re.fullmatch(r"1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|\+[1-9][0-9]{6,14}", number):
        return None
    if re.fullmatch(r"1[0-9]*", number) and len(number) != 11:
        return sentence(
            "A mobile number has 11 digits, this one has %(count)s. Check the number.",
            count=len(number),
        )
    return sentence(
        "This is not a telephone number. Enter 11 digits for a mobile, the area code and the number for "
        "a landline (0931…), or + and the country code for a number abroad."
    )


def mask_phone(number: str) -> str:
    """The number as lists show it: first 3 and last 4 digits of a long one, less of a short one."""
    number = normalise_phone(number)
    head, tail = (3, 4) if len(number) >= 10 else (0, 2) if len(number) >= 5 else (0, 0)
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


# --- divisions ------------------------------------------------------------------------------------


def division_code_problem(code: str) -> Sentence | None:
    """What is wrong with a six-digit division code (province, city, county: two digits each), or None."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return sentence("A division code has six digits, for example 620000 for Gansu or 620100 for Lanzhou.")
    if code == NATION:
        return None
    if code[:2] not in PROVINCES:
        return sentence(
            "No province has the number %(province)s. A division code starts with the two digits of its "
            "province, for example 62 for Gansu; the whole country is 100000.",
            province=code[:2],
        )
    if code[2:4] == "00" and code[4:] != "00":
        return sentence(
            "The division code names a county without its city. Write the city in digits 3 and 4, "
            "or 0000 at the end for the whole province."
        )
    return None


def division_contains(parent: str, child: str) -> bool:
    """Does the division `parent` contain `child` (or is it the same)? Both are six-digit codes.

    Decided by prefix.
    """
    if division_code_problem(parent) or division_code_problem(child):
        return False
    if parent == NATION:
        return True
    prefix = parent[:2] if parent.endswith("0000") else parent[:4] if parent.endswith("00") else parent
    return child.startswith(prefix)
