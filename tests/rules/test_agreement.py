"""Agreement of judges, against published tables of marks and the results printed with them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.agreement import (
    Metric,
    complete_rows,
    intraclass_correlation,
    kendall_w,
    krippendorff_alpha,
    mid_ranks,
)

OBSERVERS = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . .",
    "C": ". 3 3 3 2 3 4 2 2 5 1 3",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]


def _table() -> dict[str, dict[str, Fraction]]:
    table: dict[str, dict[str, Fraction]] = {}
    for observer, marks in OBSERVERS.items():
        for unit, mark in enumerate(marks.split(), start=1):
            if mark != ".":
                table.setdefault(str(unit), {})[observer] = Fraction(mark)
    return table


def _rows() -> list[list[Fraction]]:
    return [[Fraction(mark) for mark in row] for row in SHROUT_FLEISS]


@pytest.mark.parametrize(
    ("metric", "alpha"),
    [
        (Metric.NOMINAL, "0.7434"),
        (Metric.ORDINAL, "0.8154"),
        (Metric.INTERVAL, "0.8491"),
        (Metric.RATIO, "0.7974"),
    ],
)
def test_alpha_of_the_published_table(metric: Metric, alpha: str) -> None:
    found = krippendorff_alpha(_table(), metric)

    assert found is not None
    assert f"{float(found):.4f}" == alpha


def test_intraclass_correlations_of_the_published_table() -> None:
    found = intraclass_correlation(_rows())

    assert found is not None
    figures = (found.single, found.mean, found.single_consistency, found.mean_consistency)
    assert [f"{float(figure or 0):.3f}" for figure in figures] == ["0.290", "0.620", "0.715", "0.909"]


def test_concordance_of_the_published_table() -> None:
    found = kendall_w(_rows())

    assert found is not None
    assert found.w == Fraction(479, 540)
    assert f"{float(found.chi_square):.2f}" == "17.74"


def test_equal_marks_share_the_mean_of_their_ranks() -> None:
    assert mid_ranks([Fraction(5), Fraction(7), Fraction(5)]) == [Fraction(3, 2), 3, Fraction(3, 2)]


def test_nothing_is_said_about_agreement_where_nothing_differs() -> None:
    same = {str(unit): {"A": Fraction(3), "B": Fraction(3)} for unit in range(4)}

    assert krippendorff_alpha(same) is None
    assert krippendorff_alpha({"1": {"A": Fraction(3)}}) is None
    assert kendall_w([[Fraction(1), Fraction(1)]] * 3) is None
    assert intraclass_correlation([[Fraction(1)]]) is None


def test_a_judge_who_marked_little_does_not_keep_the_others_from_being_compared() -> None:
    table = {str(unit): {"A": Fraction(unit), "B": Fraction(unit + 1)} for unit in range(5)}
    table["0"]["C"] = Fraction(9)

    judges, rows = complete_rows(table)

    assert judges == ("A", "B")
    assert len(rows) == 5


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=8))
def test_neither_the_order_of_units_nor_of_judges_changes_a_figure(marks: list[list[int]]) -> None:
    rows = [[Fraction(mark) for mark in row] for row in marks]
    turned = [list(reversed(row)) for row in reversed(rows)]

    def named(rows: list[list[Fraction]]) -> dict[str, dict[str, Fraction]]:
        return {str(i): {str(j): mark for j, mark in enumerate(row)} for i, row in enumerate(rows)}

    assert kendall_w(rows) == kendall_w(turned)
    assert intraclass_correlation(rows) == intraclass_correlation(turned)
    for metric in Metric:
        alpha = krippendorff_alpha(named(rows), metric)
        assert alpha == krippendorff_alpha(named(turned), metric)
        assert alpha is None or alpha <= 1
