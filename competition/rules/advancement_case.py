"""An advancement: how many go on by which rule, the lines of the result, and what was decided about each."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from competition.rules.numbers import RoundingMode
from competition.rules.sentences import Sentence


class TiesAtTheLine(StrEnum):
    """What happens to entrants who share the place at which the quota, or a delegation's cap, runs out.

    `cap`: all of them go on if no more than a stated number do so in total, otherwise none of them.
    """

    ALL = "all"
    NONE = "none"
    BY_TIE_BREAK = "by_tie_break"
    CAP = "cap"


class AdvancementModel(StrEnum):
    """How many go on: the quota of the link to the event above, a fraction of the ranked, or all who reach a value."""

    QUOTA = "quota"
    FRACTION = "fraction"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class CategoryPlaces:
    """Places beside the general quota for entrants of all these categories."""

    id: str
    quota: int
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One row of the quota table: at most so many of this delegation and category; without a delegation, or without a
    category, the row is for all of them together."""

    delegation: str | None
    category: str | None
    quota: int

    def names(self, line: "Line") -> bool:
        """Whether this row is about this entrant."""
        return (self.delegation is None or line.delegation == self.delegation) and (
            self.category is None or self.category in line.categories
        )


@dataclass(frozen=True, slots=True)
class AdvancementRule:
    """The advancement part of a rule set: how many go on, what happens at the line, how many reserves are named behind it.

    `most` is the share of the ranked that is never exceeded, `cap` the total up to which sharers of the line all go on.
    """

    ties: TiesAtTheLine = TiesAtTheLine.ALL
    reserves: int = 0
    model: AdvancementModel = AdvancementModel.QUOTA
    fraction: Fraction = Fraction(0)
    rounding: RoundingMode = RoundingMode.DOWN
    node: str = ""
    at_least: Fraction = Fraction(0)
    most: Fraction | None = None
    cap: int | None = None
    delegation_cap: int | None = None
    categories: tuple[CategoryPlaces, ...] = ()
    quotas: tuple[QuotaRow, ...] = ()


class Outcome(StrEnum):
    """What advancement means for one entrant."""

    ADVANCED = "advanced"
    RESERVE = "reserve"
    UNDECIDED = "undecided"
    LEFT_OUT = "left_out"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Line:
    """One entrant of the published result. `place` None: not placed (absent, not finished).

    `tie_break` is the order settled by a play-off, a draw or the chief judge among sharers of a place; 1
    goes first. `reason` says why an ineligible entrant is one. `value` is that of the node a threshold asks for.
    """

    id: str
    place: int | None
    eligible: bool = True
    delegation: str | None = None
    tie_break: int | None = None
    reason: Sentence | None = None
    categories: frozenset[str] = frozenset()
    value: Fraction | None = None


@dataclass(frozen=True)
class Decided:
    """The outcome for one entrant, with its reason; `category` names the places it advanced by, "" the general quota."""

    id: str
    place: int | None
    outcome: Outcome
    sentence: Sentence
    category: str = ""


@dataclass(frozen=True)
class Advancement:
    """The decision and all it was made from. `rows` has every entrant once, in the order of the result.

    `cap` and `most` are the totals that the sharers of a line, and anybody at all, do not exceed.
    """

    lines: tuple[Line, ...]
    quota: int
    reserves_wanted: int
    ties: TiesAtTheLine
    delegation_cap: int | None
    withdrawn: frozenset[str]
    rows: tuple[Decided, ...]
    cap: int | None = None
    most: int | None = None
    categories: tuple[CategoryPlaces, ...] = ()
    quotas: tuple[QuotaRow, ...] = ()

    @property
    def advanced(self) -> tuple[str, ...]:
        """Who goes on, in the order of the result."""
        return self._with(Outcome.ADVANCED)

    @property
    def reserves(self) -> tuple[str, ...]:
        """Who is called next, in this order. Sharers of a place stand together.

        `Line.tie_break` orders them.
        """
        return self._with(Outcome.RESERVE)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Who shares the place at the line and needs a recorded tie-break before any of them can go on."""
        return self._with(Outcome.UNDECIDED)

    @property
    def left_out(self) -> tuple[Decided, ...]:
        """Who does not go on and is no reserve, with the reason."""
        return tuple(row for row in self.rows if row.outcome in (Outcome.LEFT_OUT, Outcome.WITHDRAWN))

    @property
    def vacancies(self) -> int:
        """Places of the quota, and of the categories, that nobody has taken."""
        by_tier = Counter(row.category for row in self.rows if row.outcome is Outcome.ADVANCED)
        places = {"": self.quota, **{each.id: each.quota for each in self.categories}}
        return sum(max(0, quota - by_tier[tier]) for tier, quota in places.items())

    def _with(self, outcome: Outcome) -> tuple[str, ...]:
        return tuple(row.id for row in self.rows if row.outcome is outcome)
