"""One judge who gives many entrants the very same sheet: every mark of it equal.

On a coarse scale equal sheets are nothing strange, and good judges repeat themselves where performances are alike. What is
likely is therefore read from the other judges of the same aspects, who saw the same performances:

- A sheet counts when it has every aspect that the judge marks, and at least three; a judge is looked at from ten such
  sheets on, and compared with judges of exactly the same aspects who have ten as well. Shadows are compared, and no measure.
- How likely a further sheet equals a given one is, for one other judge, the larger of two figures: the product of the shares of
  the commonest mark at each aspect, and the share of the commonest whole sheet (performances go together, so that marks of
  one sheet are not independent). Of the other judges the middle one counts (of two, the larger), so that one who
  repeats alike does not excuse the judge.
- With n sheets and that likelihood p, a given sheet comes at least k times with the binomial probability of k − 1 or more
  among n − 1. Times n, for any of them may be the first, and times the number of judges looked at (Bonferroni), this is an
  upper bound, computed in whole numbers, p rounded up to a millionth.

It stands out when the same sheet went to a quarter of the entrants and more, and the bound is below one in a hundred. This is
advice to look at the sheets; equal performances deserve equal marks, and no mark is changed by it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, prod

from competition.rules.judge_statistics import Score

LEAST_SHEETS = 10
LEAST_ON_SHEET = 3
MANY = Fraction(1, 4)
HARDLY = Fraction(1, 100)
_STEPS = 10**6

_Marks = tuple[tuple[str, Fraction], ...]
"""The marks of a sheet by aspect, in the order of the aspects."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """The entrants to whom a judge gave one and the same sheet, of so many whole sheets.

    `chance` is how likely a further sheet equals a given one; `probability` bounds how likely any sheet of any
    judge comes so often.
    """

    judge: str
    entrants: tuple[str, ...]
    sheets: int
    chance: Fraction
    probability: Fraction

    @property
    def share(self) -> Fraction:
        return Fraction(len(self.entrants), self.sheets)

    @property
    def likely(self) -> int:
        """How many entrants with the same sheet, the first among them, would be nothing strange on average."""
        return ceil(1 + (self.sheets - 1) * self.chance)

    @property
    def is_suspicious(self) -> bool:
        return self.probability < HARDLY


def repetitions(scores: Sequence[Score]) -> tuple[Repetition, ...]:
    """Every sheet that a judge gave a quarter of the entrants and more, the most frequent first.

    Judges who cannot be compared with another are left out.
    """
    sheets = {judge: found for judge, found in _sheets(scores).items() if len(found) >= LEAST_SHEETS}
    shadows = {score.judge for score in scores if score.shadow}
    chances = {judge: _chance(judge, sheets, shadows) for judge in sheets}
    judged = {judge: chance for judge, chance in chances.items() if chance is not None}
    found = [
        Repetition(
            judge,
            tuple(sorted(entrants)),
            len(sheets[judge]),
            chance,
            _bound(len(sheets[judge]), len(entrants), chance, len(judged)),
        )
        for judge, chance in judged.items()
        for entrants in _alike(sheets[judge])
    ]
    return tuple(sorted(found, key=lambda each: (-each.share, each.judge, each.entrants)))


def _sheets(scores: Iterable[Score]) -> dict[str, dict[str, _Marks]]:
    """The whole sheets of every judge by entrant."""
    given: dict[str, dict[str, dict[str, Fraction]]] = defaultdict(lambda: defaultdict(dict))
    for score in scores:
        given[score.judge][score.entrant][score.aspect] = score.value
    whole: dict[str, dict[str, _Marks]] = {}
    for judge, sheets in given.items():
        width = len({aspect for marks in sheets.values() for aspect in marks})
        whole[judge] = {
            entrant: tuple(sorted(marks.items()))
            for entrant, marks in sheets.items()
            if len(marks) == width >= LEAST_ON_SHEET
        }
    return whole


def _alike(sheets: Mapping[str, _Marks]) -> list[list[str]]:
    """The entrants with the same sheet, where they are a quarter and more."""
    groups: dict[_Marks, list[str]] = defaultdict(list)
    for entrant, marks in sheets.items():
        groups[marks].append(entrant)
    return [entrants for entrants in groups.values() if len(entrants) >= MANY * len(sheets)]


def _chance(judge: str, sheets: Mapping[str, Mapping[str, _Marks]], shadows: set[str]) -> Fraction | None:
    """How likely a further sheet equals a given one, by the middle of the other judges; None without others."""
    own = _aspects(sheets[judge])
    others = sorted(
        _commonest(list(given.values()))
        for other, given in sheets.items()
        if other != judge and other not in shadows and _aspects(given) == own
    )
    return Fraction(ceil(others[len(others) // 2] * _STEPS), _STEPS) if others else None


def _aspects(sheets: Mapping[str, _Marks]) -> tuple[str, ...]:
    return tuple(aspect for aspect, _ in next(iter(sheets.values())))


def _commonest(sheets: Sequence[_Marks]) -> Fraction:
    """The larger of how often the commonest marks would meet by themselves, and how often the commonest sheet came."""
    together = prod((_share(column) for column in zip(*sheets, strict=True)), start=Fraction(1))
    return max(together, _share(sheets))


def _share(values: Sequence[object]) -> Fraction:
    return Fraction(max(Counter(values).values()), len(values))


def _bound(sheets: int, same: int, chance: Fraction, judges: int) -> Fraction:
    """The binomial tail from `same` − 1 among `sheets` − 1 on, times sheets and judges, at most 1."""
    yes = int(chance * _STEPS)
    further, no = sheets - 1, _STEPS - yes
    ways = sum(
        comb(further, hits) * yes**hits * no ** (further - hits) for hits in range(same - 1, further + 1)
    )
    return min(Fraction(1), Fraction(ways * sheets * judges, _STEPS**further))
