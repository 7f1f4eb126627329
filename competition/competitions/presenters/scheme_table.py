"""A rule set as a person reads it: the tree as a table, ranking, awards and advancement in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.competitions import rule_set_words as said
from competition.rules.advancement import TiesAtTheLine
from competition.rules.awards import Award, AwardModel, AwardRule, AwardTies, Denominator
from competition.rules.numbers import Rounding, RoundingMode, spelled
from competition.rules.ranking import By, Comparator, Direction, Ties
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Binary,
    Branch,
    Combine,
    ConvertedTime,
    Count,
    Declared,
    Deduction,
    Effect,
    Group,
    Judgement,
    Linear,
    Method,
    Panel,
    PanelCombine,
    Parts,
    Qualify,
    Record,
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
    awards: tuple[Sentence | str, ...]
    award_ties: Sentence | None
    advancement: tuple[Sentence | str, ...]
    draw: Sentence
    display: Sentence
    sections: "tuple[Section, ...]"


@dataclass(frozen=True)
class Section:
    """A part of the document beside the scheme, in words."""

    name: str
    title: str
    lines: tuple[str, ...]


_IN_SECTIONS = (
    "teams",
    "honours",
    "prizes",
    "balances",
    "scales",
    "recheck",
    "appeals",
    "publication",
    "floor_work",
)


def rule_set_view(rule_set: RuleSet, document: Mapping[str, Any]) -> RuleSetView:
    """The rule set for this reader; `document` is what it was parsed from."""
    return RuleSetView(
        title=_said(rule_set.title),
        source=rule_set.source,
        rows=tuple(_rows(rule_set.scheme, "")),
        ranking=tuple(comparator_words(rule_set, step) for step in rule_set.ranking),
        ties=_TIES[rule_set.ties],
        awards=_award_lines(rule_set.awards, document),
        award_ties=_AWARD_TIES[rule_set.awards.ties] if rule_set.awards else None,
        advancement=tuple(_advancement(rule_set, document)),
        draw=_BLIND if rule_set.blind_layers else _OPEN,
        display=sentence("Marks are shown with %(digits)s decimal places.", digits=rule_set.display_digits),
        sections=tuple(
            Section(
                name, _words(said.label((name,))), tuple(map(_words, said.lines(document[name], (name,))))
            )
            for name in _IN_SECTIONS
            if name in document
        ),
    )


def comparator_words(rule_set: RuleSet, step: Comparator) -> Sentence:
    """One step of the order of places, in words."""
    node = rule_set.nodes.get(step.node)
    named = {"part": _said(node.title) if node is not None else step.node, "rank": step.rank}
    if step.by is By.VALUE and step.direction is Direction.ASC:
        return sentence("%(part)s, lowest first", **named)
    return sentence(_COMPARATORS[step.by].text, **named)


def _words(words: said.Words) -> str:
    return _said(words) if isinstance(words, Title) else say(words)


def _advancement(rule_set: RuleSet, document: Mapping[str, Any]) -> Iterator[Sentence | str]:
    yield _ADVANCEMENT_TIES[rule_set.advancement.ties]
    yield sentence("Reserves named behind the quota: %(count)s", count=rule_set.advancement.reserves)
    others = {
        name: value
        for name, value in document.get("advancement", {}).items()
        if name not in ("ties", "reserves")
    }
    yield from map(_words, said.lines(others, ("advancement",)))


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
    if isinstance(branch, Group):
        yield from _group_notes(branch)
    if isinstance(branch, Aspect) and isinstance(branch.method, Panel) and branch.method.rounding:
        yield sentence("panel value %(rounding)s", rounding=_rounding(branch.method.rounding))


def _group_notes(group: Group) -> Iterator[Sentence]:
    if group.combine is Combine.BEST and group.count > 1:
        yield sentence("the best %(count)s count", count=group.count)
    if group.combine is Combine.MIDDLE_MEAN:
        yield sentence(
            "without the %(low)s lowest and the %(high)s highest", low=group.drop_low, high=group.drop_high
        )
    if group.parts is Parts.GIVEN:
        yield sentence("only parts in which anything is recorded count")
    if group.carry_over is not None:
        yield (
            sentence("what was reached before is added")
            if group.carry_over
            else sentence("what was reached before is not added")
        )
    if group.qualify is not None:
        yield _qualify(group.qualify)


def _qualify(rule: Qualify) -> Sentence:
    if rule.count is not None:
        return sentence("the best %(count)s enter", count=rule.count)
    if rule.fraction is not None:
        return sentence("the best %(share)s enter", share=spelled_fraction(rule.fraction))
    return sentence("who has at least %(mark)s enters", mark=spelled(rule.at_least or Fraction(0)))


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
        case Linear():
            return sentence(
                "Measurement by formula: %(base)s + %(rate)s × what is measured",
                base=spelled(method.base),
                rate=spelled(method.rate),
            )
        case ConvertedTime():
            return sentence(
                "Measurement: full marks within %(full)s seconds, none after %(none)s",
                full=spelled(method.full_within),
                none=spelled(method.none_after),
            )
        case Deduction():
            return _deduction(method)
        case Time():
            return sentence("Time in seconds; it decides ties and is never added")
        case Record():
            return sentence("A number for comparisons; it is never added")
        case Attempts():
            return sentence(
                "%(attempts)s tries; what counts: %(counts)s; better is: %(better)s",
                attempts=method.attempts,
                counts=_words(said.choice(("aspect", "attempts", "counts"), method.counts.value)),
                better=_words(said.choice(("aspect", "attempts", "better"), method.better.value)),
            )


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
    combined = _panel_combined(method)
    if method.declared is Declared.MULTIPLY:
        return sentence("%(combine)s, multiplied by a declared value", combine=combined)
    if method.declared is Declared.ADD:
        return sentence("%(combine)s, plus a declared value", combine=combined)
    return combined


def _panel_combined(method: Panel) -> Sentence:
    if method.trim_low or method.trim_high:
        return sentence(
            "%(combine)s without the %(low)s lowest and the %(high)s highest",
            combine=_PANELS[method.combine],
            low=method.trim_low,
            high=method.trim_high,
        )
    return _PANELS[method.combine]


def _deduction(method: Deduction) -> Sentence:
    if method.effect is Effect.VOID:
        return sentence("Deduction: any entry voids the marks of its group")
    if method.effect is Effect.PERCENT:
        return sentence("Deduction: signed entries take a percentage off")
    if method.entry_max is None:
        return sentence("Deduction: signed entries are subtracted")
    return sentence(
        "Deduction: signed entries of at most %(most)s are subtracted", most=spelled(method.entry_max)
    )


def _award_lines(rule: AwardRule | None, document: Mapping[str, Any]) -> tuple[Sentence | str, ...]:
    if rule is None:
        return ()
    lines: list[Sentence | str] = [_award(award, rule) for award in rule.awards]
    if rule.merit is not None:
        lines.append(_share(rule.merit, rule, spelled_fraction(rule.merit.amount)))
    told = ("model", "awards", "merit", "ties", "denominator", "rounding")
    others = {name: value for name, value in document["awards"].items() if name not in told}
    return (*lines, *map(_words, said.lines(others, ("awards",))))


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
        case AwardModel.RATIO:
            return sentence("%(title)s: %(parts)s parts", title=title, parts=spelled(award.amount))
        case AwardModel.MEDALS:
            return sentence("%(title)s: by the value, ties within the window share", title=title)


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
    Combine.LAST: sentence("Last of its parts"),
    Combine.MIDDLE_MEAN: sentence("Mean of its middle parts"),
    Combine.STAGES: sentence("Stages, one after the other"),
}
_COMPARATORS = {
    By.VALUE: sentence("%(part)s, highest first"),
    By.COUNT_BACK: sentence("Count-back over the parts of %(part)s, from the last to the first"),
    By.BEST_PARTS: sentence("The best parts of %(part)s added up, one fewer each time"),
    By.ATTEMPT: sentence("%(part)s: the try in place %(rank)s"),
    By.UNTRIMMED: sentence("%(part)s with the marks that were left out"),
    By.HEAD_TO_HEAD: sentence("Head to head over the parts of %(part)s, for exactly two"),
    By.STAGE: sentence("The last stage that was reached"),
}
_PANELS = {
    PanelCombine.MEAN: sentence("mean"),
    PanelCombine.MEDIAN: sentence("median"),
    PanelCombine.SUM: sentence("sum"),
    PanelCombine.TRIMMED_MEAN: sentence("mean"),
    PanelCombine.MAJORITY: sentence("the mark of the majority"),
    PanelCombine.MAJORITY_MEAN: sentence("mean of the judges in the majority"),
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
    TiesAtTheLine.CAP: sentence(
        "Everybody who shares the place at the line advances, if the total stays within its limit; else none of them."
    ),
}
_DENOMINATORS = {
    Denominator.REGISTERED: sentence("the entrants registered"),
    Denominator.PRESENT: sentence("the entrants present"),
    Denominator.COMPLETED: sentence("the entrants with complete marks"),
}
_BLIND = sentence("Order of start and blind codes are drawn: judges see codes only.")
_OPEN = sentence("The order of start is drawn; judges see its numbers.")
