"""A rule set as a person reads it: the tree as a table, ranking, awards and advancement in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from competition.rules.advancement import TiesAtTheLine
from competition.rules.awards import Award, AwardModel, AwardRule, AwardTies, Denominator
from competition.rules.numbers import Rounding, RoundingMode, spelled
from competition.rules.ranking import Direction, Ties
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import (
    Aspect,
    Binary,
    Branch,
    Combine,
    Count,
    Deduction,
    Group,
    Judgement,
    Method,
    Panel,
    PanelCombine,
    Role,
    Time,
    Tolerance,
    Value,
)
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.web.language import language, say


@dataclass(frozen=True)
class SchemeRow:
    """One line of the tree. `number` says where it hangs: 2.1.3."""

    number: str
    id: str
    title: str
    is_group: bool
    label: Sentence
    how: Sentence
    highest: str
    weight: str
    rounding: Sentence | None
    notes: tuple[Sentence, ...]
    descriptors: tuple[str, ...]


@dataclass(frozen=True)
class RuleSetView:
    """A rule set in words."""

    title: str
    source: str
    rows: tuple[SchemeRow, ...]
    ranking: tuple[Sentence, ...]
    ties: Sentence
    awards: tuple[Sentence, ...]
    award_ties: Sentence | None
    advancement: tuple[Sentence, ...]
    draw: Sentence
    display: Sentence


def rule_set_view(rule_set: RuleSet) -> RuleSetView:
    """The rule set for this reader."""
    return RuleSetView(
        title=_said(rule_set.title),
        source=rule_set.source,
        rows=tuple(_rows(rule_set.scheme, "")),
        ranking=tuple(
            sentence("%(part)s, lowest first", part=_said(rule_set.nodes[step.node].title))
            if step.direction is Direction.ASC
            else sentence("%(part)s, highest first", part=_said(rule_set.nodes[step.node].title))
            for step in rule_set.ranking
        ),
        ties=_TIES[rule_set.ties],
        awards=_award_lines(rule_set.awards),
        award_ties=_AWARD_TIES[rule_set.awards.ties] if rule_set.awards else None,
        advancement=(
            _ADVANCEMENT_TIES[rule_set.advancement.ties],
            sentence("Reserves named behind the quota: %(count)s", count=rule_set.advancement.reserves),
        ),
        draw=_BLIND if rule_set.blind_layers else _OPEN,
        display=sentence("Marks are shown with %(digits)s decimal places.", digits=rule_set.display_digits),
    )


def _said(title: Title) -> str:
    return title.in_language(language())


def _rows(branch: Branch, number: str) -> Iterator[SchemeRow]:
    yield _row(branch, number or "0")
    if isinstance(branch, Group):
        for place, child in enumerate(branch.children, 1):
            yield from _rows(child, f"{number}.{place}" if number else str(place))


def _row(branch: Branch, number: str) -> SchemeRow:
    is_group = isinstance(branch, Group)
    return SchemeRow(
        number=number,
        id=branch.id,
        title=_said(branch.title),
        is_group=is_group,
        label=_label(branch, number),
        how=_COMBINES[branch.combine] if isinstance(branch, Group) else _method(branch.method),
        highest=_highest(branch),
        weight="" if branch.weight is None else f"{spelled(branch.weight)} %",
        rounding=None if branch.rounding is None else _rounding(branch.rounding),
        notes=tuple(_notes(branch)),
        descriptors=_descriptors(branch),
    )


def _label(branch: Branch, number: str) -> Sentence:
    if isinstance(branch, Aspect):
        return sentence("Aspect")
    if branch.role is not None:
        return _ROLES[branch.role]
    return sentence("Whole") if number == "0" else sentence("Group of parts")


def _highest(branch: Branch) -> str:
    """The highest mark; "" where nothing is added (deductions, times) or there is no limit."""
    highest = branch.attainable
    return "" if not highest else spelled(highest)


def _notes(branch: Branch) -> Iterator[Sentence]:
    if branch.factor != 1:
        yield sentence("times %(factor)s", factor=spelled(branch.factor))
    if branch.floor is not None:
        yield sentence("not below %(floor)s", floor=spelled(branch.floor))
    if branch.cap is not None:
        yield sentence("at most %(cap)s", cap=spelled(branch.cap))
    if branch.pass_mark is not None:
        yield sentence("pass mark %(mark)s", mark=spelled(branch.pass_mark))
    if isinstance(branch, Aspect) and isinstance(branch.method, Panel) and branch.method.rounding:
        yield sentence("panel value %(rounding)s", rounding=_rounding(branch.method.rounding))


def _descriptors(branch: Branch) -> tuple[str, ...]:
    if isinstance(branch, Aspect) and isinstance(branch.method, Judgement):
        return tuple(f"{level} {_said(title)}" for level, title in enumerate(branch.method.descriptors))
    return ()


def _rounding(rounding: Rounding) -> Sentence:
    return sentence(
        "to %(digits)s decimal places, %(mode)s", digits=rounding.digits, mode=_MODES[rounding.mode]
    )


def _method(method: Method) -> Sentence:
    match method:
        case Binary():
            return sentence("Measurement: full mark when fulfilled, else none")
        case Value(step=None):
            return sentence("Measurement: a mark from 0 on")
        case Value():
            return sentence(
                "Measurement: a mark from 0 on, in steps of %(step)s",
                step=spelled(method.step or Fraction(0)),
            )
        case Tolerance():
            return _tolerance(method)
        case Count():
            return sentence(
                "Measurement: completed out of %(possible)s, marks in proportion", possible=method.possible
            )
        case Judgement():
            return _judgement(method)
        case Panel():
            return _panel(method)
        case Deduction():
            return _deduction(method)
        case Time():
            return sentence("Time in seconds; it decides ties and is never added")


def _tolerance(method: Tolerance) -> Sentence:
    bands = "; ".join(f"≤ {spelled(band.up_to)} → {spelled(band.award)}" for band in method.bands)
    return sentence(
        "Measurement: deviation from %(target)s gives marks (%(bands)s; more → 0)",
        target=spelled(method.target),
        bands=bands,
    )


def _judgement(method: Judgement) -> Sentence:
    words = {"judges": method.judges, "spread": method.max_spread}
    if method.agreed:
        return sentence(
            "Judgement: levels 0 to 3 by %(judges)s judges, at most %(spread)s apart, or one level agreed on",
            **words,
        )
    return sentence(
        "Judgement: levels 0 to 3 by %(judges)s judges, at most %(spread)s apart",
        **words,
    )


def _panel(method: Panel) -> Sentence:
    return sentence(
        "Panel of %(judges)s judges (at least %(minimum)s), marks %(low)s to %(high)s: %(combine)s",
        judges=method.judges,
        minimum=method.minimum,
        low=spelled(method.low),
        high=spelled(method.high),
        combine=_panel_combine(method),
    )


def _panel_combine(method: Panel) -> Sentence:
    if method.trim_low or method.trim_high:
        return sentence(
            "%(combine)s without the %(low)s lowest and the %(high)s highest",
            combine=_PANELS[method.combine],
            low=method.trim_low,
            high=method.trim_high,
        )
    return _PANELS[method.combine]


def _deduction(method: Deduction) -> Sentence:
    if method.entry_max is None:
        return sentence("Deduction: signed entries are subtracted")
    return sentence(
        "Deduction: signed entries of at most %(most)s are subtracted", most=spelled(method.entry_max)
    )


def _award_lines(rule: AwardRule | None) -> tuple[Sentence, ...]:
    if rule is None:
        return ()
    lines = [_award(award, rule) for award in rule.awards]
    if rule.merit is not None:
        lines.append(_share(rule.merit, rule, spelled_fraction(rule.merit.amount)))
    return tuple(lines)


def _award(award: Award, rule: AwardRule) -> Sentence:
    title = _said(award.title)
    match rule.model:
        case AwardModel.COUNTS:
            return sentence("%(title)s: %(count)s", title=title, count=spelled(award.amount))
        case AwardModel.BANDS if award.first == award.last:
            return sentence("%(title)s: place %(place)s", title=title, place=award.first)
        case AwardModel.BANDS:
            return sentence(
                "%(title)s: places %(first)s to %(last)s", title=title, first=award.first, last=award.last
            )
        case AwardModel.PERCENT:
            return _share(award, rule, f"{spelled(award.amount)} %")
        case AwardModel.TOP_FRACTION:
            return _share(award, rule, spelled_fraction(award.amount))


def _share(award: Award, rule: AwardRule, share: str) -> Sentence:
    words = {
        "title": _said(award.title),
        "share": share,
        "entrants": say(_DENOMINATORS[rule.denominator]),
        "mode": say(_MODES[rule.rounding]),
    }
    if rule.model is AwardModel.PERCENT and award is not rule.merit:
        return sentence("%(title)s: %(share)s of %(entrants)s, %(mode)s", **words)
    return sentence("%(title)s: within the first %(share)s of %(entrants)s, %(mode)s", **words)


def spelled_fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


_ROLES = {
    Role.STAGE: sentence("Stage"),
    Role.MODULE: sentence("Module"),
    Role.CRITERION: sentence("Criterion"),
    Role.SUB_CRITERION: sentence("Sub-criterion"),
}
_COMBINES = {
    Combine.SUM: sentence("Sum of its parts"),
    Combine.WEIGHTED: sentence("Parts weighted in percent"),
    Combine.MEAN: sentence("Mean of its parts"),
    Combine.BEST: sentence("Best of its parts"),
}
_PANELS = {
    PanelCombine.MEAN: sentence("mean"),
    PanelCombine.MEDIAN: sentence("median"),
    PanelCombine.SUM: sentence("sum"),
    PanelCombine.TRIMMED_MEAN: sentence("mean"),
}
_MODES = {
    RoundingMode.HALF_UP: sentence("rounded half up"),
    RoundingMode.HALF_EVEN: sentence("rounded half to even"),
    RoundingMode.DOWN: sentence("rounded down"),
    RoundingMode.UP: sentence("rounded up"),
}
_TIES = {
    Ties.SHARED: sentence("Who is still equal shares the place."),
    Ties.MANUAL: sentence("Who is still equal is separated by a decision that is kept with its reason."),
}
_AWARD_TIES = {
    AwardTies.ALL: sentence("A shared place across the line of an award receives the higher award."),
    AwardTies.NONE: sentence("A shared place across the line of an award receives the lower award."),
}
_ADVANCEMENT_TIES = {
    TiesAtTheLine.ALL: sentence("Everybody who shares the last place of the quota advances."),
    TiesAtTheLine.NONE: sentence("Nobody who shares the place across the line of the quota advances."),
    TiesAtTheLine.BY_TIE_BREAK: sentence("The order of comparison decides who fills the quota."),
}
_DENOMINATORS = {
    Denominator.REGISTERED: sentence("the entrants registered"),
    Denominator.PRESENT: sentence("the entrants present"),
    Denominator.COMPLETED: sentence("the entrants with complete marks"),
}
_BLIND = sentence("Order of start and blind codes are drawn: judges see codes only.")
_OPEN = sentence("The order of start is drawn; judges see its numbers.")
