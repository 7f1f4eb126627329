"""Numbers of people and organisations: GB 11643, GB 32100, GB/T 2260."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from competition.rules.identity import (
    CREDIT_ALPHABET,
    NATION,
    IdType,
    Sex,
    birth_date_of,
    credit_check_character,
    credit_code_problem,
    division_code_problem,
    division_contains,
    document_problem,
    id_check_character,
    id_disagreements,
    id_number_problem,
    mask_id_number,
    mask_phone,
    normalise_credit_code,
    normalise_id_number,
    normalise_phone,
    phone_problem,
    sex_of,
)

VALID = (
    "11010519491231002X",
    "440524188001010014",
    "330106200002293318",
    "110101199003070011",
)

dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 1, 1))


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    area = draw(st.integers(110000, 829999))
    first_17 = f"{area}{draw(dates):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first_17 + id_check_character(first_17)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    any_sign = st.sampled_from(CREDIT_ALPHABET)
    first_17 = draw(any_sign) + draw(any_sign) + f"{draw(st.integers(0, 999999)):06d}"
    first_17 += "".join(draw(st.lists(any_sign, min_size=9, max_size=9)))
    return first_17 + credit_check_character(first_17)


@pytest.mark.parametrize("number", VALID)
def test_the_published_examples_are_valid(number: str) -> None:
    assert id_number_problem(number, today=date(2026, 6, 1)) is None


@given(id_numbers())
def test_every_number_made_by_the_standard_is_valid(number: str) -> None:
    assert id_number_problem(number) is None
    assert birth_date_of(number) == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_caught(number: str, place: int, character: str) -> None:
    assume(number[place] != character)
    assert id_number_problem(number[:place] + character + number[place + 1 :]) is not None


@given(id_numbers(), st.integers(0, 16))
def test_two_swapped_neighbours_are_caught(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert id_number_problem(swapped) is not None


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        ("", "missing"),
        ("110105491231002", "15-digit"),
        ("11010519491231002", "has 18 characters, this one has 17"),
        ("010105194912310021", "not starting with 0"),
        ("1101051949123100٢X", "17 digits"),
        ("11010519491331002X", "does not exist"),
        ("330106200102293318", "does not exist"),
        ("110105000012310021", "does not exist"),
        ("110101199003070012", "last character"),
    ],
)
def test_a_wrong_number_is_refused_with_its_cause(number: str, cause: str) -> None:
    assert cause in str(id_number_problem(number))


def test_a_birth_date_after_today_is_refused() -> None:
    assert "future" in str(id_number_problem("330106200002293318", today=date(2000, 2, 28)))
    assert id_number_problem("330106200002293318", today=date(2000, 2, 29)) is None


def test_no_sentence_repeats_the_number() -> None:
    assert "1101011990" not in str(id_number_problem("110101199003070012"))


def test_a_withdrawn_or_unknown_area_code_is_accepted() -> None:
    first_17 = "13240119700101001"
    assert id_number_problem(first_17 + id_check_character(first_17)) is None


@pytest.mark.parametrize(
    "typed",
    [
        "１１０１０５１９４９１２３１００２ｘ",
        " 110105 19491231 002x ",
        "\u202d11010519491231002X\u202c",
    ],
)
def test_full_width_blanks_and_copied_marks_are_read(typed: str) -> None:
    assert normalise_id_number(typed) == "11010519491231002X"
    assert id_number_problem(typed) is None


def test_birth_date_and_sex_come_from_the_number() -> None:
    assert birth_date_of("330106200002293318") == date(2000, 2, 29)
    assert [sex_of(number) for number in VALID] == [
        Sex.FEMALE,
        Sex.MALE,
        Sex.MALE,
        Sex.MALE,
    ]
    assert birth_date_of("330106200102293318") is None
    assert sex_of("not a number") is None


def test_typed_fields_that_contradict_the_number_are_named() -> None:
    born = date(2000, 2, 29)
    assert id_disagreements(VALID[2], birth_date=born, sex=Sex.MALE) == ()
    assert id_disagreements(VALID[2], birth_date=None, sex=None) == ()
    found = id_disagreements(VALID[2], birth_date=date(2000, 3, 1), sex=Sex.FEMALE)
    assert [str(problem).split(" differs")[0] for problem in found] == [
        "The date of birth",
        "The sex",
    ]


def test_lists_show_a_masked_number() -> None:
    assert mask_id_number("110101199003070011") == "110***********0011"
    assert mask_id_number("E12345678") == "E******78"
    assert mask_id_number("123") == "***"
    assert mask_id_number("") == ""


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (IdType.RESIDENT_ID, "11010519491231002x"),
        (IdType.HK_MACAO_PERMIT, "H12345678"),
        (IdType.HK_MACAO_PERMIT, "M1234567801"),
        (IdType.TAIWAN_PERMIT, "12345678"),
        (IdType.FOREIGN_PERMANENT_RESIDENCE, "USA110012345678"),
        (IdType.FOREIGN_PERMANENT_RESIDENCE, "911124198108030024"),
        (IdType.MILITARY_ID, "军字第2001988号"),
        (IdType.PASSPORT, "e1234 5678"),
    ],
)
def test_other_documents_are_checked_by_shape(kind: IdType, number: str) -> None:
    assert document_problem(kind, number) is None


@pytest.mark.parametrize("kind", list(IdType))
@pytest.mark.parametrize("number", ["", "?", "<script>alert(1)</script>", "0" * 300])
def test_no_document_takes_rubbish(kind: IdType, number: str) -> None:
    assert document_problem(kind, number) is not None


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "91350100m000100y43", "９１３５０１００-M000100Y-4 3"],
)
def test_the_published_credit_code_is_valid(code: str) -> None:
    assert credit_code_problem(code) is None
    assert normalise_credit_code(code) == "91350100M000100Y43"


@given(credit_codes(), st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_any_single_wrong_character_of_a_credit_code_is_caught(code: str, place: int, character: str) -> None:
    assert credit_code_problem(code) is None
    assume(code[place] != character)
    assert credit_code_problem(code[:place] + character + code[place + 1 :]) is not None


def test_a_credit_code_whose_sum_is_a_multiple_of_31_ends_in_0() -> None:
    assert credit_check_character("0" * 17) == "0"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("", "missing"),
        ("350100100012345", "15-digit"),
        ("91350100M000100Y4", "this one has 17"),
        ("9135O100M000100Y43", "I, O, Z, S or V"),
        ("91A50100M000100Y43", "characters 3 to 8"),
        ("91350100M000100Y4?", "digits and capital letters"),
        ("91350100M000100Y44", "does not fit"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_cause(code: str, cause: str) -> None:
    assert cause in str(credit_code_problem(code))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("(0931) 8888888", "09318888888"),
        ("+86 931 8888888", "09318888888"),
        ("0044 20 7946 0000", "+442079460000"),
    ],
)
def test_phones_are_read_as_people_write_them(typed: str, stored: str) -> None:
    assert normalise_phone(typed) == stored
    assert phone_problem(typed) is None


@pytest.mark.parametrize("typed", ["", "1380013800", "12345678901", "phone", "138001380001", "+1"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    assert phone_problem(typed) is not None


def test_lists_show_a_masked_phone() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("12345") == "***45"


@pytest.mark.parametrize("code", [NATION, "620000", "620100", "620102"])
def test_division_codes_of_every_level_are_accepted(code: str) -> None:
    assert division_code_problem(code) is None


@pytest.mark.parametrize("code", ["", "62", "990000", "620002", "62010a", "６２００００"])
def test_what_is_no_division_code_is_refused(code: str) -> None:
    assert division_code_problem(code) is not None


@pytest.mark.parametrize(
    ("parent", "child", "inside"),
    [
        (NATION, "620102", True),
        ("620000", "620102", True),
        ("620100", "620102", True),
        ("620102", "620102", True),
        ("620102", "620100", False),
        ("620100", "620202", False),
        ("620000", "110101", False),
        ("620000", NATION, False),
        ("rubbish", "rubbish", False),
    ],
)
def test_a_division_contains_what_begins_with_its_number(parent: str, child: str, inside: bool) -> None:
    assert division_contains(parent, child) is inside
