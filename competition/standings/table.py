"""The standings of a contest: totals and places of everybody, kept up to date while marks come in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from competition.rules.contest import Contest, Entrant, EntrantStatus, Outcome, outcome_of
from competition.rules.marking import Given, Reckoning
from competition.rules.ranking import Comparator, Guests, TieDecision
from competition.rules.ruleset import RuleSet
from competition.standings.columns import LARGEST, Column, Flags, Unsuited, level
from competition.standings.marks import Marks, givens_of, of_givens
from competition.standings.places import Places, alphabetical, compared, placed
from competition.standings.reckoning import Columns

_NO_MARKS: Mapping[str, Given] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the standings: a ranked entrant with place and exact total."""

    entrant: str
    place: int
    shared: bool
    total: Fraction


class Standings:
    """Totals, places and completeness of every entrant, equal to those of `rules.contest` to the last digit.

    `in_columns` is false where the rule set or the numbers went through the exact engine as a whole. Not for several
    threads at once: `update` changes the columns in place.
    """

    def __init__(self, source: "_Source") -> None:
        self._source = source
        self._rows: dict[str, int] | None = None
        self._alphabet = alphabetical(source.names)
        self._reckon()

    @classmethod
    def of(cls, contest: Contest) -> "Standings":
        """The standings of a contest that was read before."""
        return cls(_OfContest(contest))

    @classmethod
    def of_columns(
        cls,
        ruleset: RuleSet,
        entrants: Sequence[str],
        marks: Mapping[str, Marks],
        *,
        not_ranked: Flags | None = None,
        decisions: tuple[TieDecision, ...] = (),
    ) -> "Standings":
        """The standings of marks that are columns already, by aspect, a row for every entrant (see `standings.marks`).

        `not_ranked` says who is absent, has withdrawn or was disqualified. An aspect without columns has no marks.
        """
        return cls(_OfColumns(ruleset, entrants, marks, not_ranked, decisions))

    @property
    def in_columns(self) -> bool:
        return self._values is not None

    def __len__(self) -> int:
        """How many entrants are ranked."""
        return len(self._places.order)

    def place(self, entrant: str) -> int | None:
        """The place; None for whoever is not ranked. KeyError for anybody else."""
        return int(self._places.place[self._row(entrant)]) or None

    def is_shared(self, entrant: str) -> bool:
        return bool(self._places.shared[self._row(entrant)])

    def is_complete(self, entrant: str) -> bool:
        """Whether nothing is missing or unresolved in the marks of this entrant."""
        return bool(self._complete[self._row(entrant)])

    def total(self, entrant: str) -> Fraction | None:
        """The exact total; None while marks are missing."""
        row = self._row(entrant)
        return self._at(self._source.ruleset.scheme.id, row) if self._complete[row] else None

    def value(self, entrant: str, node: str) -> Fraction | None:
        """The exact value of the total, a part of it, a node with a pass mark or one that entrants or teams are compared by."""
        return self._at(node, self._row(entrant))

    def lines(self, first: int = 0, count: int | None = None) -> Iterator[Standing]:
        """The ranked, best first; from a position, so many of them."""
        last = None if count is None else first + count
        total = self._source.ruleset.scheme.id
        for row in self._places.order[first:last].tolist():
            value = self._at(total, row)
            assert value is not None
            yield Standing(
                self._source.names[row], int(self._places.place[row]), bool(self._places.shared[row]), value
            )

    def update(self, entrant: str, marks: Mapping[str, Given]) -> None:
        """Take over all marks of one entrant as they stand now, and rank everybody again."""
        self.update_all({entrant: marks})

    def update_all(self, changed: Mapping[str, Mapping[str, Given]]) -> None:
        """Take over all marks of some entrants as they stand now, and rank everybody once."""
        rows = {self._row(entrant): marks for entrant, marks in changed.items()}
        self._source.changed |= rows
        if self._values is None:
            self._reckon()
            return
        try:
            for row, marks in rows.items():
                self._update(self._values, row, marks)
            self._rank(self._values)
        except Unsuited:
            self._reckon()

    def _update(self, values: dict[str, Column], row: int, marks: Mapping[str, Given]) -> None:
        ruleset = self._source.ruleset
        reckoning = Reckoning(self._source.names[row], marks, ruleset.ranked_by)
        total = reckoning.value(ruleset.scheme)
        for node, column in values.items():
            values[node] = _with(column, row, reckoning.values[node])
        self._complete[row] = total is not None and not reckoning.blockers

    def _reckon(self) -> None:
        """Everything anew, in columns if that is possible."""
        source = self._source
        self._values: dict[str, Column] | None = None
        self._outcome: Outcome | None = None
        try:
            if source.ruleset.scheme.stages:
                raise Unsuited
            self._compared = compared(source.ruleset.ranking)
            columns = Columns(source.ruleset, source, _wanted(source.ruleset, self._compared))
            self._complete = columns.values[source.ruleset.scheme.id].known & ~columns.blocked
            self._rank(columns.values)
            self._values = {node: column.copied() for node, column in columns.values.items()}
        except Unsuited:
            self._through_the_engine()

    def _rank(self, values: Mapping[str, Column]) -> None:
        self._places = placed(
            values,
            self._compared,
            self._complete & self._source.taking_part,
            alphabet=self._alphabet,
            decisions=[
                ([self._row(entrant) for entrant in decision.order], decision)
                for decision in self._source.decisions
            ],
        )

    def _through_the_engine(self) -> None:
        outcome = self._outcome = outcome_of(self._source.contest())
        size = self._source.size
        place, shared = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
        self._complete = np.zeros(size, dtype=bool)
        for line in outcome.lines:
            row = self._row(line.entrant)
            place[row], shared[row], self._complete[row] = line.place or 0, line.shared, line.complete
        order = np.array([self._row(entrant) for entrant in outcome.placings], dtype=np.int64)
        self._places = Places(order, place, shared)

    def _row(self, entrant: str) -> int:
        if self._rows is None:
            self._rows = {name: row for row, name in enumerate(self._source.names)}
        return self._rows[entrant]

    def _at(self, node: str, row: int) -> Fraction | None:
        if self._outcome is not None:
            line = self._outcome.line(self._source.names[row])
            value: Fraction | None = line.values.get(node)
            return value
        assert self._values is not None
        return self._values[node].at(row)


def _wanted(ruleset: RuleSet, comparators: Sequence[Comparator]) -> frozenset[str]:
    """The nodes whose columns are kept; all others are let go as soon as they are added up."""
    parts = {child.id for child in ruleset.scheme.children}
    passed = {branch.id for branch in ruleset.pass_marked}
    by_teams = {step.node for step in ruleset.teams.ranking if step.node} if ruleset.teams else set()
    return frozenset({ruleset.scheme.id, *parts, *passed, *by_teams, *(each.node for each in comparators)})


def _with(column: Column, row: int, value: Fraction | None) -> Column:
    """The column with another value in one row, over a larger denominator if the value needs one."""
    if value is not None and column.denominator % value.denominator:
        column = level((column,), value.denominator)[0]
    numerator = 0 if value is None else value.numerator * (column.denominator // value.denominator)
    if abs(numerator) >= LARGEST:
        raise Unsuited
    column.numerators[row], column.known[row] = numerator, value is not None
    return column


# Where the marks come from.


class _Source:
    """Entrants and their marks; `changed` holds the marks of those who were updated."""

    def __init__(
        self,
        ruleset: RuleSet,
        names: Sequence[str],
        taking_part: Flags,
        decisions: tuple[TieDecision, ...],
    ) -> None:
        self.ruleset = ruleset
        self.names = names
        self.taking_part = taking_part
        self.decisions = decisions
        self.changed: dict[int, Mapping[str, Given]] = {}

    @property
    def size(self) -> int:
        return len(self.names)

    def givens(self, row: int) -> Mapping[str, Given]:
        return self.changed[row] if row in self.changed else self._givens(row)

    def marks(self, aspect: str) -> Marks:
        if not self.changed:
            return self._marks(aspect)
        return of_givens([self.givens(row).get(aspect) for row in range(self.size)])

    def _givens(self, row: int) -> Mapping[str, Given]:
        raise NotImplementedError

    def _marks(self, aspect: str) -> Marks:
        raise NotImplementedError

    def contest(self) -> Contest:
        raise NotImplementedError


class _OfContest(_Source):
    def __init__(self, contest: Contest) -> None:
        guests = contest.ruleset.guests is Guests.RANKED
        taking = (
            entrant.status is EntrantStatus.PRESENT and (guests or entrant.award_eligible)
            for entrant in contest.entrants
        )
        super().__init__(
            contest.ruleset,
            [entrant.id for entrant in contest.entrants],
            np.fromiter(taking, dtype=bool, count=len(contest.entrants)),
            contest.decisions,
        )
        self._contest = contest

    def _givens(self, row: int) -> Mapping[str, Given]:
        return self._contest.marks.get(self.names[row], _NO_MARKS)

    def _marks(self, aspect: str) -> Marks:
        marks = self._contest.marks
        return of_givens([marks.get(name, _NO_MARKS).get(aspect) for name in self.names])

    def contest(self) -> Contest:
        changed = {self.names[row]: marks for row, marks in self.changed.items()}
        return replace(self._contest, marks={**self._contest.marks, **changed})


class _OfColumns(_Source):
    def __init__(
        self,
        ruleset: RuleSet,
        names: Sequence[str],
        marks: Mapping[str, Marks],
        not_ranked: Flags | None,
        decisions: tuple[TieDecision, ...],
    ) -> None:
        taking = np.ones(len(names), dtype=bool) if not_ranked is None else ~not_ranked
        super().__init__(ruleset, names, taking, decisions)
        self._columns = marks

    def _givens(self, row: int) -> Mapping[str, Given]:
        return givens_of(self._columns, row)

    def _marks(self, aspect: str) -> Marks:
        return self._columns.get(aspect) or Marks()

    def contest(self) -> Contest:
        """The same as a contest; whoever is not ranked is taken for withdrawn, which makes no difference here."""
        entrants = tuple(
            Entrant(name, EntrantStatus.PRESENT if self.taking_part[row] else EntrantStatus.WITHDRAWN)
            for row, name in enumerate(self.names)
        )
        marks = {name: self.givens(row) for row, name in enumerate(self.names)}
        return Contest(
            title=self.ruleset.title,
            ruleset=self.ruleset,
            judges=(),
            entrants=entrants,
            marks=marks,
            decisions=self.decisions,
        )
