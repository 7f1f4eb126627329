"""What a correction of frozen rules may change, state by state; on plain documents."""

from copy import deepcopy

import pytest

from competition.rules.corrections import CORRECTED_IN, obstacles, refusal
from competition.rules.lifecycle import EventState
from competition.rules.ruleset import parse
from tests.rules.contests import aspect, judgement, panel, value_aspect

SCORING, DRAWN, REGISTRATION = EventState.SCORING, EventState.DRAWN, EventState.REGISTRATION
CHILDREN = [
    value_aspect("piece", 60, step="0.5"),
    judgement("look", 10, judges=3),
    panel("taste", 3, combine="mean"),
    aspect("gap", "measurement", mode="tolerance", target=5, bands=[{"up_to": 1, "award": 8}]),
    aspect("fault", "deduction", entry_max=5),
    aspect("clock", "time", max_seconds=3600),
    aspect("runs", "attempts", attempts=3, better="higher", counts="best", range={"low": 0, "high": 9}),
]


def rules(**parts):
    total = {
        "kind": "group",
        "id": "total",
        "title": {"zh": "总成绩", "en": "Total"},
        "combine": "sum",
        "children": deepcopy(CHILDREN),
    }
    title = {"zh": "焊接", "en": "Welding"}
    return {"format": "skillsladder.ruleset/1", "title": title, "scheme": total, **parts}


def changed(name, **members):
    """The rules with members of one node changed."""
    document = rules()
    node = next(each for each in document["scheme"]["children"] if each["id"] == name)
    node |= members
    return document


def against(document, state=SCORING):
    return [str(each) for each in obstacles(parse(rules()), parse(document), state)]


@pytest.mark.parametrize(
    "document",
    [
        changed("piece", factor="0.5"),
        changed("piece", cap=50, pass_mark=20),
        changed("piece", title={"zh": "工件", "en": "Workpiece"}),
        changed("look", max=20),
        changed("taste", combine="median"),
        changed("taste", minimum=2, panel_rounding={"digits": 1}),
        changed("gap", target=6, bands=[{"up_to": 2, "award": 8}]),
        changed("runs", counts="mean"),
        rules(awards={"model": "counts", "awards": [{"id": "a", "title": {"zh": "奖"}, "count": 1}]}),
        rules(ranking={"by": [{"node": "total"}, {"node": "piece"}]}),
        rules(publication={"notice_days": 3}),
        rules(display={"digits": 1}),
    ],
)
def test_what_is_only_computed_may_change_while_judges_mark(document):
    assert against(document) == []


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (changed("piece", max=80), "the highest mark"),
        (changed("piece", step="0.25"), "the steps"),
        (changed("look", judges=5), "the number of judges"),
        (changed("look", agreed=True), "agree on a value"),
        (changed("taste", range={"low": 0, "high": 10}), "the range"),
        (changed("taste", declared=True), "the declared value"),
        (changed("fault", entry_max=9), "the largest entry"),
        (changed("fault", effect="percent"), "what an entry does"),
        (changed("clock", max_seconds=60), "the longest time"),
        (changed("runs", attempts=2), "the number of tries"),
        (changed("gap", type="record", mode=None), "the kind of marking"),
    ],
)
def test_what_judges_mark_by_must_stay(document, said):
    for node in document["scheme"]["children"]:
        if node["id"] == "gap" and node["type"] == "record":
            for key in ("mode", "target", "bands"):
                del node[key]
    (only,) = against(document)
    assert said in only and "must stay" in only


def test_no_aspect_is_taken_away_or_added_once_there_are_sheets():
    document = rules()
    document["scheme"]["children"][0]["id"] = "other"
    said = against(document)
    assert any("“piece” (piece) must stay" in each for each in said)
    assert any("“piece” (other) cannot be added" in each for each in said)


def test_the_order_on_the_sheets_stays_and_so_does_what_a_group_is():
    document = rules()
    document["scheme"]["children"].reverse()
    document["scheme"]["role"] = "module"
    assert [("same order" in each, "sheets were made" in each) for each in against(document)] == [
        (True, False),
        (False, True),
    ]


def test_before_there_are_sheets_the_scheme_may_be_another_one():
    document = rules()
    document["scheme"]["children"] = [value_aspect("everything")]
    assert against(document, DRAWN) == against(document, REGISTRATION) == []


def test_what_people_entered_by_stays_from_the_opening_of_registration():
    condition = {"kind": "age", "min": 18, "on": "2026-06-01"}
    teams = {"by": "delegation", "value": {"combine": "sum"}}
    (conditions,) = against(rules(eligibility=[condition]), REGISTRATION)
    (unit,) = against(rules(teams=teams), REGISTRATION)
    assert "Who may enter" in conditions and "team ranking" in unit


def test_the_layers_stay_once_codes_were_drawn_and_the_recusal_once_judges_mark():
    assert against(rules(draw={"blind_layers": 1}), REGISTRATION) == []
    assert "layers" in against(rules(draw={"blind_layers": 1}), DRAWN)[0]
    assert against(rules(panel={"own_delegation": "allowed"}), DRAWN) == []
    assert "own delegation" in against(rules(panel={"own_delegation": "allowed"}))[0]


@pytest.mark.parametrize("state", sorted(set(EventState) - set(CORRECTED_IN)))
def test_a_state_without_corrections_says_why_and_nothing_else(state):
    assert obstacles(parse(rules()), parse(changed("look", max=20)), state) == (refusal(state),)
