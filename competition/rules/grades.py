"""The eight levels of vocational skill (新八级工), in their order.

Source: the 2022 opinion of the Ministry of Human Resources on the eight-level system ("1+5+2"): an
apprentice level below, five levels with national certificates (5 lowest, 1 highest), two enterprise
appointments above. Assumption: the two appointments are made by enterprises, so a contest promotes at most
to senior technician.
"""

import re
from enum import StrEnum

from competition.rules.identity import half_width
from competition.rules.sentences import Sentence, sentence


class Grade(StrEnum):
    """A skill level. Grades compare by their order on the ladder, also with the text of a stored grade."""

    APPRENTICE = "apprentice"
    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"
    TECHNICIAN = "technician"
    SENIOR_TECHNICIAN = "senior_technician"
    SPECIAL_TECHNICIAN = "special_technician"
    CHIEF_TECHNICIAN = "chief_technician"

    @property
    def order(self) -> int:
        """Place on the ladder: 0 for the apprentice, 7 for the chief technician."""
        return _LADDER.index(self)

    @property
    def level(self) -> int | None:
        """The number of the national certificate, 5 (junior) to 1 (senior technician).

        None outside the five.
        """
        return 6 - self.order if 1 <= self.order <= 5 else None

    @property
    def label(self) -> Sentence:
        """The grade's name, with its level number where it has one."""
        return _LABELS[self]

    def __lt__(self, other: str) -> bool:
        return self.order < Grade(other).order

    def __le__(self, other: str) -> bool:
        return self.order <= Grade(other).order

    def __gt__(self, other: str) -> bool:
        return self.order > Grade(other).order

    def __ge__(self, other: str) -> bool:
        return self.order >= Grade(other).order


_LADDER = tuple(Grade)
_LABELS = {
    Grade.APPRENTICE: sentence("Apprentice"),
    Grade.JUNIOR: sentence("Junior worker (level 5)"),
    Grade.INTERMEDIATE: sentence("Intermediate worker (level 4)"),
    Grade.SENIOR: sentence("Senior worker (level 3)"),
    Grade.TECHNICIAN: sentence("Technician (level 2)"),
    Grade.SENIOR_TECHNICIAN: sentence("Senior technician (level 1)"),
    Grade.SPECIAL_TECHNICIAN: sentence("Special-grade technician"),
    Grade.CHIEF_TECHNICIAN: sentence("Chief technician"),
}
CONTEST_CEILING = Grade.SENIOR_TECHNICIAN

# How sheets and certificates write the grades; read by `grade_named`.
_WRITTEN = {
    "学徒工": Grade.APPRENTICE,
    "学徒": Grade.APPRENTICE,
    "初级工": Grade.JUNIOR,
    "初级": Grade.JUNIOR,
    "五级": Grade.JUNIOR,
    "中级工": Grade.INTERMEDIATE,
    "中级": Grade.INTERMEDIATE,
    "四级": Grade.INTERMEDIATE,
    "高级工": Grade.SENIOR,
    "高级": Grade.SENIOR,
    "三级": Grade.SENIOR,
    "技师": Grade.TECHNICIAN,
    "二级": Grade.TECHNICIAN,
    "高级技师": Grade.SENIOR_TECHNICIAN,
    "一级": Grade.SENIOR_TECHNICIAN,
    "特级技师": Grade.SPECIAL_TECHNICIAN,
    "首席技师": Grade.CHIEF_TECHNICIAN,
    **{str(number): grade for number, grade in zip("54321", _LADDER[1:6], strict=True)},
    **{f"{number}级": grade for number, grade in zip("54321", _LADDER[1:6], strict=True)},
    **{grade.value: grade for grade in Grade},
}


def next_grade(grade: Grade) -> Grade | None:
    """The grade one step above; None above the highest."""
    return _LADDER[grade.order + 1] if grade.order + 1 < len(_LADDER) else None


def grade_named(text: str) -> Grade | None:
    """The grade a sheet means by 高级工, 三级, 高级工(三级), 三级/高级工, 3 or senior.

    None when it is not clear.
    """
    words = [word for word in re.split(r"[()/、,\s]+", half_width(text).casefold()) if word]
    meant = {_WRITTEN.get(word) for word in words}
    return meant.pop() if len(meant) == 1 else None
