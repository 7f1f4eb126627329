"""Rule sets: every problem is found and named, nothing raises, and the published schema agrees."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from competition.rules.ruleset import SCHEMA, RuleSetInvalid, parse, problems
from tests.rules.contests import (
    DOCUMENTS,
    aspect,
    document,
    group,
    judgement,
    panel,
    ruleset,
    value_aspect,
)

RULESETS = [document(path)["ruleset"] for path in DOCUMENTS]
SCHEMA_CHECK = Draft202012Validator(SCHEMA)
TITLE = {"zh": "奖"}

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def found(document_):
    return [(problem.path, str(problem.sentence)) for problem in problems(document_)]


def places_in(value, path=()):
    """Every place inside a document, as keys."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places_in(inner, (*path, key))


def is_object(value, path):
    for key in path:
        value = value[key]
    return isinstance(value, dict)


def put(value, path, new):
    """A copy of the document with something else at one place; `...` takes the place out."""
    if not path:
        return new
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    if new is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = new
    return changed


def awards(model="counts", **more):
    return {"model": model, "awards": [{"id": "first", "title": TITLE, "count": 1}], **more}


def test_the_published_schema_is_a_json_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("rules", RULESETS, ids=[path.stem for path in DOCUMENTS])
def test_the_examples_pass_both_the_schema_and_the_checker(rules):
    assert SCHEMA_CHECK.is_valid(rules)
    assert problems(rules) == ()


@pytest.mark.parametrize("rules", RULESETS, ids=[path.stem for path in DOCUMENTS])
def test_whatever_the_schema_refuses_at_any_place_the_checker_refuses_too(rules):
    replacements = (..., None, True, -1, "x", "", 1.5, [], {}, "9" * 10, "﹪\n", ["x"], {"zh": 1})
    for path in places_in(rules):
        for new in replacements[1 if not path or isinstance(path[-1], int) else 0 :]:
            changed = put(rules, path, new)
            assert problems(changed) or SCHEMA_CHECK.is_valid(changed), (path, new)


@pytest.mark.parametrize("rules", RULESETS, ids=[path.stem for path in DOCUMENTS])
def test_a_misspelt_member_is_refused_by_both_wherever_it_stands(rules):
    objects = [path for path in places_in(rules) if path and is_object(rules, path)]
    for path in [(*path, "wieght") for path in [(), *objects]]:
        changed = put(rules, path, 1)
        assert not SCHEMA_CHECK.is_valid(changed), path
        assert problems(changed), path


@given(junk)
def test_any_json_is_answered_with_problems_and_never_with_an_error(value):
    assert problems(value)


@given(st.sampled_from(RULESETS), st.data())
def test_junk_at_any_place_of_a_rule_set_never_raises(rules, data):
    path = data.draw(st.sampled_from(list(places_in(rules))))
    changed = put(rules, path, data.draw(junk))
    assert bool(problems(changed)) >= (not SCHEMA_CHECK.is_valid(changed))


@pytest.mark.parametrize(
    ("rules", "path", "says"),
    [
        (
            ruleset(
                scheme=group(
                    "t", value_aspect("a", weight=40), value_aspect("b", weight=50), combine="weighted"
                )
            ),
            "/scheme/children",
            "The weights make 90",
        ),
        (
            ruleset(scheme=group("t", value_aspect("a", weight=100), value_aspect("b"), combine="weighted")),
            "/scheme/children/1/weight",
            "this one has none",
        ),
        (
            ruleset(
                scheme=group(
                    "t", value_aspect("a", 50, weight=40), value_aspect("b", weight=60), combine="weighted"
                )
            ),
            "/scheme/children",
            "same scale",
        ),
        (ruleset(value_aspect("a", weight=10)), "/scheme/children/0/weight", "no effect"),
        (ruleset(value_aspect("a", weight="10000000000")), "/scheme/children/0/weight", "at most 9 digits"),
        (ruleset(value_aspect("a", weight=float("nan"))), "/scheme/children/0/weight", "Infinity"),
        (ruleset(value_aspect("a", float("inf"))), "/scheme/children/0/max", "Infinity"),
        (ruleset(value_aspect("a", "１００")), "/scheme/children/0/max", "digits 0 to 9"),
        (ruleset(value_aspect("a"), value_aspect("a")), "/scheme/children/1/id", "used twice"),
        (ruleset(value_aspect("a b")), "/scheme/children/0/id", "An identifier is expected"),
        (
            ruleset(scheme=group("t", value_aspect("a", "16.75"), max=17)),
            "/scheme/max",
            "stated as 17, but its parts make 16.75",
        ),
        (ruleset(scheme=group("t", value_aspect("a"), floor=5, cap=4)), "/scheme/floor", "above the cap"),
        (
            ruleset(scheme=group("t", value_aspect("a", 50), pass_mark=60)),
            "/scheme/pass_mark",
            "above the highest",
        ),
        (ruleset(value_aspect("a", 10, step=3)), "/scheme/children/0/step", "do not arrive"),
        (ruleset(panel("p", 3, range={"low": 9, "high": 1})), "/scheme/children/0/range", "wrong way round"),
        (ruleset(panel("p", 3, minimum=4)), "/scheme/children/0/minimum", "3 seats"),
        (
            ruleset(panel("p", 5, "trimmed_mean", minimum=2, trim={"low": 1, "high": 1})),
            "/scheme/children/0/trim",
            "none would be left",
        ),
        (ruleset(panel("p", 5, "trimmed_mean")), "/scheme/children/0", "states how many"),
        (
            ruleset(panel("p", 5, "median", trim={"low": 1, "high": 1})),
            "/scheme/children/0/trim",
            "left out only of",
        ),
        (ruleset(judgement("j", 2, descriptors=[TITLE])), "/scheme/children/0/descriptors", "4 to 4"),
        (ruleset(judgement("j", 2, max_spread=9)), "/scheme/children/0/max_spread", "0 to 3"),
        (ruleset(aspect("d", "deduction")), "/scheme/children", "Nothing in this marking scheme gives marks"),
        (
            ruleset(
                aspect(
                    "m",
                    "measurement",
                    mode="tolerance",
                    target=0,
                    bands=[{"up_to": 2, "award": 1}, {"up_to": 1, "award": 2}],
                )
            ),
            "/scheme/children/0/bands/1",
            "No value reaches this band",
        ),
        (ruleset(value_aspect("a"), ranking={"by": [{"node": "speed"}]}), "/ranking/by/0/node", "no “speed”"),
        (
            ruleset(value_aspect("a"), ranking={"by": [{"node": "a"}, {"node": "a"}]}),
            "/ranking/by/1/node",
            "compared twice",
        ),
        (ruleset(value_aspect("a"), tiebreak=1), "/tiebreak", "is not known here"),
        (ruleset(value_aspect("a", maximum=1)), "/scheme/children/0/maximum", "is not known here"),
        (ruleset(value_aspect("a"), awards=awards(merit={})), "/awards/merit", "“id” is missing"),
        (
            ruleset(
                value_aspect("a"), awards=awards(merit={"id": "first", "title": TITLE, "fraction": "1/2"})
            ),
            "/awards",
            "“denominator” is missing",
        ),
        (
            ruleset(
                value_aspect("a"),
                awards={"model": "bands", "awards": [{"id": "x", "title": TITLE, "from": 3, "to": 1}]},
            ),
            "/awards/awards/0",
            "wrong way round",
        ),
        (ruleset(value_aspect("a"), display={"digits": 9}), "/display/digits", "0 to 8"),
        (ruleset(value_aspect("a"), eligibility=[{"kind": "age"}]), "/eligibility/0", ""),
        ({**ruleset(value_aspect("a")), "format": "skillsladder.ruleset/9"}, "/format", "must be"),
        (ruleset(group("g")), "/scheme/children/0/children", "1 to 2000"),
    ],
)
def test_a_problem_is_named_at_its_place(rules, path, says):
    assert any(path == at and says in said for at, said in found(rules)), found(rules)


PANEL = panel("p", 3)
TRIES = {"kind": "aspect", "id": "t", "title": TITLE, "type": "attempts", "attempts": 3}
TRIES |= {"better": "higher", "counts": "best", "range": {"low": 0, "high": 10}}
PARTS = group("g", value_aspect("a"), value_aspect("b"))


def compared(*by, scheme=(PANEL, TRIES, PARTS)):
    return ruleset(*scheme, ranking={"by": list(by)})


@pytest.mark.parametrize(
    ("rules", "path", "says"),
    [
        (compared({"by": "luck", "node": "a"}), "/ranking/by/0/by", "One of these words"),
        (compared({"by": "stage", "node": "total"}), "/ranking/by/0/by", "One of these words"),
        (compared({"by": "count_back", "node": "x"}), "/ranking/by/0/node", "no “x” to rank by"),
        (compared({"by": "count_back", "node": "a"}), "/ranking/by/0/node", "parts of a group"),
        (
            compared({"by": "best_parts", "node": "one"}, scheme=[group("one", value_aspect("a"))]),
            "/ranking/by/0/node",
            "at least two",
        ),
        (compared({"by": "head_to_head", "node": "p"}), "/ranking/by/0/node", "parts of a group"),
        (compared({"by": "attempt", "node": "a", "rank": 1}), "/ranking/by/0/node", "“a” has none"),
        (compared({"by": "attempt", "node": "t", "rank": 4}), "/ranking/by/0/rank", "3 tries"),
        (compared({"by": "attempt", "node": "t"}), "/ranking/by/0", "“rank” is missing"),
        (
            compared({"by": "attempt", "node": "t", "rank": 2, "direction": "asc"}),
            "/ranking/by/0/direction",
            "",
        ),
        (compared({"by": "untrimmed", "node": "g"}), "/ranking/by/0/node", "marks of a panel"),
        (compared({"node": "a", "rank": 2}), "/ranking/by/0/rank", "is not known here"),
        (
            compared({"by": "count_back", "node": "g"}, {"by": "count_back", "node": "g"}),
            "/ranking/by/1/node",
            "the second time decides nothing",
        ),
        (
            compared({"node": "p"}, {"by": "untrimmed", "node": "p"}),
            "/ranking/by/1/node",
            "it decides nothing",
        ),
        (
            compared({"node": "t"}, {"by": "attempt", "node": "t", "rank": 1}),
            "/ranking/by/1/node",
            "it decides nothing",
        ),
        (ruleset(aspect("t", "time")), "", "must say which values are compared"),
        (
            ruleset(value_aspect("a"), ranking={"by": [{"node": "a"}], "guests": "no"}),
            "/ranking/guests",
            "ranked",
        ),
    ],
)
def test_a_comparator_that_fits_nothing_or_decides_nothing_is_named(rules, path, says):
    assert any(path == at and says in said for at, said in found(rules)), found(rules)


@pytest.mark.parametrize(
    "by",
    [
        [{"node": "p"}, {"node": "t"}, {"by": "attempt", "node": "t", "rank": 2}],
        [{"by": "value", "node": "g"}, {"by": "count_back", "node": "g"}, {"by": "best_parts", "node": "g"}],
        [{"by": "head_to_head", "node": "g", "direction": "asc"}, {"by": "untrimmed", "node": "p"}],
    ],
)
def test_every_comparator_can_be_asked_for(by):
    rules = compared(*by)
    assert found(rules) == []
    assert SCHEMA_CHECK.is_valid(rules)


def teams(**parts):
    return ruleset(
        value_aspect("a"), awards=awards(), teams={"by": "team", "value": {"ranks": "sum"}, **parts}
    )


@pytest.mark.parametrize(
    ("rules", "path", "says"),
    [
        (teams(by="city"), "/teams/by", "One of these words"),
        (teams(value={"combine": "sum", "count": 0}), "/teams/value/count", "whole number"),
        (teams(value={"combine": "sum", "count": 2}, minimum=3), "/teams/minimum", "only 2 count"),
        (teams(value={"points_by_place": [1, 2]}), "/teams/value/points_by_place", "more points"),
        (teams(value={"points_by_place": ["x"]}), "/teams/value/points_by_place/0", "digits 0 to 9"),
        (teams(value={"points_by_award": {"gold": 3}}), "/teams/value/points_by_award/gold", "no award"),
        (teams(value={"points_by_award": {}}), "/teams/value/points_by_award", "No award"),
        (teams(ranking=[{"by": "node", "node": "x"}]), "/teams/ranking/0/node", "no “x”"),
        (teams(ranking=[{"by": "value"}, {"by": "value"}]), "/teams/ranking/1/by", "twice"),
        (teams(ranking=[{"by": "value", "node": "a"}]), "/teams/ranking/0/node", "is not known here"),
    ],
)
def test_a_problem_of_the_team_rules_is_named_at_its_place(rules, path, says):
    assert any(path == at and says in said for at, said in found(rules)), found(rules)


@pytest.mark.parametrize("value", [{"points_by_award": {"first": 8}, "passed": 1, "zero": "unranked"}])
def test_team_rules_without_problems_pass_both(value):
    rules = teams(value=value, ranking=[{"by": "value"}, {"by": "places"}, {"by": "best_member"}])
    assert found(rules) == []
    assert SCHEMA_CHECK.is_valid(rules)


def test_a_rule_set_that_contains_itself_is_answered_with_problems():
    rules = ruleset(value_aspect("a"))
    rules["scheme"]["children"].append(rules["scheme"])
    assert any("at most 8 deep" in said for _, said in found(rules))
    wide = ruleset(value_aspect("a"))
    wide["scheme"]["children"].extend([wide["scheme"]] * 1_000)
    assert 0 < len(found(wide)) <= 200
    everywhere = ruleset(value_aspect("a"))
    for key in ("title", "ranking", "teams", "scales", "awards", "eligibility"):
        everywhere[key] = everywhere
    assert found(everywhere)


@pytest.mark.parametrize("number", ["12345678901", 12345678901, 1e300, "1e9", float("nan")])
def test_numbers_beyond_all_measure_are_refused_wherever_they_stand(number):
    rules = teams(value={"points_by_place": [number]}, ranking=[{"by": "value"}])
    rules["scales"] = [
        {"id": "s", "title": TITLE, "kind": "worldskills_style", "node": "a", "centre": number}
    ]
    assert {"/teams/value/points_by_place/0", "/scales/0/centre"} <= {at for at, _ in found(rules)}


def test_the_stage_reached_is_compared_before_what_the_rules_ask_for():
    stages = [
        group("prelim", value_aspect("a"), role="stage"),
        group("final", value_aspect("b"), role="stage", carry_over=False),
    ]
    rules = parse(ruleset(scheme=group("total", *stages, combine="stages"), ranking={"by": [{"node": "b"}]}))
    assert [(step.by.value, step.node) for step in rules.ranking] == [("stage", "total"), ("value", "b")]
    assert not rules.needs_everybody


def test_a_scheme_nested_too_deep_is_refused():
    inner = value_aspect("a")
    for depth in range(8):
        inner = group(f"g{depth}", inner)
    assert any("at most 8 deep" in said for _, said in found(ruleset(scheme=inner)))


def test_a_scheme_nested_a_thousand_deep_is_refused_without_an_error():
    inner = value_aspect("a")
    for depth in range(1000):
        inner = group(f"g{depth}", inner)
    assert problems(ruleset(scheme=inner))


def test_a_scheme_with_too_many_aspects_is_refused_and_the_answer_stays_short():
    aspects = [value_aspect(f"a{number}") for number in range(10_000)]
    assert len(found(ruleset(*aspects))) == 1
    assert len(found(ruleset(*[{} for _ in range(1_500)]))) == 200
    in_groups = [group(f"g{n}", *aspects[n * 100 : n * 100 + 100]) for n in range(30)]
    assert [said for _, said in found(ruleset(*in_groups))] == [
        "A marking scheme has at most 2000 groups and aspects."
    ]


def test_all_problems_are_named_at_once():
    rules = ruleset(
        value_aspect("a", weight=5), value_aspect("a"), panel("p", 3, range={"low": 2, "high": 2}), x=1
    )
    assert len(found(rules)) >= 2


def test_a_rule_set_with_problems_cannot_be_parsed():
    with pytest.raises(RuleSetInvalid) as invalid:
        parse({"format": "skillsladder.ruleset/1"})
    assert {problem.path for problem in invalid.value.problems} == {""}


def test_a_title_without_english_stands_in_chinese_for_both():
    title = parse({**ruleset(value_aspect("a")), "title": {"zh": "规则"}}).title
    assert (title.in_language("zh"), title.in_language("en")) == ("规则", "规则")


def test_without_a_ranking_the_whole_is_compared_and_places_are_shared():
    rules = parse(ruleset(value_aspect("a")))
    assert [(step.node, step.direction.value) for step in rules.ranking] == [("total", "desc")]
    assert rules.ties.value == "shared"
