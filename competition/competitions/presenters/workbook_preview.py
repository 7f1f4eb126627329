"""What a CIS workbook holds and what is wrong with it, before its scheme is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from competition.competitions.cis_landmarks import shown
from competition.competitions.cis_tree import (
    AspectType,
    CisScheme,
    Criterion,
    Finding,
    Limits,
    Section,
    Weight,
)
from competition.rules.sentences import Sentence, sentence

MOST_FINDINGS = 200
_WEIGHTS = {
    Weight.REFUSED: ("danger", sentence("Cannot be read")),
    Weight.PROBLEM: ("danger", sentence("Error")),
    Weight.WARNING: ("warning", sentence("Warning")),
}


@dataclass(frozen=True)
class FindingLine:
    """A finding with the tone and the word of its weight."""

    cell: str
    tone: str
    weight: Sentence
    sentence: Sentence


@dataclass(frozen=True)
class CriterionLine:
    """A criterion: what is declared for it beside what its aspects make."""

    letter: str
    name: str
    declared: str
    carried: str
    agrees: bool
    sheets: int
    measurements: int
    judgements: int
    days: str


@dataclass(frozen=True)
class SectionLine:
    """A WSOS section: declared and carried marks, and how far they are apart."""

    number: str
    name: str
    declared: str
    carried: str
    difference: str
    is_far: bool


@dataclass(frozen=True)
class WorkbookPreview:
    """A workbook on the page that is shown before its scheme is used."""

    title: str
    criteria: tuple[CriterionLine, ...]
    sections: tuple[SectionLine, ...]
    total: str
    declared_sections: str
    carried_sections: str
    variation: str
    deviation: str
    findings: tuple[FindingLine, ...]
    more: int
    is_usable: bool
    has_errors: bool


def workbook_preview(scheme: CisScheme, limits: Limits) -> WorkbookPreview:
    """The findings, errors first, beside the criteria and the WSOS sections."""
    weights = list(Weight)
    findings = sorted(scheme.findings, key=lambda each: weights.index(each.weight))
    sections = scheme.sections
    return WorkbookPreview(
        title=scheme.title,
        criteria=tuple(_criterion(each) for each in scheme.criteria),
        sections=tuple(_section(each, limits) for each in sections),
        total=shown(scheme.total),
        declared_sections=shown(_sum([each.declared for each in sections])),
        carried_sections=shown(_sum([each.carried for each in sections])),
        variation=shown(scheme.variation),
        deviation=shown(limits.section_deviation),
        findings=tuple(_finding(each) for each in findings[:MOST_FINDINGS]),
        more=max(0, len(findings) - MOST_FINDINGS),
        is_usable=scheme.is_usable,
        has_errors=any(each.weight is not Weight.WARNING for each in findings),
    )


def _finding(finding: Finding) -> FindingLine:
    tone, weight = _WEIGHTS[finding.weight]
    return FindingLine(finding.cell, tone, weight, finding.sentence)


def _criterion(criterion: Criterion) -> CriterionLine:
    types = [each.type for each in criterion.aspects]
    return CriterionLine(
        letter=criterion.letter,
        name=criterion.name,
        declared=_or_dash(criterion.declared),
        carried=shown(criterion.carried),
        agrees=criterion.declared in (None, criterion.carried),
        sheets=len(criterion.sub_criteria),
        measurements=types.count(AspectType.MEASUREMENT),
        judgements=types.count(AspectType.JUDGEMENT),
        days=", ".join(dict.fromkeys(each.day for each in criterion.sub_criteria if each.day)) or "–",
    )


def _section(section: Section, limits: Limits) -> SectionLine:
    difference = section.difference
    return SectionLine(
        number=section.number,
        name=section.name,
        declared=_or_dash(section.declared),
        carried=shown(section.carried),
        difference=_or_dash(difference),
        is_far=difference is not None and difference > limits.section_deviation,
    )


def _or_dash(number: Decimal | None) -> str:
    return "–" if number is None else shown(number)


def _sum(numbers: Sequence[Decimal | None]) -> Decimal:
    return sum((each for each in numbers if each is not None), Decimal(0))
