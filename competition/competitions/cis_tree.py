"""What a CIS workbook holds: criteria, sub-criteria, aspects, WSOS sections, and what is wrong with them."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from competition.rules.sentences import Sentence

LEVELS = (0, 1, 2, 3)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a scheme is held against: the total, the most marks of one aspect, the deviation of one WSOS section."""

    total: Decimal = Decimal(100)
    aspect_max: Decimal = Decimal(2)
    section_deviation: Decimal = Decimal(5)


class Weight(StrEnum):
    """How much a finding weighs: with a refusal there is no scheme; a problem is an error of the scheme."""

    REFUSED = "refused"
    PROBLEM = "problem"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a workbook: in which cell, and why."""

    cell: str
    weight: Weight
    sentence: Sentence


class AspectType(StrEnum):
    MEASUREMENT = "M"
    JUDGEMENT = "J"


@dataclass
class CisAspect:
    """One aspect as it stands in the sheet; `calculated` when CIS converts what is measured by a calculation."""

    cell: str
    type: AspectType
    text: str
    extra: str = ""
    requirement: str = ""
    section: str = ""
    max: Decimal | None = None
    calculated: bool = False
    descriptors: dict[int, str] = field(default_factory=dict)


@dataclass
class SubCriterion:
    """What one marking team marks on one day."""

    cell: str
    id: str
    name: str
    day: str
    aspects: list[CisAspect] = field(default_factory=list)


@dataclass
class Criterion:
    """A criterion with its declared mark (None where no number can be read) and what its aspects make."""

    letter: str
    name: str = ""
    cell: str = ""
    declared: Decimal | None = None
    block: str = ""
    stated: Decimal | None = None
    sub_criteria: list[SubCriterion] = field(default_factory=list)

    @property
    def aspects(self) -> list[CisAspect]:
        return [aspect for each in self.sub_criteria for aspect in each.aspects]

    @property
    def carried(self) -> Decimal:
        return sum((each.max for each in self.aspects if each.max is not None), _ZERO)


@dataclass
class Section:
    """A section of the occupational standard: the marks that are declared for it, and those its aspects carry."""

    cell: str
    number: str
    name: str
    declared: Decimal | None
    stated: Decimal | None = None
    carried: Decimal = _ZERO

    @property
    def difference(self) -> Decimal | None:
        return None if self.declared is None else abs(self.declared - self.carried)


@dataclass(frozen=True)
class CisScheme:
    """A workbook as read: the tree, the sections, and every finding in the order of the sheet."""

    title: str
    criteria: tuple[Criterion, ...]
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    wanted_total: Decimal

    @property
    def total(self) -> Decimal:
        return sum((each.carried for each in self.criteria), _ZERO)

    @property
    def variation(self) -> Decimal:
        """The total variation: the sum of all |declared − carried|."""
        return sum((each.difference or _ZERO for each in self.sections), _ZERO)

    @property
    def is_usable(self) -> bool:
        return not any(each.weight is Weight.REFUSED for each in self.findings)
