"""Prospects while marks are still coming: what is certain stays certain, whatever mark arrives within the bounds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import contest
from competition.rules.clinching import Bound, Standing, bounds, prospects
from tests.rules import contests as a

CLINCHED, PROVISIONAL, OPEN, OUT = (
    Standing.CLINCHED,
    Standing.PROVISIONAL,
    Standing.OPEN,
    Standing.OUT,
)


def bound(name, lowest, highest, now=None, delegation=""):
    low, high, known = (None if end is None else Fraction(end) for end in (lowest, highest, now))
    return Bound(name, low, high, known, delegation)


def standings(of, quota, **parts):
    return [each.standing for each in prospects(of, quota, **parts)]


def test_the_four_standings():
    of = [bound("a", 90, 95), bound("b", 60, 85, 70), bound("c", 50, 80), bound("d", 10, 20)]
    assert standings(of, 2) == [CLINCHED, PROVISIONAL, OPEN, OUT]
    said = [str(each.sentence) for each in prospects(of, 2)]
    assert said == [
        "Goes on whatever marks still come: no more than 0 others can still be level or ahead, and 2 go on.",
        "Stands in place 2 as marks are now, and 2 go on; 2 others can still be level or ahead.",
        "Stands in place 3 as marks are now, and 2 go on; only 1 others end ahead for certain, so it is still"
        " possible.",
        "Can no longer go on: 3 others end ahead whatever marks still come, and 2 go on.",
    ]


def test_who_can_still_be_caught_level_has_not_clinched():
    assert standings([bound("a", 80, 80), bound("b", 70, 80)], 1) == [PROVISIONAL, OPEN]


def test_a_delegation_that_has_filled_its_cap_shuts_its_others_out():
    of = [
        bound("a", 90, 90, delegation="X"),
        bound("b", 80, 80, delegation="X"),
        bound("c", 70, 70, delegation="Y"),
    ]
    assert standings(of, 2, delegation_cap=1) == [CLINCHED, OUT, OPEN]
    assert standings(of, 2) == [CLINCHED, CLINCHED, OUT]


def test_no_limit_means_nothing_is_certain():
    assert standings([bound("a", None, None), bound("b", 50, 60)], 1) == [OPEN, PROVISIONAL]


def test_with_places_for_everybody_everybody_goes_on():
    assert standings([bound("a", None, None), bound("b", 0, 1)], 2) == [CLINCHED, CLINCHED]


TREE = a.group(
    "total",
    a.group("theory", a.value_aspect("paper", 100), weight=30),
    a.group(
        "practice",
        a.panel("piece", 3, minimum=2, range={"low": 0, "high": 90}),
        a.judgement("order", 10),
        a.aspect("faults", "deduction", cap=5),
        weight=70,
        rounding={"digits": 2},
    ),
    combine="weighted",
)
FULL = [("x", "paper", None, 90), *a.by_judges("x", "piece", 80, 80, 80), *a.by_judges("x", "order", 3, 3, 3)]


def bound_of(marks, scheme=TREE, entrants=("x",), **parts):
    document = a.contest(a.ruleset(scheme=scheme, **parts), marks, entrants)
    return bounds(contest.parse(document))[0]


def test_a_missing_aspect_is_worth_anything_from_nothing_to_its_maximum():
    found = bound_of([("x", "paper", None, 50)])
    assert (found.lowest, found.highest) == (15 - Fraction("3.5"), 15 + 70)


def test_a_panel_that_is_not_full_can_still_change():
    part = [*FULL[:3], *FULL[4:]]
    found = bound_of(part)
    assert found.now == found.stands_at == Fraction(90)
    assert found.lowest < found.now < found.highest


def test_who_has_all_marks_is_settled():
    assert bound_of(FULL) == Bound("x", Fraction(90), Fraction(90), Fraction(90))


def test_deductions_without_a_cap_leave_nothing_certain():
    scheme = a.group("total", a.value_aspect("one"), a.value_aspect("two"), a.aspect("faults", "deduction"))
    found = bound_of([("x", "one", None, 50)], scheme)
    assert (found.lowest, found.highest) == (None, 150)


def test_where_the_lower_value_is_the_better_one_bounds_are_negative_and_may_miss():
    scheme = a.group("total", a.value_aspect("mark"), a.aspect("time", "time"))
    by_time = {"by": [{"node": "time", "direction": "asc"}, {"node": "total"}]}
    done, waiting = (
        bound_of(marks, scheme, ranking=by_time)
        for marks in ([("x", "time", None, 61), ("x", "mark", None, 5)], [("x", "mark", None, 5)])
    )
    assert (done.lowest, done.highest) == (-61, -61)
    assert (waiting.lowest, waiting.highest) == (None, 0)


@pytest.mark.parametrize("combine", ["sum", "mean"])
def test_parts_that_may_be_left_out_leave_nothing_certain(combine):
    scheme = a.group("total", a.value_aspect("one"), a.value_aspect("two"), combine=combine, parts="given")
    found = bound_of([("x", "one", None, 50)], scheme)
    assert (found.lowest, found.highest) == (None, None)


ends = st.integers(0, 20).map(Fraction)


@st.composite
def fields(draw):
    """Bounds for a few entrants, and a point within each."""
    found, final = [], []
    for index in range(draw(st.integers(1, 8))):
        low, high = sorted((draw(ends), draw(ends)))
        found.append(Bound(f"e{index}", low, high, None, draw(st.sampled_from(["X", "Y", ""]))))
        final.append(low + (high - low) * draw(st.fractions(0, 1, max_denominator=4)))
    return found, final


@given(fields(), st.integers(1, 5), st.none() | st.integers(1, 3))
def test_who_has_clinched_is_among_the_first_at_the_end_and_who_is_out_is_not(drawn, quota, cap):
    found, final = drawn
    for index, standing in enumerate(standings(found, quota, delegation_cap=cap)):
        level_or_ahead = [
            other for other, value in enumerate(final) if other != index and value >= final[index]
        ]
        own = [each for each in level_or_ahead if found[each].delegation == found[index].delegation != ""]
        if standing is CLINCHED:
            assert len(level_or_ahead) < quota and (cap is None or len(own) < cap)
        if standing is OUT:
            assert len(level_or_ahead) >= quota or (cap is not None and len(own) >= cap)


@given(fields(), st.integers(1, 5), st.none() | st.integers(1, 3), st.data())
def test_certain_stays_certain_when_a_mark_arrives_within_the_bounds(drawn, quota, cap, data):
    found, final = drawn
    settled = data.draw(st.sets(st.integers(0, len(found) - 1)))
    narrowed = [
        Bound(each.entrant, final[index], final[index], None, each.delegation) if index in settled else each
        for index, each in enumerate(found)
    ]
    before = standings(found, quota, delegation_cap=cap)
    after = standings(narrowed, quota, delegation_cap=cap)
    for was, now in zip(before, after, strict=True):
        assert was not in (CLINCHED, OUT) or was is now


@given(a.contests(most_entrants=3, missing=False), st.data())
def test_a_contest_ends_within_the_bounds_of_every_state_before(document, data):
    final = {line.entrant: line for line in contest.evaluate(document).lines}
    kept = [mark for mark in document["marks"] if data.draw(st.booleans())]
    for each in bounds(contest.parse({**document, "marks": kept})):
        missing = any(mark["entrant"] == each.entrant for mark in document["marks"] if mark not in kept)
        value = final[each.entrant].values["total"]
        if missing and value is not None and each.lowest != each.highest:
            assert each.lowest is None or each.lowest <= value
            assert each.highest is None or value <= each.highest
