"""The contest of a sound document: who takes part, who judges, what was recorded, what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from competition.rules.awards import AwardDecision
from competition.rules.marking import Given
from competition.rules.ranking import TieDecision
from competition.rules.reading import DocumentInvalid
from competition.rules.ruleset import RuleSet
from competition.rules.titles import Title

FORMAT = "skillsladder.contest/1"


class ContestInvalid(DocumentInvalid):
    """A contest document that cannot be evaluated; `problems` names everything that is wrong with it."""


class EntrantStatus(StrEnum):
    """Whether an entrant takes part in the ranking."""

    PRESENT = "present"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge, by identifier, and the delegation they belong to; the marks of a shadow judge never count."""

    id: str
    delegation: str = ""
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Entrant:
    """An entrant, by identifier; without award eligibility they keep their place and the awards move up.

    `team` and `order` (of the members of a team) serve team results; `categories` ("worker", "woman", …), `team_size`
    (how many people the entrant is) and `coach` serve honours and prizes.
    """

    id: str
    status: EntrantStatus = EntrantStatus.PRESENT
    award_eligible: bool = True
    delegation: str = ""
    team: str = ""
    order: int | None = None
    categories: frozenset[str] = frozenset()
    team_size: int = 1
    coach: str = ""


@dataclass(frozen=True)
class Contest:
    """A contest document without problems: marks are kept per entrant and aspect."""

    title: Title
    ruleset: RuleSet
    judges: tuple[Judge, ...]
    entrants: tuple[Entrant, ...]
    marks: Mapping[str, Mapping[str, Given]]
    decisions: tuple[TieDecision, ...]
    award_decisions: tuple[AwardDecision, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Entrant]:
        """The entrants by identifier, in the order of the document."""
        return {entrant.id: entrant for entrant in self.entrants}
