"""Reads the advancement part of a rule set: every problem with its path and a sentence."""

from collections.abc import Collection

from competition.rules.advancement import AdvancementRule, TiesAtTheLine
from competition.rules.awards_schema import MOST_RESERVES
from competition.rules.reading import Reader


def read(reader: Reader, known: Collection[str] | None) -> AdvancementRule:
    """How entrants of this event go on; `known` are the nodes of the marking scheme (None: it could not be read)."""
    rule = reader.inside("advancement")
    if rule is None:
        return AdvancementRule()
    rule.only("ties", "reserves")
    ties = rule.choice("ties", TiesAtTheLine, TiesAtTheLine.ALL) or TiesAtTheLine.ALL
    return AdvancementRule(ties, rule.whole("reserves", low=0, high=MOST_RESERVES, default=0) or 0)
