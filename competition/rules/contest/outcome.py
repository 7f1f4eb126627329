"""What a contest came to: lines, places, teams, honours; the working of each entrant and why the place is this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

from competition.rules.awards import AwardDecision, Awarded, decision_said, explained
from competition.rules.comparisons import Compared, comparisons
from competition.rules.contest.document import Contest, EntrantStatus
from competition.rules.honours import Balance, Honoured, PrizeWinner
from competition.rules.marking import Given, Reckoning, Working, ranked_try, untrimmed
from competition.rules.numbers import as_decimal, as_text, written
from competition.rules.ranking import By, Comparator, Guests, Placing, RankRow
from competition.rules.ruleset import RuleSet
from competition.rules.scales import Scaled
from competition.rules.scheme import Aspect
from competition.rules.sentences import Sentence, sentence
from competition.rules.team_awards import TeamHonoured
from competition.rules.teams import TeamLine
from competition.rules.titles import Title

OUTCOME_FORMAT = "skillsladder.outcome/1"

_MOST_NAMES = 10
_NOTHING = Given()
_NOBODY_AWARDED: Mapping[str, Awarded] = MappingProxyType({})
_NOT_SCALED: Mapping[str, Decimal] = MappingProxyType({})


@dataclass(frozen=True)
class Line:
    """The result of one entrant. Values are None while marks are missing.

    `total` is exact where it ends within 8 decimal places; `shown` has the places that the rule set shows to people.
    `not_passed` names the nodes whose pass mark is not reached. `values` holds every node's exact value. `stage` is the
    last stage that was reached, where the whole combines stages; `scaled` has the value on each scale, for people.
    `award` is what counts; where people decided it, `computed_award` is what the rules give.
    """

    entrant: str
    status: EntrantStatus
    award_eligible: bool
    complete: bool
    total: Decimal | None
    shown: Decimal | None
    place: int | None
    shared: bool
    award: str | None
    award_place: int | None
    not_passed: tuple[str, ...]
    blockers: tuple[Sentence, ...]
    values: Mapping[str, Fraction | None]
    stage: str | None = None
    scaled: Mapping[str, Decimal] = field(default_factory=lambda: _NOT_SCALED)
    computed_award: str | None = None
    award_decision: AwardDecision | None = None

    def value(self, node: str) -> Decimal | None:
        """The value of a node for people: exact where it ends within 8 decimal places."""
        value = self.values.get(node)
        return None if value is None else as_decimal(value)


@dataclass(frozen=True)
class Outcome:
    """What a contest came to: one line per entrant, the ranked ones first, best first.

    `awarded` is what the awards came to for everybody to whom they are open; shares were taken of `award_entrants`.
    """

    contest: Contest
    lines: tuple[Line, ...]
    placings: Mapping[str, Placing]
    teams: tuple[TeamLine, ...] = ()
    scales: tuple[Scaled, ...] = ()
    honours: tuple[Honoured, ...] = ()
    prizes: tuple[PrizeWinner, ...] = ()
    balances: tuple[Balance, ...] = ()
    awarded: Mapping[str, Awarded] = field(default_factory=lambda: _NOBODY_AWARDED)
    award_entrants: int = 0
    team_honours: tuple[TeamHonoured, ...] = ()

    @property
    def ruleset(self) -> RuleSet:
        return self.contest.ruleset

    @cached_property
    def _order(self) -> tuple[Placing, ...]:
        return tuple(self.placings.values())

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {entrant: index for index, entrant in enumerate(self.placings)}

    def neighbours(self, entrant: str) -> tuple[str | None, str | None]:
        """Who stands next above and next below a ranked entrant, those who share the place left out."""
        index, place = self._position[entrant], self.placings[entrant].place
        above = next((each for each in reversed(self._order[:index]) if each.place < place), None)
        below = next((each for each in self._order[index:] if each.place > place), None)
        return above.entrant if above else None, below.entrant if below else None

    @property
    def complete(self) -> bool:
        """Whether nothing stands between these results and their publication."""
        return not self.blockers

    @cached_property
    def blockers(self) -> tuple[Sentence, ...]:
        return tuple(reason for line in self.lines for reason in line.blockers)

    @cached_property
    def _by_entrant(self) -> Mapping[str, Line]:
        return {line.entrant: line for line in self.lines}

    def line(self, entrant: str) -> Line:
        """The line of an entrant; KeyError for anybody else."""
        return self._by_entrant[entrant]

    def working(self, entrant: str) -> Working:
        """How this entrant's total came about, from the marks up; reckoned anew from the marks by the same rules."""
        reckoning = reckoning_of(self.contest, entrant)
        reckoning.reached = stage_index(self.ruleset, self.line(entrant).stage)
        return reckoning.working(self.ruleset.scheme)

    def comparisons(self, entrant: str, other: str) -> tuple[Compared, ...]:
        """The comparisons of two ranked entrants, up to the one that separates them."""
        own, theirs = self._row(entrant), self._row(other)
        return tuple(
            comparisons(own, theirs, self.ruleset.ranking, self.ruleset.titles, self.placings[entrant])
        )

    def _row(self, entrant: str) -> RankRow:
        line = self.line(entrant)
        return rank_row(self.contest, entrant, line.values, stage_index(self.ruleset, line.stage))

    def as_json(self, *, with_working: bool = True, with_reasons: bool = True) -> dict[str, Any]:
        """The outcome as plain JSON values; numbers are texts, so that nothing is lost.

        Teams, scales, honours, prizes and balances are there only where the rule set has them. Without reasons the lines
        say nothing in words: neither what is missing nor why this place.
        """
        plain: dict[str, Any] = {
            "format": OUTCOME_FORMAT,
            "title": dict(self.contest.title.as_json()),
            "complete": self.complete,
            "lines": [self._line_json(line, with_working, with_reasons) for line in self.lines],
        }
        if self.ruleset.teams is not None:
            has_awards = self.ruleset.teams.awards is not None
            plain["teams"] = [_team_json(line, has_awards=has_awards) for line in self.teams]
            if self.ruleset.teams.honours:
                plain["team_honours"] = [each.as_json() for each in self.team_honours]
        if self.ruleset.scales:
            plain["scales"] = [_scale_json(scale) for scale in self.scales]
        if self.ruleset.honours:
            plain["honours"] = [honoured.as_json() for honoured in self.honours]
        if self.ruleset.prizes:
            plain["prizes"] = [winner.as_json() for winner in self.prizes]
        if self.ruleset.balances:
            plain["balances"] = [balance.as_json() for balance in self.balances]
        return plain

    def _line_json(self, line: Line, with_working: bool, with_reasons: bool) -> dict[str, object]:
        plain: dict[str, object] = {
            "entrant": line.entrant,
            "status": line.status.value,
            "award_eligible": line.award_eligible,
            "complete": line.complete,
            "total": as_text(line.total),
            "exact": _written(line.values.get(self.ruleset.scheme.id)) if line.complete else None,
            "place": line.place,
            "shared": line.shared,
            "award": line.award,
            "award_place": line.award_place,
            "not_passed": list(line.not_passed),
            "values": {node: _written(value) for node, value in line.values.items()},
        }
        if line.award_decision is not None:
            plain["computed_award"] = line.computed_award
        if with_reasons:
            plain["blockers"] = [str(reason) for reason in line.blockers]
            why = (*explain_place(self, line.entrant), *explain_award(self, line.entrant))
            plain["why"] = [str(said) for said in why]
        if self.ruleset.scheme.stages:
            plain["stage"] = line.stage
        if self.ruleset.scales:
            plain["scaled"] = {scale: as_text(value) for scale, value in line.scaled.items()}
        if with_working:
            plain["working"] = self.working(line.entrant).as_json()
        return plain


def _team_json(line: TeamLine, *, has_awards: bool) -> dict[str, object]:
    """A team's line; with its award where the rule set gives teams any."""
    return {
        "team": line.team,
        "value": _written(line.value),
        "place": line.place,
        "shared": line.shared,
        "counted": list(line.counted),
        **({"award": line.award} if has_awards else {}),
        "why": [str(said) for said in line.working],
    }


def _scale_json(scale: Scaled) -> dict[str, object]:
    return {
        "id": scale.rule.id,
        "refused": None if scale.refusal is None else str(scale.refusal),
        "notice": None if scale.notice is None else str(scale.notice),
    }


def _written(value: Fraction | None) -> str | None:
    return None if value is None else written(value)


# One entrant, reckoned and compared.


def reckoning_of(contest: Contest, entrant: str) -> Reckoning:
    """The marks of an entrant, ready to be reckoned by the rules of the contest."""
    return Reckoning(entrant, contest.marks.get(entrant, {}), contest.ruleset.ranked_by)


def stage_index(ruleset: RuleSet, stage: str | None) -> int:
    """The position of a stage, the first is 0; 0 where there are no stages."""
    return next((index for index, each in enumerate(ruleset.scheme.stages) if each.id == stage), 0)


def rank_row(
    contest: Contest, entrant: str, values: Mapping[str, Fraction | None], stage: int = 0
) -> RankRow:
    """An entrant as the ranking compares them."""
    asked = contest.ruleset.asked_beside
    if not asked:
        return RankRow(entrant, values, stage)
    marks = contest.marks.get(entrant, {})
    beside = {comparator: _beside(contest.ruleset, comparator, marks) for comparator in asked}
    return RankRow(entrant, values, stage, beside)


def _beside(ruleset: RuleSet, comparator: Comparator, marks: Mapping[str, Given]) -> Fraction | None:
    aspect = ruleset.nodes[comparator.node]
    if not isinstance(aspect, Aspect):
        return None
    if comparator.by is By.ATTEMPT:
        return ranked_try(aspect, marks.get(aspect.id, _NOTHING), comparator.rank)
    return untrimmed(aspect, marks)


# Why this place, and this award.


def explain_award(
    outcome: Outcome, entrant: str, *, told: frozenset[str] | None = None
) -> tuple[Sentence, ...]:
    """Why this award, or none: the award place and the line it lies above, a requirement or a pass mark that is not
    reached. Nothing where the rule set gives no awards, or for who has no place.

    `told` are the nodes of which the reader may know what was reached (None: all); of others no name is said. What people
    decided is said last, after what the rules give.
    """
    decision, line = outcome.line(entrant).award_decision, outcome.line(entrant)
    computed = _computed_award(outcome, entrant, told)
    if decision is None or outcome.ruleset.awards is None:
        return computed
    titles = outcome.ruleset.awards.titles
    given, by_rules = titles.get(decision.award or ""), titles.get(line.computed_award or "")
    said = decision_said(given, by_rules, decision.reason)
    return (*computed, said)


def _computed_award(outcome: Outcome, entrant: str, told: frozenset[str] | None) -> tuple[Sentence, ...]:
    ruleset, line = outcome.ruleset, outcome.line(entrant)
    if ruleset.awards is None or line.place is None:
        return ()
    titles = {name: node.title for name, node in ruleset.nodes.items() if told is None or name in told}
    if not line.award_eligible:
        return (sentence("Takes part without eligibility for awards."),)
    if line.not_passed:
        said = [_not_passed(titles.get(name)) for name in line.not_passed]
        return tuple(each for index, each in enumerate(said) if each not in said[:index])
    awarded = outcome.awarded.get(entrant)
    return explained(awarded, ruleset.awards, outcome.award_entrants, titles) if awarded else ()


def _not_passed(title: Title | None) -> Sentence:
    if title is None:
        return sentence("Does not reach a pass mark of these rules, and so receives no award.")
    return sentence("Does not reach the pass mark of %(node)s, and so receives no award.", node=title)


def explain_place(outcome: Outcome, entrant: str) -> tuple[Sentence, ...]:
    """Why this entrant has this place: who stands next above and below, and which comparison told them apart."""
    line = outcome.line(entrant)
    placing = outcome.placings.get(entrant)
    if placing is None:
        return _why_not_ranked(outcome, line)
    said = [
        sentence(
            "%(entrant)s is in place %(place)s of %(count)s ranked entrants.",
            entrant=entrant,
            place=placing.place,
            count=len(outcome.placings),
        )
    ]
    if placing.is_shared:
        said.append(
            sentence(
                "The place is shared with %(others)s: no comparison of the rules tells them apart.",
                others=listed(placing.others),
            )
        )
    if placing.decision is not None:
        said.append(
            sentence(
                "No comparison of the rules told %(others)s apart; the order was decided by people: %(reason)s",
                others=listed(placing.decision.order),
                reason=placing.decision.reason,
            )
        )
    for neighbour in outcome.neighbours(entrant):
        if neighbour is not None:
            said.extend(each.sentence for each in outcome.comparisons(entrant, neighbour))
    return tuple(said)


def _why_not_ranked(outcome: Outcome, line: Line) -> tuple[Sentence, ...]:
    match line.status:
        case EntrantStatus.ABSENT:
            return (sentence("%(entrant)s has no place: did not come.", entrant=line.entrant),)
        case EntrantStatus.WITHDRAWN:
            return (
                sentence(
                    "%(entrant)s has no place: withdrew. The marks stay on record.",
                    entrant=line.entrant,
                ),
            )
        case EntrantStatus.DISQUALIFIED:
            return (
                sentence(
                    "%(entrant)s has no place: was disqualified. The marks stay on record.",
                    entrant=line.entrant,
                ),
            )
        case EntrantStatus.PRESENT if line.complete and outcome.ruleset.guests is Guests.UNRANKED:
            return (
                sentence(
                    "%(entrant)s has no place: competes outside the ranking, as these rules foresee for guests.",
                    entrant=line.entrant,
                ),
            )
        case EntrantStatus.PRESENT:
            return (
                sentence(
                    "%(entrant)s has no place: marks are missing.",
                    entrant=line.entrant,
                ),
                *line.blockers,
            )


def listed(entrants: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(entrants[:_MOST_NAMES])
    return shown if len(entrants) <= _MOST_NAMES else f"{shown} (+{len(entrants) - _MOST_NAMES})"
