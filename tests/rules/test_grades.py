"""The eight levels and their order."""

import pytest

from competition.rules.grades import Grade, grade_named, next_grade


def test_grades_compare_by_the_ladder_not_by_their_spelling() -> None:
    turned = list(Grade)
    turned.reverse()
    assert sorted(turned) == list(Grade)
    assert Grade.SENIOR < Grade.TECHNICIAN < Grade.SENIOR_TECHNICIAN
    assert Grade.CHIEF_TECHNICIAN >= Grade.SPECIAL_TECHNICIAN
    assert not Grade.JUNIOR > Grade.JUNIOR
    assert Grade.JUNIOR <= Grade.JUNIOR


def test_a_grade_compares_with_its_stored_text_and_refuses_any_other() -> None:
    assert Grade.SENIOR < "technician"
    with pytest.raises(ValueError, match="master"):
        assert Grade.SENIOR < "master"


def test_the_five_certificate_levels_count_down_from_5_to_1() -> None:
    assert [grade.level for grade in Grade] == [None, 5, 4, 3, 2, 1, None, None]
    assert str(Grade.SENIOR.label) == "Senior worker (level 3)"


def test_the_next_grade_is_one_step_above() -> None:
    assert next_grade(Grade.SENIOR) is Grade.TECHNICIAN
    assert next_grade(Grade.CHIEF_TECHNICIAN) is None


@pytest.mark.parametrize(
    "text",
    [
        "高级工",
        "三级",
        "高级工(三级)",
        "高级工（三级）",
        "三级/高级工",
        "3",
        "３级",
        "senior",
        " 高级工 三级 ",
    ],
)
def test_sheets_name_a_grade_in_many_ways(text: str) -> None:
    assert grade_named(text) is Grade.SENIOR


@pytest.mark.parametrize("text", ["", "高级工(二级)", "大师", "高级工程师"])
def test_an_unclear_grade_is_not_guessed(text: str) -> None:
    assert grade_named(text) is None
