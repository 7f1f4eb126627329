"""Standings in columns: the same totals, places and completeness as the rules, to the last digit."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.rules.contest import evaluate, parse
from competition.rules.marking import Given
from competition.standings import table
from competition.standings.marks import deducted, measured, scored
from competition.standings.table import Standings
from tests.rules.contests import (
    aspect,
    by_judges,
    contest,
    contests,
    group,
    judgement,
    mark_of,
    panel,
    ruleset,
    value_aspect,
)

JUDGES = "abcde"
quarters = st.integers(-20, 20).map(lambda number: str(Decimal(number) / 4))
SEEN = settings(max_examples=60, deadline=None)


def roundings():
    modes = st.sampled_from(["half_up", "half_even", "down", "up"])
    one = st.builds(lambda digits, mode: {"digits": digits, "mode": mode}, st.integers(0, 3), modes)
    return st.none() | one


@st.composite
def panels(draw, name):
    combine = draw(st.sampled_from(["mean", "median", "sum", "trimmed_mean"]))
    rules = {"range": {"low": -5, "high": 5, "step": "0.25"}}
    if combine in ("trimmed_mean", "sum"):
        low, high = draw(st.sampled_from([(1, 0), (0, 1), (1, 1)]))
        rules["trim"] = {"low": low, "high": high}
    rules["minimum"] = 3
    rules["agreed"] = True
    if (rounding := draw(roundings())) is not None:
        rules["panel_rounding"] = rounding
    return panel(name, 5, combine, **rules)


@st.composite
def schemes(draw):
    """A tree with an aspect of every kind, with factors, bounds and roundings anywhere."""
    practice = group(
        "practice",
        draw(panels("p1")),
        draw(panels("p2")),
        judgement("order", "2.5", judges=3, max_spread=2),
        aspect("faults", "deduction", **({"cap": 3} if draw(st.booleans()) else {})),
        combine=draw(st.sampled_from(["sum", "mean", "best"])),
        **draw(finish()),
    )
    theory = group(
        "theory",
        group(
            "written",
            value_aspect("paper", 100, weight=40),
            value_aspect("essay", 100, weight="60"),
            combine="weighted",
            **draw(finish(floors=False)),
        ),
        aspect(
            "measured",
            "measurement",
            mode="tolerance",
            target="10.5",
            bands=[{"up_to": "0.1", "award": "10"}, {"up_to": "0.7", "award": "6.5"}],
        ),
        aspect("done", "measurement", mode="count", max=10, possible=7),
        aspect("lit", "measurement", mode="binary", max="1.5"),
        aspect("seconds", "time"),
        combine="sum",
        **draw(finish()),
    )
    return group("total", practice, theory, combine=draw(st.sampled_from(["sum", "mean"])), **draw(finish()))


@st.composite
def finish(draw, floors=True):
    rules = {}
    if draw(st.booleans()):
        rules["factor"] = draw(st.sampled_from(["0.9", "1.25", "3"]))
    if draw(st.booleans()):
        rules["cap"] = draw(st.sampled_from([8, 20]))
    if floors and draw(st.booleans()):
        rules["floor"] = draw(st.sampled_from([0, 2]))
    if (rounding := draw(roundings())) is not None:
        rules["rounding"] = rounding
    return rules


@st.composite
def documents(draw):
    """A contest over such a tree, with gaps, refusals, agreed values, tie-breaks and people who are not ranked."""
    scheme = draw(schemes())
    marks, entrants = [], []
    for number in range(draw(st.integers(1, 5))):
        name = f"e{draw(st.integers(0, 9))}{number}"
        status = draw(st.sampled_from(["present"] * 5 + ["withdrawn"]))
        entrants.append({"id": name, "status": status, "award_eligible": draw(st.booleans())})
        marks += draw(marks_of(name))
    by = [
        {"node": "total"},
        {"node": "practice", "direction": "asc"},
        {"node": "seconds", "direction": "asc"},
    ]
    ranking = {"by": by[: draw(st.integers(1, 3))], "guests": draw(st.sampled_from(["ranked", "unranked"]))}
    document = contest(ruleset(scheme=scheme, ranking=ranking), marks, entrants, judges="abcdef")
    for mark in document["marks"]:
        if draw(st.integers(0, 40)) == 0 and mark["kind"] == "mark":
            del mark["value"]
            mark["state"] = "not_attempted"
    if draw(st.booleans()):
        refused = draw(st.sampled_from(["p1", "order", "lit"]))
        who = entrants[0]["id"]
        kept = [mark for mark in document["marks"] if (mark["entrant"], mark["aspect"]) != (who, refused)]
        judges = [None] if refused == "lit" else ["a", "b", "c"]
        again = [mark_of(who, refused, judge, "0") for judge in judges]
        document["marks"] = kept + [
            {**{key: value for key, value in mark.items() if key != "value"}, "state": "not_attempted"}
            for mark in again
        ]
    return document


def test_the_last_round_of_a_judgement_counts():
    document = contest(ruleset(judgement("order", 3, judges=2)), by_judges("x", "order", 0, 3))
    document["marks"] += [{**mark_of("x", "order", judge, 2), "round": 2} for judge in "ab"]
    assert_same(Standings.of(parse(document)), document)


@st.composite
def marks_of(draw, name):
    marks = []
    for panel_name in ("p1", "p2"):
        if draw(st.integers(0, 9)) == 0:
            marks.append((name, panel_name, None, "1.37", "agreed"))
            continue
        seats = draw(st.sampled_from([5, 5, 5, 4, 3, 2]))
        marks += by_judges(name, panel_name, *[draw(quarters) for _ in range(seats)])
    marks += by_judges(name, "order", *[draw(st.integers(0, 3)) for _ in range(3)])
    for _ in range(draw(st.integers(0, 2))):
        marks.append((name, "faults", None, draw(st.sampled_from(["0.5", "2"])), "entry"))
    for paper in ("paper", "essay"):
        marks.append((name, paper, None, draw(st.sampled_from(["0", "61.25", "88.5", "100"]))))
    marks.append((name, "measured", None, draw(st.sampled_from(["10.45", "9.8", "11.3", "10.6"]))))
    marks.append((name, "done", None, draw(st.integers(0, 7))))
    marks.append((name, "lit", None, draw(st.integers(0, 1))))
    marks.append((name, "seconds", None, draw(st.sampled_from(["59.123", "60", "61.5"]))))
    if draw(st.integers(0, 3)) == 0:
        del marks[draw(st.integers(0, len(marks) - 1))]
    return marks


def assert_same(standings, document):
    outcome = evaluate(document)
    root = outcome.ruleset.scheme.id
    for line in outcome.lines:
        name = line.entrant
        assert standings.place(name) == line.place
        assert standings.is_shared(name) is line.shared
        assert standings.is_complete(name) is line.complete
        assert standings.total(name) == (line.values[root] if line.complete else None)
    assert [line.entrant for line in standings.lines()] == list(outcome.placings)


@SEEN
@given(documents())
def test_columns_give_what_the_rules_give(document):
    standings = Standings.of(parse(document))
    assert standings.in_columns
    assert_same(standings, document)


@SEEN
@given(contests())
def test_the_contests_of_the_marking_tests_give_the_same_in_columns(document):
    assert_same(Standings.of(parse(document)), document)


@SEEN
@given(documents(), st.data())
def test_one_updated_entrant_leaves_what_a_full_count_finds(document, data):
    standings = Standings.of(parse(document))
    name = data.draw(st.sampled_from([entrant["id"] for entrant in document["entrants"]]))
    others = [mark for mark in document["marks"] if mark["entrant"] != name]
    again = contest(document["ruleset"], data.draw(marks_of(name)), [name], judges="abcdef")["marks"]
    changed = {**document, "marks": others + again}
    standings.update(name, parse(changed).marks[name])
    assert_same(standings, changed)


def test_numbers_too_long_for_columns_go_through_the_exact_engine():
    parts = [value_aspect(f"v{number}", 1, factor=f"0.{'9' * 7}{number}") for number in range(9)]
    deep = group("total", *parts, factor="1.00000001")
    marks = [("e1", f"v{number}", None, "0.12345678") for number in range(9)]
    document = contest(ruleset(scheme=deep), marks)
    standings = Standings.of(parse(document))
    assert not standings.in_columns
    assert_same(standings, document)


def test_a_comparison_without_columns_goes_through_the_exact_engine():
    by = [{"node": "total"}, {"by": "head_to_head", "node": "total"}]
    rules = ruleset(value_aspect("a"), value_aspect("b"), value_aspect("c"), ranking={"by": by})
    values = {"x": (1, 1, 4), "y": (2, 2, 2)}
    marks = [
        (who, node, None, each)
        for who, all_ in values.items()
        for node, each in zip("abc", all_, strict=True)
    ]
    document = contest(rules, marks)
    standings = Standings.of(parse(document))
    assert not standings.in_columns
    assert_same(standings, document)
    standings.update("x", {node: Given(measured=Fraction(50)) for node in "abc"})
    assert (standings.place("x"), standings.total("x")) == (1, 150)


def test_an_aspect_without_columns_is_reckoned_entrant_by_entrant():
    tries = aspect(
        "tries", "attempts", attempts=2, better="higher", counts="best", range={"low": 0, "high": 10}
    )
    rules = ruleset(value_aspect("a"), tries)
    document = contest(rules, [(who, "a", None, value) for who, value in (("x", 3), ("y", 4))])
    for who, values in (("x", (9, 2)), ("y", (1, 5))):
        document["marks"] += [
            {"entrant": who, "aspect": "tries", "value": value, "attempt": index}
            for index, value in enumerate(values, start=1)
        ]
    standings = Standings.of(parse(document))
    assert standings.in_columns
    assert_same(standings, document)


def test_a_decision_settles_a_tie():
    rules = ruleset(value_aspect("a"))
    marks = [(who, "a", None, value) for who, value in (("x", 3), ("y", 3), ("z", 3), ("w", 9))]
    decisions = [{"order": ["z", "x", "y"], "reason": "drawn by lot"}]
    document = contest(rules, marks, decisions=decisions)
    standings = Standings.of(parse(document))
    assert_same(standings, document)
    assert [standings.place(who) for who in "wzxy"] == [1, 2, 3, 4]


def test_arrays_of_marks_give_what_their_document_gives():
    rules = ruleset(
        panel("p", 3, "mean", range={"low": 0, "high": 10, "step": "0.1"}),
        value_aspect("a"),
        aspect("d", "deduction"),
    )
    standings = Standings.of_columns(
        parse(contest(rules, [], ["x"])).ruleset,
        ["y", "x"],
        {
            "p": scored(np.array([[71, 80, 92], [90, 90, 91]]), denominator=10),
            "a": measured(np.array([50, 49]), known=np.array([True, True])),
            "d": deducted(np.array([0, 15]), denominator=10),
        },
    )
    marks = [*by_judges("y", "p", "7.1", "8", "9.2"), *by_judges("x", "p", 9, 9, "9.1")]
    marks += [("y", "a", None, 50), ("x", "a", None, 49), ("x", "d", None, "1.5", "entry")]
    assert_same(standings, contest(rules, marks))


def test_an_entrant_whose_marks_are_missing_has_no_total_and_no_place():
    standings = Standings.of(parse(contest(ruleset(value_aspect("a")), [("x", "a", None, 0)], ["x", "y"])))
    assert (standings.place("x"), standings.total("x")) == (1, 0)
    assert (standings.place("y"), standings.total("y"), standings.is_complete("y")) == (None, None, False)
    with pytest.raises(KeyError):
        standings.place("z")


def test_nobody_at_all_is_ranked_in_an_empty_contest():
    ruleset_ = parse(contest(ruleset(value_aspect("a")), [], ["x"])).ruleset
    assert list(table.Standings.of_columns(ruleset_, [], {}).lines()) == []
