"""Scales: extra columns beside the raw ranking, and the sentences with which they are refused."""

from decimal import Decimal
from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.contest import evaluate
from competition.rules.ruleset import problems
from competition.rules.scales import (
    MOST_JUDGES_OF_A_MODEL,
    ScaleKind,
    ScaleRule,
    Spread,
    severities,
    severity,
    square_root,
    t_scores,
    worldskills_style,
)
from competition.rules.titles import Title
from tests.rules.contests import by_judges, contest, judgement, panel, ruleset, value_aspect

TITLE = {"zh": "700 分制", "en": "Scale of 700"}


def rule(kind=ScaleKind.WORLDSKILLS_STYLE, **more):
    return ScaleRule("s", Title("表", "Scale"), kind, "total", **more)


def exact(**values):
    return {name: Fraction(value) for name, value in values.items()}


def marked(table):
    """Marks by entrant and judge from rows of a table; None where a judge gave none."""
    return {
        f"e{number}": {
            judge: Fraction(mark) for judge, mark in zip("abcdef", row, strict=False) if mark is not None
        }
        for number, row in enumerate(table)
    }


# The WorldSkills-style scale.


def test_the_median_stands_at_the_centre_and_one_deviation_is_one_constant():
    scaled = worldskills_style(exact(a=60, b=70, c=80), rule())
    assert [scaled.shown(name) for name in "abc"] == [670, 700, 730]
    assert "not the official one" in str(scaled.notice)


def test_centre_constant_and_digits_are_settings():
    scaled = worldskills_style(
        exact(a=60, b=70, c=81), rule(centre=Fraction(500), constant=Fraction(25), digits=2)
    )
    assert [scaled.shown(name) for name in "abc"] == [Decimal("476.20"), Decimal("500.00"), Decimal("526.18")]


def test_the_median_deviation_is_not_moved_by_one_who_is_far_away():
    scaled = worldskills_style(exact(a=68, b=70, c=72, d=10, e=71), rule(spread=Spread.MAD, digits=3))
    assert scaled.shown("b") == 700
    assert scaled.shown("c") == Decimal("720.235")


@pytest.mark.parametrize("values", [{"a": 50, "b": 90}, {"a": 70, "b": 70, "c": 70}, {"a": 1}, {}])
def test_everybody_stands_at_the_centre_where_there_is_nothing_to_divide_by(values):
    scaled = worldskills_style(exact(**values), rule())
    assert set(scaled.values.values()) <= {Fraction(700)}
    assert "at the centre" in str(scaled.notice)


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=12), st.integers(1, 5), st.integers(-50, 50))
def test_a_scale_does_not_care_in_which_unit_marks_are_given(values, factor, shift):
    marks = {f"e{n}": Fraction(value) for n, value in enumerate(values)}
    moved = {name: value * factor + shift for name, value in marks.items()}
    before, after = worldskills_style(marks, rule()), worldskills_style(moved, rule())
    for name in marks:
        assert abs(before.values[name] - after.values[name]) < Fraction(1, 10**6)
        assert (before.values[name] > 700) == (after.values[name] > 700)


# T-scores.


def test_a_severe_judge_and_a_mild_one_are_put_on_the_same_scale():
    severe_and_mild = marked([(10, 60), (20, 70), (30, 80)])
    scaled = t_scores(severe_and_mild, rule(ScaleKind.T_SCORE, minimum=3))
    values = [scaled.values[f"e{n}"] for n in range(3)]
    assert values[1] == 45
    assert values[0] + values[2] == 90
    assert "advise" in str(scaled.notice)


def test_t_scores_are_refused_with_too_few_marks_or_without_differences():
    few = t_scores(marked([(10, 60), (20, 70)]), rule(ScaleKind.T_SCORE))
    assert str(few.refusal) == (
        "Refused: every judge must have marked at least 8 entrants; a, b marked fewer."
    )
    flat = t_scores(marked([(10, 60), (20, 60), (30, 60)]), rule(ScaleKind.T_SCORE, minimum=2))
    assert "the marks of b do not differ" in str(flat.refusal)
    assert not flat.values


# Severity.


def test_the_severity_of_each_judge_is_found_exactly_where_marks_follow_the_model():
    true = {"a": Fraction(2), "b": Fraction(-3), "c": Fraction(1)}
    seen = ["ab", "bc", "ca", "abc", "ab", "bc"]
    marks = {
        f"e{n}": {judge: Fraction(70 + 5 * n) + true[judge] for judge in judges}
        for n, judges in enumerate(seen)
    }
    assert severities(marks) == true
    scaled = severity(marks, rule(ScaleKind.SEVERITY, minimum=2))
    assert [scaled.values[f"e{n}"] for n in range(6)] == [70 + 5 * n for n in range(6)]


def test_in_a_complete_panel_severity_is_the_deviation_from_the_mean():
    marks = marked([(6, 8, 7), (5, 9, 7), (7, 7, 7)])
    assert severities(marks) == exact(a=-1, b=1, c=0)


def test_parts_that_nobody_connects_are_refused():
    apart = marked([(1, 2, None, None), (2, 3, None, None), (None, None, 4, 5), (None, None, 5, 6)])
    scaled = severity(apart, rule(ScaleKind.SEVERITY, minimum=2))
    assert "connected by no chain of entrants" in str(scaled.refusal)
    assert not scaled.values
    joined = {**apart, "e4": exact(a=1, d=2)}
    assert severity(joined, rule(ScaleKind.SEVERITY, minimum=2)).refusal is None


def test_too_many_judges_are_refused_and_as_many_as_allowed_are_reckoned():
    def in_a_ring(count):
        return {f"e{n}": {f"j{n}": Fraction(n % 7), f"j{(n + 1) % count}": Fraction(1)} for n in range(count)}

    few, many = in_a_ring(MOST_JUDGES_OF_A_MODEL), in_a_ring(MOST_JUDGES_OF_A_MODEL + 1)
    assert severity(few, rule(ScaleKind.SEVERITY, minimum=2)).refusal is None
    assert "at most 60 judges" in str(severity(many, rule(ScaleKind.SEVERITY, minimum=2)).refusal)


def test_without_any_marks_of_judges_there_is_nothing_to_say():
    for scaled in (t_scores({}, rule(ScaleKind.T_SCORE)), severity({"e": {}}, rule(ScaleKind.SEVERITY))):
        assert "no marks of judges yet" in str(scaled.refusal)


tables = st.lists(st.lists(st.integers(0, 10), min_size=3, max_size=3), min_size=2, max_size=6)


@given(tables)
def test_severities_make_nothing_together_and_leave_no_bias_behind(table):
    marks = marked(table)
    found = severities(marks)
    assert sum(found.values()) == 0
    corrected = {
        entrant: {judge: mark - found[judge] for judge, mark in given_.items()}
        for entrant, given_ in marks.items()
    }
    assert set(severities(corrected).values()) == {Fraction(0)}


@given(st.fractions(min_value=0, max_value=10**6, max_denominator=10**6))
def test_a_square_root_has_twelve_decimals_rounded_half_up(value):
    root = square_root(value)
    half = Fraction(1, 2 * 10**12)
    assert (root * 10**12).denominator == 1
    assert max(Fraction(0), root - half) ** 2 <= value < (root + half) ** 2


def test_known_square_roots():
    assert square_root(Fraction(2)) == Fraction("1.414213562373")
    assert square_root(Fraction(144, 25)) == Fraction("2.4")
    assert square_root(Fraction(isqrt(10**30) ** 2)) == 10**15


# In a contest.


def scale(kind="worldskills_style", node="total", **more):
    return {"id": "s700", "title": TITLE, "kind": kind, "node": node, **more}


def test_a_scale_stands_beside_the_raw_ranking_and_changes_nothing():
    marks = [(name, "v", None, value) for name, value in {"a": 60, "b": 70, "c": 80, "d": 99}.items()]
    entrants = ["a", "b", "c", {"id": "d", "status": "withdrawn"}]
    plain = evaluate(contest(ruleset(value_aspect("v")), marks, entrants))
    scaled = evaluate(contest(ruleset(value_aspect("v"), scales=[scale()]), marks, entrants))
    assert [(line.entrant, line.place) for line in scaled.lines] == [
        (line.entrant, line.place) for line in plain.lines
    ]
    assert [dict(line.scaled) for line in scaled.lines] == [
        {"s700": 730},
        {"s700": 700},
        {"s700": 670},
        {},
    ]
    assert scaled.as_json()["lines"][0]["scaled"] == {"s700": "730"}
    assert "scaled" not in plain.as_json()["lines"][0]


def test_a_refused_scale_says_why_and_the_result_stands():
    rules = ruleset(panel("p", 2), scales=[scale("severity", "p")])
    outcome = evaluate(contest(rules, [*by_judges("x", "p", 5, 6), *by_judges("y", "p", 7, 8)]))
    assert [line.place for line in outcome.lines] == [1, 2]
    assert outcome.as_json()["scales"][0]["refused"].startswith("Refused: every judge")


def test_shadow_judges_take_no_part_in_a_scale():
    rules = ruleset(judgement("j", 10, judges=2, max_spread=3), scales=[scale("severity", "j", minimum=2)])
    marks = [*by_judges("x", "j", 1, 3, 0), *by_judges("y", "j", 0, 2, 3)]
    document = contest(rules, marks, judges="abc")
    document["judges"][2]["shadow"] = True
    outcome = evaluate(document)
    assert [dict(line.scaled) for line in outcome.lines] == [
        {"s700": Decimal("2.00")},
        {"s700": Decimal("1.00")},
    ]


@pytest.mark.parametrize(
    ("scales", "path", "says"),
    [
        ([scale(node="speed")], "/scales/0/node", "no “speed”"),
        ([scale("severity", "v")], "/scales/0/node", "marks of single judges"),
        ([scale(), scale()], "/scales/1/id", "used twice"),
        ([scale(constant=0)], "/scales/0/constant", "greater than 0"),
        ([scale(kind="rasch")], "/scales/0/kind", "One of these words"),
        ([scale(minimum=8)], "/scales/0/minimum", "not known here"),
        ([scale("t_score", "v", minimum=1)], "/scales/0/minimum", "from 2"),
    ],
)
def test_a_problem_of_a_scale_is_named_at_its_place(scales, path, says):
    found = [(each.path, str(each.sentence)) for each in problems(ruleset(value_aspect("v"), scales=scales))]
    assert any(at == path and says in said for at, said in found), found
