"""What can be wrong with a marking scheme, each with its place and a sentence; and schemes far beyond any use."""

import json

import pytest

from competition.rules.ruleset import problems
from tests.rules.contests import aspect, attempts, group, panel, record, ruleset, value_aspect

TRIED = {"low": 1, "high": 1}


def found(rules):
    return [(problem.path, str(problem.sentence)) for problem in problems(rules)]


def stage(name, *children, **rules):
    return group(name, *(children or (value_aspect(f"{name}-v"),)), role="stage", **rules)


def staged(*stages, **rules):
    return ruleset(scheme=group("total", *stages, combine="stages"), **rules)


def linear(**rules):
    return aspect("m", "measurement", mode="linear", **{"max": 10, "rate": 1, **rules})


def measured_time(full, none):
    return aspect("m", "measurement", mode="time", max=10, full_within=full, none_after=none)


def tolerance(*bands):
    pairs = [{"up_to": up_to, "award": award} for up_to, award in bands]
    return aspect("m", "measurement", mode="tolerance", target=0, bands=pairs)


CHILD = "/scheme/children/0"
OF_AN_ASPECT = [
    (linear(rate=0), f"{CHILD}/rate", "the same marks"),
    (
        linear(low=0, high=5),
        f"{CHILD}/max",
        "No value reaches the maximum: the best that can be measured gives 5",
    ),
    (linear(low=5, high=5), f"{CHILD}/low", "wrong way round"),
    (linear(base=20, rate=-1, low=15), f"{CHILD}/max", "gives 5"),
    (measured_time(60, 60), f"{CHILD}/none_after", "must be longer"),
    (measured_time(90, 60), f"{CHILD}/none_after", "must be longer"),
    (aspect("m", "measurement", mode="count", max=1, possible=0), f"{CHILD}/possible", "1 to 1000000"),
    (tolerance((1, 5), (1, 4)), f"{CHILD}/bands/1", "No value reaches this band"),
    (tolerance((1, 5), (2, 5)), f"{CHILD}/bands/1", "the same marks as the band before"),
    (tolerance((1, 4), (2, 5)), f"{CHILD}/bands/1", "falling marks"),
    (panel("p", 3, "majority_mean"), CHILD, "“of” is missing"),
    (panel("p", 3, "majority_mean", of="nobody"), f"{CHILD}/of", "has no panel “nobody”"),
    (panel("p", 3, "majority_mean", of="p"), f"{CHILD}/of", "another panel"),
    (panel("p", 3, "majority_mean", of="total"), f"{CHILD}/of", "“total” is no panel"),
    (panel("p", 3, of="q"), f"{CHILD}/of", "Only a mean of the majority"),
    (panel("p", 3, missing="lowest"), f"{CHILD}/missing", "none is ever missing"),
    (panel("p", 3, declared="twice"), f"{CHILD}/declared", "One of these words"),
    (attempts("a", 3, drop=TRIED), f"{CHILD}/drop", "Only a mean of the middle"),
    (attempts("a", 2, counts="middle_mean", drop=TRIED), f"{CHILD}/drop", "none would be left"),
    (attempts("a", 2, counts="middle_mean"), CHILD, "“drop” is missing"),
    (attempts("a", 3, failures_allowed=1), f"{CHILD}/failures_allowed", "has no effect"),
    (attempts("a", 3, counts="mean", failures_allowed=3), f"{CHILD}/failures_allowed", "at least one must"),
    (attempts("a", 51), f"{CHILD}/attempts", "1 to 50"),
    (value_aspect("v", floor=101), f"{CHILD}/floor", "everybody would get the same"),
]


@pytest.mark.parametrize(("leaf", "path", "says"), OF_AN_ASPECT)
def test_what_is_wrong_with_an_aspect_is_named_at_its_place(leaf, path, says):
    assert any(path == at and says in said for at, said in found(ruleset(leaf))), found(ruleset(leaf))


VALUES = (value_aspect("v"), value_aspect("w"))
PERCENT = aspect("d", "deduction", effect="percent")
OF_A_TREE = [
    (ruleset(scheme=group("total", *VALUES, combine="best", count=3)), "/scheme/count", "only 2 parts"),
    (ruleset(scheme=group("total", *VALUES, count=2)), "/scheme/count", "not known here"),
    (
        ruleset(scheme=group("total", *VALUES, combine="middle_mean", drop=TRIED)),
        "/scheme/drop",
        "none would be left",
    ),
    (
        ruleset(value_aspect("v"), group("g", PERCENT)),
        "/scheme/children/1/children/0/effect",
        "no marks beside",
    ),
    (ruleset(value_aspect("v"), {**PERCENT, "cap": 101}), "/scheme/children/1/cap", "100 percent"),
    (
        ruleset(value_aspect("v"), {**PERCENT, "entry_max": 101}),
        "/scheme/children/1/entry_max",
        "at most 100",
    ),
    (
        ruleset(value_aspect("v"), aspect("d", "deduction", effect="void", cap=1)),
        "/scheme/children/1/cap",
        "not known here",
    ),
    (
        ruleset(value_aspect("v"), aspect("t", "time", max_seconds=60, cut_off=61)),
        "/scheme/children/1/cut_off",
        "No time reaches the cut-off",
    ),
    (
        ruleset(value_aspect("v"), aspect("t", "time", cut_off_effect="cap")),
        "/scheme/children/1/cut_off_effect",
        "missing",
    ),
    (
        ruleset(value_aspect("v"), record("r", high=0)),
        "/scheme/children/1/high",
        "wrong way round",
    ),
    (
        ruleset(value_aspect("v"), group("g", record("r"), aspect("t", "time"), combine="best")),
        "/scheme/children/1/combine",
        "none is the best",
    ),
    (
        ruleset(value_aspect("v"), attempts("a", 2, better="lower", pass_mark=3)),
        "/scheme/children/1/pass_mark",
        "Less is better",
    ),
    (staged(stage("s")), "/scheme/children", "only one stage"),
    (staged(stage("s"), value_aspect("v")), "/scheme/children/1/role", "role “stage”"),
    (staged(stage("s"), stage("t")), "/scheme/children/1/carry_over", "Every stage after the first"),
    (
        staged(stage("s", carry_over=True), stage("t", carry_over=True)),
        "/scheme/children/0/carry_over",
        "first stage",
    ),
    (
        staged(stage("s"), stage("t", carry_over=True, qualify={"at_least": 101})),
        "/scheme/children/1/qualify",
        "Nobody enters this stage: before it, at most 100",
    ),
    (
        staged(
            stage("s"), stage("t", carry_over=True, qualify={"count": 3, "fraction": "1/2", "rounding": "up"})
        ),
        "/scheme/children/1/qualify",
        "one of these",
    ),
    (
        staged(stage("s"), stage("t", carry_over=True, qualify={})),
        "/scheme/children/1/qualify",
        "one of these",
    ),
    (
        staged(stage("s"), stage("t", carry_over=True, qualify={"fraction": "1/2"})),
        "/scheme/children/1/qualify",
        "“rounding” is missing",
    ),
    (
        staged(stage("s"), stage("t", aspect("time", "time"), carry_over=True)),
        "/scheme/children/1/children",
        "not of one kind",
    ),
    (
        ruleset(group("g", *VALUES, combine="stages")),
        "/scheme/children/0/combine",
        "Only the whole combines stages",
    ),
    (ruleset(group("g", *VALUES, carry_over=True)), "/scheme/children/0/carry_over", "Only a stage"),
]


@pytest.mark.parametrize(("rules", "path", "says"), OF_A_TREE)
def test_what_is_wrong_with_a_tree_is_named_at_its_place(rules, path, says):
    assert any(path == at and says in said for at, said in found(rules)), found(rules)


def test_ten_thousand_aspects_are_too_many_and_one_sentence_says_so():
    assert found(ruleset(*(value_aspect(f"a{n}") for n in range(10_000)))) == [
        ("/scheme/children", "A list of 1 to 2000 items is expected here.")
    ]
    halves = [group(f"g{half}", *(value_aspect(f"a{half}-{n}") for n in range(1_999))) for half in (0, 1)]
    assert [said for _, said in found(ruleset(*halves))] == [
        "A marking scheme has at most 2000 groups and aspects."
    ]


@pytest.mark.parametrize("weight", ["1234567890", "0.123456789", 10**400, "1e3"])
def test_a_weight_with_more_digits_than_anybody_counts_with_is_refused(weight):
    rules = ruleset(scheme=group("total", value_aspect("a", weight=weight), combine="weighted"))
    assert any(path == "/scheme/children/0/weight" and "digits" in said for path, said in found(rules))


def test_a_tree_without_end_is_refused_at_the_depth_where_it_is_too_deep():
    scheme = value_aspect("a")
    for level in range(60):
        scheme = group(f"g{level}", scheme)
    assert [said for _, said in found(ruleset(scheme=scheme))] == ["Groups are nested at most 8 deep."]


def test_a_scheme_that_names_itself_cannot_be_written():
    rules = ruleset(group("total", value_aspect("a")))
    assert any("is used twice" in said for _, said in found(json.loads(json.dumps(rules))))
