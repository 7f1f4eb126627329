"""Medal windows: the acceptance list of the sources, and what holds for any scores."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import contest, medals
from competition.rules.awards import (
    Award,
    AwardLine,
    AwardModel,
    AwardRule,
    AwardTies,
    Denominator,
    Ineligible,
    awards,
)
from competition.rules.medals import Medallion, MedalRule
from competition.rules.numbers import RoundingMode
from competition.rules.titles import Title
from tests.rules import contests as a

TITLE = Title("奖", "Award")
WINDOW = Fraction(2)


def rule(medallion=700, digits=0, scale="", **parts):
    three = tuple(Award(name, TITLE) for name in ("gold", "silver", "bronze"))
    medallion_rule = None if medallion is None else Medallion("medallion", TITLE, Fraction(medallion))
    windows = MedalRule("" if scale else "total", scale, WINDOW, digits, medallion_rule)
    stated = Denominator.PRESENT, RoundingMode.HALF_UP, AwardTies.ALL
    return AwardRule(AwardModel.MEDALS, three, *stated, parts.pop("merit", None), medals=windows, **parts)


def lines(*scores, eligible=None):
    places = [1 + sum(other > score for other in scores) for score in scores]
    return [
        AwardLine(
            f"e{index}", place, eligible is None or eligible[index], True, True, {"total": Fraction(score)}
        )
        for index, (score, place) in enumerate(zip(scores, places, strict=True))
    ]


def given_for(*scores, **parts):
    """The initial of each award, in the order of the scores; M for the medallion, . for nothing."""
    words = {"gold": "G", "silver": "S", "bronze": "B", "medallion": "M", None: "."}
    eligible = parts.pop("eligible", None)
    awarded = awards(lines(*scores, eligible=eligible), rule(**parts))
    return "".join(words[awarded[f"e{i}"].award] if f"e{i}" in awarded else "-" for i in range(len(scores)))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([750, 748, 747], "GGB"),
        ([750, 749, 748, 747], "GGGB"),
        ([750, 748, 748, 740], "GGGM"),
        ([760, 742, 741, 740], "GSSS"),
        ([760, 750, 740, 730, 690], "GSBM."),
        ([760, 750, 740, 739, 738], "GSBBB"),
        ([760, 750, 750, 748, 747], "GSSSB"),
        ([760, 750, 749, 740], "GSSM"),
        ([750, 750, 700, 698], "GGBB"),
        ([750], "G"),
        ([750, 700], "GS"),
        ([690, 680, 600, 599], "GSBB"),
    ],
)
def test_medals_of_the_acceptance_list(scores, expected):
    assert given_for(*scores) == expected


def test_groups_are_anchored_on_their_best_so_that_a_chain_does_not_grow():
    assert given_for(750, 748, 746, 744) == "GGBB"


def test_scores_are_compared_as_they_are_published_unless_the_rule_says_otherwise():
    scores = [Fraction("750.4"), Fraction("747.6"), Fraction(700)]
    assert given_for(*scores) == "GGB"
    assert given_for(*scores, digits=None) == "GSB"


def test_who_may_not_receive_a_medal_leaves_it_to_the_others_or_leaves_it_vacant():
    guest_first = [False, True, True, True]
    assert given_for(750, 740, 730, 720, eligible=guest_first) == "-GSB"
    leave_vacant = rule(ineligible=Ineligible.LEAVE_VACANT)
    vacant = awards(lines(750, 740, 730, 720, eligible=guest_first), leave_vacant)
    assert [vacant[name].award for name in ("e1", "e2", "e3")] == ["silver", "bronze", "medallion"]


def test_without_a_score_there_is_no_medal():
    nobody = [AwardLine("x", 1, True, True, True, {"total": None})]
    assert awards(nobody, rule())["x"].award is None


@given(st.lists(st.integers(480, 520), max_size=12))
def test_a_better_score_never_has_a_lesser_medal_and_equal_scores_have_equal_ones(scores):
    rank = {"gold": 0, "silver": 1, "bronze": 2, "medallion": 3, None: 4}
    awarded = awards(lines(*scores), rule(medallion=500))
    by_score = sorted((-score, rank[awarded[f"e{index}"].award]) for index, score in enumerate(scores))
    received = [award for _, award in by_score]
    assert received == sorted(received)
    assert len({(score, award) for score, award in by_score}) == len({score for score, _ in by_score})


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30).map(Fraction)))
def test_there_is_always_a_gold_and_the_order_of_entrants_changes_nothing(scores):
    received = medals.in_windows(scores, WINDOW)
    assert (medals.GOLD in received.values()) is bool(scores)
    assert received == medals.in_windows(dict(reversed(scores.items())), WINDOW)
    for medal in set(received.values()):
        group = [scores[name] for name, each in received.items() if each == medal]
        assert max(group) - min(group) <= WINDOW


def test_a_document_gives_medals_on_a_scale_beside_the_raw_ranking():
    rules = a.ruleset(
        a.value_aspect("mark"),
        scales=[
            {
                "id": "ws",
                "title": {"zh": "世赛式分数"},
                "kind": "worldskills_style",
                "node": "total",
                "centre": 700,
                "constant": 30,
            }
        ],
        awards={
            "model": "medals",
            "scale": "ws",
            "awards": [{"id": name, "title": {"zh": name}} for name in ("gold", "silver", "bronze")],
            "medallion": {"id": "medallion", "title": {"zh": "优胜奖"}, "at_least": 700},
        },
    )
    marks = [(name, "mark", None, value) for name, value in zip("abcde", (90, 80, 70, 60, 50), strict=True)]
    outcome = contest.evaluate(a.contest(rules, marks))
    assert [line.award for line in outcome.lines] == ["gold", "silver", "bronze", None, None]


def test_the_titles_of_all_awards_name_the_medallion_too():
    assert list(rule().titles) == ["gold", "silver", "bronze", "medallion"]
