"""Places from columns: sorted by comparator after comparator, shared where nothing separates, missing values last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import le

import numpy as np

from competition.rules.ranking import By, Comparator, Direction, TieDecision
from competition.standings.columns import Column, Flags, Unsuited, Whole

_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Places:
    """`order` holds the rows of those who are ranked, best first; `place` (0 for nobody's) and `shared` stand by row."""

    order: Whole
    place: Whole
    shared: Flags


def compared(comparators: Iterable[Comparator]) -> tuple[Comparator, ...]:
    """The comparisons of single values that these comparators come to. Raises Unsuited for any that cannot be."""
    found: list[Comparator] = []
    for comparator in comparators:
        if comparator.by is By.VALUE:
            found.append(comparator)
        elif comparator.by is By.COUNT_BACK:
            found += [Comparator(part, comparator.direction) for part in reversed(comparator.parts)]
        else:
            raise Unsuited
    return tuple(found)


def alphabetical(names: Sequence[str]) -> Whole | None:
    """The rank of every row in the order of identifiers, in which those who share a place stand; None if they stand so."""
    if all(le(one, other) for one, other in pairwise(names)):
        return None
    ranks = np.empty(len(names), dtype=np.int64)
    ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return ranks


def placed(
    values: Mapping[str, Column],
    comparators: Sequence[Comparator],
    taking_part: Flags,
    *,
    alphabet: Whole | None,
    decisions: Iterable[tuple[Sequence[int], TieDecision]] = (),
) -> Places:
    """Everybody's place among those who take part. A decision counts only if it names exactly those who are tied."""
    rows = np.flatnonzero(taking_part)
    keys = [_key(values[each.node], each.direction)[rows] for each in comparators]
    last = [] if alphabet is None else [alphabet[rows]]
    sorted_ = np.lexsort((*last, *reversed(keys))) if keys or last else np.arange(len(rows))
    order = rows[sorted_]
    starts = np.flatnonzero(_begins(keys, sorted_))
    sizes = np.diff(starts, append=len(order))
    place, shared = np.zeros(len(taking_part), dtype=np.int64), np.zeros(len(taking_part), dtype=bool)
    place[order] = np.repeat(starts + 1, sizes)
    shared[order] = np.repeat(sizes > 1, sizes)
    found = Places(order, place, shared)
    for named, _ in decisions:
        _settle(found, list(named))
    return found


def _key(column: Column, direction: Direction) -> Whole:
    """Small is ahead; a value that is missing is behind everything in either direction."""
    numerators = column.numerators if direction is Direction.ASC else -column.numerators
    return np.where(column.known, numerators, _LAST)


def _begins(keys: Sequence[Whole], order: Whole) -> Flags:
    """Where, in the order, somebody differs from the one before."""
    begins = np.zeros(len(order), dtype=bool)
    begins[:1] = True
    for key in keys:
        ordered = key[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    return begins


def _settle(places: Places, named: list[int]) -> None:
    tied = {int(places.place[row]) for row in named}
    if len(tied) != 1 or not places.shared[named].all():
        return
    first = tied.pop()
    if int((places.place == first).sum()) != len(named) or len(named) < 2:
        return
    places.order[first - 1 : first - 1 + len(named)] = named
    places.place[named] = np.arange(first, first + len(named))
    places.shared[named] = False
