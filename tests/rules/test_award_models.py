"""Every award model of the field (domain §7.1, §5.12; judging §4) as a document, evaluated as the command line does it."""

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import contest, ruleset
from competition.rules.awards import reaches
from tests.rules import contests as a


def titled(*awards):
    return [{"title": {"zh": award["id"]}, **award} for award in awards]


def rules(awards, **parts):
    return a.ruleset(a.value_aspect("mark", 1000, **parts.pop("mark", {})), awards=awards, **parts)


def field(size, ties=()):
    """So many entrants with falling marks; `ties` are pairs of places whose marks are made equal."""
    marks = {place: 1000 - place for place in range(1, size + 1)}
    for one, other in ties:
        marks[other] = marks[one]
    return [(f"e{place:03d}", "mark", None, mark) for place, mark in marks.items()]


def received(awards, marks, entrants=None, **parts):
    """The awards by place, in order: one letter each, . for none."""
    document = a.contest(rules(awards, **parts), marks, entrants)
    jsonschema.validate(document["ruleset"], ruleset.SCHEMA)
    lines = contest.evaluate(document).lines
    return "".join(line.award or "." for line in sorted(lines, key=lambda line: line.entrant))


def counted(*args, **parts):
    found = received(*args, **parts)
    return {letter: found.count(letter) for letter in sorted(set(found) - {"."})}


PERCENT = titled({"id": "a", "percent": 10}, {"id": "b", "percent": 20}, {"id": "c", "percent": 30})
RATIO = titled({"id": "a", "parts": 1}, {"id": "b", "parts": 2}, {"id": "c", "parts": 3})
BANDS_3 = titled(
    {"id": "g", "from": 1, "to": 1}, {"id": "s", "from": 2, "to": 2}, {"id": "b", "from": 3, "to": 3}
)
UP_TO_HALF = titled({"id": "m", "fraction": "1/2"})[0]


def share(model, awards, rounding="down", **parts):
    return {"model": model, "awards": awards, "denominator": "present", "rounding": rounding, **parts}


@pytest.mark.parametrize(
    ("awards", "size", "expected"),
    [
        (share("percent", PERCENT), 47, {"a": 4, "b": 9, "c": 14}),
        (share("percent", PERCENT, "up"), 47, {"a": 5, "b": 10, "c": 15}),
        (share("percent", PERCENT, "half_up"), 47, {"a": 5, "b": 9, "c": 14}),
        (share("ratio", RATIO, share=20, merit=UP_TO_HALF), 47, {"a": 1, "b": 3, "c": 5, "m": 14}),
        (share("bands", BANDS_3, merit=UP_TO_HALF), 17, {"g": 1, "s": 1, "b": 1, "m": 5}),
        (share("bands", BANDS_3, "up", merit=UP_TO_HALF), 17, {"g": 1, "s": 1, "b": 1, "m": 6}),
        (
            share(
                "counts",
                titled({"id": "a", "count": 3}, {"id": "b", "count": 5}, {"id": "c", "count": 10}),
                merit=titled({"id": "m", "fraction": "2/3"})[0],
            ),
            60,
            {"a": 3, "b": 5, "c": 10, "m": 22},
        ),
        (
            {
                "model": "counts",
                "awards": titled({"id": "a", "count": 1}, {"id": "b", "count": 2}, {"id": "c", "count": 3}),
            },
            30,
            {"a": 1, "b": 2, "c": 3},
        ),
        (
            share(
                "bands",
                titled(
                    {"id": "g", "from": 1, "to": 5},
                    {"id": "s", "from": 6, "to": 10},
                    {"id": "b", "from": 11, "to": 20},
                ),
                merit=UP_TO_HALF,
            ),
            60,
            {"g": 5, "s": 5, "b": 10, "m": 10},
        ),
        (
            share(
                "bands",
                titled({"id": "a", "from": 1, "to": 5}, {"id": "b", "from": 6, "to": 20}),
                merit=titled({"id": "c", "fraction": "1/1"})[0],
            ),
            30,
            {"a": 5, "b": 15, "c": 10},
        ),
    ],
)
def test_each_model_of_the_rule_texts_gives_the_numbers_they_state(awards, size, expected):
    assert counted(awards, field(size)) == expected


IOI = {
    "model": "top_fraction",
    "denominator": "present",
    "rounding": "up",
    "awards": titled(
        {"id": "g", "fraction": "1/12"},
        {"id": "s", "fraction": "1/4"},
        {"id": "b", "fraction": "1/2", "rounding": "down", "ties": "none"},
    ),
}


@pytest.mark.parametrize(
    ("size", "ties", "expected"),
    [
        (24, [], "g" * 2 + "s" * 4 + "b" * 6 + "." * 12),
        (25, [], "g" * 3 + "s" * 4 + "b" * 5 + "." * 13),
        (24, [(2, 3)], "g" * 3 + "s" * 3 + "b" * 6 + "." * 12),
        (24, [(12, 13)], "g" * 2 + "s" * 4 + "b" * 5 + "." * 13),
        (24, [(1, place) for place in range(2, 25)], "g" * 24),
    ],
)
def test_cuts_of_the_ioi_round_and_tie_line_by_line(size, ties, expected):
    assert received(IOI, field(size, ties)) == expected


def with_minimum(model, least, *others, **parts):
    first = {**others[0], "requires": [{"node": "mark", "at_least": least}]}
    return {"model": model, "awards": titled(first, *others[1:]), **parts}


def test_a_number_of_awards_that_nobody_reaches_stays_empty_and_the_best_take_the_next():
    awards = with_minimum("counts", 999.5, {"id": "a", "count": 1}, {"id": "b", "count": 2})
    assert received(awards, field(4)) == "bb.."


def test_a_line_keeps_its_place_when_the_award_above_it_stays_empty():
    bands = {"id": "a", "from": 1, "to": 2}, {"id": "b", "from": 3, "to": 4}
    assert received(with_minimum("bands", 998.5, *bands), field(6)) == "abbb.."


def test_who_misses_every_requirement_is_told_what_was_needed():
    awards = titled({"id": "a", "count": 2, "requires": [{"node": "mark", "at_least": 999}]})
    outcome = contest.evaluate(a.contest(rules({"model": "counts", "awards": awards}), field(2)))
    line = outcome.line("e002")
    assert (line.award_place, line.award) == (2, None)
    assert [str(said) for said in contest.explain_award(outcome, "e002")] == [
        "For “a” at least 999 is needed in mark; that is not reached, so this award stays empty.",
        "Award place 2 receives no award.",
    ]


def test_the_reasons_of_a_line_end_with_the_award():
    two = titled({"id": "a", "fraction": "1/2"})
    awards = {"model": "top_fraction", "awards": two, "denominator": "registered", "rounding": "up"}
    entrants = [*(f"e{n:03d}" for n in range(1, 4)), {"id": "e004", "award_eligible": False}]
    outcome = contest.evaluate(a.contest(rules(awards, mark={"pass_mark": 998}), field(4), entrants))
    said = {line["entrant"]: line["why"][-1] for line in outcome.as_json(with_working=False)["lines"]}
    assert said["e001"] == "Award place 1: “a” goes down to award place 2 of 4 entrants."
    assert said["e003"] == "Does not reach the pass mark of mark, and so receives no award."
    assert said["e004"] == "Takes part without eligibility for awards."


GUEST = [{"id": "e001", "award_eligible": False}, *({"id": f"e{n:03d}"} for n in range(2, 6))]


@pytest.mark.parametrize(("ineligible", "expected"), [("move_up", ".abb."), ("leave_vacant", ".bb..")])
def test_places_of_guests_move_up_or_stay_vacant(ineligible, expected):
    two = titled({"id": "a", "count": 1}, {"id": "b", "count": 2})
    awards = {"model": "counts", "awards": two, "ineligible": ineligible}
    assert received(awards, field(5), GUEST) == expected


@pytest.mark.parametrize(("size", "expected"), [(3, "..."), (4, "g..."), (5, "gsb..")])
def test_a_small_field_has_fewer_awards(size, expected):
    table = [{"below": 4, "awards": []}, {"below": 5, "awards": ["g"]}]
    awards = {"model": "bands", "awards": BANDS_3, "denominator": "present", "field": table}
    assert received(awards, field(size)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("registered", "aaa..."), ("present", "aa...."), ("completed", "a.....")]
)
def test_the_denominator_is_who_was_registered_came_or_finished(kind, expected):
    gone = [
        {"id": f"e{n:03d}", "status": status}
        for n, status in ((4, "disqualified"), (5, "absent"), (6, "absent"))
    ]
    entrants = ["e001", "e002", "e003", *gone]
    half = titled({"id": "a", "fraction": "1/2"})
    awards = {"model": "top_fraction", "awards": half, "denominator": kind, "rounding": "down"}
    assert received(awards, field(3), entrants) == expected


MODELS = st.sampled_from(
    [
        share("percent", PERCENT),
        share("percent", PERCENT, "up", ties="none"),
        share("ratio", RATIO, share="33.3", merit=UP_TO_HALF),
        share("ratio", RATIO, "up", share=50, ties="none"),
        share("bands", BANDS_3, merit=UP_TO_HALF, ineligible="leave_vacant"),
        IOI,
        with_minimum("counts", 5, {"id": "a", "count": 2}, {"id": "b", "count": 3}, {"id": "c", "count": 4}),
        with_minimum("counts", 5, {"id": "a", "count": 2}, {"id": "b", "count": 3}, ties="none"),
    ]
)
fields = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25)


def evaluated(awards, drawn):
    entrants = [{"id": f"e{n:02d}", "award_eligible": flag} for n, (_, flag) in enumerate(drawn)]
    marks = [(f"e{n:02d}", "mark", None, mark) for n, (mark, _) in enumerate(drawn)]
    return a.contest(rules(awards), marks, entrants)


@given(MODELS, fields)
def test_equal_places_have_equal_awards_and_the_order_of_the_document_changes_nothing(awards, drawn):
    document = evaluated(awards, drawn)
    lines = [line for line in contest.evaluate(document).lines if line.award_eligible]
    by_place = {(line.place, line.award) for line in lines}
    assert len(by_place) == len({line.place for line in lines})
    turned = {**document, "entrants": document["entrants"][::-1], "marks": document["marks"][::-1]}
    again = {line.entrant: line.award for line in contest.evaluate(turned).lines}
    assert again == {line.entrant: line.award for line in contest.evaluate(document).lines}


@given(MODELS, st.dictionaries(st.integers(0, 400), st.booleans(), min_size=1, max_size=25))
def test_no_award_is_given_more_often_than_stated_or_to_the_ineligible(awards, drawn):
    outcome = contest.evaluate(evaluated(awards, drawn.items()))
    for award, number in a.numbers_of_awards(outcome.ruleset.awards, len(outcome.lines)):
        winners = [line for line in outcome.lines if line.award == award]
        assert len(winners) <= number
        assert all(line.award_eligible for line in winners)


@given(MODELS, fields)
def test_only_a_shared_place_across_the_line_makes_more_awards_than_stated(awards, drawn):
    outcome = contest.evaluate(evaluated(awards, drawn))
    so_far, stated = [], 0
    for reach in reaches(outcome.ruleset.awards, len(outcome.lines)):
        stated = max(stated, reach.last)
        so_far += [line.award_place for line in outcome.lines if line.award == reach.award.id]
        before_the_last = [place for place in so_far if place < max(so_far)]
        assert len(so_far) <= stated or len(before_the_last) < stated


@given(MODELS, st.sets(st.integers(0, 400), min_size=1, max_size=25))
def test_a_better_place_never_has_a_lesser_award(awards, marks):
    drawn = [(mark, True) for mark in marks]
    outcome = contest.evaluate(evaluated(awards, drawn))
    rank = [award.id for award in outcome.ruleset.awards.every]
    order = [rank.index(line.award) if line.award else len(rank) for line in outcome.lines]
    assert order == sorted(order)
