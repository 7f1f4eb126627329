"""The shape of occupation codes."""

import pytest

from competition.rules.occupations import (
    normalise_occupation_code,
    occupation_code_problem,
)


@pytest.mark.parametrize("typed", ["6-18-02-04", " 6-18-02-04 ", "６－１８－０２－０４", "6–18–02–04"])
def test_a_code_of_the_catalogue_is_read(typed: str) -> None:
    assert occupation_code_problem(typed) is None
    assert normalise_occupation_code(typed) == "6-18-02-04"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "missing"),
        ("6180204", "Write it as 6-18-02-04"),
        ("9-18-02-04", "from 1 to 8"),
        ("6-18-2-4", "pairs"),
    ],
)
def test_a_wrong_code_is_refused_with_what_to_write(typed: str, hint: str) -> None:
    assert hint in str(occupation_code_problem(typed))
