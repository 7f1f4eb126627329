"""From the contest to the outcome: values, stages, places, awards, teams, scales, honours and what is missing."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from competition.rules.awards import AwardDecision, Awarded, AwardLine, awards, entrants_counted
from competition.rules.contest.document import Contest, Entrant, EntrantStatus
from competition.rules.contest.outcome import Line, Outcome, listed, rank_row, reckoning_of
from competition.rules.contest.reading import parse
from competition.rules.contest.stages import decide_stages
from competition.rules.honours import Candidate, balance, honours, prizes
from competition.rules.marking import Reckoning
from competition.rules.numbers import as_decimal, fixed
from competition.rules.ranking import Guests, Placing, RankRow, Ties, places
from competition.rules.ruleset import RuleSet
from competition.rules.scales import Scaled, ScaleKind, ScaleRule, severity, t_scores, worldskills_style
from competition.rules.sentences import Sentence, sentence
from competition.rules.team_awards import TeamHonoured
from competition.rules.team_awards import awarded as awarded_teams
from competition.rules.team_awards import honoured as honoured_teams
from competition.rules.teams import Member, TeamLine, Unit, team_table

_CAME = frozenset({EntrantStatus.PRESENT, EntrantStatus.DISQUALIFIED})


def evaluate(document: object) -> Outcome:
    """The outcome of a contest document. Raises ContestInvalid, with every problem, if it is not a sound one."""
    return outcome_of(parse(document))


def outcome_of(contest: Contest) -> Outcome:
    """The outcome of a contest: totals, places, awards and what is missing."""
    reckonings = reckonings_of(contest)
    rows = [_row(contest, entrant, reckonings[entrant.id]) for entrant in _ranked(contest, reckonings)]
    placed = places(rows, contest.ruleset.ranking, contest.decisions)
    placings = MappingProxyType({placing.entrant: placing for placing in placed})
    scales = tuple(_scaled(contest, rule, reckonings) for rule in contest.ruleset.scales)
    award_lines = _award_lines(contest, reckonings, placings, scales)
    rule = contest.ruleset.awards
    awarded = awards(award_lines, rule) if rule else {}
    decided = {each.entrant: each for each in contest.award_decisions if each.entrant in placings}
    order = [*placings, *(name for name in contest.by_id if name not in placings)]
    lines = tuple(
        _line(
            contest,
            contest.by_id[name],
            reckonings[name],
            placings.get(name),
            awarded.get(name),
            decided.get(name),
            _shown(scales, name),
        )
        for name in order
    )
    teams, team_honours = _teams(contest, lines)
    entrants = entrants_counted(award_lines, rule.denominator) if rule else 0
    return _honoured(
        Outcome(
            contest,
            lines,
            placings,
            teams,
            scales,
            awarded=awarded,
            award_entrants=entrants,
            team_honours=team_honours,
        )
    )


# Values and places.


def reckonings_of(contest: Contest) -> Mapping[str, Reckoning]:
    """Everybody's values and what is missing, with the stages decided over all of them."""
    scheme = contest.ruleset.scheme
    reckonings = {entrant.id: reckoning_of(contest, entrant.id) for entrant in contest.entrants}
    if scheme.stages:
        decide_stages(contest, reckonings)
    for reckoning in reckonings.values():
        reckoning.value(scheme)
    return reckonings


def _ranked(contest: Contest, reckonings: Mapping[str, Reckoning]) -> list[Entrant]:
    """Those who take a place: present, with nothing missing, and no guests where these are not ranked."""
    guests_are_ranked = contest.ruleset.guests is Guests.RANKED
    return [
        entrant
        for entrant in contest.entrants
        if entrant.status is EntrantStatus.PRESENT
        and (guests_are_ranked or entrant.award_eligible)
        and not reckonings[entrant.id].blockers
    ]


def _row(contest: Contest, entrant: Entrant, reckoning: Reckoning) -> RankRow:
    return rank_row(contest, entrant.id, reckoning.values, reckoning.reached or 0)


# Awards.


def _not_passed(ruleset: RuleSet, values: Mapping[str, Fraction | None]) -> tuple[str, ...]:
    """The nodes whose pass mark is known not to be reached, top down."""
    return tuple(
        node.id
        for node in ruleset.pass_marked
        if (value := values[node.id]) is not None and node.pass_mark is not None and value < node.pass_mark
    )


def _award_lines(
    contest: Contest,
    reckonings: Mapping[str, Reckoning],
    placings: Mapping[str, Placing],
    scales: tuple[Scaled, ...],
) -> tuple[AwardLine, ...]:
    """What the awards need to know of everybody; whoever does not reach a pass mark may receive none."""
    if contest.ruleset.awards is None:
        return ()
    return tuple(
        AwardLine(
            entrant=entrant.id,
            place=placings[entrant.id].place if entrant.id in placings else None,
            eligible=entrant.award_eligible
            and not _not_passed(contest.ruleset, reckonings[entrant.id].values),
            is_present=entrant.status in _CAME,
            is_complete=not reckonings[entrant.id].blockers,
            values=reckonings[entrant.id].values,
            scaled={scale.rule.id: scale.values.get(entrant.id) for scale in scales},
        )
        for entrant in contest.entrants
    )


# Lines.


def _line(
    contest: Contest,
    entrant: Entrant,
    reckoning: Reckoning,
    placing: Placing | None,
    awarded: Awarded | None,
    decided: AwardDecision | None,
    scaled: Mapping[str, Decimal],
) -> Line:
    ruleset, complete = contest.ruleset, not reckoning.blockers
    total = reckoning.values[ruleset.scheme.id] if complete else None
    stages = ruleset.scheme.stages
    computed = None if awarded is None else awarded.award
    return Line(
        entrant=entrant.id,
        status=entrant.status,
        award_eligible=entrant.award_eligible,
        complete=complete,
        total=None if total is None else as_decimal(total),
        shown=None if total is None else fixed(total, ruleset.display_digits),
        place=None if placing is None else placing.place,
        shared=placing is not None and placing.is_shared,
        award=computed if decided is None else decided.award,
        award_place=None if awarded is None else awarded.award_place,
        not_passed=_not_passed(ruleset, reckoning.values),
        blockers=_blockers(contest, entrant, reckoning, placing),
        values=MappingProxyType(reckoning.values),
        stage=stages[reckoning.reached or 0].id if stages else None,
        scaled=scaled,
        computed_award=computed,
        award_decision=decided,
    )


def _blockers(
    contest: Contest, entrant: Entrant, reckoning: Reckoning, placing: Placing | None
) -> tuple[Sentence, ...]:
    """What stands between this entrant and a final place; nothing for those who are not ranked anyway."""
    if entrant.status is not EntrantStatus.PRESENT:
        return ()
    if placing is not None and placing.is_shared and contest.ruleset.ties is Ties.MANUAL:
        tie = sentence(
            "%(entrant)s is tied with %(others)s; these rules share no place, so the order must be decided and the"
            " reason written down.",
            entrant=entrant.id,
            others=listed(placing.others),
        )
        return (*reckoning.blockers, tie)
    return tuple(reckoning.blockers)


# Scales.


def _scaled(contest: Contest, rule: ScaleRule, reckonings: Mapping[str, Reckoning]) -> Scaled:
    """The scale over all who are present: of complete values, or of the marks of single judges."""
    here = [entrant.id for entrant in contest.entrants if entrant.status is EntrantStatus.PRESENT]
    if rule.kind is ScaleKind.WORLDSKILLS_STYLE:
        complete = (name for name in here if not reckonings[name].blockers)
        found = ((name, reckonings[name].values.get(rule.node)) for name in complete)
        return worldskills_style({name: value for name, value in found if value is not None}, rule)
    marks = {
        name: {judge: mark for judge, mark in given.standing.items() if mark is not None}
        for name in here
        if (given := contest.marks[name].get(rule.node)) is not None
    }
    model = t_scores if rule.kind is ScaleKind.T_SCORE else severity
    return model(marks, rule)


def _shown(scales: tuple[Scaled, ...], entrant: str) -> Mapping[str, Decimal]:
    shown = ((scale.rule.id, scale.shown(entrant)) for scale in scales)
    return {scale: value for scale, value in shown if value is not None}


# Teams, honours, prizes.


def _teams(
    contest: Contest, lines: tuple[Line, ...]
) -> tuple[tuple[TeamLine, ...], tuple[TeamHonoured, ...]]:
    """The teams with what they receive as teams."""
    rule = contest.ruleset.teams
    if rule is None:
        return (), ()
    members = [_member(contest, line, rule.by) for line in lines]
    table = awarded_teams(team_table(members, rule, contest.ruleset.titles), members, rule)
    return table, honoured_teams(table, members, rule)


def _member(contest: Contest, line: Line, by: Unit) -> Member:
    """An entrant as the team sees them; only who is ranked, or still may be, brings something."""
    entrant, root = contest.by_id[line.entrant], contest.ruleset.scheme.id
    is_open = line.status is EntrantStatus.PRESENT and not line.complete
    return Member(
        entrant=line.entrant,
        team=entrant.team if by is Unit.TEAM else entrant.delegation,
        value=None if line.place is None else line.values[root],
        place=line.place,
        award=line.award,
        has_passed=not line.not_passed,
        is_open=is_open,
        is_present=line.status in _CAME,
        order=entrant.order,
        values=line.values,
    )


def _honoured(outcome: Outcome) -> Outcome:
    """The outcome with honours, prizes and balances, where the rule set has any."""
    ruleset = outcome.ruleset
    if not (ruleset.honours or ruleset.prizes or ruleset.balances):
        return outcome
    candidates = tuple(_candidate(outcome, line) for line in outcome.lines)
    honoured = honours(candidates, ruleset.honours)
    by_delegation = ruleset.teams is not None and ruleset.teams.by is Unit.DELEGATION
    team_places = {
        line.team: line.place for line in outcome.teams if by_delegation and line.place is not None
    }
    order = [award.id for award in ruleset.awards.every] if ruleset.awards else []
    return replace(
        outcome,
        honours=honoured,
        prizes=prizes(candidates, ruleset.prizes, team_places, order),
        balances=tuple(balance(candidates, rule, honoured) for rule in ruleset.balances),
    )


def _candidate(outcome: Outcome, line: Line) -> Candidate:
    """An entrant as honours see them: by the award place, or by the place where the rule set gives no awards."""
    entrant = outcome.contest.by_id[line.entrant]
    place = line.award_place if outcome.ruleset.awards else line.place if line.award_eligible else None
    return Candidate(
        entrant=line.entrant,
        place=place,
        award=line.award,
        delegation=entrant.delegation,
        team=entrant.team,
        order=entrant.order,
        team_size=entrant.team_size,
        categories=entrant.categories,
        coach=entrant.coach,
        is_present=entrant.status in _CAME,
    )
