"""What two rule sets say differently, in plain words."""

import pytest

from competition.competitions.rule_set_difference import differences
from tests.rules.contests import group, ruleset, value_aspect


def said(old, new):
    """Where and what, as one text each; titles stand in Chinese."""
    return [f"{getattr(each.where, 'zh', each.where)}: {each.sentence}" for each in differences(old, new)]


OLD = ruleset(group("A", value_aspect("A1", 40), value_aspect("A2", 20)), group("B", value_aspect("B1", 40)))


def scheme(*children):
    return {**OLD, "scheme": group("total", *children)}


def test_the_same_rules_are_no_difference_however_a_number_is_spelled():
    again = scheme(
        group("A", value_aspect("A1", "40.0"), value_aspect("A2", "20")), group("B", value_aspect("B1", 40))
    )
    assert said(OLD, again) == []


@pytest.mark.parametrize(
    ("children", "where", "words"),
    [
        ([group("A", value_aspect("A1", 45), value_aspect("A2", 20)), group("B", value_aspect("B1", 40))],
         "A1", "Maximum: 40 → 45"),
        ([group("A", value_aspect("A2", 20), value_aspect("A1", 40)), group("B", value_aspect("B1", 40))],
         "A", "Its parts stand in another order."),
        ([group("A", value_aspect("A2", 20)), group("B", value_aspect("B1", 40), value_aspect("A1", 40))],
         "A1", "Moved from"),
        ([group("A", value_aspect("A1", 40), value_aspect("A2", 20))], "B", "“B” is gone"),
        ([*OLD["scheme"]["children"], group("C", value_aspect("C1"))], "C", "“C” is new"),
        ([group("A", value_aspect("A1", 40, pass_mark=24), value_aspect("A2", 20)), OLD["scheme"]["children"][1]],
         "A1", "Pass mark: now 24; nothing was said before."),
        ([group("A", value_aspect("A1", 40), value_aspect("A2", 20), combine="mean"), OLD["scheme"]["children"][1]],
         "A", "How the parts become one value: Sum → Mean"),
    ],
)  # fmt: skip
def test_every_change_of_a_node_is_said_at_the_node(children, where, words):
    found = said(OLD, scheme(*children))
    assert len(found) == 1
    assert found[0].startswith(f"{where}: ")
    assert words in found[0]


def test_a_change_of_kind_is_named_by_both_kinds():
    binary = {**value_aspect("B1", 40), "mode": "binary"}
    found = said(OLD, scheme(OLD["scheme"]["children"][0], group("B", binary)))
    assert "Measurement: the mark itself → Measurement: fulfilled or not" in found[0]


def test_awards_are_compared_by_their_identifiers():
    def counts(*numbers):
        titles = [{"id": f"a{index}", "title": {"zh": f"奖{index}"}, "count": n} for index, n in numbers]
        return {**OLD, "awards": {"model": "counts", "awards": titles}}

    found = said(counts((1, 1), (2, 3)), counts((1, 2), (3, 5)))
    assert any("How many: 1 → 2" in words for words in found)
    assert any("nothing is said any more" in words and "奖2" in words for words in found)
    assert any("nothing was said before" in words and "奖3" in words for words in found)


def test_a_section_that_is_new_is_said_as_a_whole():
    found = said(OLD, {**OLD, "appeals": {"base": "published", "minutes": 20}})
    assert found == [
        "Appeals: Appeals: now Counted from: Publication of the result; Minutes: 20; nothing was said before."
    ]


def test_what_the_format_does_not_know_keeps_its_own_name():
    assert said(OLD, {**OLD, "colour": "red"}) == ["colour: colour: now red; nothing was said before."]
