"""Advancement by the rule set: fraction, threshold, a share never exceeded, caps, categories in order, a quota table."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.advancement import (
    AdvancementModel,
    AdvancementRule,
    CategoryPlaces,
    Line,
    Outcome,
    QuotaRow,
    TiesAtTheLine,
    advance,
    advance_by_rule,
    refill,
    with_those_who_went_on,
)
from competition.rules.numbers import RoundingMode
from competition.rules.titles import Title

WOMAN, STUDENT = frozenset({"woman"}), frozenset({"student"})
ALL, NONE, CAP = TiesAtTheLine.ALL, TiesAtTheLine.NONE, TiesAtTheLine.CAP


def field(*places, **parts):
    return [Line(f"e{number}", place, **parts) for number, place in enumerate(places, 1)]


def names(*numbers):
    return tuple(f"e{number}" for number in numbers)


def reason_of(decision, entrant):
    return next(str(row.sentence) for row in decision.rows if row.id == entrant)


@pytest.mark.parametrize(("rounding", "number"), [("down", 3), ("half_up", 4), ("up", 4)])
def test_a_fraction_of_the_ranked_goes_on_with_the_stated_rounding(rounding, number):
    rule = AdvancementRule(
        model=AdvancementModel.FRACTION, fraction=Fraction(1, 2), rounding=RoundingMode(rounding)
    )
    assert len(advance_by_rule([*field(*range(1, 8)), Line("absent", None)], rule).advanced) == number


def test_a_link_is_the_most_that_a_fraction_may_send_and_without_a_link_a_quota_sends_nobody():
    half = AdvancementRule(model=AdvancementModel.FRACTION, fraction=Fraction(1, 2))
    assert len(advance_by_rule(field(*range(1, 9)), half, 3).advanced) == 3
    assert advance_by_rule(field(1, 2), AdvancementRule()) is None
    assert advance_by_rule(field(1, 2), AdvancementRule(), 1).advanced == names(1)


def test_a_share_of_less_than_one_entrant_sends_nobody():
    tenth = AdvancementRule(model=AdvancementModel.FRACTION, fraction=Fraction(1, 10))
    decision = advance_by_rule(field(1, 2), tenth)
    assert (decision.advanced, decision.vacancies) == ((), 0)


def test_everybody_who_reaches_the_threshold_goes_on_and_the_others_are_told_why_not():
    lines = [Line(f"e{n}", n, value=Fraction(value)) for n, value in enumerate((90, 75, 60, 59), 1)]
    rule = AdvancementRule(model=AdvancementModel.THRESHOLD, node="total", at_least=Fraction(60))
    decision = advance_by_rule([*lines, Line("e5", 5)], rule, title=Title("总分", "Total"))
    assert decision.advanced == names(1, 2, 3)
    assert reason_of(decision, "e4") == "Does not reach 60 in Total, which is needed to go on."
    assert reason_of(decision, "e5") == reason_of(decision, "e4")


def test_no_more_than_three_quarters_ever_go_on():
    rule = AdvancementRule(
        model=AdvancementModel.FRACTION, fraction=Fraction(9, 10), most=Fraction(3, 4), ties=ALL
    )
    assert advance_by_rule(field(*range(1, 9)), rule).advanced == names(*range(1, 7))
    tied_at_the_line = field(1, 2, 3, 4, 5, 6, 6, 8)
    decision = advance_by_rule(tied_at_the_line, rule)
    assert decision.advanced == names(1, 2, 3, 4, 5)
    assert "it would be more than 6" in reason_of(decision, "e6")


@pytest.mark.parametrize(("cap", "advanced"), [(4, names(1, 2, 3, 4)), (3, names(1))])
def test_sharers_of_the_line_all_go_on_up_to_a_total(cap, advanced):
    decision = advance(field(1, 2, 2, 2, 5), quota=2, ties=CAP, cap=cap)
    assert decision.advanced == advanced


WOMEN = CategoryPlaces("women", 2, ("woman",))
STUDENTS = CategoryPlaces("students", 1, ("student",))


def mixed():
    """Places 1 to 8: women in 2, 5, 6 and 7, students in 6 and 8."""
    groups = {2: WOMAN, 5: WOMAN, 6: WOMAN | STUDENT, 7: WOMAN, 8: STUDENT}
    return [Line(f"e{n}", n, categories=groups.get(n, frozenset())) for n in range(1, 9)]


def test_categories_take_their_own_places_in_order_of_priority_and_nobody_twice():
    decision = advance(mixed(), quota=3, categories=[WOMEN, STUDENTS])
    assert decision.advanced == names(1, 2, 3, 5, 6, 8)
    by = {row.id: row.category for row in decision.rows if row.outcome is Outcome.ADVANCED}
    assert by == {"e1": "", "e2": "", "e3": "", "e5": "women", "e6": "women", "e8": "students"}
    turned = advance(mixed(), quota=3, categories=[STUDENTS, WOMEN])
    assert turned.advanced == names(1, 2, 3, 5, 6, 7)


def test_reserves_are_named_after_the_places_of_the_categories_are_taken():
    decision = advance(mixed(), quota=3, reserves=2, categories=[WOMEN])
    assert decision.reserves == names(4, 7)


def test_who_withdraws_from_a_place_of_a_category_is_followed_by_the_next_of_that_category():
    before = advance(mixed(), quota=3, categories=[WOMEN])
    assert refill(before, ["e5"]).advanced == names(1, 2, 3, 6, 7)
    assert refill(before, ["e1"]).advanced == names(2, 3, 4, 5, 6)


def test_categories_wait_while_a_tie_at_the_general_line_is_open():
    lines = [Line("a", 1), Line("b", 2, categories=WOMAN), Line("c", 2), Line("d", 4, categories=WOMAN)]
    decision = advance(lines, quota=2, categories=[WOMEN])
    assert (decision.advanced, decision.undecided) == (("a",), ("b", "c"))


TABLE = [QuotaRow("X", None, 2), QuotaRow(None, "student", 1), QuotaRow("Y", "woman", 0)]


def test_the_quota_table_bounds_delegations_and_groups():
    lines = [
        Line("a", 1, delegation="X"),
        Line("b", 2, delegation="X", categories=STUDENT),
        Line("c", 3, delegation="X"),
        Line("d", 4, delegation="Y", categories=WOMAN),
        Line("e", 5, delegation="Y", categories=STUDENT),
        Line("f", 6, delegation="Y"),
    ]
    decision = advance(lines, quota=4, quotas=TABLE)
    assert decision.advanced == ("a", "b", "f")
    assert "lets 2 of this group go on" in reason_of(decision, "c")
    assert refill(decision, ["a"]).advanced == ("b", "c", "f")


def test_who_went_on_by_an_earlier_result_keeps_the_place_and_the_category():
    fresh = advance(mixed(), quota=2, categories=[WOMEN])
    assert fresh.advanced == names(1, 2, 5, 6)
    again = with_those_who_went_on(fresh, ["e1", "e4", "e7"])
    assert again.advanced == names(1, 2, 4, 7)
    assert with_those_who_went_on(fresh, fresh.advanced).advanced == fresh.advanced


@st.composite
def cases(draw):
    size = draw(st.integers(1, 12))
    marks = sorted((draw(st.integers(0, 6)) for _ in range(size)), reverse=True)
    lines = [
        Line(
            f"e{index:02d}",
            draw(st.sampled_from([marks.index(mark) + 1] * 9 + [None])),
            eligible=draw(st.sampled_from([True, True, True, False])),
            delegation=draw(st.sampled_from(["X", "Y", None])),
            tie_break=draw(st.sampled_from([None, index])),
            categories=draw(st.frozensets(st.sampled_from(["woman", "student"]))),
            value=Fraction(mark),
        )
        for index, mark in enumerate(marks)
    ]
    rule = AdvancementRule(
        ties=draw(st.sampled_from(TiesAtTheLine)),
        reserves=draw(st.integers(0, 3)),
        model=draw(st.sampled_from(AdvancementModel)),
        fraction=draw(st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(1)])),
        at_least=Fraction(draw(st.integers(0, 6))),
        most=draw(st.sampled_from([None, Fraction(1, 2), Fraction(3, 4)])),
        cap=draw(st.integers(1, 8)),
        delegation_cap=draw(st.none() | st.integers(1, 3)),
        categories=draw(st.sampled_from([(), (WOMEN,), (WOMEN, STUDENTS)])),
        quotas=draw(st.sampled_from([(), tuple(TABLE)])),
    )
    return lines, rule, draw(st.integers(1, 8))


@given(cases())
def test_everybody_has_one_outcome_and_nobody_goes_on_twice(case):
    lines, rule, quota = case
    decision = advance_by_rule(lines, rule, quota)
    assert sorted(row.id for row in decision.rows) == sorted(line.id for line in lines)
    assert len(set(decision.advanced)) == len(decision.advanced)
    assert all(str(row.sentence) for row in decision.rows)
    ranked = sum(line.place is not None for line in lines)
    if rule.most is not None:
        assert len(decision.advanced) <= rule.most * ranked
    if rule.ties not in (ALL, CAP):
        assert len(decision.advanced) <= decision.quota + sum(each.quota for each in rule.categories)


@given(cases(), st.randoms())
def test_the_order_of_the_lines_changes_nothing(case, random):
    lines, rule, quota = case
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert advance_by_rule(shuffled, rule, quota) == advance_by_rule(lines, rule, quota)


@given(cases(), st.data())
def test_a_refill_never_removes_somebody_who_had_advanced(case, data):
    lines, rule, quota = case
    before = advance_by_rule(lines, rule, quota)
    gone = data.draw(st.sets(st.sampled_from([line.id for line in lines])))
    after = refill(before, gone)
    assert set(before.advanced) - gone <= set(after.advanced)
    assert not set(after.advanced) & gone
    assert refill(before, ()).advanced == before.advanced


@given(cases(), st.data())
def test_who_went_on_before_stays_whatever_a_correction_says(case, data):
    lines, rule, quota = case
    fresh = advance_by_rule(lines, rule, quota)
    earlier = data.draw(st.sets(st.sampled_from([line.id for line in lines])))
    assert earlier <= set(with_those_who_went_on(fresh, earlier).advanced)


@given(cases())
def test_sharers_go_on_together_unless_a_tie_break_or_a_group_of_theirs_parts_them(case):
    lines, rule, quota = case
    plain = [Line(line.id, line.place, line.eligible, value=line.value) for line in lines]
    alike = AdvancementRule(rule.ties, rule.reserves, rule.model, rule.fraction, most=rule.most, cap=rule.cap)
    decision = advance_by_rule(plain, alike, quota)
    went_on = set(decision.advanced)
    eligible = [line for line in decision.lines if line.place is not None and line.eligible]
    for place in {line.place for line in eligible}:
        sharers = {line.id for line in eligible if line.place == place}
        assert sharers <= went_on or not sharers & went_on


@given(cases(), st.sampled_from(["X", "Y"]))
def test_a_delegation_exceeds_its_cap_only_by_a_shared_place(case, delegation):
    lines, rule, quota = case
    decision = advance_by_rule(lines, rule, quota)
    own = [line for line in lines if line.delegation == delegation and line.id in decision.advanced]
    if rule.delegation_cap is None or not own:
        return
    last = max(line.place for line in own)
    over = [line for line in own if line.place < last]
    assert len(own) <= rule.delegation_cap or (rule.ties is ALL and len(over) < rule.delegation_cap)
