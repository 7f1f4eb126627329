"""Stages: who enters which, what is carried over, what blocks, how places follow."""

import copy
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.contest import evaluate, explain_place, problems
from competition.rules.contest.stages import qualified
from competition.rules.numbers import RoundingMode
from competition.rules.ranking import Direction
from competition.rules.scheme import LineTies, Qualify
from tests.rules.contests import attempts, contest, group, ruleset, value_aspect

COUNT_TWO = {"count": 2}


def staged(*, carry_over=False, qualify=COUNT_TWO, third=None):
    stages = [group("prelim", value_aspect("p"), role="stage")]
    line = {} if qualify is None else {"qualify": qualify}
    stages.append(group("final", value_aspect("f"), role="stage", carry_over=carry_over, **line))
    if third is not None:
        stages.append(group("super", value_aspect("s"), role="stage", carry_over=carry_over, qualify=third))
    return ruleset(scheme=group("total", *stages, combine="stages"))


def marks(**entrants):
    """Marks of the stages in order, by entrant; None for none."""
    return [
        (entrant, aspect, None, value)
        for entrant, values in entrants.items()
        for aspect, value in zip("pfs", values, strict=False)
        if value is not None
    ]


def result(outcome):
    return {line.entrant: (line.stage, line.place, line.total) for line in outcome.lines}


def test_who_reached_the_final_stands_before_who_did_not():
    outcome = evaluate(contest(staged(), marks(A=[90, 10], B=[80, 20], C=[70])))
    assert result(outcome) == {"B": ("final", 1, 20), "A": ("final", 2, 10), "C": ("prelim", 3, 70)}
    assert outcome.complete
    said = [str(each) for each in explain_place(outcome, "A")]
    assert said[-1] == "Against C, the last stage that was reached decides: final against prelim."


def test_what_was_reached_before_is_carried_over_where_the_rules_say_so():
    outcome = evaluate(contest(staged(carry_over=True), marks(A=[90, 10], B=[80, 15], C=[70])))
    assert result(outcome) == {"A": ("final", 1, 100), "B": ("final", 2, 95), "C": ("prelim", 3, 70)}


def test_the_working_of_a_stage_that_was_not_reached_says_so():
    outcome = evaluate(contest(staged(), marks(A=[90, 10], B=[80, 20], C=[70])))
    final = outcome.working("C").children[1]
    assert (final.exact, str(final.steps[0].sentence)) == (None, "This stage was not reached.")
    assert [line["stage"] for line in outcome.as_json()["lines"]] == ["final", "final", "prelim"]


@pytest.mark.parametrize(
    ("qualify", "inside"),
    [
        ({"count": 2}, "ABC"),
        ({"count": 2, "ties": "none"}, "A"),
        ({"count": 1}, "A"),
        ({"count": 9}, "ABCD"),
        ({"fraction": "1/2", "rounding": "down"}, "ABC"),
        ({"fraction": "1/4", "rounding": "half_up"}, "A"),
        ({"fraction": "1/5", "rounding": "down"}, ""),
        ({"at_least": 80}, "ABC"),
        ({"at_least": "80.01"}, "A"),
        (None, "ABCD"),
    ],
)
def test_the_line_lets_in_whom_the_rules_say(qualify, inside):
    prelim = {"A": 90, "B": 80, "C": 80, "D": 70}
    given_marks = marks(**{name: [p, 1 if name in inside else None] for name, p in prelim.items()})
    outcome = evaluate(contest(staged(qualify=qualify), given_marks))
    assert outcome.complete
    assert {line.entrant for line in outcome.lines if line.stage == "final"} == set(inside)


def test_three_stages_are_decided_one_after_the_other():
    rules = staged(qualify={"count": 3}, third={"count": 1})
    outcome = evaluate(contest(rules, marks(A=[90, 10], B=[80, 40, 5], C=[70, 20], D=[60])))
    assert [(line.entrant, line.stage) for line in outcome.lines] == [
        ("B", "super"),
        ("C", "final"),
        ("A", "final"),
        ("D", "prelim"),
    ]


def test_marks_in_a_stage_that_was_not_reached_block():
    outcome = evaluate(contest(staged(), marks(A=[90, 10], B=[80, 20], C=[70, 99])))
    assert str(outcome.blockers[0]) == "C has marks in a stage that was not reached, final."
    assert outcome.line("C").place is None


def test_missing_marks_of_a_finalist_block_and_are_no_zero():
    outcome = evaluate(contest(staged(), marks(A=[90, 10], B=[80], C=[70])))
    assert [line.entrant for line in outcome.lines if line.blockers] == ["B"]


def test_the_line_is_open_while_marks_before_it_are_missing():
    outcome = evaluate(contest(staged(), marks(A=[90, 10], B=[80], C=[70, 30]), "ABCD"))
    assert outcome.line("C").stage == "final"
    assert outcome.line("C").blockers == ()
    assert "nothing is recorded yet" in str(outcome.line("D").blockers[0])


@pytest.mark.parametrize("status", ["withdrawn", "disqualified", "absent"])
def test_who_is_gone_before_the_final_leaves_the_place_in_it_to_the_next(status):
    entrants = [{"id": "A", "status": status}, "B", "C", "D"]
    outcome = evaluate(contest(staged(), marks(A=[90], B=[80, 1], C=[70, 2], D=[60]), entrants))
    assert outcome.complete
    assert {line.entrant for line in outcome.lines if line.stage == "final"} == {"B", "C"}


def test_who_withdraws_in_the_final_has_taken_a_place_in_it():
    entrants = [{"id": "A", "status": "withdrawn"}, "B", "C"]
    outcome = evaluate(contest(staged(), marks(A=[90, 5], B=[80, 1], C=[70]), entrants))
    assert result(outcome) == {"B": ("final", 1, 1), "C": ("prelim", 2, 70), "A": ("final", None, 5)}


def test_the_shorter_times_go_on_where_the_shorter_time_is_ahead():
    def heat(name, aspect, **rules):
        seconds = attempts(aspect, 1, "lower", range={"low": 0, "high": 600})
        return group(name, seconds, role="stage", **rules)

    scheme = group(
        "total", heat("heat", "h"), heat("run", "r", carry_over=False, qualify=COUNT_TWO), combine="stages"
    )
    rules = ruleset(scheme=scheme, ranking={"by": [{"node": "total", "direction": "asc"}]})
    document = contest(rules, [], ["A", "B", "C", "D"])
    runs = [("A", "h", 10), ("B", "h", 12), ("C", "h", 11), ("A", "r", 9), ("C", "r", 8)]
    document["marks"] = [
        {"entrant": entrant, "aspect": aspect, "attempt": 1, "value": value}
        for entrant, aspect, value in runs
    ] + [{"entrant": "D", "aspect": "h", "attempt": 1, "state": "dnf"}]
    outcome = evaluate(document)
    assert [(line.entrant, line.stage, line.place) for line in outcome.lines] == [
        ("C", "run", 1),
        ("A", "run", 2),
        ("B", "heat", 3),
        ("D", "heat", 4),
    ]


scores = st.lists(st.integers(0, 5), min_size=1, max_size=8)


@given(scores, st.integers(1, 8), st.sampled_from(["all", "none"]), st.randoms(use_true_random=False))
def test_a_line_is_where_it_is_however_the_document_is_ordered(prelim, count, ties, random):
    rules = staged(qualify={"count": count, "ties": ties})
    document = contest(rules, marks(**{f"e{n}": [value] for n, value in enumerate(prelim)}))
    shuffled = copy.deepcopy(document)
    random.shuffle(shuffled["entrants"])
    random.shuffle(shuffled["marks"])
    stages = {line.entrant: line.stage for line in evaluate(document).lines}
    assert {line.entrant: line.stage for line in evaluate(shuffled).lines} == stages
    inside = [prelim[int(name[1:])] for name, stage in stages.items() if stage == "final"]
    outside = [prelim[int(name[1:])] for name, stage in stages.items() if stage == "prelim"]
    assert not inside or not outside or min(inside) > max(outside)
    assert len(inside) <= count or ties == "all"
    assert len(inside) >= min(count, len(prelim)) or ties == "none"


lines = st.one_of(
    st.tuples(st.integers(1, 6), st.none(), st.none()),
    st.tuples(st.none(), st.fractions(min_value=0, max_value=1, max_denominator=9), st.none()),
    st.tuples(st.none(), st.none(), st.integers(0, 5).map(Fraction)),
)


@given(scores, lines, st.sampled_from(LineTies), st.sampled_from(Direction), st.data())
def test_who_does_better_stays_inside_and_pushes_nobody_in(values, line, ties, direction, data):
    rule = Qualify(line[0], line[1], RoundingMode.HALF_UP, line[2], ties)
    before = {f"e{number}": Fraction(value) for number, value in enumerate(values)}
    better = data.draw(st.sampled_from(sorted(before)))
    sign = 1 if direction is Direction.DESC else -1
    inside = qualified(rule, before, direction)
    after = qualified(rule, {**before, better: before[better] + sign * 10}, direction)
    assert better not in inside or better in after
    if ties is LineTies.ALL:
        assert after - inside <= {better}


def test_the_rules_of_stages_are_checked():
    assert not problems(contest(staged(), [], ["A"]))
    assert problems(contest(staged(qualify={}), [], ["A"]))
