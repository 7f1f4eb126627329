"""Panels and judgements: majorities, missing judges, rounds of discussion, shadow judges, declared difficulty."""

from decimal import Decimal

import pytest

from competition.rules.contest import evaluate
from tests.rules.contests import by_judges, contest, judgement, panel, ruleset


def line_of(rules, marks, judges="abcdefghi"):
    return evaluate(contest(rules, marks, ["e"], judges)).line("e")


def in_rounds(name, *rounds):
    return [
        {"entrant": "e", "aspect": name, "judge": judge, "value": value, "round": number}
        for number, values in enumerate(rounds, start=1)
        for judge, value in zip("abc", values, strict=False)
    ]


@pytest.mark.parametrize(("votes", "expected"), [((1, 0, 1), "1"), ((2, 2, 3, 2, 0), "2"), ((5,), "5")])
def test_a_majority_is_what_more_than_half_of_the_judges_gave(votes, expected):
    rules = ruleset(panel("p", len(votes), "majority"))
    assert line_of(rules, by_judges("e", "p", *votes)).total == Decimal(expected)


@pytest.mark.parametrize("votes", [(1, 0), (1, 2, 3), (1, 1, 2, 2)])
def test_without_a_majority_the_aspect_blocks(votes):
    line = line_of(ruleset(panel("p", len(votes), "majority")), by_judges("e", "p", *votes))
    assert "no majority" in str(line.blockers[0])


def test_a_speaker_has_the_mean_of_the_judges_in_the_majority():
    rules = ruleset(
        panel("vote", 3, "majority", range={"low": 0, "high": 1}),
        panel("speech", 3, "majority_mean", of="vote"),
    )
    marks = [*by_judges("e", "vote", 1, 0, 1), *by_judges("e", "speech", 76, 60, 73)]
    assert line_of(rules, marks).value("speech") == Decimal("74.5")
    working = evaluate(contest(rules, marks, ["e"])).working("e").children[1]
    assert [(given.judge, given.counts) for given in working.inputs] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]


def test_a_mean_of_the_majority_needs_a_majority():
    rules = ruleset(panel("vote", 2), panel("speech", 2, "majority_mean", of="vote"))
    line = line_of(rules, [*by_judges("e", "vote", 1, 0), *by_judges("e", "speech", 76, 60)])
    assert "no judge who marked here is in a majority" in str(line.blockers[0])


@pytest.mark.parametrize(
    ("missing", "combine", "expected"),
    [
        ("leave_out", "mean", "80"),
        ("lowest", "mean", "60"),
        ("lowest", "sum", "240"),
        ("lowest", "median", "75"),
    ],
)
def test_a_missing_judge_is_left_out_or_counts_as_the_lowest_mark(missing, combine, expected):
    rules = ruleset(panel("p", 4, combine, minimum=3, missing=missing))
    assert line_of(rules, by_judges("e", "p", 70, 80, 90)).total == Decimal(expected)


def test_fewer_judges_than_the_minimum_block_even_where_the_missing_count_as_lowest():
    line = line_of(ruleset(panel("p", 4, minimum=3, missing="lowest")), by_judges("e", "p", 70, 80))
    assert "2 of at least 3 judges" in str(line.blockers[0])


@pytest.mark.parametrize(("declared", "expected"), [(True, "13"), ("add", "13"), ("multiply", "30")])
def test_what_an_entrant_declares_is_added_or_multiplied(declared, expected):
    rules = ruleset(panel("p", 1, declared=declared))
    assert line_of(rules, [("e", "p", "a", 10), ("e", "p", None, 3, "declared")]).total == Decimal(expected)


def test_the_last_round_of_a_judgement_counts_and_the_first_stays_in_the_working():
    document = contest(ruleset(judgement("j", 9)), [], ["e"])
    document["marks"] = in_rounds("j", (1, 3, 2), (2, 3, 2))
    outcome = evaluate(document)
    assert outcome.line("e").total == 7
    inputs = outcome.working("e").children[0].inputs
    assert [(one.round, one.counts) for one in inputs] == [(1, False)] * 3 + [(2, True)] * 3


def test_all_judges_must_be_in_the_last_round():
    document = contest(ruleset(judgement("j", 9)), [], ["e"])
    document["marks"] = in_rounds("j", (1, 3, 2), (2, 3))
    assert str(evaluate(document).line("e").blockers[0]) == "e, j: c must also mark in round 2."


def test_a_shadow_judge_is_shown_and_never_counts():
    document = contest(ruleset(panel("p", 2)), by_judges("e", "p", 80, 90, 10), ["e"])
    document["judges"][2]["shadow"] = True
    outcome = evaluate(document)
    assert outcome.line("e").total == 85
    assert [(given.judge, given.counts) for given in outcome.working("e").children[0].inputs][-1] == (
        "c",
        False,
    )
