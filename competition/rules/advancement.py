"""Who goes on to the next tier: by place and quota, with reserves, ties at the line, refill on withdrawal.

Source: the nomination and replacement clauses of contest notices (docs/sources.md, domain §2.5: entrants go up in order
of place; caps per unit, a quota table of delegations and groups; the cap still applies when somebody moves up), judging
§4 (a share that is never exceeded, a group of ties in or out together, places of a category in order of priority with
nobody counted twice). Assumptions: a shared place means that the event's own tie-breaks are exhausted, so nobody is
preferred without a recorded decision; who has advanced once keeps the place unless they withdraw; shares are taken of
the ranked entrants; while a tie at the general line waits for people, places of categories wait too.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from competition.rules.advancement_case import (
    Advancement,
    AdvancementModel,
    AdvancementRule,
    CategoryPlaces,
    Decided,
    Line,
    Outcome,
    QuotaRow,
    TiesAtTheLine,
)
from competition.rules.advancement_filling import decided, in_order_of_result
from competition.rules.numbers import RoundingMode, spelled, whole_number
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

__all__ = [
    "Advancement",
    "AdvancementModel",
    "AdvancementRule",
    "CategoryPlaces",
    "Decided",
    "Line",
    "Outcome",
    "QuotaRow",
    "TiesAtTheLine",
    "advance",
    "advance_by_rule",
    "advancement_problem",
    "delegations_named_in_vain",
    "most_of",
    "quota_by_rule",
    "refill",
    "with_those_who_went_on",
]


def advancement_problem(
    lines: Iterable[Line], quota: int, reserves: int, delegation_cap: int | None = None
) -> Sentence | None:
    """Why nothing can be decided from this, or None."""
    ids = [line.id for line in lines]
    if len(set(ids)) != len(ids):
        return sentence("An entrant is in the result twice. Correct the result first.")
    if quota < 1:
        return sentence("The quota is the number of entrants who go on: at least 1.")
    if reserves < 0:
        return sentence("The number of reserves is 0 or more.")
    if delegation_cap is not None and delegation_cap < 1:
        return sentence("The cap for one delegation is at least 1; leave it out for no cap.")
    return None


def advance(
    lines: Iterable[Line],
    quota: int,
    reserves: int = 0,
    ties: TiesAtTheLine = TiesAtTheLine.BY_TIE_BREAK,
    *,
    delegation_cap: int | None = None,
    cap: int | None = None,
    most: int | None = None,
    categories: Iterable[CategoryPlaces] = (),
    quotas: Iterable[QuotaRow] = (),
) -> Advancement:
    """Decide who of a published result goes on. Raises ValueError with the sentence of `advancement_problem`.

    First the general quota by place, then the places of each category, in order, for those who did not go on yet. A
    place shared at the line goes on as a whole (`all`, the quota is exceeded), not at all (`none`, places stay free),
    as a whole up to a total (`cap`), or by the recorded tie-break (`by_tie_break`; without a full record those entrants
    are undecided). Nothing exceeds `most`, a delegation's cap or the quota table, a tie at these by the same policy.
    """
    ordered = tuple(sorted(lines, key=in_order_of_result))
    problem = advancement_problem(ordered, quota, reserves, delegation_cap)
    if problem:
        raise ValueError(str(problem))
    case = Advancement(
        lines=ordered,
        quota=quota,
        reserves_wanted=reserves,
        ties=TiesAtTheLine(ties),
        delegation_cap=delegation_cap,
        withdrawn=frozenset(),
        rows=(),
        cap=cap,
        most=most,
        categories=tuple(categories),
        quotas=tuple(quotas),
    )
    return decided(case, kept={})


def advance_by_rule(
    lines: Iterable[Line], rule: AdvancementRule, quota: int | None = None, *, title: Title | None = None
) -> Advancement | None:
    """Decide by the advancement part of a rule set; None where nobody goes on.

    `quota` is that of the link to the event above, None where there is no link: with the model `quota` nobody goes on
    then; a fraction and a threshold say themselves how many do, and a link is the most they may send. `title` names the
    node of a threshold. Raises ValueError for an entrant who is there twice.
    """
    asked = tuple(_with_threshold(line, rule, title) for line in lines)
    number = quota_by_rule(asked, rule, quota)
    if number is None or not asked:
        return None
    if number == 0:
        return _nobody(asked, rule)
    return advance(
        asked,
        number,
        rule.reserves,
        rule.ties,
        delegation_cap=rule.delegation_cap,
        cap=rule.cap,
        most=most_of(asked, rule),
        categories=rule.categories,
        quotas=rule.quotas,
    )


def quota_by_rule(lines: Iterable[Line], rule: AdvancementRule, quota: int | None) -> int | None:
    """How many go on by the general quota, the share that is never exceeded included; None where no number is known.

    `lines` are as `advance_by_rule` makes them: who misses a threshold is not eligible.
    """
    asked = tuple(lines)
    ranked = sum(line.place is not None for line in asked)
    match rule.model:
        case AdvancementModel.QUOTA:
            number = quota
        case AdvancementModel.FRACTION:
            number = whole_number(rule.fraction * ranked, rule.rounding)
        case AdvancementModel.THRESHOLD:
            number = sum(line.place is not None and line.eligible for line in asked)
    ceilings = [each for each in (number, quota, most_of(asked, rule)) if each is not None]
    return None if number is None else min(ceilings)


def most_of(lines: Iterable[Line], rule: AdvancementRule) -> int | None:
    """How many may go on at all: the stated share of the ranked entrants, cut to a whole number; None without a share."""
    if rule.most is None:
        return None
    return whole_number(rule.most * sum(line.place is not None for line in lines), RoundingMode.DOWN)


def delegations_named_in_vain(quotas: Iterable[QuotaRow], known: Iterable[str]) -> tuple[str, ...]:
    """The delegations that the quota table names and nobody is called, each once: such a row limits nobody.

    Rows go by the exact name.
    """
    names = frozenset(known)
    named = (row.delegation for row in quotas if row.delegation is not None)
    return tuple(dict.fromkeys(each for each in named if each not in names))


def refill(advancement: Advancement, withdrawn: Iterable[str]) -> Advancement:
    """Fill the places of those who withdrew, by the old order and the old rules.

    Who had advanced keeps the place, the places of a category stay with it. Earlier withdrawals stand; without a new one
    nothing changes. Raises ValueError for an unknown entrant.
    """
    gone = advancement.withdrawn | frozenset(withdrawn)
    if not gone <= {line.id for line in advancement.lines}:
        raise ValueError(str(sentence("Somebody who is not in the result cannot withdraw from advancement.")))
    if gone == advancement.withdrawn:
        return advancement
    kept = {
        row.id: row.category
        for row in advancement.rows
        if row.outcome is Outcome.ADVANCED and row.id not in gone
    }
    return decided(replace(advancement, withdrawn=gone), kept=kept)


def with_those_who_went_on(advancement: Advancement, gone_on: Collection[str]) -> Advancement:
    """The same decision where these entrants have gone on before (by an earlier result): they keep their places.

    They stand in the places by which they go on now; who no longer does takes a general place, and where those are
    all taken one of a category of theirs.
    """
    now = {row.id: row.category for row in advancement.rows if row.outcome is Outcome.ADVANCED}
    kept = {name: tier for name, tier in now.items() if name in gone_on}
    free = Counter({"": advancement.quota, **{each.id: each.quota for each in advancement.categories}})
    free.subtract(kept.values())
    for line in advancement.lines:
        if line.id in gone_on and line.id not in kept:
            own = [each.id for each in advancement.categories if line.categories.issuperset(each.categories)]
            tier = next((each for each in ("", *own) if free[each] > 0), "")
            kept[line.id] = tier
            free[tier] -= 1
    return decided(advancement, kept=kept)


def _with_threshold(line: Line, rule: AdvancementRule, title: Title | None) -> Line:
    if rule.model is not AdvancementModel.THRESHOLD or not line.eligible:
        return line
    if line.value is not None and line.value >= rule.at_least:
        return line
    reason = sentence(
        "Does not reach %(least)s in %(node)s, which is needed to go on.",
        least=spelled(rule.at_least),
        node=title or rule.node,
    )
    return replace(line, eligible=False, reason=reason)


def _nobody(lines: Iterable[Line], rule: AdvancementRule) -> Advancement:
    """The share is less than one entrant, or nobody reaches the threshold."""
    ordered = tuple(sorted(lines, key=in_order_of_result))
    empty = Advancement(ordered, 0, rule.reserves, rule.ties, rule.delegation_cap, frozenset(), ())
    return decided(empty, kept={})
