"""Filling the places of an advancement: the general quota by place, then each category's places, then the reserves."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from competition.rules.advancement_case import (
    Advancement,
    Decided,
    Line,
    Outcome,
    QuotaRow,
    TiesAtTheLine,
)
from competition.rules.sentences import Sentence, sentence


def in_order_of_result(line: Line) -> tuple[bool, int, bool, int, str]:
    return (
        line.place is None,
        line.place or 0,
        line.tie_break is None,
        line.tie_break or 0,
        line.id,
    )


def decided(case: Advancement, *, kept: Mapping[str, str]) -> Advancement:
    """The case with a row for everybody. `kept` are those who have gone on before, with the category whose place they hold
    ("" for the general quota): they stay."""
    found = {line.id: row for line in case.lines if (row := _out_of_the_running(line, case, kept))}
    filling = _Filling(case, kept)
    filling.fill_all([line for line in case.lines if line.id not in found])
    found.update(filling.decided)
    return replace(case, rows=tuple(found[line.id] for line in case.lines))


def _places(lines: Iterable[Line]) -> Iterator[tuple[int, list[Line]]]:
    for place, group in groupby(lines, key=lambda line: line.place or 0):
        yield place, list(group)


def _out_of_the_running(line: Line, case: Advancement, kept: Collection[str]) -> Decided | None:
    if line.id in case.withdrawn:
        return Decided(line.id, line.place, Outcome.WITHDRAWN, sentence("Has withdrawn."))
    if line.id in kept:
        return None
    if not line.eligible:
        reason = line.reason or sentence("Is not eligible for the next tier.")
        return Decided(line.id, line.place, Outcome.LEFT_OUT, reason)
    if line.place is None:
        return Decided(line.id, None, Outcome.LEFT_OUT, sentence("Has no place in the result."))
    return None


class _Limit:
    """At most so many of those whom it names."""

    def __init__(self, size: int, why: Sentence) -> None:
        self.size = size
        self.why = why
        self.taken = 0

    @property
    def room(self) -> int:
        return max(0, self.size - self.taken)


class _Limits:
    """The caps of delegations and the rows of the quota table, by entrant."""

    def __init__(self, case: Advancement) -> None:
        self._by_delegation: dict[str, _Limit] = {}
        self._rows: dict[str | None, list[tuple[QuotaRow, _Limit]]] = defaultdict(list)
        for row in case.quotas:
            self._rows[row.delegation].append((row, _Limit(row.quota, _row_is_full(row))))
        cap = case.delegation_cap
        if cap is not None:
            why = sentence(
                "The delegation already has its %(cap)s entrants; moves up when one of them withdraws.",
                cap=cap,
            )
            named = {line.delegation for line in case.lines if line.delegation is not None}
            self._by_delegation = {name: _Limit(cap, why) for name in named}

    def of(self, line: Line) -> list[_Limit]:
        """What limits how many of this entrant's kind go on."""
        own = self._by_delegation.get(line.delegation) if line.delegation is not None else None
        named = (None,) if line.delegation is None else (line.delegation, None)
        rows = [limit for name in named for row, limit in self._rows.get(name, ()) if row.names(line)]
        return rows if own is None else [own, *rows]


def _row_is_full(row: QuotaRow) -> Sentence:
    return sentence(
        "The quota table lets %(quota)s of this group go on; moves up when one of them withdraws.",
        quota=row.quota,
    )


class _Tier:
    """The general quota, or the places of one category, while they are being filled."""

    def __init__(self, category: str, quota: int, free: int) -> None:
        self.category = category
        self.quota = quota
        self.free = free
        self.is_closed = False


class _Filling:
    """Places being filled place by place, from the best place down: the general quota, then category after category."""

    def __init__(self, case: Advancement, kept: Mapping[str, str]) -> None:
        self.case = case
        self.kept = kept
        self.decided: dict[str, Decided] = {}
        self.limits = _Limits(case)
        self.total = len(kept)
        self.left: list[tuple[list[Line], Sentence | None]] = []
        # Sharers of a place who hold a place of a category: the general line was drawn with them.
        self.kept_by_category = Counter(line.place for line in case.lines if kept.get(line.id))
        for line in case.lines:
            if line.id in kept:
                self._note_kept(line)

    def fill_all(self, lines: Sequence[Line]) -> None:
        """Decide for everybody who is in the running."""
        running = [line for line in lines if line.id not in self.kept]
        self._fill("", self.case.quota, running)
        left, self.left = self.left, []
        for category in self.case.categories:
            if any(row.outcome is Outcome.UNDECIDED for row in self.decided.values()):
                break
            own = [
                line
                for line in running
                if not self._is_settled(line) and line.categories.issuperset(category.categories)
            ]
            self._fill(category.id, category.quota, own)
        self._call_reserves(left)

    def _is_settled(self, line: Line) -> bool:
        row = self.decided.get(line.id)
        return row is not None and row.outcome in (Outcome.ADVANCED, Outcome.UNDECIDED)

    def _fill(self, category: str, quota: int, lines: Sequence[Line]) -> None:
        taken = sum(tier == category for tier in self.kept.values())
        tier = _Tier(category, quota, quota - taken)
        for place, group in _places(lines):
            self._decide(tier, place, group)

    def _decide(self, tier: _Tier, place: int, sharers: list[Line]) -> None:
        """Decide for everybody who shares one place."""
        group = sharers if tier.is_closed else self._within_limits(tier, sharers)
        if not group:
            return
        beside = 0 if tier.category else self.kept_by_category[place]
        room = tier.free if self.case.most is None else min(tier.free, self.case.most - self.total + beside)
        if tier.is_closed or room <= 0:
            tier.is_closed = True
            self.left.append((group, None))
        elif len(group) + beside <= room:
            self._take(tier, group, self._within(tier, place))
        else:
            tier.is_closed = True
            self._split(tier, place, group, room)

    def _split(self, tier: _Tier, place: int, group: list[Line], room: int) -> None:
        """The quota runs out within a shared place."""
        numbers = {"place": place, "quota": tier.quota}
        ceiling = self._ceiling()
        match self.case.ties:
            case TiesAtTheLine.BY_TIE_BREAK if not _is_ordered(group):
                self._undecided(group, _tie_to_settle(place))
            case TiesAtTheLine.BY_TIE_BREAK:
                why = sentence(
                    "Shares place %(place)s, where the quota of %(quota)s runs out: "
                    "goes on by the tie-break.",
                    **numbers,
                )
                self._take(tier, group[:room], why)
                self.left.append((group[room:], None))
            case TiesAtTheLine.NONE:
                why = sentence(
                    "Shares place %(place)s, where the quota of %(quota)s runs out: by rule no sharer goes on.",
                    **numbers,
                )
                self.left.append((group, why))
            case _ if ceiling is None or self.total + len(group) <= ceiling:
                why = sentence(
                    "Shares place %(place)s, where the quota of %(quota)s runs out: by "
                    "rule all sharers go on.",
                    **numbers,
                )
                self._take(tier, group, why)
            case _:
                why = sentence(
                    "Shares place %(place)s, where the quota of %(quota)s runs out: with all sharers "
                    "it would be more than %(most)s, so by rule none of them goes on.",
                    most=ceiling,
                    **numbers,
                )
                self.left.append((group, why))

    def _ceiling(self) -> int | None:
        """How many may go on in total where sharers of the line all would."""
        stated = [] if self.case.most is None else [self.case.most]
        if self.case.ties is TiesAtTheLine.CAP:
            stated.append(self.case.quota if self.case.cap is None else self.case.cap)
        return min(stated, default=None)

    def _within_limits(self, tier: _Tier, sharers: list[Line]) -> list[Line]:
        """Those of one shared place for whom every limit still has room; the others are decided here."""
        allowed = {line.id for line in sharers}
        by_limit: dict[_Limit, list[Line]] = defaultdict(list)
        for line in sharers:
            for limit in self.limits.of(line):
                by_limit[limit].append(line)
        for limit, named in by_limit.items():
            own = [line for line in named if line.id in allowed]
            if len(own) <= limit.room or (limit.room and self.case.ties is TiesAtTheLine.ALL):
                continue
            if self.case.ties is not TiesAtTheLine.BY_TIE_BREAK or not limit.room:
                stay: list[Line] = []
            elif _is_ordered(own):
                stay = own[: limit.room]
            else:
                self._undecided(own, _tie_to_settle(own[0].place or 0))
                tier.free -= limit.room  # the last places stay reserved until the tie is settled
                self.total += limit.room
                limit.taken += limit.room
                allowed -= {line.id for line in own}
                continue
            over = own[len(stay) :]
            self._note(over, Outcome.LEFT_OUT, limit.why)
            allowed -= {line.id for line in over}
        return [line for line in sharers if line.id in allowed]

    def _within(self, tier: _Tier, place: int) -> Sentence:
        if tier.category:
            return sentence(
                "Place %(place)s is within the %(quota)s places of the category “%(category)s”.",
                place=place,
                quota=tier.quota,
                category=tier.category,
            )
        return sentence("Place %(place)s is within the quota of %(quota)s.", place=place, quota=tier.quota)

    def _note_kept(self, line: Line) -> None:
        for limit in self.limits.of(line):
            limit.taken += 1
        why, tier = sentence("Had advanced already."), self.kept[line.id]
        self.decided[line.id] = Decided(line.id, line.place, Outcome.ADVANCED, why, tier)

    def _take(self, tier: _Tier, lines: Sequence[Line], why: Sentence) -> None:
        for line in lines:
            self.decided[line.id] = Decided(line.id, line.place, Outcome.ADVANCED, why, tier.category)
            for limit in self.limits.of(line):
                limit.taken += 1
        tier.free -= len(lines)
        self.total += len(lines)

    def _call_reserves(self, left: Iterable[tuple[list[Line], Sentence | None]]) -> None:
        """Reserves while any are wanted, in order of place; sharers of a place are never parted by the end of the list."""
        wanted = self.case.reserves_wanted
        for group, why in left:
            waiting = [line for line in group if not self._is_settled(line)]
            if not waiting:
                continue
            outcome = Outcome.RESERVE if wanted > 0 else Outcome.LEFT_OUT
            usual = (
                sentence("Reserve: is called in order of place when somebody withdraws.")
                if wanted > 0
                else sentence(
                    "Place %(place)s is below the quota of %(quota)s.",
                    place=waiting[0].place,
                    quota=self.case.quota,
                )
            )
            self._note(waiting, outcome, why or usual)
            wanted -= len(waiting)

    def _undecided(self, lines: Sequence[Line], why: Sentence) -> None:
        self._note(lines, Outcome.UNDECIDED, why)

    def _note(self, lines: Sequence[Line], outcome: Outcome, why: Sentence) -> None:
        for line in lines:
            self.decided[line.id] = Decided(line.id, line.place, outcome, why)


def _is_ordered(group: Sequence[Line]) -> bool:
    values = [line.tie_break for line in group]
    return None not in values and len(set(values)) == len(values)


def _tie_to_settle(place: int) -> Sentence:
    return sentence(
        "Shares place %(place)s at the line. Hold a play-off or a draw, record its order as the tie-break, "
        "and decide the advancement again.",
        place=place,
    )
