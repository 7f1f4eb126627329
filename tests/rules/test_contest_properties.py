"""What must hold for every contest, over random documents that use everything the format has."""

import copy
import json
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from competition.rules.contest import EntrantStatus, evaluate, explain_place, problems
from competition.rules.ranking import Ties
from tests.rules.generated_contests import ContestMaker

documents = st.integers(0, 1_000_000).map(lambda seed: ContestMaker(seed).make())


def everything(outcome):
    """The whole outcome without its working, entrants in the order of their identifiers."""
    plain = outcome.as_json(with_working=False)
    return {**plain, "lines": sorted(plain["lines"], key=lambda line: line["entrant"])}


@settings(max_examples=30)
@given(documents, st.randoms(use_true_random=False))
def test_the_order_of_entrants_judges_and_marks_decides_nothing(document, random):
    shuffled = copy.deepcopy(document)
    for part in ("entrants", "judges", "marks"):
        random.shuffle(shuffled[part])
    before, after = everything(evaluate(document)), everything(evaluate(shuffled))
    for plain in (before, after):
        for line in plain["lines"]:
            line["blockers"] = len(line["blockers"])  # levels stand in a sentence as they were recorded
            line["why"] = line["why"] if line["place"] else None
    assert after == before


@settings(max_examples=30)
@given(documents)
def test_places_are_conserved(document):
    """Everybody who is present and complete has a place, unless guests have none; who stands above counts."""
    outcome = evaluate(document)
    taken = [line.place for line in outcome.lines if line.place is not None]
    assert taken == sorted(taken)
    assert all(place == 1 + sum(other < place for other in taken) for place in taken)
    for line in outcome.lines:
        if line.status is EntrantStatus.PRESENT and line.complete and line.award_eligible:
            assert line.place is not None
        if line.status is not EntrantStatus.PRESENT or not line.complete:
            assert line.place is None


@settings(max_examples=30)
@given(documents)
def test_the_explanation_is_the_decision(document):
    """Of two ranked entrants with different places the comparison named last decides and all before it are equal."""
    outcome = evaluate(document)
    ranked = list(outcome.placings)
    for one, other in pairwise(ranked):
        decides = [each.decides for each in outcome.comparisons(one, other)]
        were_tied = outcome.placings[one].tied == outcome.placings[other].tied
        assert decides == [False] * (len(decides) - 1) + [not were_tied]
        assert were_tied or outcome.placings[one].place < outcome.placings[other].place


@settings(max_examples=30)
@given(documents)
def test_a_shared_place_is_named_and_where_nothing_is_shared_people_decide(document):
    outcome = evaluate(document)
    for line in outcome.lines:
        said = str(explain_place(outcome, line.entrant))
        assert line.shared == ("The place is shared with" in said)
        if line.shared and outcome.ruleset.ties is Ties.MANUAL:
            assert any("the order must be decided" in str(reason) for reason in line.blockers)


@settings(max_examples=30)
@given(documents)
def test_the_working_ends_in_the_value_and_everything_is_plain_json(document):
    outcome = evaluate(document)
    for line in outcome.lines:
        assert outcome.working(line.entrant).exact == line.values[outcome.ruleset.scheme.id]
    plain = outcome.as_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


@settings(max_examples=30)
@given(documents)
def test_the_same_document_spelled_as_text_gives_the_same_outcome(document):
    spelled = json.loads(json.dumps(document, default=str))
    assert problems(spelled) == ()
    assert everything(evaluate(spelled)) == everything(evaluate(document))
