"""Medals by windows of scores: whoever is within the window of the best of a group shares the medal.

Source: docs/sources.md, judging §2.2 (the window of 2 points on the scale; two golds and no silver; three or more golds
and a bronze only for who is within the window of the last gold; a medallion for everybody else from a stated score on).
Groups are anchored on their best score, so that a chain of close scores does not grow. Assumption, by analogy: after two
or more silvers a bronze follows only within the window of the last silver.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from competition.rules.numbers import Rounding, rounded
from competition.rules.titles import Title

GOLD, SILVER, BRONZE = range(3)


@dataclass(frozen=True, slots=True)
class Medallion:
    """The award for everybody without a medal who reaches this score (Medallion for Excellence)."""

    id: str
    title: Title
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class MedalRule:
    """On which score the windows are drawn: a node or a scale, rounded to so many digits before it is compared, or exact
    where `digits` is None."""

    node: str
    scale: str
    window: Fraction
    digits: int | None
    medallion: Medallion | None = None

    def score(
        self, values: Mapping[str, Fraction | None], scaled: Mapping[str, Fraction | None]
    ) -> Fraction | None:
        """The score that is compared; None where there is none."""
        score = scaled.get(self.scale) if self.scale else values.get(self.node)
        return score if score is None or self.digits is None else rounded(score, Rounding(self.digits))

    def medallion_for(self, score: Fraction | None, given: Collection[str]) -> str | None:
        """The medallion, for a score that reaches it, where it is among the awards that are given."""
        medallion = self.medallion
        if medallion is None or medallion.id not in given or score is None or score < medallion.at_least:
            return None
        return medallion.id


def in_windows(scores: Mapping[str, Fraction], window: Fraction) -> Mapping[str, int]:
    """Who receives which medal (0 gold, 1 silver, 2 bronze) by these scores, the higher the better."""
    left = sorted(scores, key=lambda name: (-scores[name], name))

    def group() -> list[str]:
        """The best who are left and everybody within the window of them."""
        taken = [name for name in left if scores[name] >= scores[left[0]] - window]
        del left[: len(taken)]
        return taken

    def is_close(above: list[str]) -> bool:
        """Whether the next score is within the window of the last of those above."""
        return bool(left) and scores[above[-1]] - scores[left[0]] <= window

    medals: dict[str, int] = {}
    gold = group()
    medals |= dict.fromkeys(gold, GOLD)
    above = gold
    if len(gold) == 1:
        above = group()
        medals |= dict.fromkeys(above, SILVER)
    if left and (_leaves_a_bronze(len(gold), len(above)) or is_close(above)):
        medals |= dict.fromkeys(group(), BRONZE)
    return medals


def _leaves_a_bronze(gold: int, last: int) -> bool:
    """Whether a bronze follows however far behind: after one gold and one silver, and after two golds."""
    return gold == 2 or (gold == 1 and last == 1)
