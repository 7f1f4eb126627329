"""What a comparison of two entrants says, comparator by comparator, up to the one that tells them apart.

The sentences are made by the same comparison that decides the places (`rules.ranking`), so that an explanation can
never name another reason than the one that counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.rules.numbers import spelled
from competition.rules.ranking import (
    By,
    Comparator,
    Direction,
    Placing,
    RankRow,
    compared,
    head_to_head,
    separates,
)
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparator, asked about two entrants: whether it decided, and what it says."""

    comparator: Comparator
    decides: bool
    sentence: Sentence


def comparisons(
    own: RankRow,
    other: RankRow,
    comparators: Sequence[Comparator],
    titles: Mapping[str, Title],
    placing: Placing,
) -> Iterator[Compared]:
    """The comparisons of two entrants up to the one that separates them.

    `placing` is that of the first of the two; it says where exactly these two were tied, which head to head asks for.
    """
    for position, comparator in enumerate(comparators):
        is_duel = comparator.by is not By.HEAD_TO_HEAD or (position, other.entrant) in placing.duels
        decides = is_duel and separates(comparator, own, other)
        if is_duel:
            said = _SAID[comparator.by](comparator, own, other, titles, decides)
        else:
            said = sentence(
                "Head to head is not asked against %(other)s: it is only for exactly two who are tied.",
                other=other.entrant,
            )
        yield Compared(comparator, decides, said)
        if decides:
            return


def _of_value(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title], decides: bool
) -> Sentence:
    named = _named(comparator, own, other, titles)
    if not decides:
        return sentence("Against %(other)s, %(node)s is equal: %(own)s.", **named)
    return sentence(
        "Against %(other)s, %(node)s decides, %(direction)s: %(own)s against %(theirs)s.", **named
    )


def _of_stage(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title], decides: bool
) -> Sentence:
    named: dict[str, object] = {
        "other": other.entrant,
        "own": titles[comparator.parts[own.stage]],
        "theirs": titles[comparator.parts[other.stage]],
    }
    if not decides:
        return sentence("%(other)s reached the same stage: %(own)s.", **named)
    return sentence(
        "Against %(other)s, the last stage that was reached decides: %(own)s against %(theirs)s.", **named
    )


def _of_count_back(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title], decides: bool
) -> Sentence:
    group = {"other": other.entrant, "node": titles[comparator.node]}
    if not decides:
        return sentence("Counting back against %(other)s, every part of %(node)s is equal.", **group)
    part, ours, theirs = next(
        (part, ours, theirs)
        for part, ours, theirs in zip(
            reversed(comparator.parts), compared(comparator, own), compared(comparator, other), strict=True
        )
        if ours != theirs
    )
    return sentence(
        "Counting back against %(other)s through %(node)s, %(part)s decides, %(direction)s:"
        " %(own)s against %(theirs)s.",
        **group,
        part=titles[part],
        **_values(comparator, ours, theirs),
    )


def _of_best_parts(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title], decides: bool
) -> Sentence:
    group = {"other": other.entrant, "node": titles[comparator.node]}
    if not decides:
        return sentence(
            "Against %(other)s, the best parts of %(node)s are equal, however many are added.", **group
        )
    sums = zip(compared(comparator, own), compared(comparator, other), strict=True)
    most = len(comparator.parts) - 1
    count, ours, theirs = next(
        (most - index, ours, theirs) for index, (ours, theirs) in enumerate(sums) if ours != theirs
    )
    if count == 1:
        return sentence(
            "Against %(other)s, the best part of %(node)s decides, %(direction)s:"
            " %(own)s against %(theirs)s.",
            **group,
            **_values(comparator, ours, theirs),
        )
    return sentence(
        "Against %(other)s, the sum of the best %(count)s parts of %(node)s decides, %(direction)s:"
        " %(own)s against %(theirs)s.",
        **group,
        count=count,
        **_values(comparator, ours, theirs),
    )


def _of_attempt(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title], decides: bool
) -> Sentence:
    named = {**_named(comparator, own, other, titles), "rank": comparator.rank}
    if not decides:
        return sentence(
            "Against %(other)s, number %(rank)s of the tries of %(node)s in order of result is equal: %(own)s.",
            **named,
        )
    return sentence(
        "Against %(other)s, number %(rank)s of the tries of %(node)s in order of result decides,"
        " %(direction)s: %(own)s against %(theirs)s.",
        **named,
    )


def _of_untrimmed(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title], decides: bool
) -> Sentence:
    named = _named(comparator, own, other, titles)
    if not decides:
        return sentence(
            "Against %(other)s, %(node)s with all marks of the panel counted is equal: %(own)s.", **named
        )
    return sentence(
        "Against %(other)s, %(node)s with all marks of the panel counted decides, %(direction)s:"
        " %(own)s against %(theirs)s.",
        **named,
    )


def _of_duel(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title], decides: bool
) -> Sentence:
    ahead, behind = head_to_head(comparator, own, other)
    named = {"other": other.entrant, "node": titles[comparator.node], "ahead": ahead, "behind": behind}
    if not decides:
        return sentence(
            "Head to head against %(other)s over %(node)s is even: ahead in %(ahead)s parts each.", **named
        )
    return sentence(
        "Head to head against %(other)s over %(node)s decides: ahead in %(ahead)s parts, behind in %(behind)s.",
        **named,
    )


_SAID = {
    By.VALUE: _of_value,
    By.STAGE: _of_stage,
    By.COUNT_BACK: _of_count_back,
    By.BEST_PARTS: _of_best_parts,
    By.ATTEMPT: _of_attempt,
    By.UNTRIMMED: _of_untrimmed,
    By.HEAD_TO_HEAD: _of_duel,
}


_DIRECTIONS = {
    Direction.DESC: sentence("the higher first"),
    Direction.ASC: sentence("the lower first"),
}


def _named(
    comparator: Comparator, own: RankRow, other: RankRow, titles: Mapping[str, Title]
) -> dict[str, object]:
    """What a sentence about a single value of each of the two names."""
    (ours,), (theirs,) = compared(comparator, own), compared(comparator, other)
    return {
        "other": other.entrant,
        "node": titles[comparator.node],
        **_values(comparator, ours, theirs),
    }


def _values(comparator: Comparator, ours: Fraction | None, theirs: Fraction | None) -> dict[str, object]:
    """The two values, and which of them goes first."""
    return {
        "own": in_words(ours),
        "theirs": in_words(theirs),
        "direction": _DIRECTIONS[comparator.direction],
    }


def in_words(value: Fraction | None) -> str | Sentence:
    """A value inside a sentence, or that there is none."""
    return sentence("not recorded") if value is None else spelled(value)
