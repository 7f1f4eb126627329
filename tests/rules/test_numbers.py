"""Numbers: exact as written, rounded only where and how it is declared."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.numbers import (
    NumberRefused,
    Rounding,
    RoundingMode,
    as_decimal,
    fixed,
    read_number,
    rounded,
    spelled,
    whole_number,
)

modes = st.sampled_from(RoundingMode)
fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=10_000)


@pytest.mark.parametrize("raw", ["0.10", 0.1, Decimal("0.1"), Fraction(1, 10)])
def test_one_tenth_is_one_tenth_however_it_is_written(raw):
    assert read_number(raw) == Fraction(1, 10)


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "NaN",
            "Infinity",
            "1e5",
            "",
            " 1",
            "1 ",
            "1\n",
            "１２",
            "٣",
            "+1",
            "1,5",
            ".5",
            "1.",
            "1_000",
            "=1+1",
        ),
        *(
            "1234567890",
            "0.123456789",
            1234567890,
            Decimal("1E+30"),
            Decimal("1E-99999"),
            1e300,
            1e-300,
        ),
        *(
            float("nan"),
            float("inf"),
            Decimal("NaN"),
            Decimal("-Infinity"),
            True,
            None,
            [],
            {},
            b"1",
        ),
    ],
)
def test_what_is_not_a_plain_number_is_refused_with_a_sentence(raw):
    with pytest.raises(NumberRefused) as refused:
        read_number(raw)
    assert str(refused.value.sentence)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", ["88.78", "88.77", "-0.13"]),
        ("half_even", ["88.78", "88.76", "-0.12"]),
        ("down", ["88.77", "88.76", "-0.12"]),
        ("up", ["88.78", "88.77", "-0.13"]),
    ],
)
def test_the_modes_differ_where_they_should(mode, expected):
    rounding = Rounding(2, RoundingMode(mode))
    values = [Fraction("88.775"), Fraction("88.765"), Fraction("-0.125")]
    assert [str(fixed(rounded(value, rounding), 2)) for value in values] == expected


@given(fractions, st.integers(0, 8), modes)
def test_rounding_moves_a_value_by_less_than_one_unit_and_once(value, digits, mode):
    cut = rounded(value, Rounding(digits, mode))
    assert abs(cut - value) < Fraction(1, 10**digits)
    assert rounded(cut, Rounding(digits, mode)) == cut
    assert rounded(-value, Rounding(digits, mode)) == -cut


@given(st.decimals(min_value=-999, max_value=999, places=4), st.integers(0, 4), modes)
def test_rounding_agrees_with_the_decimal_module(value, digits, mode):
    names = {
        "half_up": "ROUND_HALF_UP",
        "half_even": "ROUND_HALF_EVEN",
        "down": "ROUND_DOWN",
        "up": "ROUND_UP",
    }
    expected = value.quantize(Decimal(1).scaleb(-digits), rounding=names[mode.value])
    assert rounded(Fraction(value), Rounding(digits, mode)) == Fraction(expected)


@given(st.decimals(min_value=-99999, max_value=99999, places=8))
def test_a_mark_goes_through_the_rules_and_comes_out_as_it_was(mark):
    assert as_decimal(read_number(mark)) == mark


def test_three_thirds_are_one():
    assert sum([Fraction(1, 3)] * 3) == 1


def test_a_number_that_goes_on_is_shown_as_going_on():
    assert [
        spelled(Fraction(7, 3)),
        spelled(Fraction(5, 2)),
        spelled(Fraction(-4)),
    ] == [
        "2.333333…",
        "2.5",
        "-4",
    ]


def test_a_share_of_people_is_a_whole_number_by_the_stated_rounding():
    share = Fraction(47 * 10, 100)
    assert [whole_number(share, RoundingMode(mode)) for mode in ("down", "up", "half_up")] == [4, 5, 5]


def test_a_value_at_the_edge_keeps_every_digit_however_large_it_is():
    large = Fraction(10**50 + 1) + Fraction(1, 8)
    assert f"{as_decimal(large):f}" == f"{10**50 + 1}.125"
    assert f"{fixed(large, 2):f}" == f"{10**50 + 1}.13"
