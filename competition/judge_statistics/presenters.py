"""What the page of judge statistics shows: advice in sentences, tables, the map of deviations."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.judge_statistics.queries import Calibrated, Marked
from competition.rules.agreement import (
    Metric,
    complete_rows,
    intraclass_correlation,
    kendall_w,
    krippendorff_alpha,
)
from competition.rules.judge_pace import Pace
from competition.rules.judge_repetition import Repetition, repetitions
from competition.rules.judge_statistics import (
    Deviation,
    JudgeFigures,
    Likeness,
    Spreads,
    deviations,
    figures,
    heat_map,
    likenesses,
    spreads,
)
from competition.rules.numbers import Rounding, rounded, spelled
from competition.rules.scheme import Aspect, Judgement
from competition.rules.sentences import Sentence, sentence
from competition.web.language import language

SEVERE = 5
"""Percent of the range from which the chief judge is told of a judge's severity."""
DRIFTS = 5
"""Percent of the range per ten performances from which a drift is told."""
FAST = 2.0
"""Seconds between two marks below which a sheet looks typed rather than judged."""
FAST_SHEETS = 3
"""Sheets from which a speed is told as advice; a figure of fewer is only shown."""
LEAST_MARKS = 5
GOOD, TENTATIVE = Fraction(80, 100), Fraction(667, 1000)
CODES_PER_PAGE = 40
STEPS = (2, 5, 10)
"""Percent of the range at which the map takes a stronger tone."""


@dataclass(frozen=True)
class JudgeRow:
    """One judge; `seat` is what the result calls them, `bars` how often each level was used, in percent."""

    seat: str
    name: str
    figures: JudgeFigures
    severity: str
    spread: str
    own: str
    others: str
    drift: str
    pace: Pace | None
    levels: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class AspectRow:
    """How far the judges of one aspect agree."""

    title: str
    judged: int
    alpha: str
    alpha_says: Sentence
    single: str
    mean: str
    concordance: str
    spreads: Spreads | None


@dataclass(frozen=True)
class Cell:
    """One field of the map: the deviation in words, and its tone from -3 (far below) to 3 (far above)."""

    text: str
    tone: int


@dataclass(frozen=True)
class HeatMap:
    """Judges down, codes across; one page of codes."""

    codes: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Statistics:
    """Everything on the page."""

    advice: tuple[Sentence, ...]
    judges: tuple[JudgeRow, ...]
    aspects: tuple[AspectRow, ...]
    alike: tuple[Likeness, ...]
    heat: HeatMap
    marks: int


def statistics_of(marked: Marked, *, page: int) -> Statistics:
    """The statistics of an event as the marks stand now."""
    against = deviations(marked.scores)
    found = figures(marked.scores)
    alike = tuple(each for each in likenesses(marked.scores) if each.is_suspicious)
    return Statistics(
        advice=(*_advice(found, alike, marked), *_same_sheets(marked)),
        judges=tuple(_judge_row(each, marked) for each in found),
        aspects=tuple(_aspect_row(aspect, marked) for aspect in marked.aspects if _has_marks(aspect, marked)),
        alike=alike,
        heat=_heat(against, marked, page),
        marks=len(marked.scores),
    )


# --- advice ---------------------------------------------------------------------------------------


def _advice(found: Sequence[JudgeFigures], alike: Sequence[Likeness], marked: Marked) -> Iterator[Sentence]:
    for each in found:
        yield from _about(each, marked)
    for pair in alike:
        yield sentence(
            "%(one)s and %(other)s gave the same mark in %(percent)s of %(common)s cases; chance explains %(chance)s.",
            one=called(pair.judges[0], marked),
            other=called(pair.judges[1], marked),
            percent=percent(pair.identical * 100),
            common=pair.common,
            chance=percent(pair.by_chance * 100),
        )


def _same_sheets(marked: Marked) -> Iterator[Sentence]:
    for each in repetitions(marked.scores):
        if each.is_suspicious:
            yield _same_sheet(each, marked)


def _same_sheet(each: Repetition, marked: Marked) -> Sentence:
    return sentence(
        "%(who)s gave %(same)s of %(all)s entrants (%(share)s) the very same sheet, mark for mark;"
        " the spread of the other judges' marks explains about %(likely)s. Look at: %(codes)s.",
        who=called(each.judge, marked),
        same=len(each.entrants),
        all=each.sheets,
        share=percent(each.share * 100),
        likely=each.likely,
        codes=", ".join(sorted(marked.codes.get(entrant, "–") for entrant in each.entrants)),
    )


def _about(each: JudgeFigures, marked: Marked) -> Iterator[Sentence]:
    who = called(each.judge, marked)
    if each.marks < LEAST_MARKS or each.severity is None:
        return
    if each.bias.is_suspicious:
        yield sentence(
            "%(who)s marks the own delegation %(own)s and others %(others)s of the range from the panel;"
            " chance alone hardly explains it (p = %(p)s).",
            who=who,
            own=signed(each.bias.own),
            others=signed(each.bias.others),
            p=f"{each.bias.corrected or 0:.4f}",
        )
    if abs(each.severity) >= SEVERE:
        said = (
            sentence(
                "%(who)s marks %(by)s of the range below the panel: severe.",
                who=who,
                by=percent(-each.severity),
            )
            if each.severity < 0
            else sentence(
                "%(who)s marks %(by)s of the range above the panel: generous.",
                who=who,
                by=percent(each.severity),
            )
        )
        yield said
    if each.drift is not None and abs(each.drift) >= DRIFTS:
        yield sentence(
            "%(who)s has been moving by %(by)s of the range with every ten performances.",
            who=who,
            by=signed(each.drift),
        )
    pace = marked.paces.get(each.judge)
    if pace is not None and pace.seconds < FAST and pace.sheets >= FAST_SHEETS:
        yield sentence(
            "%(who)s takes %(seconds)s seconds from mark to mark: too fast to judge each one.",
            who=who,
            seconds=f"{float(pace.seconds):.1f}",
        )


# --- judges ---------------------------------------------------------------------------------------


def called(seat: str, marked: Marked) -> str:
    """A judge as the chief judge knows them: name, module and seat."""
    name = marked.names.get(seat)
    return f"{name} ({seat})" if name else seat


def _judge_row(each: JudgeFigures, marked: Marked) -> JudgeRow:
    return JudgeRow(
        seat=each.judge,
        name=marked.names.get(each.judge, ""),
        figures=each,
        severity=signed(each.severity),
        spread="–" if each.spread is None else f"{each.spread:.1f} %",
        own=signed(each.bias.own),
        others=signed(each.bias.others),
        drift=signed(each.drift),
        pace=marked.paces.get(each.judge),
        levels=_levels(each.judge, marked),
    )


def _levels(judge: str, marked: Marked) -> tuple[tuple[str, int], ...]:
    """How the judge uses the range, in five parts of it from the lowest to the highest, in percent of the marks."""
    lows = {aspect.id: _low(aspect) for aspect in marked.aspects}
    own = [score for score in marked.scores if score.judge == judge]
    counted = [0] * 5
    for score in own:
        share = (score.value - lows[score.aspect]) / score.range if score.range else Fraction(0)
        counted[min(4, int(share * 5))] += 1
    return tuple(
        (f"{20 * part}–{20 * part + 20} %", round(100 * count / len(own)) if own else 0)
        for part, count in enumerate(counted)
    )


def _low(aspect: Aspect) -> Fraction:
    low = getattr(aspect.method, "low", Fraction(0))
    return Fraction(low)


# --- agreement ------------------------------------------------------------------------------------


def _has_marks(aspect: Aspect, marked: Marked) -> bool:
    return any(score.aspect == aspect.id for score in marked.scores)


def _aspect_row(aspect: Aspect, marked: Marked) -> AspectRow:
    table: dict[str, dict[str, Fraction]] = defaultdict(dict)
    own = [score for score in marked.scores if score.aspect == aspect.id and not score.shadow]
    for score in own:
        table[score.entrant][score.judge] = score.value
    is_level = isinstance(aspect.method, Judgement)
    alpha = krippendorff_alpha(table, Metric.ORDINAL if is_level else Metric.INTERVAL)
    _, rows = complete_rows(table)
    correlation = intraclass_correlation(rows)
    concordance = kendall_w(rows)
    return AspectRow(
        title=aspect.title.in_language(language()),
        judged=len(table),
        alpha=_figure(alpha),
        alpha_says=_says(alpha),
        single=_figure(correlation.single if correlation else None),
        mean=_figure(correlation.mean if correlation else None),
        concordance=_figure(concordance.w if concordance else None),
        spreads=spreads(own) if is_level else None,
    )


def _says(alpha: Fraction | None) -> Sentence:
    if alpha is None:
        return sentence("nothing to compare")
    if alpha >= GOOD:
        return sentence("good")
    return sentence("tentative") if alpha >= TENTATIVE else sentence("low")


# --- the map --------------------------------------------------------------------------------------


def _heat(against: Sequence[Deviation], marked: Marked, page: int) -> HeatMap:
    cells = heat_map(against)
    entrants = sorted(
        {entrant for _, entrant in cells}, key=lambda entrant: marked.codes.get(entrant, entrant)
    )
    pages = max(1, -(-len(entrants) // CODES_PER_PAGE))
    page = min(max(1, page), pages)
    shown = entrants[(page - 1) * CODES_PER_PAGE : page * CODES_PER_PAGE]
    judges = sorted({judge for judge, _ in cells})
    return HeatMap(
        tuple(marked.codes.get(entrant, "–") for entrant in shown),
        tuple((judge, tuple(_cell(cells.get((judge, entrant))) for entrant in shown)) for judge in judges),
        page,
        pages,
    )


def _cell(deviation: Fraction | None) -> Cell | None:
    if deviation is None:
        return None
    strength = sum(abs(deviation) >= step for step in STEPS)
    return Cell(
        f"{float(deviation):+.0f}" if round(deviation) else "0", strength if deviation > 0 else -strength
    )


def award_titles(marked: Marked) -> dict[str, str]:
    """The awards by identifier, in the reader's language."""
    rule = marked.contest.ruleset.awards
    titles = rule.titles if rule else {}
    return {award: title.in_language(language()) for award, title in titles.items()}


# --- calibration ---


@dataclass(frozen=True)
class Calibration:
    """A piece as a table: aspects across, judges down, the reference and the mean below."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str, int], ...]
    reference: tuple[str, ...]
    means: tuple[str, ...]
    waiting: tuple[str, ...]


def calibration_of(found: Calibrated) -> Calibration:
    """Everybody's marks of a piece, the most severe judge first, with the tone of the deviation."""
    ids = [aspect.id for aspect in found.aspects]

    def line(marks: Mapping[str, Fraction]) -> tuple[str, ...]:
        return tuple(
            "–" if aspect not in marks else spelled(rounded(marks[aspect], Rounding(2))) for aspect in ids
        )

    rows = []
    for name, marks, deviation in found.judges:
        cell = _cell(deviation)
        rows.append((name, line(marks), signed(deviation), cell.tone if cell else 0))
    return Calibration(
        tuple(aspect.title.in_language(language()) for aspect in found.aspects),
        tuple(rows),
        line(found.reference) if found.reference else (),
        line(found.means),
        found.waiting,
    )


# --- figures --------------------------------------------------------------------------------------


def percent(value: Fraction) -> str:
    return f"{float(value):.1f} %"


def signed(value: Fraction | None) -> str:
    if value is None:
        return "–"
    return f"{float(value):+.1f} %".replace("+0.0", "0.0").replace("-0.0", "0.0")


def _figure(value: Fraction | None) -> str:
    return "–" if value is None else f"{float(value):.3f}"
