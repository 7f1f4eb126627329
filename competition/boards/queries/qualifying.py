"""Who would go on to the event above as the live standings are, and for whom that is certain while marks are coming.

Source: docs/sources.md, judging §4 (provisional and clinched advancement apart). Decided by the rules of the event, like
the result will be: rules.advancement by what is confirmed so far, rules.clinching by what is still possible. In a blind
event nothing is drawn where caps, categories or eligibility decide with: who is passed over would tell whose code it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Self

from competition.boards.queries.lines import Qualifying
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.draws.queries import current_draw, places_of
from competition.registration.queries import entrant_traits
from competition.results.queries import terms_of
from competition.rules.advancement import (
    AdvancementModel,
    AdvancementRule,
    Line,
    Outcome,
    TiesAtTheLine,
    advance_by_rule,
)
from competition.rules.clinching import Bound, Prospect, bounds, prospects
from competition.rules.clinching import Standing as Prospects
from competition.rules.contest import Contest, Entrant
from competition.rules.ranking import By, Direction
from competition.rules.ruleset import RuleSet
from competition.standings.table import Standing, Standings


@dataclass(frozen=True)
class Qualification:
    """The terms of one event: the rule with the reserves and ties of the link, the quota, and who takes part by code.

    `blank` is between what somebody without any mark can still end; None where no limits can be stated.
    """

    rules: RuleSet
    rule: AdvancementRule
    quota: int
    eligible: Mapping[str, bool]
    delegations: Mapping[str, str]
    categories: Mapping[str, frozenset[str]]
    blank: Bound | None

    @classmethod
    def of(
        cls, event: Event, eligible: Mapping[str, bool], delegations: Mapping[str, str], *, is_blind: bool
    ) -> Self | None:
        """The terms as they are now; None where nobody goes on, or where marking who does would undo the codes."""
        terms = terms_of(event)
        if terms is None:
            return None
        rules = rule_set_of(event)
        rule = rules.advancement
        rule = replace(rule, reserves=terms["reserves"], ties=TiesAtTheLine(terms["ties"]))
        is_personal = bool(
            rule.delegation_cap or rule.categories or rule.quotas or not all(eligible.values())
        )
        if is_blind and is_personal:
            return None
        categories = _categories(event, rules) if rule.categories or rule.quotas else {}
        return cls(rules, rule, terms["quota"], eligible, delegations, categories, _blank(rules, rule))

    def marks(self, standings: Standings, ranked: Sequence[Standing]) -> Mapping[str, Qualifying]:
        """How everybody who is ranked stands towards the line; whoever is in none of its groups is left out."""
        decided = advance_by_rule(self._lines(standings, ranked), self.rule, self.quota, title=self._title())
        if decided is None:
            return {}
        within = {row.id for row in decided.rows if row.outcome is Outcome.ADVANCED}
        certain = {each.entrant: each.standing for each in self._prospects(standings, ranked)}
        return {
            line.entrant: mark
            for line in ranked
            if (mark := _mark(line.entrant in within, certain.get(line.entrant))) is not None
        }

    def _title(self) -> Any:
        node = self.rules.nodes.get(self.rule.node)
        return node.title if node else None

    def _lines(self, standings: Standings, ranked: Iterable[Standing]) -> list[Line]:
        is_asked = self.rule.model is AdvancementModel.THRESHOLD
        return [
            Line(
                id=each.entrant,
                place=each.place,
                eligible=self.eligible[each.entrant],
                delegation=self.delegations.get(each.entrant) or None,
                categories=self.categories.get(each.entrant, frozenset()),
                value=_value(standings, each.entrant, self.rule.node) if is_asked else None,
            )
            for each in ranked
        ]

    def _prospects(self, standings: Standings, ranked: Sequence[Standing]) -> tuple[Prospect, ...]:
        """What is certain by the general quota; nothing where the rule has more than that and a delegation's cap."""
        rule, first = self.rule, self.rules.ranking[0]
        has_more = rule.categories or rule.quotas or rule.most is not None
        if rule.model is not AdvancementModel.QUOTA or has_more or first.by is not By.VALUE:
            return ()
        sign = -1 if first.direction is Direction.ASC else 1
        values = {each.entrant: _value(standings, each.entrant, first.node) for each in ranked}
        open_codes = [code for code, eligible in self.eligible.items() if eligible and code not in values]
        if (open_codes and self.blank is None) or None in values.values():
            return ()
        settled = [
            Bound(code, sign * value, sign * value, sign * value, self.delegations.get(code, ""))
            for code, value in values.items()
            if value is not None and self.eligible[code]
        ]
        still = [
            replace(self.blank, entrant=code, delegation=self.delegations.get(code, ""))
            for code in open_codes
            if self.blank is not None
        ]
        return prospects([*settled, *still], self.quota, delegation_cap=rule.delegation_cap)


def _mark(is_within: bool, prospect: Prospects | None) -> Qualifying | None:
    if is_within:
        return Qualifying.CLINCHED if prospect is Prospects.CLINCHED else Qualifying.PROVISIONAL
    if prospect is None:
        return None
    return Qualifying.OUT if prospect is Prospects.OUT else Qualifying.OPEN


def _value(standings: Standings, code: str, node: str) -> Fraction | None:
    """The value of a node; None too where the standings do not keep it."""
    try:
        return standings.value(code, node)
    except KeyError:
        return None


def _blank(rules: RuleSet, rule: AdvancementRule) -> Bound | None:
    """Between what whoever has no marks yet can still end."""
    if rule.model is not AdvancementModel.QUOTA:
        return None
    contest = Contest(rules.title, rules, (), (Entrant("?"),), {}, ())
    (bound,) = bounds(contest, settled=())
    return None if bound.lowest is None or bound.highest is None else replace(bound, now=None)


def _categories(event: Event, rules: RuleSet) -> dict[str, frozenset[str]]:
    draw = current_draw(event)
    if draw is None:
        return {}
    traits = entrant_traits(event, rules.categories_asked, with_sizes=False)
    return {
        place.code: frozenset(traits.get(place.entrant_id, {}).get("categories", ()))  # type: ignore[call-overload]
        for place in places_of(draw)
    }
