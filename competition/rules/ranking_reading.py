"""Reads the ranking of a rule set: every problem with its path and a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from competition.rules.ranking import By, Comparator, Direction, Guests, Ties
from competition.rules.ranking_schema import MOST_COMPARATORS, MOST_RANK
from competition.rules.reading import Reader
from competition.rules.scheme import (
    Aspect,
    Attempts,
    Better,
    Branch,
    Counts,
    Group,
    Panel,
    Part,
    walk,
)
from competition.rules.sentences import sentence


class _Word(StrEnum):
    """The comparators that a document may ask for; the stage reached is compared without being asked for."""

    VALUE = By.VALUE.value
    COUNT_BACK = By.COUNT_BACK.value
    BEST_PARTS = By.BEST_PARTS.value
    ATTEMPT = By.ATTEMPT.value
    UNTRIMMED = By.UNTRIMMED.value
    HEAD_TO_HEAD = By.HEAD_TO_HEAD.value


_OF_PARTS = (By.COUNT_BACK, By.BEST_PARTS, By.HEAD_TO_HEAD)
_TWO = 2


@dataclass(frozen=True)
class Ranking:
    """How places are decided: the comparators in order, what becomes of ties and of guests."""

    comparators: tuple[Comparator, ...]
    ties: Ties = Ties.SHARED
    guests: Guests = Guests.RANKED


def read(reader: Reader, scheme: Group | None) -> Ranking:
    """The ranking of a rule set; without one the whole is compared, the stage reached before it where there are stages."""
    ranking = reader.inside("ranking")
    if ranking is None:
        if scheme is not None and scheme.part is Part.RECORD:
            reader.note(
                None,
                sentence("Nothing here gives marks, so “ranking” must say which values are compared."),
            )
        by_total = () if scheme is None else (Comparator(scheme.id),)
        return Ranking((*_stages(scheme), *by_total))
    ranking.only("by", "ties", "guests")
    nodes = None if scheme is None else {branch.id: branch for branch in walk(scheme)}
    found: list[Comparator] = []
    for step in ranking.objects("by", most=MOST_COMPARATORS, least=1, required=True):
        comparator = _comparator(step, nodes)
        if comparator is None:
            continue
        _note_useless(step, comparator, found, nodes)
        found.append(comparator)
    return Ranking(
        (*_stages(scheme), *found),
        ranking.choice("ties", Ties, Ties.SHARED) or Ties.SHARED,
        ranking.choice("guests", Guests, Guests.RANKED) or Guests.RANKED,
    )


def _stages(scheme: Group | None) -> Iterator[Comparator]:
    if scheme is not None and scheme.stages:
        yield Comparator(scheme.id, by=By.STAGE, parts=tuple(stage.id for stage in scheme.stages))


def _comparator(step: Reader, nodes: dict[str, Branch] | None) -> Comparator | None:
    word = step.choice("by", _Word, _Word.VALUE)
    if word is None:
        return None
    by = By(word.value)
    step.only("by", "node", "rank" if by is By.ATTEMPT else "direction")
    name = step.identifier("node")
    direction = step.choice("direction", Direction, Direction.DESC) if by is not By.ATTEMPT else None
    rank = step.whole("rank", low=1, high=MOST_RANK, required=True) if by is By.ATTEMPT else 0
    if not name or nodes is None or rank is None:
        return None
    node = nodes.get(name)
    if node is None:
        step.note("node", sentence("The marking scheme has no “%(id)s” to rank by.", id=name))
        return None
    if by is By.VALUE:
        return Comparator(name, direction or Direction.DESC)
    return _of_kind(step, by, node, direction, rank)


def _of_kind(step: Reader, by: By, node: Branch, direction: Direction | None, rank: int) -> Comparator | None:
    """A comparator that fits only some nodes, and the sentence for all others."""
    if by in _OF_PARTS:
        if not isinstance(node, Group) or len(node.combined) < _TWO:
            step.note("node", sentence("This compares the parts of a group, at least two of them."))
            return None
        usual = direction if step.has("direction") else _better_first(node)
        return Comparator(node.id, usual or Direction.DESC, by, 0, tuple(part.id for part in node.combined))
    method = node.method if isinstance(node, Aspect) else None
    if by is By.ATTEMPT:
        if not isinstance(method, Attempts):
            step.note(
                "node", sentence("This compares the tries of one aspect; “%(id)s” has none.", id=node.id)
            )
            return None
        if rank > method.attempts:
            step.note("rank", sentence("There are %(count)s tries here.", count=method.attempts))
        return Comparator(node.id, _better_first(node), by, rank)
    if not isinstance(method, Panel):
        step.note("node", sentence("This compares the marks of a panel; “%(id)s” is none.", id=node.id))
        return None
    return Comparator(node.id, direction or Direction.DESC, by)


def _better_first(node: Branch) -> Direction:
    return Direction.ASC if node.better is Better.LOWER else Direction.DESC


def _note_useless(
    step: Reader, comparator: Comparator, before: list[Comparator], nodes: dict[str, Branch] | None
) -> None:
    """A comparator that can separate nobody any more is a mistake in the rules: somebody meant something else."""
    asked = {(each.by, each.node, each.rank) for each in before}
    node = (nodes or {}).get(comparator.node)
    if (comparator.by, comparator.node, comparator.rank) in asked:
        step.note(
            "node",
            sentence("“%(id)s” is compared twice; the second time decides nothing.", id=comparator.node),
        )
    elif (By.VALUE, comparator.node, 0) in asked and (
        _leaves_nothing_out(node, comparator) or _is_the_try_that_counts(node, comparator)
    ):
        step.note(
            "node",
            sentence(
                "This is the value of “%(id)s” again, which was compared before; it decides nothing.",
                id=comparator.node,
            ),
        )


def _leaves_nothing_out(node: Branch | None, comparator: Comparator) -> bool:
    method = node.method if isinstance(node, Aspect) else None
    if node is None or comparator.by is not By.UNTRIMMED or not isinstance(method, Panel):
        return False
    as_it_is = method.rounding is None and method.declared is None and node.rounding is None
    return (
        as_it_is and not method.trim_low and not method.trim_high and node.cap is None and node.floor is None
    )


def _is_the_try_that_counts(node: Branch | None, comparator: Comparator) -> bool:
    method = node.method if isinstance(node, Aspect) else None
    if node is None or node.rounding is not None:
        return False
    is_best = isinstance(method, Attempts) and method.counts is Counts.BEST
    return comparator.by is By.ATTEMPT and comparator.rank == 1 and is_best
