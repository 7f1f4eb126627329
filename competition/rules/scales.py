"""Scales: extra columns beside the raw ranking, for comparison between events and for looking at severe judges.

Source: docs/sources.md, judging §2.1 (centre + constant × (mark − median) ÷ spread, the centre for everybody where the
marks do not differ or there are fewer than three; no public source states the official constant) and §5.1 (T-scores
only where judges saw comparable sets; the additive model x = μ + θ + δ with the δ of all judges summing to 0, only on a
connected judge–entrant graph). A scale never changes a mark or a place. Square roots are cut to 12 decimals, half up,
by whole-number arithmetic, so that anybody gets the same digits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import isqrt, lcm
from types import MappingProxyType

from competition.rules.numbers import fixed, mean_of, median_of
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

ROOT_DIGITS = 12
FEWEST_ON_A_SCALE = 3
FEWEST_MARKS = 2
MOST_JUDGES_OF_A_MODEL = 60

_ZERO = Fraction(0)
_MAD = Fraction("1.4826")

Marks = Mapping[str, Mapping[str, Fraction]]
"""The marks of a panel by entrant and judge; judges who do not count are left out."""


class ScaleKind(StrEnum):
    """How the extra column is made."""

    WORLDSKILLS_STYLE = "worldskills_style"
    T_SCORE = "t_score"
    SEVERITY = "severity"


class Spread(StrEnum):
    """What a WorldSkills-style scale divides by: the sample standard deviation, or 1.4826 × the median deviation."""

    SD = "sd"
    MAD = "mad"


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """One scale over a node. `minimum` is how many marks every judge must have given for a model of judges."""

    id: str
    title: Title
    kind: ScaleKind
    node: str
    centre: Fraction = Fraction(700)
    constant: Fraction = Fraction(30)
    spread: Spread = Spread.SD
    digits: int = 0
    minimum: int = 8


@dataclass(frozen=True, slots=True)
class Scaled:
    """A scale as it came out: exact values by entrant, or why there are none. `notice` goes wherever it is shown."""

    rule: ScaleRule
    values: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    refusal: Sentence | None = None
    notice: Sentence | None = None

    def shown(self, entrant: str) -> Decimal | None:
        """The value for people, with the digits of the scale."""
        value = self.values.get(entrant)
        return None if value is None else fixed(value, self.rule.digits)


def square_root(value: Fraction) -> Fraction:
    """The square root, rounded half up to 12 decimals. Raises ValueError below 0."""
    scale = 10**ROOT_DIGITS
    doubled = isqrt(4 * value.numerator * scale * scale // value.denominator)
    return Fraction((doubled + 1) // 2, scale)


def worldskills_style(values: Mapping[str, Fraction], rule: ScaleRule) -> Scaled:
    """Centre + constant × (value − median) ÷ spread; everybody at the centre where there is no spread to divide by."""
    known = list(values.values())
    notice = sentence(
        "WorldSkills-style scale; the constant is a setting of this rule set, not the official one."
    )
    spread = _spread(known, rule.spread) if len(known) >= FEWEST_ON_A_SCALE else _ZERO
    if not spread:
        centred = sentence(
            "Fewer than three values, or values that do not differ: everybody stands at the centre."
            " The constant is a setting of this rule set, not the official one."
        )
        return Scaled(rule, dict.fromkeys(values, rule.centre), notice=centred)
    centre = median_of(sorted(known))
    return Scaled(
        rule,
        {
            entrant: rule.centre + rule.constant * (value - centre) / spread
            for entrant, value in values.items()
        },
        notice=notice,
    )


def t_scores(marks: Marks, rule: ScaleRule) -> Scaled:
    """Every judge's marks as deviations in that judge's own spread, averaged, and put back on the panel's scale.

    The value of an entrant is m + s × the mean of (x − mⱼ) ÷ sⱼ over the judges; m and s are mean and standard
    deviation of all marks of the panel, mⱼ and sⱼ those of one judge. Refused where a judge gave fewer marks than the
    minimum, or the same mark to everybody.
    """
    by_judge = _by_judge(marks)
    refusal = _too_few(by_judge, rule.minimum)
    if refusal is not None:
        return Scaled(rule, refusal=refusal)
    own = {judge: (mean_of(given), _deviation(given)) for judge, given in by_judge.items()}
    if flat := sorted(judge for judge, (_, spread) in own.items() if not spread):
        return Scaled(
            rule,
            refusal=sentence(
                "No T-scores: the marks of %(judges)s do not differ, so they have no spread to divide by.",
                judges=", ".join(flat[:10]),
            ),
        )
    every = [mark for given in marks.values() for mark in given.values()]
    centre, spread = mean_of(every), _deviation(every)
    return Scaled(
        rule,
        {
            entrant: centre
            + spread * mean_of([(mark - own[judge][0]) / own[judge][1] for judge, mark in given.items()])
            for entrant, given in marks.items()
            if given
        },
        notice=sentence(
            "T-scores suppose that all judges saw comparable entrants; they advise, the ranking is by the marks."
        ),
    )


def severity(marks: Marks, rule: ScaleRule) -> Scaled:
    """The mean of each entrant's marks after the severity of every judge is taken out (additive model, least squares).

    Refused where a judge gave fewer marks than the minimum, or where judges and entrants fall into parts that nobody
    connects: no arithmetic can then tell a severe judge from weak entrants.
    """
    by_judge = _by_judge(marks)
    refusal = _too_few(by_judge, rule.minimum) or _too_many(by_judge) or _apart(marks)
    if refusal is not None:
        return Scaled(rule, refusal=refusal)
    found = severities(marks)
    return Scaled(
        rule,
        {
            entrant: mean_of([mark - found[judge] for judge, mark in given.items()])
            for entrant, given in marks.items()
            if given
        },
        notice=sentence(
            "Corrected by the estimated severity of the judges; this advises, the ranking is by the marks."
        ),
    )


def severities(marks: Marks) -> Mapping[str, Fraction]:
    """How much each judge marks above (+) or below (−) the panel, exactly; together they make 0.

    The graph of judges and entrants must be connected. The least-squares equations, after the entrants are eliminated:
    for each judge, Σ over the entrants seen of (xᵢⱼ − x̄ᵢ) = Σ over the entrants seen of (δⱼ − δ̄ᵢ).
    """
    judges = sorted(_by_judge(marks))
    position = {judge: index for index, judge in enumerate(judges)}
    size = len(judges)
    rows = [[_ZERO] * (size + 1) for _ in judges]
    for given in marks.values():
        if not given:
            continue
        mean, share = mean_of(list(given.values())), Fraction(1, len(given))
        for judge, mark in given.items():
            row = rows[position[judge]]
            row[position[judge]] += 1
            row[size] += mark - mean
            for other in given:
                row[position[other]] -= share
    rows[-1] = [Fraction(1)] * size + [_ZERO]
    return dict(zip(judges, _solved(rows), strict=True))


def _solved(rows: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """The one solution of a regular system, by elimination in whole numbers (Bareiss), so that fractions stay small."""
    matrix = [_whole(row) for row in rows]
    size, before = len(matrix), 1
    for step in range(size):
        pivot = next(index for index in range(step, size) if matrix[index][step])
        matrix[step], matrix[pivot] = matrix[pivot], matrix[step]
        top = matrix[step]
        for index in range(size):
            if index != step:
                row, lead = matrix[index], matrix[index][step]
                matrix[index] = [
                    (top[step] * each - lead * above) // before for each, above in zip(row, top, strict=True)
                ]
        before = top[step]
    return [Fraction(row[size], row[step]) for step, row in enumerate(matrix)]


def _whole(row: Sequence[Fraction]) -> list[int]:
    common = lcm(*(value.denominator for value in row))
    return [int(value * common) for value in row]


# Why a scale is refused.


def _too_few(by_judge: Mapping[str, Sequence[Fraction]], minimum: int) -> Sentence | None:
    few = sorted(judge for judge, given in by_judge.items() if len(given) < max(minimum, FEWEST_MARKS))
    if not by_judge:
        return sentence("Refused: there are no marks of judges yet.")
    if not few:
        return None
    return sentence(
        "Refused: every judge must have marked at least %(minimum)s entrants; %(judges)s marked fewer.",
        minimum=max(minimum, FEWEST_MARKS),
        judges=", ".join(few[:10]),
    )


def _too_many(by_judge: Mapping[str, Sequence[Fraction]]) -> Sentence | None:
    if len(by_judge) <= MOST_JUDGES_OF_A_MODEL:
        return None
    return sentence(
        "Refused: the severity of at most %(most)s judges can be estimated together, here are %(given)s.",
        most=MOST_JUDGES_OF_A_MODEL,
        given=len(by_judge),
    )


def _apart(marks: Marks) -> Sentence | None:
    """Names two judges whom no chain of shared entrants connects."""
    reached: dict[str, str] = {}

    def head(judge: str) -> str:
        while reached.setdefault(judge, judge) != judge:
            judge = reached[judge]
        return judge

    for given in marks.values():
        seen = sorted(given)
        for judge in seen:
            reached[head(judge)] = head(seen[0])
    heads = sorted({head(judge) for judge in list(reached)})
    if len(heads) < 2:
        return None
    return sentence(
        "Refused: %(one)s and %(other)s are connected by no chain of entrants whom both sides marked, so severe"
        " judges and weak entrants cannot be told apart.",
        one=heads[0],
        other=heads[1],
    )


# Small statistics, exact.


def _by_judge(marks: Marks) -> Mapping[str, list[Fraction]]:
    by_judge: defaultdict[str, list[Fraction]] = defaultdict(list)
    for given in marks.values():
        for judge, mark in given.items():
            by_judge[judge].append(mark)
    return by_judge


def _deviation(values: Sequence[Fraction]) -> Fraction:
    """The sample standard deviation, to 12 decimals."""
    mean = mean_of(values)
    return square_root(sum(((value - mean) ** 2 for value in values), _ZERO) / (len(values) - 1))


def _spread(values: Sequence[Fraction], spread: Spread) -> Fraction:
    if spread is Spread.SD:
        return _deviation(values)
    middle = median_of(sorted(values))
    return _MAD * median_of(sorted(abs(value - middle) for value in values))
