"""Contests: from a document to places, with the working; and what must hold for every contest."""

import copy
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.contest import ContestInvalid, evaluate, explain_place, problems
from competition.rules.scheme import Combine, Group, Part
from tests.rules.contests import (
    DOCUMENTS,
    aspect,
    attempts,
    by_judges,
    contest,
    contests,
    document,
    group,
    judgement,
    mark_of,
    panel,
    record,
    ruleset,
    value_aspect,
)
from tests.rules.test_ruleset import junk, places_in, put

EXAMPLES = [document(path) for path in DOCUMENTS]
SIMPLE = ruleset(value_aspect("v"))


def standing(outcome):
    """What a contest comes to, apart from the order in which it was written down."""
    return {
        line.entrant: (line.values, line.place, line.award, line.shared, line.complete)
        for line in outcome.lines
    }


def said(sentences):
    return [str(each) for each in sentences]


# Examples.


def test_a_whole_contest_comes_out_as_on_paper():
    outcome = evaluate(document(next(path for path in DOCUMENTS if path.stem == "theory-and-practice")))
    first, second, guest, absent = outcome.lines
    assert [(line.entrant, line.shown, line.place) for line in (first, second, guest)] == [
        ("W02", Decimal("88.60"), 1),
        ("W01", Decimal("88.60"), 2),
        ("W03", Decimal("76.00"), 3),
    ]
    assert [line.award for line in outcome.lines] == ["first", "second", None, None]
    assert (absent.entrant, absent.place, absent.blockers) == ("W04", None, ())


def test_why_this_place_names_the_comparison_that_decided():
    outcome = evaluate(document(next(path for path in DOCUMENTS if path.stem == "theory-and-practice")))
    assert said(explain_place(outcome, "W02")) == [
        "W02 is in place 1 of 3 ranked entrants.",
        "Against W01, Total is equal: 88.6.",
        "Against W01, Practice is equal: 91.",
        "Against W01, Time taken decides, the lower first: 10080 against 10320.",
    ]


def test_why_this_place_says_with_whom_it_is_shared():
    outcome = evaluate(contest(SIMPLE, [("a", "v", None, 5), ("b", "v", None, 5)]))
    assert said(explain_place(outcome, "a"))[1].startswith("The place is shared with b")


@pytest.mark.parametrize(
    ("status", "why"),
    [("absent", "did not come"), ("withdrawn", "withdrew"), ("disqualified", "was disqualified")],
)
def test_who_is_not_ranked_keeps_the_record_and_has_no_place(status, why):
    marks = [("a", "v", None, 90), ("b", "v", None, 50)]
    outcome = evaluate(contest(SIMPLE, marks, [{"id": "a", "status": status}, "b"]))
    assert (outcome.line("a").place, outcome.line("a").total, outcome.line("b").place) == (None, 90, 1)
    assert why in said(explain_place(outcome, "a"))[0]
    assert outcome.complete


def test_rules_that_share_no_place_wait_for_a_decision_with_a_reason():
    rules = ruleset(value_aspect("v"), ranking={"by": [{"node": "total"}], "ties": "manual"})
    marks = [("a", "v", None, 5), ("b", "v", None, 5)]
    assert "the order must be decided" in str(evaluate(contest(rules, marks)).blockers[0])
    decisions = [{"order": ["b", "a"], "reason": "Drawn by lot."}]
    outcome = evaluate(contest(rules, marks, decisions=decisions))
    assert outcome.complete
    assert (outcome.line("b").place, outcome.line("a").place) == (1, 2)
    assert "Drawn by lot." in said(explain_place(outcome, "a"))[1]


def test_who_does_not_pass_receives_no_award_and_keeps_the_place():
    awards = {"model": "counts", "awards": [{"id": "first", "title": {"zh": "奖"}, "count": 1}]}
    rules = ruleset(value_aspect("theory", pass_mark=60), value_aspect("practice"), awards=awards)
    marks = [
        ("a", "theory", None, 59),
        ("a", "practice", None, 99),
        ("b", "theory", None, 60),
        ("b", "practice", None, 1),
    ]
    outcome = evaluate(contest(rules, marks))
    assert [(line.entrant, line.place, line.award) for line in outcome.lines] == [
        ("a", 1, None),
        ("b", 2, "first"),
    ]
    assert outcome.line("a").not_passed == ("theory",)


def test_the_working_reads_like_a_calculation_on_paper():
    rules = ruleset(panel("p", 5, "trimmed_mean", trim={"low": 1, "high": 1}, panel_rounding={"digits": 2}))
    outcome = evaluate(contest(rules, by_judges("e", "p", 88, 90, 91, 85, 95)))
    piece = outcome.working("e").children[0]
    assert [str(step.sentence) for step in piece.steps] == [
        "Highest 95 and lowest 85 of 5 marks are left out.",
        "Mean of 3 marks: 269 ÷ 3 = 89.666666….",
        "Rounded to 2 decimal places, half up: 89.67.",
    ]
    assert [(given.judge, given.counts) for given in piece.inputs if not given.counts] == [
        ("d", False),
        ("e", False),
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=[path.stem for path in DOCUMENTS])
def test_the_outcome_is_plain_json_with_every_number_as_text(example):
    plain = evaluate(example).as_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_the_contest_in_the_documentation_is_a_sound_one():
    page = (Path(__file__).parents[2] / "docs" / "ruleset.md").read_text(encoding="utf-8")
    outcome = evaluate(json.loads(page.split("```json")[1].split("```")[0]))
    assert [(line.entrant, line.place) for line in outcome.lines] == [
        ("W01", 1),
        ("W02", None),
        ("W03", None),
    ]
    assert outcome.line("W01").shown == Decimal("85.44")


def test_the_marks_of_a_shadow_judge_stand_in_the_record_and_never_count():
    rules = ruleset(panel("p", 2))
    document = contest(rules, by_judges("e", "p", 60, 80, 5), judges="abc")
    assert "3 judges gave a mark, but the panel has 2 seats" in str(evaluate(document).blockers[0])
    document["judges"][2]["shadow"] = True
    assert evaluate(document).line("e").total == 70


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ({"aspect": "v", "judge": "b", "value": 1}, "A shadow judge marks beside a panel"),
        ({"aspect": "p", "judge": "b", "value": 1, "kind": "agreed"}, "A shadow judge marks beside a panel"),
        ({"aspect": "p", "judge": "z", "value": 1}, "nobody of the judges"),
        ({"aspect": "p", "judge": "a", "value": 1, "round": 0}, "from 1 to 99"),
        ({"aspect": "p", "judge": "a", "value": 1, "round": True}, "from 1 to 99"),
        ({"aspect": "v", "value": 1, "round": 2}, "mark in rounds"),
        ({"aspect": "v", "value": 1, "attempt": 1}, "no separate tries"),
        ({"aspect": "runs", "value": 1, "attempt": 4}, "There are 3 tries here"),
        ({"aspect": "runs", "value": 1, "attempt": "1"}, "number of a try"),
        ({"aspect": "runs", "value": 1}, "needs the number of its try"),
        ({"aspect": "runs", "attempt": 1, "state": ["dnf"]}, "either a value or the state"),
        ({"aspect": "v", "state": "dnf"}, "not attempted"),
        ({"aspect": "v", "value": 1, "kind": ["mark"]}, "one of these words"),
        ({"aspect": "v", "value": 1, "kind": "bonus"}, "Only a time"),
        ({"aspect": "time", "value": 0, "kind": "pause"}, "greater than 0"),
    ],
)
def test_judges_rounds_tries_and_states_are_refused_where_they_do_not_belong(mark, says):
    rules = ruleset(
        value_aspect("v"), panel("p", 2, agreed=True), attempts("runs", 3), aspect("time", "time")
    )
    wrong = contest(rules, [], ["e"], judges="ab")
    wrong["judges"][1]["shadow"] = True
    wrong["marks"] = [{"entrant": "e", **mark}]
    assert [(problem.path, says in str(problem.sentence)) for problem in problems(wrong)] == [
        ("/marks/0", True)
    ]


def test_a_time_is_what_it_took_without_pauses_and_bonuses_and_with_penalties():
    rules = ruleset(
        value_aspect("v"),
        aspect("time", "time"),
        ranking={"by": [{"node": "total"}, {"node": "time", "direction": "asc"}]},
    )
    marks = [("a", "v", None, 5), ("b", "v", None, 5), ("a", "time", None, 100), ("b", "time", None, 95)]
    more = [
        ("a", "time", None, 10, "pause"),
        ("a", "time", None, 5, "bonus"),
        ("b", "time", None, 5, "penalty"),
    ]
    outcome = evaluate(contest(rules, [*marks, *more]))
    assert [(line.entrant, line.value("time")) for line in outcome.lines] == [("a", 85), ("b", 100)]


@pytest.mark.parametrize(
    ("entrant", "path"),
    [
        ({"categories": [""]}, "/entrants/0/categories/0"),
        ({"categories": ["x" * 81]}, "/entrants/0/categories/0"),
        ({"order": -1}, "/entrants/0/order"),
        ({"team_size": 0}, "/entrants/0/team_size"),
        ({"team": 7}, "/entrants/0/team"),
        ({"coach": None}, "/entrants/0/coach"),
        ({"shadow": True}, "/entrants/0/shadow"),
    ],
)
def test_what_is_said_of_an_entrant_is_checked(entrant, path):
    wrong = contest(SIMPLE, [], [{"id": "e", **entrant}])
    assert [problem.path for problem in problems(wrong)] == [path]


def test_who_compares_a_record_needs_it_for_a_place_and_who_does_not_does_not():
    by_tops = ruleset(
        value_aspect("v"), record("tops"), ranking={"by": [{"node": "total"}, {"node": "tops"}]}
    )
    marks = [("e", "v", None, 5)]
    assert not evaluate(contest(by_tops, marks)).complete
    assert evaluate(contest(ruleset(value_aspect("v"), record("tops")), marks)).complete


HONOURED = ruleset(
    value_aspect("v"),
    awards={"model": "counts", "awards": [{"id": "first", "title": {"zh": "一等奖"}, "count": 2}]},
    honours=[{"id": "expert", "title": {"zh": "技术能手"}, "places": 2, "categories": ["worker"]}],
    prizes=[{"id": "coach", "title": {"zh": "优秀教练"}, "to": "coach", "awards": ["first"]}],
    balances=[
        {
            "id": "workers",
            "title": {"zh": "产业工人"},
            "categories": ["worker"],
            "at_least": 35,
            "of": ["first"],
        }
    ],
)


def test_honours_prizes_and_balances_follow_from_the_places():
    entrants = [
        {"id": "a", "coach": "C1"},
        {"id": "b", "categories": ["worker"], "coach": "C1"},
        {"id": "c", "categories": ["worker"]},
    ]
    marks = [("a", "v", None, 9), ("b", "v", None, 8), ("c", "v", None, 7)]
    plain = evaluate(contest(HONOURED, marks, entrants)).as_json()
    assert [(each["honour"], each["entrant"]) for each in plain["honours"]] == [("expert", "b")]
    assert [(each["winner"], each["entrants"]) for each in plain["prizes"]] == [("C1", ["a", "b"])]
    assert [(row["of_group"], row["total"]) for row in plain["balances"][0]["rows"]] == [(0, 1), (1, 2)]


# Documents that cannot be evaluated.


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        (mark_of("x", "v", None, 1), "names nobody of this contest"),
        (mark_of("a", "x", None, 1), "names no aspect"),
        (mark_of("a", "p", "z", 1), "nobody of the judges"),
        (mark_of("a", "p", None, 1), "needs its judge"),
        (mark_of("a", "v", None, "NaN"), "digits 0 to 9"),
        (mark_of("a", "v", None, None), "A number is expected"),
        (mark_of("a", "v", None, 101), "101 is outside the range 0 to 100"),
        (mark_of("a", "v", None, -1), "outside the range"),
        (mark_of("a", "j", "a", "1.5"), "A level 0, 1, 2 or 3"),
        (mark_of("a", "v", None, 1, "declared"), "No declared value"),
        (mark_of("a", "p", None, 1, "agreed"), "the judges mark one by one"),
        (mark_of("a", "v", None, 1, "entry"), "Only a deduction"),
        (mark_of("a", "d", None, 1), "recorded as entries"),
        (mark_of("a", "d", None, -2, "entry"), "greater than 0"),
        (mark_of("a", "t", None, -2), "below 0 seconds"),
        (mark_of("a", "v", None, 1, "guess"), "one of these words"),
        ({**mark_of("a", "v", None, 1), "state": "not_attempted"}, "either a value or the state"),
        ({"entrant": "a", "aspect": "v", "state": "asleep"}, "either a value or the state"),
        ({**mark_of("a", "v", None, 1), "weight": 3}, "only these members"),
        ("mark", "An object with named members"),
    ],
)
def test_a_mark_that_cannot_be_counted_is_named_at_its_place(mark, says):
    rules = ruleset(
        value_aspect("v"), panel("p", 1), judgement("j", 2), aspect("d", "deduction"), aspect("t", "time")
    )
    wrong = contest(rules, [], ["a"])
    wrong["marks"] = [mark]
    assert [(problem.path, says in str(problem.sentence)) for problem in problems(wrong)] == [
        ("/marks/0", True)
    ]


def test_a_mark_that_is_there_twice_must_be_settled_first():
    twice = contest(SIMPLE, [("a", "v", None, 5), ("a", "v", None, 6)])
    with pytest.raises(ContestInvalid) as invalid:
        evaluate(twice)
    assert invalid.value.problems[0].path == "/marks/1"


def test_problems_of_the_rule_set_are_named_inside_the_contest():
    wrong = contest(ruleset(value_aspect("a", weight=5)), [], ["a"])
    assert [problem.path for problem in problems(wrong)] == ["/ruleset/scheme/children/0/weight"]


@given(junk)
def test_any_json_is_answered_with_problems_and_never_with_an_error(value):
    assert problems(value)


@given(st.sampled_from(EXAMPLES), st.data())
def test_junk_at_any_place_of_a_contest_is_named_or_evaluated_and_never_raises(example, data):
    path = data.draw(st.sampled_from(list(places_in(example))))
    changed = put(example, path, data.draw(junk))
    if not problems(changed):
        evaluate(changed).as_json()


# What must hold for every contest.


@given(contests(), st.randoms(use_true_random=False))
def test_the_order_of_entrants_marks_and_judges_decides_nothing(original, random):
    shuffled = copy.deepcopy(original)
    for part in ("entrants", "marks", "judges"):
        random.shuffle(shuffled[part])
    assert standing(evaluate(shuffled)) == standing(evaluate(original))


@given(contests())
def test_numbers_as_texts_as_decimals_and_as_floats_give_the_same_outcome(original):
    spelled = json.dumps(original, default=str)
    as_floats, as_decimals = json.loads(spelled), json.loads(spelled, parse_float=Decimal)
    for mark in as_floats["marks"]:
        mark["value"] = float(mark["value"])
    assert standing(evaluate(as_floats)) == standing(evaluate(as_decimals)) == standing(evaluate(original))


def added_up(node, working):
    """The value of a group from the values of its parts, by hand: the tests' own reading of the rules."""
    parts = dict(zip((child.id for child in node.children), working.children, strict=True))
    marks = [parts[child.id].exact for child in node.children if child.part is Part.MARKS]
    taken = sum(
        (parts[child.id].exact for child in node.children if child.part is Part.DEDUCTION), Fraction(0)
    )
    if node.combine is Combine.WEIGHTED:
        weights = [child.weight for child in node.children if child.part is Part.MARKS]
        combined = sum(
            (mark * weight / 100 for mark, weight in zip(marks, weights, strict=True)), Fraction(0)
        )
    else:
        combined = sum(marks, Fraction(0))
    return (combined + taken) * node.factor


@given(contests(missing=False))
def test_the_explanation_added_up_again_is_the_decision(original):
    outcome = evaluate(original)
    for line in outcome.lines:
        open_nodes = [(outcome.ruleset.scheme, outcome.working(line.entrant))]
        for node, working in open_nodes:
            assert working.exact == line.values[node.id]
            assert working.steps[-1].value == working.value
            if isinstance(node, Group):
                assert added_up(node, working) == working.exact
                open_nodes.extend(zip(node.children, working.children, strict=True))


@given(contests(missing=False), st.data())
def test_a_higher_mark_never_lowers_its_entrant(original, data):
    ordinary = [mark for mark in original["marks"] if mark["kind"] == "mark"]
    index = original["marks"].index(data.draw(st.sampled_from(ordinary)))
    mark = original["marks"][index]
    most = 3 if mark["aspect"] == "order" else Decimal("92.25")
    raised = put(original, ("marks", index, "value"), str(most))
    before, after = evaluate(original).line(mark["entrant"]), evaluate(raised).line(mark["entrant"])
    assert after.values["total"] >= before.values["total"]
    assert after.place <= before.place


@given(contests(missing=False))
def test_places_are_conserved_and_everybody_complete_has_one(original):
    outcome = evaluate(original)
    taken = [line.place for line in outcome.lines]
    assert taken == sorted(taken)
    assert all(place == 1 + sum(other < place for other in taken) for place in taken)


@given(contests(missing=False), st.data())
def test_a_missing_mark_is_never_a_zero(original, data):
    needed = [mark for mark in original["marks"] if mark["aspect"] in ("order", "paper")]
    index = original["marks"].index(data.draw(st.sampled_from(needed)))
    without, entrant = put(original, ("marks", index), ...), original["marks"][index]["entrant"]
    line = evaluate(without).line(entrant)
    assert (line.total, line.place, line.complete) == (None, None, False)
    assert line.blockers
    assert evaluate(put(original, ("marks", index, "value"), 0)).line(entrant).complete


def test_a_tie_of_thousands_is_told_without_naming_thousands():
    marks = [(f"e{number}", "v", None, 50) for number in range(3000)]
    outcome = evaluate(contest(SIMPLE, marks))
    assert {line.place for line in outcome.lines} == {1}
    assert len(str(explain_place(outcome, "e7")[1])) < 300


def test_a_group_of_deductions_may_be_capped_as_a_whole():
    faults = group("faults", aspect("d1", "deduction"), aspect("d2", "deduction"), cap=5)
    marks = [("e", "v", None, 50), ("e", "d1", None, 4, "entry"), ("e", "d2", None, 4, "entry")]
    assert evaluate(contest(ruleset(value_aspect("v"), faults), marks)).line("e").total == 45
