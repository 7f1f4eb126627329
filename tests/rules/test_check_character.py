"""The check character of a certificate number."""

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from competition.rules.check_character import check_character, is_complete

PUBLISHED = [
    ("G123489654321", "Y"),  # python-stdnum, module iso7064.mod_37_2
    ("ABCDE27000069", "C"),  # a published ISBT 128 example (ICCBBA ST-001 uses this system)
]
NUMBERS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=30)


@pytest.mark.parametrize(("text", "expected"), PUBLISHED)
def test_published_examples(text: str, expected: str) -> None:
    assert check_character(text) == expected
    assert is_complete(text + expected)


@given(NUMBERS)
def test_a_number_with_its_check_character_is_complete(text: str) -> None:
    assert is_complete(text + check_character(text))


@given(NUMBERS, st.data())
def test_a_wrong_character_is_found(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assume(other != text[index])
    assert not is_complete(text[:index] + other + text[index + 1 :] + check_character(text))


@given(NUMBERS, st.data())
def test_two_swapped_neighbours_are_found(text: str, data: st.DataObject) -> None:
    assume(len(text) > 1)
    index = data.draw(st.integers(0, len(text) - 2))
    assume(text[index] != text[index + 1])
    swapped = text[:index] + text[index + 1] + text[index] + text[index + 2 :]
    assert not is_complete(swapped + check_character(text))


def test_other_characters_are_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        check_character("ab")
    assert not is_complete("张三")
