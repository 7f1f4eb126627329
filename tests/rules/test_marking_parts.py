"""How groups make one value of their parts: the best, the last, the middle, what is given, stages, records, deductions."""

from decimal import Decimal

import pytest

from competition.rules.contest import evaluate, parse
from competition.rules.marking import Reckoning
from tests.rules.contests import aspect, contest, group, ruleset, value_aspect

NAMES = ("a", "b", "c", "d")


def marks_of(values):
    pairs = zip(NAMES, values, strict=False)
    return [("e", name, None, value) for name, value in pairs if value is not None]


def line_of(values, *extra, **rules):
    leaves = [value_aspect(name) for name in NAMES[: len(values)]]
    return evaluate(
        contest(ruleset(scheme=group("total", *leaves, *extra, **rules)), marks_of(values), ["e"])
    ).line("e")


@pytest.mark.parametrize(
    ("rules", "values", "expected"),
    [
        ({"combine": "best", "count": 2}, (10, 40, 30, 20), "70"),
        ({"combine": "best", "count": 4}, (10, 40, 30, 20), "100"),
        ({"combine": "last"}, (10, 40, 30, 20), "20"),
        ({"combine": "middle_mean", "drop": {"low": 1, "high": 1}}, (10, 40, 30, 20), "25"),
        ({"combine": "middle_mean", "drop": {"low": 2, "high": 0}}, (10, 40, 30, 20), "35"),
        ({"combine": "mean", "parts": "given"}, (10, None, 30, None), "20"),
        ({"combine": "sum", "parts": "given"}, (None, None, 30, 20), "50"),
        ({"combine": "last", "parts": "given"}, (10, 40, None, None), "40"),
        ({"combine": "best", "count": 3, "parts": "given"}, (10, 40, None, None), "50"),
    ],
)
def test_a_group_combines_its_parts_as_the_rules_say(rules, values, expected):
    assert line_of(values, **rules).total == Decimal(expected)


@pytest.mark.parametrize("combine", ["best", "last", "sum"])
def test_a_part_without_marks_blocks_where_all_parts_count(combine):
    assert [str(reason) for reason in line_of((10, None), combine=combine).blockers] == [
        "e, b: nothing is recorded yet."
    ]


def test_where_parts_may_be_left_out_one_of_them_must_be_there():
    assert [str(reason) for reason in line_of((None, None), combine="mean", parts="given").blockers] == [
        "e, total: nothing is recorded yet."
    ]


def test_the_middle_needs_more_parts_than_are_left_out():
    line = line_of((10, 20, None), combine="middle_mean", drop={"low": 1, "high": 1}, parts="given")
    assert "2 parts are recorded, and at least 3 are needed" in str(line.blockers[0])


def test_a_part_that_is_begun_is_not_left_out():
    inner = group("inner", value_aspect("a"), value_aspect("b"))
    rules = ruleset(scheme=group("total", inner, value_aspect("c"), combine="mean", parts="given"))
    line = evaluate(contest(rules, [("e", "a", None, 5), ("e", "c", None, 9)], ["e"])).line("e")
    assert [str(reason) for reason in line.blockers] == ["e, b: nothing is recorded yet."]


def test_the_working_names_the_parts_that_do_not_count():
    leaves = [value_aspect(name) for name in NAMES]
    rules = ruleset(scheme=group("total", *leaves, combine="best", count=2, parts="given"))
    working = evaluate(contest(rules, marks_of((10, 40, 30, None)), ["e"])).working("e")
    assert sorted(working.left_out) == ["a", "d"]
    assert str(working.children[3].steps[0].sentence) == "Nothing is recorded here, so it is left out."


# Deductions in proportion.


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("off", 10)], "54"),
        ([("off", 10), ("off", 15), ("points", 3)], "42"),
        ([("off", 60), ("off", 60)], "0"),
        ([("void", 1)], "0"),
        ([("void", 1), ("points", 3)], "-3"),
        ([], "60"),
    ],
)
def test_percentages_are_added_up_and_taken_off_before_points(entries, expected):
    deductions = [
        aspect("off", "deduction", effect="percent"),
        aspect("void", "deduction", effect="void"),
        aspect("points", "deduction"),
    ]
    rules = ruleset(value_aspect("a"), *deductions)
    marks = [("e", "a", None, 60), *(("e", name, None, value, "entry") for name, value in entries)]
    assert evaluate(contest(rules, marks)).line("e").total == Decimal(expected)


def test_what_voids_the_marks_voids_those_beside_it_only():
    module = group("m", value_aspect("a"), aspect("void", "deduction", effect="void"))
    marks = [("e", "a", None, 60), ("e", "b", None, 7), ("e", "void", None, 1, "entry")]
    assert evaluate(contest(ruleset(module, value_aspect("b")), marks)).line("e").total == 7


# Records.


def test_a_group_of_records_has_a_value_that_is_compared_and_never_added():
    times = group("times", aspect("t1", "time"), aspect("t2", "time"), combine="best")
    by = {"by": [{"node": "total"}, {"node": "times", "direction": "asc"}]}
    rules = ruleset(value_aspect("a"), times, ranking=by)
    marks = [(e, "a", None, 5) for e in "xy"] + [
        ("x", "t1", None, 60),
        ("x", "t2", None, 50),
        ("y", "t1", None, 55),
    ]
    document = contest(rules, [*marks, ("y", "t2", None, 52)])
    outcome = evaluate(document)
    assert [(line.entrant, line.total, line.value("times")) for line in outcome.lines] == [
        ("x", 5, 50),
        ("y", 5, 52),
    ]


def test_a_record_that_is_compared_must_be_there_and_another_need_not():
    records = [aspect("tops", "record", high=5, step=1), aspect("zones", "record")]
    rules = ruleset(value_aspect("a"), *records, ranking={"by": [{"node": "total"}, {"node": "tops"}]})
    line = evaluate(contest(rules, [("e", "a", None, 5)])).line("e")
    assert [str(reason) for reason in line.blockers] == ["e, tops: nothing is recorded yet."]


# Stages.


def staged(*rules):
    """Stages s0, s1 … of one aspect each; all but the first as `rules` say."""
    first, *rest = [value_aspect(f"v{index}") for index in range(len(rules) + 1)]
    stages = [group("s0", first, role="stage")]
    for index, (leaf, more) in enumerate(zip(rest, rules, strict=True), start=1):
        stages.append(group(f"s{index}", leaf, role="stage", **more))
    return group("total", *stages, combine="stages")


def reckoned(scheme, marks, reached=None):
    contest_ = parse(contest(ruleset(scheme=scheme), [("e", *mark) for mark in marks], ["e"]))
    return contest_.ruleset.scheme, Reckoning("e", contest_.marks["e"], reached=reached)


@pytest.mark.parametrize(
    ("carried", "reached", "expected"),
    [
        ((True, True), 2, 6),
        ((True, False), 2, 3),
        ((False, True), 2, 5),
        ((True, True), 1, 3),
        ((True, True), 0, 1),
    ],
)
def test_the_value_of_stages_is_that_of_the_last_one_reached_with_what_is_carried_over(
    carried, reached, expected
):
    marks = [(f"v{index}", None, index + 1) for index in range(reached + 1)]
    scheme, reckoning = reckoned(staged(*({"carry_over": each} for each in carried)), marks, reached)
    assert reckoning.value(scheme) == expected
    assert reckoning.reached_value(scheme, reached) == expected
    assert reckoning.blockers == []


def test_marks_in_a_stage_that_was_not_reached_block():
    scheme, reckoning = reckoned(staged({"carry_over": True}), [("v0", None, 1), ("v1", None, 2)], reached=0)
    assert reckoning.value(scheme) == 1
    assert [str(reason) for reason in reckoning.blockers] == [
        "e has marks in a stage that was not reached, s1."
    ]


def test_who_did_not_reach_a_stage_is_complete_without_it():
    scheme, reckoning = reckoned(staged({"carry_over": True}), [("v0", None, 1)], reached=0)
    working = reckoning.working(scheme)
    assert (working.exact, working.left_out) == (1, ("s1",))
    assert str(working.children[1].steps[0].sentence) == "This stage was not reached."
    assert reckoning.values["v1"] is None


def test_the_working_of_stages_says_what_is_carried_over():
    scheme, reckoning = reckoned(
        staged({"carry_over": True}, {"carry_over": False}),
        [("v0", None, 1), ("v1", None, 2), ("v2", None, 4)],
    )
    said = [str(step.sentence) for step in reckoning.working(scheme).steps]
    assert said == ["s0: 1.", "s1: 1 is carried over, + 2 = 3.", "s2: 4, nothing is carried over."]


def test_records_that_nobody_compares_block_nothing_when_they_are_too_few():
    times = [aspect(name, "time") for name in ("t1", "t2", "t3")]
    middle = group("times", *times, combine="middle_mean", drop={"low": 0, "high": 1}, parts="given")
    found = evaluate(contest(ruleset(value_aspect("v"), middle), [("e", "v", None, 5), ("e", "t1", None, 9)]))
    assert found.line("e").complete
    assert found.line("e").values["times"] is None


def test_a_group_of_deductions_keeps_its_floor_beside_its_cap():
    faults = group("faults", aspect("d", "deduction"), cap=9, floor=-4)
    marks = [("e", "v", None, 50), ("e", "d", None, 6, "entry")]
    assert evaluate(contest(ruleset(value_aspect("v"), faults), marks)).line("e").total == 46
