"""A rehearsal: a whole event with made-up entrants and marks, so that people see what a rule set does before it counts.

Nothing of it is stored. Among the entrants are, on purpose: two who do exactly the same, two who differ in records only,
one who is absent, one who is disqualified, one without award eligibility; all delegations, teams and categories that the
rule set names and people can be in. Whoever the rules leave tied for people to decide is put in order by lot, and counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from competition.rules.advancement import Advancement, advance_by_rule
from competition.rules.advancement import Line as Climber
from competition.rules.categories import KNOWN
from competition.rules.contest import FORMAT, EntrantStatus, Line, Outcome, evaluate
from competition.rules.eligibility import WorkerStatus
from competition.rules.ranking import Comparator, Ties
from competition.rules.reading import TITLE_LENGTH
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Attempts, Branch, Judgement, Panel, Part, walk
from competition.rules.sentences import Sentence, sentence
from competition.rules.synthetic_marks import Chance, Mark, Performer, synthetic_marks

FEWEST, MOST = 2, 500
MOST_MARKS = 60_000
_USUAL_QUOTA = 3
_OF_ONE_DELEGATION = 4


@dataclass(frozen=True)
class Rehearsal:
    """How it came out. `decided` counts, for each comparator, the neighbours whom it told apart."""

    outcome: Outcome
    decided: tuple[tuple[Comparator, int], ...]
    by_lot: int
    shared: int
    quota: int
    advancement: Advancement | None


def refusal(ruleset: RuleSet, entrants: int) -> Sentence | None:
    """Why so many entrants cannot be rehearsed, or None."""
    if not FEWEST <= entrants <= MOST:
        return sentence("A rehearsal has %(fewest)s to %(most)s entrants.", fewest=FEWEST, most=MOST)
    marks = entrants * sum(_marks_of(aspect) for aspect in ruleset.aspects)
    if marks > MOST_MARKS:
        return sentence(
            "That would be %(marks)s marks; a rehearsal has at most %(most)s. Choose fewer entrants.",
            marks=marks,
            most=MOST_MARKS,
        )
    return None


def _marks_of(aspect: Aspect) -> int:
    match aspect.method:
        case Judgement() | Panel():
            return aspect.method.judges + 1
        case Attempts():
            return aspect.method.attempts
        case _:
            return 1


def rehearse(
    ruleset: RuleSet, document: Mapping[str, Any], *, entrants: int, seed: str, quota: int | None = None
) -> Rehearsal:
    """A rehearsal of the rule set (`document` is its text) with so many entrants, the same for the same seed.

    `quota` is that of the link to an event above; where there is none, three are taken for the model `quota`. Raises
    ValueError with the sentence of `refusal`.
    """
    if reason := refusal(ruleset, entrants):
        raise ValueError(str(reason))
    outcome = evaluate(synthetic_contest(ruleset, document, entrants=entrants, seed=seed))
    lots = _lots(outcome) if ruleset.ties is Ties.MANUAL else []
    if lots:
        plain = synthetic_contest(ruleset, document, entrants=entrants, seed=seed)
        outcome = evaluate({**plain, "decisions": lots})
    number = _USUAL_QUOTA if quota is None else quota
    climbing = advance_by_rule(_climbers(outcome), ruleset.advancement, number)
    return Rehearsal(
        outcome,
        tuple(_decided(outcome)),
        len(lots),
        sum(line.shared for line in outcome.lines),
        number,
        climbing,
    )


def synthetic_contest(
    ruleset: RuleSet, document: Mapping[str, Any], *, entrants: int, seed: str
) -> dict[str, Any]:
    """A contest document with made-up entrants and marks, stage by stage where the whole combines stages."""
    chance = Chance(seed)
    people = [_entrant(ruleset, chance, index, entrants) for index in range(entrants)]
    contest: dict[str, Any] = {
        "format": FORMAT,
        "title": {"zh": "试算", "en": "Rehearsal"},
        "ruleset": document,
        "judges": [{"id": f"J{number}"} for number in range(1, _seats(ruleset) + 1)],
        "entrants": people,
        "marks": [],
    }
    performers = list(_performers(people, chance))
    stages: tuple[Branch, ...] = ruleset.scheme.stages or (ruleset.scheme,)
    entered = performers
    for number, stage in enumerate(stages):
        if number:
            entered = _who_entered(contest, entered, stages[number])
        contest["marks"] += [mark for each in entered for mark in _marks(ruleset, stage, each, chance)]
    return contest


def _who_entered(contest: Mapping[str, Any], before: Iterable[Performer], stage: Branch) -> list[Performer]:
    """Those of the stage before whom the rules let into this one."""
    lines = evaluate(contest)
    return [
        performer
        for performer in before
        if lines.line(performer.id).status is EntrantStatus.PRESENT
        and lines.line(performer.id).stage == stage.id
    ]


def _marks(ruleset: RuleSet, part: Branch, performer: Performer, chance: Chance) -> Iterator[Mark]:
    agreed_on = {
        aspect.method.majority_of
        for aspect in ruleset.aspects
        if isinstance(aspect.method, Panel) and aspect.method.majority_of
    }
    records_only = performer.id != performer.like and performer.id.endswith("-r")
    for branch in walk(part):
        if isinstance(branch, Aspect):
            as_own = records_only and branch.part is Part.RECORD
            who = Performer(performer.id, performer.id, performer.ability) if as_own else performer
            yield from synthetic_marks(branch, who, chance, branch.id in agreed_on)


def _seats(ruleset: RuleSet) -> int:
    seats = [
        aspect.method.judges for aspect in ruleset.aspects if isinstance(aspect.method, Judgement | Panel)
    ]
    return max(seats, default=1)


# Who takes part.


def _entrant(ruleset: RuleSet, chance: Chance, index: int, entrants: int) -> dict[str, Any]:
    """The entrant at this position; the oddities stand at fixed places, so that small rehearsals have them too."""
    name = f"E{index + 1:03}{'-r' if index == _RECORDS_DIFFER else ''}"
    delegations = _delegations(ruleset, entrants)
    delegation = delegations[index % len(delegations)]
    entrant: dict[str, Any] = {
        "id": name,
        "delegation": delegation,
        "team": f"T{index % len(delegations) + 1}",
        "order": index // len(delegations) + 1,
        "coach": f"{delegation}-C"[:TITLE_LENGTH],
        "team_size": _team_size(ruleset, chance, name),
        "categories": _categories(ruleset, chance, name),
    }
    if entrants >= _ENOUGH and index == entrants - 1:
        entrant["status"] = EntrantStatus.ABSENT.value
    elif entrants >= _ENOUGH and index == entrants - 2:
        entrant["status"] = EntrantStatus.DISQUALIFIED.value
    elif entrants >= _ENOUGH and index == _GUEST:
        entrant["award_eligible"] = False
    return entrant


_GUEST, _SAME, _RECORDS_DIFFER, _ENOUGH = 1, 3, 5, 6
"""Who has no award eligibility, does as the one before, does as the one before but for records; from how many on."""


def _performers(people: Iterable[Mapping[str, Any]], chance: Chance) -> Iterator[Performer]:
    before = ""
    for index, entrant in enumerate(people):
        name = str(entrant["id"])
        like = before if index in (_SAME, _RECORDS_DIFFER) else name
        if entrant.get("status") != EntrantStatus.ABSENT.value:
            yield Performer(name, like, chance.share(like, "ability"))
        before = name


def _delegations(ruleset: RuleSet, entrants: int) -> list[str]:
    named = [row.delegation for row in ruleset.advancement.quotas if row.delegation]
    wanted = max(2, -(-entrants // _OF_ONE_DELEGATION))
    made = [f"D{number}" for number in range(1, wanted + 1)]
    return list(dict.fromkeys([*named, *made]))[: max(wanted, len(set(named)))]


def _team_size(ruleset: RuleSet, chance: Chance, name: str) -> int:
    sizes = sorted({size for honour in ruleset.honours for size in honour.by_team_size or {}}) or [1]
    return sizes[int(chance.share(name, "size") * len(sizes))]


def _categories(ruleset: RuleSet, chance: Chance, name: str) -> list[str]:
    """What this entrant is of everything the rules ask for: one status at work, and whatever else a record can say."""
    asked = [each for each in KNOWN if each in ruleset.categories_asked]
    statuses = [each for each in asked if each in set(WorkerStatus)]
    own = [*statuses, ""][int(chance.share(name, "status") * (len(statuses) + 1))]
    return sorted(
        each for each in asked if each == own or (each not in statuses and chance.one_in(2, name, each))
    )


# What came of it.


def _lots(outcome: Outcome) -> list[dict[str, Any]]:
    """An order by lot for everybody whom no comparator separates."""
    tied = dict.fromkeys(placing.tied for placing in outcome.placings.values() if placing.is_shared)
    return [{"order": sorted(group), "reason": "by lot, for the rehearsal"} for group in tied]


def _decided(outcome: Outcome) -> Iterator[tuple[Comparator, int]]:
    """How many neighbours in the ranking each comparator told apart."""
    placed = list(outcome.placings.values())
    found: Counter[int] = Counter()
    for above, below in pairwise(placed):
        if above.place != below.place and below.entrant not in above.tied:
            asked = outcome.comparisons(above.entrant, below.entrant)
            found.update(index for index, each in enumerate(asked) if each.decides)
    for index, comparator in enumerate(outcome.ruleset.ranking):
        yield comparator, found[index]


def _climbers(outcome: Outcome) -> Iterator[Climber]:
    node = outcome.ruleset.advancement.node
    position = {name: index for index, name in enumerate(outcome.placings, 1)}
    for line in outcome.lines:
        yield Climber(
            line.entrant,
            line.place,
            line.award_eligible,
            outcome.contest.by_id[line.entrant].delegation or None,
            position.get(line.entrant) if outcome.ruleset.ties is Ties.MANUAL else None,
            None if line.award_eligible else sentence("Takes part without eligibility for awards."),
            outcome.contest.by_id[line.entrant].categories,
            _value(line, node),
        )


def _value(line: Line, node: str) -> Fraction | None:
    return line.values.get(node) if node else None
