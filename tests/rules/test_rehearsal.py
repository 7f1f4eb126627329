"""Every starter and every example of a real rule text passes the checker and plays out to the end."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from competition.rules import ruleset
from competition.rules.contest import EntrantStatus
from competition.rules.rehearsal import refusal, rehearse, synthetic_contest
from tests.rules.contests import panel, value_aspect
from tests.rules.contests import ruleset as rules

ROOT = Path(__file__).resolve().parents[2]
STARTERS = sorted((ROOT / "competition/competitions/rule_sets").glob("*.json"))
EXAMPLES = sorted((ROOT / "docs/rule_sets").glob("*.json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def played(document, entrants=12, seed="1"):
    return rehearse(ruleset.parse(document), document, entrants=entrants, seed=seed)


@pytest.mark.parametrize("path", [*STARTERS, *EXAMPLES], ids=lambda path: path.stem)
def test_every_starter_and_example_is_sound_and_plays_out(path):
    document = read(path)
    assert ruleset.problems(document) == ()
    for entrants in (6, 47):
        outcome = played(document, entrants).outcome
        assert outcome.complete, outcome.blockers[:3]
        assert len(outcome.lines) == entrants


@pytest.mark.parametrize("path", [*STARTERS, *EXAMPLES], ids=lambda path: path.stem)
def test_every_starter_and_example_cites_its_source_and_has_a_title_in_both_languages(path):
    document = read(path)
    assert document["source"]
    assert set(document["title"]) == {"zh", "en"}


def test_the_documents_use_every_award_model_and_most_of_the_comparators():
    documents = [read(path) for path in (*STARTERS, *EXAMPLES)]
    models = {document["awards"]["model"] for document in documents if "awards" in document}
    assert models == {"bands", "counts", "medals", "percent", "ratio"}
    compared = {
        step.get("by", "value") for each in documents for step in each.get("ranking", {}).get("by", ())
    }
    assert compared >= {"value", "count_back", "untrimmed", "attempt", "head_to_head"}


def test_the_guangdong_ratio_gives_one_three_and_five_of_47_entrants():
    document = read(ROOT / "competition/competitions/rule_sets/ratio_guangdong.json")
    lines = [{**each, "status": "present"} for each in contest_of(document, 47)["entrants"]]
    assert len(lines) == 47
    given = [line.award for line in played(document, 48).outcome.lines]
    assert [given.count(award) for award in ("first", "second", "third")] == [1, 3, 5]


def contest_of(document, entrants, seed="1"):
    return synthetic_contest(ruleset.parse(document), document, entrants=entrants, seed=seed)


def test_the_same_seed_makes_the_same_marks_and_another_one_others():
    document = rules(value_aspect("A"), panel("P", 3))
    assert contest_of(document, 9) == contest_of(document, 9)
    assert contest_of(document, 9)["marks"] != contest_of(document, 9, "2")["marks"]


def test_a_mark_does_not_change_when_another_part_of_the_rules_does():
    plain, richer = rules(value_aspect("A")), rules(value_aspect("A"), value_aspect("B", 50))
    of_a = [mark for mark in contest_of(richer, 9)["marks"] if mark["aspect"] == "A"]
    assert of_a == contest_of(plain, 9)["marks"]


def test_some_are_tied_one_is_absent_one_is_disqualified_and_one_is_not_eligible():
    outcome = played(rules(value_aspect("A"))).outcome
    assert {line.status for line in outcome.lines} == {
        EntrantStatus.PRESENT,
        EntrantStatus.ABSENT,
        EntrantStatus.DISQUALIFIED,
    }
    assert outcome.line("E003").place == outcome.line("E004").place
    assert not outcome.line("E002").award_eligible


def test_what_tells_neighbours_apart_is_counted_and_the_rest_is_shared_or_drawn():
    document = rules(value_aspect("A"), ranking={"by": [{"node": "total"}], "ties": "manual"})
    rehearsal = played(document)
    places = {line.place for line in rehearsal.outcome.lines if line.place}
    assert sum(count for _, count in rehearsal.decided) + rehearsal.by_lot == len(places) - 1
    assert rehearsal.by_lot >= 1


def test_only_who_reaches_a_stage_has_marks_there():
    document = read(ROOT / "competition/competitions/rule_sets/stages_carried_over.json")
    marked = {mark["entrant"] for mark in contest_of(document, 30)["marks"] if mark["aspect"] == "f-work"}
    assert len(marked) == 6


def test_a_rehearsal_that_is_too_large_is_refused_with_its_limit():
    parsed = ruleset.parse(rules(*[panel(f"P{number}", 50) for number in range(10)]))
    assert refusal(parsed, 100) is None
    assert "at most" in str(refusal(parsed, 500))
    with pytest.raises(ValueError, match="2 to 500"):
        played(rules(value_aspect("A")), 501)


def test_nobody_is_made_up_whom_no_record_could_describe():
    named = ["worker", "student", "woman", "women"]
    honours = [{"id": each, "title": {"zh": each}, "places": 3, "categories": [each]} for each in named]
    made = [
        each["categories"] for each in contest_of(rules(value_aspect("A"), honours=honours), 40)["entrants"]
    ]
    assert {name for each in made for name in each} == {"worker", "student", "woman"}
    assert not [each for each in made if {"worker", "student"} <= set(each)]
    assert [] in made
