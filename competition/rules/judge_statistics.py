"""What the marks say about the judges: severity, spread, bias towards the own delegation, drift, and marks that look copied.

Source: docs/sources.md, judging §5.1 (leave-one-out deviation), §5.2 (use of levels, exact agreement, share of wide spreads),
§5.3 (own delegation against others by Welch's t, at least five of each, Holm's correction). Every figure is advice for
the chief judge; nothing here ever changes a mark. Deviations are in percent of the range of the aspect, so that aspects
with different maxima can be read together; probabilities are floating-point numbers, because they are only advice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, groupby
from math import exp, lgamma, log, log1p, sqrt

_ZERO = Fraction(0)

LEAST_FOR_BIAS = 5
LEAST_IN_COMMON = 12
LEAST_FOR_DRIFT = 12
SUSPICIOUS = 0.01


@dataclass(frozen=True, slots=True)
class Score:
    """One judge's mark of one performance at one aspect; `range` is highest − lowest mark that the aspect allows.

    `own` says whether the entrant belongs to the judge's own delegation; `order` is the place in the judge's day, shared by
    sheets that cannot be told apart, None where it is not known (judge_pace.orders).
    """

    judge: str
    entrant: str
    aspect: str
    value: Fraction
    range: Fraction
    own: bool = False
    order: Fraction | None = None
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a mark lies from the mean of the other judges of the same performance, in percent of the range."""

    score: Score
    percent: Fraction


@dataclass(frozen=True, slots=True)
class Bias:
    """The mean deviation for the own delegation and for others, and how likely chance alone makes such a difference.

    `probability` is Welch's two-sided p, `corrected` the same after Holm's correction over all judges; both None below
    five marks on either side.
    """

    own: Fraction | None
    others: Fraction | None
    own_marks: int
    other_marks: int
    probability: float | None
    corrected: float | None = None

    @property
    def is_suspicious(self) -> bool:
        return self.corrected is not None and self.corrected < SUSPICIOUS


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """The figures of one judge. `severity` above 0 is generous, below 0 is severe; `drift` is per ten performances."""

    judge: str
    shadow: bool
    marks: int
    severity: Fraction | None
    spread: float | None
    bias: Bias
    drift: Fraction | None
    levels: Mapping[Fraction, int]


def deviations(scores: Iterable[Score]) -> tuple[Deviation, ...]:
    """Every mark against the mean of the others of its panel; marks that nobody else can be compared with are left out.

    A shadow judge is compared with the panel, and the panel is not compared with a shadow judge.
    """
    found = []
    for group in _panels(scores):
        counted = [score for score in group if not score.shadow]
        total = sum((score.value for score in counted), _ZERO)
        for score in group:
            others = len(counted) - (not score.shadow)
            if others and score.range:
                mean = (total - (_ZERO if score.shadow else score.value)) / others
                found.append(Deviation(score, (score.value - mean) * 100 / score.range))
    return tuple(found)


def _panels(scores: Iterable[Score]) -> Iterator[list[Score]]:
    ordered = sorted(scores, key=lambda score: (score.entrant, score.aspect, score.judge))
    for _, group in groupby(ordered, key=lambda score: (score.entrant, score.aspect)):
        yield list(group)


def figures(scores: Sequence[Score]) -> tuple[JudgeFigures, ...]:
    """The figures of every judge, the most severe first, judges who could not be compared last."""
    by_judge: dict[str, list[Deviation]] = defaultdict(list)
    for deviation in deviations(scores):
        by_judge[deviation.score.judge].append(deviation)
    own_scores: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        own_scores[score.judge].append(score)
    biases = _corrected({judge: _bias(by_judge[judge]) for judge in own_scores})
    made = [_figures(judge, given, by_judge[judge], biases[judge]) for judge, given in own_scores.items()]
    return tuple(sorted(made, key=lambda each: (each.severity is None, each.severity or _ZERO, each.judge)))


def _figures(judge: str, scores: Sequence[Score], against: Sequence[Deviation], bias: Bias) -> JudgeFigures:
    percents = [deviation.percent for deviation in against]
    return JudgeFigures(
        judge,
        any(score.shadow for score in scores),
        len(scores),
        _mean(percents),
        _standard_deviation(percents),
        bias,
        _drift(against),
        Counter(score.value for score in scores),
    )


# --- the own delegation ---------------------------------------------------------------------------


def _bias(against: Sequence[Deviation]) -> Bias:
    own = [deviation.percent for deviation in against if deviation.score.own]
    others = [deviation.percent for deviation in against if not deviation.score.own]
    enough = min(len(own), len(others)) >= LEAST_FOR_BIAS
    return Bias(
        _mean(own), _mean(others), len(own), len(others), welch_probability(own, others) if enough else None
    )


def _corrected(biases: Mapping[str, Bias]) -> dict[str, Bias]:
    """Holm: the smallest of m probabilities × m, the next × (m − 1) …, never falling, never above 1."""
    tested = sorted(
        (bias.probability, judge) for judge, bias in biases.items() if bias.probability is not None
    )
    corrected: dict[str, float] = {}
    highest = 0.0
    for index, (probability, judge) in enumerate(tested):
        highest = max(highest, min(1.0, probability * (len(tested) - index)))
        corrected[judge] = highest
    return {
        judge: Bias(
            bias.own,
            bias.others,
            bias.own_marks,
            bias.other_marks,
            bias.probability,
            corrected.get(judge),
        )
        for judge, bias in biases.items()
    }


def welch_probability(one: Sequence[Fraction], other: Sequence[Fraction]) -> float | None:
    """Welch's two-sided p of the hypothesis that both have the same mean; None with fewer than two of either.

    Where neither varies at all, it is 1 for equal means and 0 for different ones.
    """
    if min(len(one), len(other)) < 2:
        return None
    first, second = _variance(one) / len(one), _variance(other) / len(other)
    difference = (_mean(one) or _ZERO) - (_mean(other) or _ZERO)
    error = first + second
    if not error:
        return 0.0 if difference else 1.0
    freedom = float(error**2 / (first**2 / (len(one) - 1) + second**2 / (len(other) - 1)))
    t_squared = float(difference**2 / error)
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t_squared))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz's method)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _incomplete_beta(b, a, 1.0 - x)
    tiny = 1e-300
    c, d = 1.0, 1.0 / max(1.0 - (a + b) * x / (a + 1), tiny)
    fraction = d
    for m in range(1, 300):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + numerator / c
            c = c if abs(c) > tiny else tiny
            fraction *= d * c
        if abs(d * c - 1.0) < 1e-14:
            break
    return front * fraction / a


# --- over the day ---------------------------------------------------------------------------------


def _drift(against: Sequence[Deviation]) -> Fraction | None:
    """How the deviation moves over the day: the slope of the least-squares line, per ten performances.

    None with fewer than twelve different moments: a day that arrived in a few batches has no order that could be told.
    """
    moments: dict[Fraction, list[Fraction]] = defaultdict(list)
    for deviation in against:
        if deviation.score.order is not None:
            moments[deviation.score.order].append(deviation.percent)
    if len(moments) < LEAST_FOR_DRIFT:
        return None
    points = [(order, _mean(percents) or _ZERO) for order, percents in sorted(moments.items())]
    middle = _mean([order for order, _ in points]) or _ZERO
    squares = sum(((order - middle) ** 2 for order, _ in points), _ZERO)
    return 10 * sum(((order - middle) * percent for order, percent in points), _ZERO) / squares


# --- marks that look copied -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two judges: the share of performances that both marked alike, and the share that chance would give."""

    judges: tuple[str, str]
    common: int
    identical: Fraction
    by_chance: Fraction

    @property
    def is_suspicious(self) -> bool:
        """Nine of ten marks identical, twice as many as chance explains."""
        return self.identical >= Fraction(9, 10) and self.identical >= 2 * self.by_chance


def likenesses(scores: Iterable[Score], least: int = LEAST_IN_COMMON) -> tuple[Likeness, ...]:
    """Every two judges with at least `least` marks of the same cells in common, the most alike first."""
    marks: dict[str, dict[tuple[str, str], Fraction]] = defaultdict(dict)
    for score in scores:
        marks[score.judge][score.entrant, score.aspect] = score.value
    found = []
    for one, other in combinations(sorted(marks), 2):
        common = sorted(marks[one].keys() & marks[other].keys())
        if len(common) >= least:
            pairs = [(marks[one][cell], marks[other][cell], cell[1]) for cell in common]
            found.append(_likeness(one, other, pairs))
    return tuple(sorted(found, key=lambda each: (-each.identical, each.judges)))


def _likeness(one: str, other: str, pairs: Sequence[tuple[Fraction, Fraction, str]]) -> Likeness:
    identical = sum(first == second for first, second, _ in pairs)
    chance = _ZERO
    for aspect in {aspect for _, _, aspect in pairs}:
        firsts = Counter(first for first, _, name in pairs if name == aspect)
        seconds = Counter(second for _, second, name in pairs if name == aspect)
        chance += Fraction(sum(firsts[value] * seconds[value] for value in firsts), sum(firsts.values()))
    return Likeness((one, other), len(pairs), Fraction(identical, len(pairs)), chance / len(pairs))


# --- judgements -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spreads:
    """Of so many judgements by whole panels: how many were unanimous, how many had levels two or more apart."""

    judged: int
    unanimous: int
    wide: int


def spreads(scores: Iterable[Score], wide: int = 2) -> Spreads:
    """How the levels of the panels lie together; panels of one judge are left out."""
    widths = [
        max(values) - min(values)
        for group in _panels(score for score in scores if not score.shadow)
        if len(values := [score.value for score in group]) > 1
    ]
    return Spreads(len(widths), sum(not width for width in widths), sum(width >= wide for width in widths))


# --- judge × entrant ------------------------------------------------------------------------------


def heat_map(against: Iterable[Deviation]) -> Mapping[tuple[str, str], Fraction]:
    """The mean deviation of each judge at each entrant, in percent of the range: the map, and its table."""
    cells: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for deviation in against:
        cells[deviation.score.judge, deviation.score.entrant].append(deviation.percent)
    return {cell: _mean(percents) or _ZERO for cell, percents in cells.items()}


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, _ZERO) / len(values) if values else None


def _variance(values: Sequence[Fraction]) -> Fraction:
    mean = _mean(values) or _ZERO
    return sum(((value - mean) ** 2 for value in values), _ZERO) / (len(values) - 1)


def _standard_deviation(values: Sequence[Fraction]) -> float | None:
    return sqrt(_variance(values)) if len(values) > 1 else None
