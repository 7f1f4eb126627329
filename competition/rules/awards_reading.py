"""Reads the award part of a rule set: every problem with its path and a sentence."""

import re
from collections.abc import Collection
from fractions import Fraction
from itertools import pairwise

from competition.rules.awards import Award, AwardModel, AwardRule, AwardTies, Denominator
from competition.rules.awards_schema import MOST_AWARDS
from competition.rules.numbers import RoundingMode, spelled
from competition.rules.reading import Reader
from competition.rules.schema import FRACTION_PATTERN
from competition.rules.sentences import sentence

_FRACTION = re.compile(FRACTION_PATTERN.strip("^$"))
_AMOUNT_KEYS = {
    AwardModel.COUNTS: ("count",),
    AwardModel.PERCENT: ("percent",),
    AwardModel.BANDS: ("from", "to"),
    AwardModel.TOP_FRACTION: ("fraction",),
}


def read(reader: Reader, known: Collection[str] | None, scales: Collection[str] = ()) -> AwardRule | None:
    """The award rule of this rule set, or None where it gives none (or has problems, which are noted).

    `known` are the nodes of the marking scheme (None: it could not be read), `scales` the scales of the rule set.
    """
    rule = reader.inside("awards")
    if rule is None:
        return None
    rule.only("model", "awards", "denominator", "rounding", "ties", "merit")
    model = rule.choice("model", AwardModel)
    if model is None:
        return None
    awards = tuple(
        _award(award, model) for award in rule.objects("awards", most=MOST_AWARDS, least=1, required=True)
    )
    merit = _merit(rule)
    if model in (AwardModel.PERCENT, AwardModel.TOP_FRACTION) or merit is not None:
        rule.require("denominator")
        rule.require("rounding")
    _check_awards(rule, model, awards, merit)
    return AwardRule(
        model=model,
        awards=awards,
        denominator=rule.choice("denominator", Denominator, Denominator.PRESENT) or Denominator.PRESENT,
        rounding=rule.choice("rounding", RoundingMode, RoundingMode.HALF_UP) or RoundingMode.HALF_UP,
        ties=rule.choice("ties", AwardTies, AwardTies.ALL) or AwardTies.ALL,
        merit=merit,
    )


def _award(reader: Reader, model: AwardModel) -> Award:
    reader.only("id", "title", *_AMOUNT_KEYS[model])
    award_id, title = reader.identifier("id"), reader.title()
    amount, first, last = Fraction(0), 0, 0
    match model:
        case AwardModel.COUNTS:
            amount = Fraction(place_at(reader, "count"))
        case AwardModel.PERCENT:
            amount = reader.number("percent", above=0, high=100, required=True) or amount
        case AwardModel.TOP_FRACTION:
            amount = fraction_at(reader)
        case AwardModel.BANDS:
            first, last = place_at(reader, "from"), place_at(reader, "to")
            if first and last and first > last:
                reader.note(
                    None,
                    sentence("The band is the wrong way round: it starts after its end."),
                )
    return Award(award_id, title, amount, first, last)


def place_at(reader: Reader, key: str) -> int:
    return reader.whole(key, low=1, high=1_000_000, required=True) or 0


def fraction_at(reader: Reader) -> Fraction:
    if not reader.require("fraction"):
        return Fraction(0)
    raw = reader.members["fraction"]
    value = Fraction(raw) if isinstance(raw, str) and _FRACTION.fullmatch(raw) else None
    if value is None or value > 1:
        reader.note(
            "fraction",
            sentence("A fraction such as “1/2”, not above 1, is expected here."),
        )
        return Fraction(0)
    return value


def _merit(rule: Reader) -> Award | None:
    merit = rule.inside("merit")
    if merit is None:
        return None
    merit.only("id", "title", "fraction")
    return Award(merit.identifier("id"), merit.title(), fraction_at(merit))


def _check_awards(rule: Reader, model: AwardModel, awards: tuple[Award, ...], merit: Award | None) -> None:
    names = [award.id for award in (*awards, *((merit,) if merit else ()))]
    for name in {name for name in names if name and names.count(name) > 1}:
        rule.note("awards", sentence("The identifier “%(id)s” is used twice.", id=name))
    share = sum((award.amount for award in awards), Fraction(0))
    if model is AwardModel.PERCENT and share > 100:
        rule.note(
            "awards",
            sentence("The awards make %(sum)s percent of the entrants.", sum=spelled(share)),
        )
    if model is AwardModel.BANDS and any(after.first <= before.last for before, after in pairwise(awards)):
        rule.note("awards", sentence("The bands overlap or are not in order."))
    if model is AwardModel.TOP_FRACTION and any(
        after.amount <= before.amount for before, after in pairwise(awards)
    ):
        rule.note(
            "awards",
            sentence("The fractions must grow from award to award: each is a line below the one before."),
        )
