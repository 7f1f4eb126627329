"""Who goes on to the next tier: by place and quota, with reserves, ties at the line, refill on withdrawal.

Source: the nomination and replacement clauses of contest notices (entrants go up in order of place; a cap
per unit still applies when somebody moves up). Assumptions: a shared place means that the event's own
tie-breaks are exhausted, so nobody is preferred without a recorded decision; who has advanced once keeps
the place unless they withdraw.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from competition.rules.sentences import Sentence, sentence


class TiesAtTheLine(StrEnum):
    """What happens to entrants who share the place at which the quota, or a delegation's cap, runs out."""

    ALL = "all"
    NONE = "none"
    BY_TIE_BREAK = "by_tie_break"


@dataclass(frozen=True, slots=True)
class AdvancementRule:
    """How the next tier is filled at the line, and how many reserves are named behind it."""

    ties: TiesAtTheLine = TiesAtTheLine.ALL
    reserves: int = 0


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
    goes first. `reason` says why an ineligible entrant is one.
    """

    id: str
    place: int | None
    eligible: bool = True
    delegation: str | None = None
    tie_break: int | None = None
    reason: Sentence | None = None


@dataclass(frozen=True)
class Decided:
    """The outcome for one entrant, with its reason."""

    id: str
    place: int | None
    outcome: Outcome
    sentence: Sentence


@dataclass(frozen=True)
class Advancement:
    """The decision and all it was made from. `rows` has every entrant once, in the order of the result."""

    lines: tuple[Line, ...]
    quota: int
    reserves_wanted: int
    ties: TiesAtTheLine
    delegation_cap: int | None
    withdrawn: frozenset[str]
    rows: tuple[Decided, ...]

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
        """Places of the quota that nobody has taken."""
        return max(0, self.quota - len(self.advanced))

    def _with(self, outcome: Outcome) -> tuple[str, ...]:
        return tuple(row.id for row in self.rows if row.outcome is outcome)


def advancement_problem(
    lines: Iterable[Line], quota: int, reserves: int, delegation_cap: int | None = None
) -> Sentence | None:
    """Why nothing can be decided from this, or None."""
    ids = [line.id for line in lines]
    if len(set(ids)) != len(ids):
        return sentence("An entrant is in the result twice. Correct the result first.")
    if quota < 1:
        return sentence("The quota is the number of entrants who go on: at least 1.")
    if reserves < 0:
        return sentence("The number of reserves is 0 or more.")
    if delegation_cap is not None and delegation_cap < 1:
        return sentence("The cap for one delegation is at least 1; leave it out for no cap.")
    return None


def advance(
    lines: Iterable[Line],
    quota: int,
    reserves: int = 0,
    ties: TiesAtTheLine = TiesAtTheLine.BY_TIE_BREAK,
    *,
    delegation_cap: int | None = None,
) -> Advancement:
    """Decide who of a published result goes on. Raises ValueError with the sentence of `advancement_problem`.

    A place shared at the line goes on as a whole (`all`, the quota is exceeded), not at all (`none`,
    places stay free), or by the recorded tie-break (`by_tie_break`; without a full record those entrants
    are undecided).
    """
    ordered = tuple(sorted(lines, key=_in_order_of_result))
    problem = advancement_problem(ordered, quota, reserves, delegation_cap)
    if problem:
        raise ValueError(str(problem))
    empty = Advancement(ordered, quota, reserves, TiesAtTheLine(ties), delegation_cap, frozenset(), ())
    return _decided(empty, kept=frozenset())


def refill(advancement: Advancement, withdrawn: Iterable[str]) -> Advancement:
    """Fill the places of those who withdrew, by the old order and the old rules.

    Who had advanced keeps the place. Earlier withdrawals stand. Raises ValueError for an unknown entrant.
    """
    gone = advancement.withdrawn | frozenset(withdrawn)
    if not gone <= {line.id for line in advancement.lines}:
        raise ValueError(str(sentence("Somebody who is not in the result cannot withdraw from advancement.")))
    return _decided(
        replace(advancement, withdrawn=gone),
        kept=frozenset(advancement.advanced) - gone,
    )


# --- the decision ---------------------------------------------------------------------------------


def _in_order_of_result(line: Line) -> tuple[bool, int, bool, int, str]:
    return (
        line.place is None,
        line.place or 0,
        line.tie_break is None,
        line.tie_break or 0,
        line.id,
    )


def _decided(case: Advancement, *, kept: frozenset[str]) -> Advancement:
    found = {line.id: decided for line in case.lines if (decided := _out_of_the_running(line, case))}
    filling = _Filling(case, kept)
    for place, group in _places(line for line in case.lines if line.id not in found):
        filling.fill(place, group)
    found.update(filling.decided)
    return replace(case, rows=tuple(found[line.id] for line in case.lines))


def _places(lines: Iterator[Line]) -> Iterator[tuple[int, list[Line]]]:
    for place, group in groupby(lines, key=lambda line: line.place or 0):
        yield place, list(group)


def _out_of_the_running(line: Line, case: Advancement) -> Decided | None:
    if line.id in case.withdrawn:
        return Decided(line.id, line.place, Outcome.WITHDRAWN, sentence("Has withdrawn."))
    if not line.eligible:
        reason = line.reason or sentence("Is not eligible for the next tier.")
        return Decided(line.id, line.place, Outcome.LEFT_OUT, reason)
    if line.place is None:
        return Decided(line.id, None, Outcome.LEFT_OUT, sentence("Has no place in the result."))
    return None


class _Filling:
    """The quota being filled place by place, from the best place down."""

    def __init__(self, case: Advancement, kept: frozenset[str]) -> None:
        self.case = case
        self.kept = kept
        self.decided: dict[str, Decided] = {}
        self.free = case.quota - len(kept)
        self.from_delegation = Counter(line.delegation for line in case.lines if line.id in kept)
        self.is_closed = False
        self.reserves_left = case.reserves_wanted

    def fill(self, place: int, group: list[Line]) -> None:
        """Decide for everybody who shares one place."""
        self._note_kept([line for line in group if line.id in self.kept])
        group = self._within_caps([line for line in group if line.id not in self.kept])
        if not group:
            return
        if self.is_closed or self.free <= 0:
            self.is_closed = True
            self._leave(group)
        elif len(group) <= self.free:
            self._take(
                group,
                sentence(
                    "Place %(place)s is within the quota of %(quota)s.",
                    **self._numbers(place),
                ),
            )
        else:
            self._split(place, group)

    def _split(self, place: int, group: list[Line]) -> None:
        """The quota runs out within a shared place."""
        self.is_closed = True
        numbers = self._numbers(place)
        if self.case.ties is TiesAtTheLine.ALL:
            self._take(
                group,
                sentence(
                    "Shares place %(place)s, where the quota of %(quota)s runs out: by "
                    "rule all sharers go on.",
                    **numbers,
                ),
            )
        elif self.case.ties is TiesAtTheLine.NONE:
            why = sentence(
                "Shares place %(place)s, where the quota of %(quota)s runs out: by rule no sharer goes on.",
                **numbers,
            )
            self._leave(group, why)
        elif not _is_ordered(group):
            self._undecided(group, _tie_to_settle(place))
        else:
            free = self.free
            self._take(
                group[:free],
                sentence(
                    "Shares place %(place)s, where the quota of %(quota)s runs out: "
                    "goes on by the tie-break.",
                    **numbers,
                ),
            )
            self._leave(group[free:])

    def _within_caps(self, group: list[Line]) -> list[Line]:
        """Those of one shared place whose delegation still has room; the others are decided here."""
        cap = self.case.delegation_cap
        if cap is None or self.is_closed:
            return group
        allowed = []
        members = {
            line.delegation: [other for other in group if other.delegation == line.delegation]
            for line in group
        }
        for delegation, own in members.items():
            room = cap - self.from_delegation[delegation]
            if delegation is None or len(own) <= room or (room > 0 and self.case.ties is TiesAtTheLine.ALL):
                allowed += own
            elif room <= 0 or self.case.ties is TiesAtTheLine.NONE:
                self._over_cap(own, cap)
            elif _is_ordered(own):
                allowed += own[:room]
                self._over_cap(own[room:], cap)
            else:
                self._undecided(own, _tie_to_settle(own[0].place or 0))
                self.free -= room  # the delegation's last places stay reserved until the tie is settled
                self.from_delegation[delegation] += room
        return sorted(allowed, key=_in_order_of_result)

    def _note_kept(self, lines: list[Line]) -> None:
        for line in lines:
            why = sentence("Had advanced already.")
            self.decided[line.id] = Decided(line.id, line.place, Outcome.ADVANCED, why)

    def _take(self, lines: list[Line], why: Sentence) -> None:
        for line in lines:
            self.decided[line.id] = Decided(line.id, line.place, Outcome.ADVANCED, why)
            self.from_delegation[line.delegation] += 1
        self.free -= len(lines)

    def _leave(self, lines: list[Line], why: Sentence | None = None) -> None:
        """Reserves while any are wanted.

        Sharers of a place are never parted by the end of the reserve list.
        """
        is_reserve = self.reserves_left > 0
        outcome = Outcome.RESERVE if is_reserve else Outcome.LEFT_OUT
        for line in lines:
            usual = (
                sentence("Reserve: is called in order of place when somebody withdraws.")
                if is_reserve
                else sentence(
                    "Place %(place)s is below the quota of %(quota)s.",
                    **self._numbers(line.place or 0),
                )
            )
            self.decided[line.id] = Decided(line.id, line.place, outcome, why or usual)
        self.reserves_left -= len(lines)

    def _over_cap(self, lines: Sequence[Line], cap: int) -> None:
        why = sentence(
            "The delegation already has its %(cap)s entrants; moves up when one of them withdraws.",
            cap=cap,
        )
        for line in lines:
            self.decided[line.id] = Decided(line.id, line.place, Outcome.LEFT_OUT, why)

    def _undecided(self, lines: Sequence[Line], why: Sentence) -> None:
        for line in lines:
            self.decided[line.id] = Decided(line.id, line.place, Outcome.UNDECIDED, why)

    def _numbers(self, place: int) -> dict[str, object]:
        return {"place": place, "quota": self.case.quota}


def _is_ordered(group: Sequence[Line]) -> bool:
    values = [line.tie_break for line in group]
    return None not in values and len(set(values)) == len(values)


def _tie_to_settle(place: int) -> Sentence:
    return sentence(
        "Shares place %(place)s at the line. Hold a play-off or a draw, record its order as the tie-break, "
        "and decide the advancement again.",
        place=place,
    )
