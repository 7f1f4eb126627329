"""Reads honours, prizes and balances from a rule set: every problem with its path and a sentence."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from competition.rules.awards import AwardRule
from competition.rules.awards_reading import ids
from competition.rules.awards_schema import (
    MOST_AWARDS,
    MOST_BALANCES,
    MOST_CATEGORIES,
    MOST_HONOURS,
    MOST_PLACES,
    MOST_PRIZES,
    MOST_TEAM_SIZE,
)
from competition.rules.categories import note_unknown
from competition.rules.honours import Among, BalanceRule, Honour, Prize, PrizeBy, PrizeFor
from competition.rules.numbers import RoundingMode
from competition.rules.reading import Reader
from competition.rules.sentences import sentence

KEYS = ("honours", "prizes", "balances")

_PRIZE_KEYS: Mapping[PrizeFor, tuple[str, ...]] = MappingProxyType(
    {
        PrizeFor.DELEGATION: ("by", "count", "fraction", "rounding"),
        PrizeFor.COACH: ("awards", "places"),
        PrizeFor.BEST_OF_DELEGATION: (),
    }
)


def read_honours(reader: Reader, awards: AwardRule | None) -> tuple[Honour, ...]:
    """The honours of this rule set; `awards` is what its award part came to."""
    taken: set[str] = set(_award_ids(awards))
    return tuple(_honour(each, awards, taken) for each in reader.objects("honours", most=MOST_HONOURS))


def read_prizes(reader: Reader, awards: AwardRule | None, *, ranks_delegations: bool) -> tuple[Prize, ...]:
    """The prizes of this rule set. `ranks_delegations`: whether its team table is a table of delegations."""
    taken: set[str] = set()
    return tuple(
        prize
        for each in reader.objects("prizes", most=MOST_PRIZES)
        if (prize := _prize(each, awards, taken, ranks_delegations)) is not None
    )


def read_balances(
    reader: Reader, awards: AwardRule | None, honours: Iterable[Honour]
) -> tuple[BalanceRule, ...]:
    """The balances of this rule set, over its awards and honours."""
    known = {*_award_ids(awards), *(honour.id for honour in honours)}
    taken: set[str] = set()
    return tuple(_balance(each, known, taken) for each in reader.objects("balances", most=MOST_BALANCES))


def _honour(reader: Reader, awards: AwardRule | None, taken: set[str]) -> Honour:
    reader.only(
        "id",
        "title",
        "places",
        "by_team_size",
        "awards",
        "categories",
        "not_categories",
        "first_member_only",
        "among",
    )
    conditions = ("places", "by_team_size", "awards")
    if not any(reader.has(key) for key in conditions):
        reader.note(
            None,
            sentence("One of these must say who receives it: %(known)s.", known=", ".join(conditions)),
        )
    if reader.has("places") and reader.has("by_team_size"):
        reader.note("places", sentence("“places” and “by_team_size” both state the last place; keep one."))
    categories, excluded = _categories(reader, "categories"), _categories(reader, "not_categories")
    for name in categories:
        if name in excluded:
            reader.note(
                "not_categories",
                sentence("Nobody can receive this: “%(id)s” is both needed and excluded.", id=name),
            )
    among = reader.choice("among", Among, Among.ALL) or Among.ALL
    if among is Among.CATEGORY and not categories and not excluded:
        reader.note("among", sentence("Places counted within a category need “categories”."))
    return Honour(
        id=_new_id(reader, taken),
        title=reader.title(),
        places=reader.whole("places", low=1, high=MOST_PLACES),
        by_team_size=_by_team_size(reader),
        awards=_awards(reader, awards),
        categories=categories,
        not_categories=excluded,
        first_member_only=reader.yes("first_member_only"),
        among=among,
    )


def _by_team_size(reader: Reader) -> Mapping[int, int] | None:
    """The last place for entrants of one, two, three … members."""
    table = reader.inside("by_team_size")
    if table is None:
        return None
    found: dict[int, int] = {}
    for key in table.members:
        size = int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and key[0] != "0" else 0
        if not 1 <= size <= MOST_TEAM_SIZE:
            table.note(
                str(key)[:40],
                sentence(
                    "The number of members is a whole number from 1 to %(most)s, such as “2”.",
                    most=MOST_TEAM_SIZE,
                ),
            )
        elif (last := table.whole(str(key), low=0, high=MOST_PLACES)) is not None:
            found[size] = last
    if not table.members:
        table.note(None, sentence("State the last place for at least one number of members."))
    return MappingProxyType(found)


def _prize(
    reader: Reader, awards: AwardRule | None, taken: set[str], ranks_delegations: bool
) -> Prize | None:
    to = reader.choice("to", PrizeFor)
    if to is None:
        return None
    reader.only("id", "title", "to", *_PRIZE_KEYS[to])
    prize_id, title = _new_id(reader, taken), reader.title()
    if to is PrizeFor.DELEGATION:
        by = reader.choice("by", PrizeBy)
        if by is PrizeBy.TEAMS and not ranks_delegations:
            reader.note(
                "by", sentence("There is no team ranking of delegations in this rule set to give it by.")
            )
        if by is PrizeBy.AWARDS and awards is None:
            reader.note("by", sentence("There are no awards in this rule set to give it by."))
        return Prize(prize_id, title, to, by, *_number(reader))
    if to is PrizeFor.COACH:
        if not reader.has("awards") and not reader.has("places"):
            reader.note(
                None, sentence("One of these must say who receives it: %(known)s.", known="awards, places")
            )
        places = reader.whole("places", low=1, high=MOST_PLACES)
        return Prize(prize_id, title, to, awards=_awards(reader, awards), places=places)
    return Prize(prize_id, title, to)


def _number(reader: Reader) -> tuple[int | None, Fraction | None, RoundingMode]:
    """How many delegations receive a prize: so many, or a fraction of them with a stated rounding."""
    if reader.has("count") == reader.has("fraction"):
        reader.note(None, sentence("State the number as “count” or as “fraction”: one of the two."))
    count = reader.whole("count", low=1, high=MOST_PLACES)
    if not reader.has("fraction"):
        return count, None, RoundingMode.HALF_UP
    reader.require("rounding")
    rounding = reader.choice("rounding", RoundingMode, RoundingMode.HALF_UP) or RoundingMode.HALF_UP
    return count, reader.fraction("fraction"), rounding


def _balance(reader: Reader, known: Collection[str], taken: set[str]) -> BalanceRule:
    reader.only("id", "title", "categories", "at_least", "of")
    categories = _categories(reader, "categories", required=True)
    of = ids(reader, "of", most=MOST_AWARDS + MOST_HONOURS + 2, required=True)
    for name in of:
        if name not in known:
            reader.note("of", sentence("There is no award or honour “%(id)s”.", id=name))
    least = reader.number("at_least", above=0, high=100, required=True)
    return BalanceRule(_new_id(reader, taken), reader.title(), categories, least or Fraction(0), of)


def _categories(reader: Reader, key: str, *, required: bool = False) -> tuple[str, ...]:
    note_unknown(reader, key)
    return ids(reader, key, most=MOST_CATEGORIES, required=required)


def _awards(reader: Reader, awards: AwardRule | None) -> tuple[str, ...]:
    named = ids(reader, "awards", most=MOST_AWARDS + 2)
    for name in named:
        if name not in _award_ids(awards):
            reader.note("awards", sentence("There is no award “%(id)s”.", id=name))
    return named


def _award_ids(awards: AwardRule | None) -> Iterator[str]:
    return iter(()) if awards is None else (award.id for award in awards.every)


def _new_id(reader: Reader, taken: set[str]) -> str:
    name = reader.identifier("id")
    if name and name in taken:
        reader.note("id", sentence("The identifier “%(id)s” is used twice.", id=name))
    taken.add(name)
    return name
