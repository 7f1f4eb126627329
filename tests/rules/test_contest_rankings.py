"""Rankings of real rule texts as small contests: the tie-breaks of skills competitions and of other fields.

Sources: docs/sources.md, domain §5.7 (one test for each row of its table) and judging §4 (one for each of its rankings).
"""

from decimal import Decimal

from competition.rules.contest import evaluate, explain_place
from tests.rules.contests import (
    aspect,
    attempts,
    by_judges,
    contest,
    group,
    panel,
    record,
    ruleset,
    value_aspect,
)

STATES = ("dnf", "dns", "dsq")


def ranked(rules, marks, **parts):
    """The places of a contest, by entrant; nothing may be missing."""
    outcome = evaluate(contest(rules, marks, **parts))
    assert outcome.complete, outcome.blockers
    return {line.entrant: line.place for line in outcome.lines}


def marks_of(**entrants):
    """Marks from {aspect: value} by entrant."""
    return [
        (entrant, name, None, value) for entrant, values in entrants.items() for name, value in values.items()
    ]


def tries(entrant, name, *results):
    """Tries in order; dnf, dns and dsq are states instead of a result."""
    return [
        {"entrant": entrant, "aspect": name, "attempt": number}
        | ({"state": result} if result in STATES else {"value": result})
        for number, result in enumerate(results, 1)
    ]


def with_tries(rules, *marks):
    plain = [mark for group_ in marks for mark in group_]
    document = contest(rules, [], sorted({mark["entrant"] for mark in plain}))
    return {**document, "marks": plain}


def places_of(document):
    outcome = evaluate(document)
    assert outcome.complete, outcome.blockers
    return {line.entrant: line.place for line in outcome.lines}


def rounds(entrant, **values):
    return [(entrant, name, None, value) for name, value in values.items()]


# Skills competitions (domain §5.7).

THEORY_AND_PRACTICE = (
    value_aspect("theory", weight=30),
    value_aspect("practice", weight=70),
    aspect("time", "time"),
)


def skills(*by, **ranking):
    scheme = group("total", *THEORY_AND_PRACTICE, combine="weighted", rounding={"digits": 2})
    return ruleset(scheme=scheme, ranking={"by": [{"node": "total"}, *by], **ranking})


LATER = {"theory": 83, "practice": "91.25", "time": 172 * 60}
SOONER = {**LATER, "time": 168 * 60}


def test_practice_and_then_the_shorter_time():
    rules = skills({"node": "practice"}, {"node": "time", "direction": "asc"})
    better_practice = {"theory": "78.35", "practice": "93.25", "time": 9 * 60 * 60}
    outcome = evaluate(contest(rules, marks_of(A=LATER, B=SOONER, C=better_practice)))
    assert {line.shown for line in outcome.lines} == {Decimal("88.78")}
    assert [(line.entrant, line.place) for line in outcome.lines] == [("C", 1), ("B", 2), ("A", 3)]


def test_the_shorter_time_then_practice_then_theory_and_else_an_equal_rank():
    rules = skills({"node": "time", "direction": "asc"}, {"node": "practice"}, {"node": "theory"})
    assert ranked(rules, marks_of(A=LATER, B=SOONER, C=SOONER)) == {"B": 1, "C": 1, "A": 3}


def test_module_after_module():
    modules = [value_aspect(name) for name in ("m1", "m2", "m3")]
    by = [{"node": name} for name in ("total", "m1", "m2", "m3")]
    marks = marks_of(
        A={"m1": 80, "m2": 70, "m3": 90}, B={"m1": 80, "m2": 90, "m3": 70}, C={"m1": 90, "m2": 70, "m3": 80}
    )
    assert ranked(ruleset(*modules, ranking={"by": by}), marks) == {"C": 1, "B": 2, "A": 3}


def test_the_average_and_then_the_shorter_time_of_the_answers():
    scheme = group(
        "average", value_aspect("day1"), value_aspect("day2"), aspect("seconds", "time"), combine="mean"
    )
    rules = ruleset(
        scheme=scheme, ranking={"by": [{"node": "average"}, {"node": "seconds", "direction": "asc"}]}
    )
    marks = marks_of(
        A={"day1": 90, "day2": 95, "seconds": 640},
        B={"day1": 95, "day2": 90, "seconds": 512},
        C={"day1": 99, "day2": 90, "seconds": 900},
    )
    assert ranked(rules, marks) == {"C": 1, "B": 2, "A": 3}


def test_organisations_by_participation_then_bonus_then_answers_and_else_shared():
    columns = ("participation", "bonus", "answers")
    rules = ruleset(*(record(name) for name in columns), ranking={"by": [{"node": name} for name in columns]})
    marks = marks_of(
        A={"participation": 98, "bonus": 5, "answers": 40},
        B={"participation": 98, "bonus": 5, "answers": 41},
        C={"participation": 99, "bonus": 0, "answers": 1},
        D={"participation": 98, "bonus": 5, "answers": 40},
    )
    assert ranked(rules, marks) == {"C": 1, "B": 2, "A": 3, "D": 3}


def test_places_that_never_tie_wait_for_people():
    rules = skills({"node": "practice"}, ties="manual")
    marks = marks_of(A=LATER, B=SOONER)
    assert not evaluate(contest(rules, marks)).complete
    decided = [{"order": ["B", "A"], "reason": "A play-off question."}]
    assert ranked(rules, marks, decisions=decided) == {"B": 1, "A": 2}


def test_a_play_off_question_is_a_stage_that_only_the_tied_enter():
    quiz = group("quiz", value_aspect("paper"), role="stage")
    play_off = group(
        "playoff",
        value_aspect("question", 1),
        role="stage",
        carry_over=False,
        qualify={"at_least": 90},
    )
    rules = ruleset(scheme=group("total", quiz, play_off, combine="stages"))
    marks = [*rounds("A", paper=95, question=0), *rounds("B", paper=95, question=1), *rounds("C", paper=80)]
    assert ranked(rules, marks) == {"B": 1, "A": 2, "C": 3}


# Other fields (judging §4).

BOULDERS = ("tops", "zones", "top_tries", "zone_tries")
IFSC = [
    {"node": "tops"},
    {"node": "zones"},
    {"node": "top_tries", "direction": "asc"},
    {"node": "zone_tries", "direction": "asc"},
]


def test_bouldering_counts_tops_then_zones_then_tries():
    rules = ruleset(*(record(name) for name in BOULDERS), ranking={"by": IFSC})
    marks = marks_of(
        A=dict(zip(BOULDERS, (3, 4, 7, 5), strict=True)),
        B=dict(zip(BOULDERS, (3, 4, 6, 9), strict=True)),
        C=dict(zip(BOULDERS, (3, 3, 3, 3), strict=True)),
        D=dict(zip(BOULDERS, (3, 4, 7, 4), strict=True)),
    )
    assert ranked(rules, marks) == {"B": 1, "D": 2, "A": 3, "C": 4}


def test_bouldering_counts_back_to_the_round_before():
    final = group("final", value_aspect("f", 10), role="stage", carry_over=False, qualify={"count": 2})
    scheme = group("total", group("semi", value_aspect("s", 10), role="stage"), final, combine="stages")
    by = [{"node": "total"}, {"by": "count_back", "node": "total"}]
    marks = [*rounds("A", s=8, f=5), *rounds("B", s=9, f=5), *rounds("C", s=7)]
    outcome = evaluate(contest(ruleset(scheme=scheme, ranking={"by": by}), marks))
    assert [(line.entrant, line.place) for line in outcome.lines] == [("B", 1), ("A", 2), ("C", 3)]
    assert "semi decides" in str(explain_place(outcome, "B")[-1])


SOLVES = {"range": {"low": 0, "high": 3600}, "counts": "middle_mean", "drop": {"low": 1, "high": 1}}


def speed_cubing():
    solves = attempts("solves", 5, "lower", failures_allowed=1, rounding={"digits": 2}, **SOLVES)
    by = [{"node": "solves", "direction": "asc"}, {"by": "attempt", "node": "solves", "rank": 1}]
    return ruleset(solves, ranking={"by": by})


def test_speed_cubing_averages_the_middle_three_and_then_takes_the_single():
    document = with_tries(
        speed_cubing(),
        tries("A", "solves", "9.10", "9.20", "9.30", "9.00", "dnf"),
        tries("B", "solves", "9.10", "9.20", "9.30", "8.00", "15.00"),
        tries("C", "solves", "8.00", "8.00", "8.00", "dnf", "dnf"),
        tries("D", "solves", "9.30", "9.20", "9.10", "8.00", "20.00"),
    )
    outcome = evaluate(document)
    assert {line.entrant: line.place for line in outcome.lines} == {"B": 1, "D": 1, "A": 3, "C": 4}
    assert outcome.line("C").value("solves") is None
    assert "number 1 of the tries of solves" in str(explain_place(outcome, "A")[-2])


def test_programming_contests_count_solved_then_penalty_then_the_last_accept():
    rules = ruleset(
        record("solved"),
        record("penalty"),
        record("last"),
        ranking={
            "by": [
                {"node": "solved"},
                {"node": "penalty", "direction": "asc"},
                {"node": "last", "direction": "asc"},
            ]
        },
    )
    marks = marks_of(
        A={"solved": 6, "penalty": 612, "last": 280},
        B={"solved": 6, "penalty": 612, "last": 255},
        C={"solved": 7, "penalty": 1200, "last": 299},
        D={"solved": 6, "penalty": 600, "last": 299},
    )
    assert ranked(rules, marks) == {"C": 1, "D": 2, "B": 3, "A": 4}


APPARATUS = ("vault", "bars", "beam", "floor")


def test_gymnasts_all_around_compare_the_best_three_then_two_then_one():
    rules = ruleset(
        *(value_aspect(name, 20) for name in APPARATUS),
        ranking={"by": [{"node": "total"}, {"by": "best_parts", "node": "total"}]},
    )
    marks = marks_of(
        A=dict(zip(APPARATUS, (14, 14, 13, 13), strict=True)),
        B=dict(zip(APPARATUS, (15, 13, 13, 13), strict=True)),
        C=dict(zip(APPARATUS, (15, 14, 13, 12), strict=True)),
        D=dict(zip(APPARATUS, (12, 13, 14, 15), strict=True)),
    )
    outcome = evaluate(contest(rules, marks))
    assert {line.entrant: line.place for line in outcome.lines} == {"C": 1, "D": 1, "B": 3, "A": 4}
    assert "the best part of total decides" in str(explain_place(outcome, "A")[-1])


def test_gymnasts_of_aerobics_admit_the_dropped_marks_again():
    judged = panel("execution", 4, "trimmed_mean", trim={"low": 1, "high": 1}, range={"low": 0, "high": 10})
    by = [{"node": "total"}, {"by": "untrimmed", "node": "execution"}]
    rules = ruleset(judged, ranking={"by": by})
    marks = [*by_judges("A", "execution", 8, 9, 9, 10), *by_judges("B", "execution", 7, 9, 9, 10)]
    outcome = evaluate(contest(rules, marks))
    assert [(line.entrant, line.place) for line in outcome.lines] == [("A", 1), ("B", 2)]
    assert "with all marks of the panel counted decides" in str(explain_place(outcome, "A")[-1])


def test_halfpipe_takes_the_best_run_and_then_the_second_best():
    runs = attempts("runs", 3)
    rules = ruleset(runs, ranking={"by": [{"node": "total"}, {"by": "attempt", "node": "runs", "rank": 2}]})
    document = with_tries(
        rules,
        tries("A", "runs", "92.50", 10, "80.25"),
        tries("B", "runs", "dnf", "81.00", "92.50"),
        tries("C", "runs", "93", "dns"),
    )
    assert places_of(document) == {"C": 1, "B": 2, "A": 3}


DEBATES = [value_aspect(name, 1) for name in ("r1", "r2", "r3")]


def debates(**teams):
    return marks_of(**{team: dict(zip(("r1", "r2", "r3"), won, strict=True)) for team, won in teams.items()})


def who_beat_whom(*more):
    by = [{"node": "total"}, {"by": "head_to_head", "node": "meetings"}, *more]
    return ruleset(*DEBATES, group("meetings", record("x"), record("y"), record("z")), ranking={"by": by})


def meetings(**teams):
    return marks_of(**{team: dict(zip(("x", "y", "z"), won, strict=True)) for team, won in teams.items()})


def test_debates_ask_who_beat_whom_only_for_exactly_two():
    wins = debates(A=(1, 1, 0), B=(1, 0, 1))
    met = meetings(A=(1, 0, 0), B=(0, 0, 0))
    assert ranked(who_beat_whom(), [*wins, *met]) == {"A": 1, "B": 2}


def test_debates_do_not_ask_who_beat_whom_among_three():
    wins = debates(A=(1, 1, 0), B=(1, 0, 1), C=(0, 1, 1))
    met = meetings(A=(1, 0, 0), B=(0, 0, 0), C=(1, 1, 1))
    outcome = evaluate(contest(who_beat_whom({"node": "x"}), [*wins, *met]))
    assert {line.entrant: line.place for line in outcome.lines} == {"A": 1, "C": 1, "B": 3}
    said = [str(each) for each in explain_place(outcome, "B")]
    assert any("only for exactly two" in each for each in said)


def test_divers_without_a_tie_break_share_the_place_and_all_enter_the_final():
    final = group("final", value_aspect("f"), role="stage", carry_over=True, qualify={"count": 2})
    scheme = group("total", group("semi", value_aspect("s"), role="stage"), final, combine="stages")
    marks = [
        *rounds("A", s=90, f=10),
        *rounds("B", s=80, f=20),
        *rounds("C", s=80, f=30),
        *rounds("D", s=70),
    ]
    assert ranked(ruleset(scheme=scheme), marks) == {"C": 1, "A": 2, "B": 2, "D": 4}


def test_skaters_of_a_segment_compare_its_elements_or_its_components():
    rules = ruleset(
        value_aspect("elements"),
        value_aspect("components"),
        ranking={"by": [{"node": "total"}, {"node": "components"}]},
    )
    marks = marks_of(A={"elements": 50, "components": 40}, B={"elements": 49, "components": 41})
    assert ranked(rules, marks) == {"B": 1, "A": 2}


def test_guests_take_a_place_or_compete_outside_the_ranking():
    marks = [("A", "v", None, 90), ("G", "v", None, 95)]
    entrants = ["A", {"id": "G", "award_eligible": False}]
    assert ranked(ruleset(value_aspect("v")), marks, entrants=entrants) == {"G": 1, "A": 2}
    outside = ruleset(value_aspect("v"), ranking={"by": [{"node": "total"}], "guests": "unranked"})
    outcome = evaluate(contest(outside, marks, entrants=entrants))
    assert (outcome.line("A").place, outcome.line("G").place, outcome.line("G").total) == (1, None, 95)
    assert "competes outside the ranking" in str(explain_place(outcome, "G")[0])
