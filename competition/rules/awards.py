"""Awards: who receives which, from the places.

Source: docs/sources.md, domain §7.1 (percentages of entrants; 1:2:3 of a total; fixed numbers; bands of ranks; medals and
then an award of excellence up to the top half), §5.12 (47 entrants: the rounding must be stated), §8.3.8 (places freed
by ineligible entrants: the others move up, or the place stays vacant), judging §4 (cuts of the IOI: each line has its
own rounding and its own policy at ties). Medal windows are in `medals`.

Assumptions: the denominator counts everybody of the stated kind, with or without award eligibility; an award line falls
between places, so a shared place that crosses it is on one side of it as a whole, as `ties` says. Who does not reach
what an award requires leaves it empty and is considered for the next one: where awards are numbers (counts, percent,
ratio) they take a place of that one, so that no award is given more often than stated; where awards are lines (bands,
fractions, the award of merit) everybody above the line has it, so nobody is displaced.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

from competition.rules import medals
from competition.rules.medals import MedalRule
from competition.rules.numbers import RoundingMode, spelled, whole_number
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title


class AwardModel(StrEnum):
    """How the number of awards is found."""

    COUNTS = "counts"
    PERCENT = "percent"
    BANDS = "bands"
    TOP_FRACTION = "top_fraction"
    RATIO = "ratio"
    MEDALS = "medals"


class Denominator(StrEnum):
    """Of whom a share is taken: everybody registered, everybody who came, everybody with complete marks."""

    REGISTERED = "registered"
    PRESENT = "present"
    COMPLETED = "completed"


class AwardTies(StrEnum):
    """Whether a shared place that crosses the line receives the higher award or not."""

    ALL = "all"
    NONE = "none"


class Ineligible(StrEnum):
    """What happens to the award places of those who may receive none: the others move up, or the place stays vacant."""

    MOVE_UP = "move_up"
    LEAVE_VACANT = "leave_vacant"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an award asks for besides the place: at least this value of a node."""

    node: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class Award:
    """One award. `amount` is a number of awards, a percentage, a fraction or parts of a total, as the model says; bands
    have two ends. `rounding` and `ties` stand where this award has its own."""

    id: str
    title: Title
    amount: Fraction = Fraction(0)
    first: int = 0
    last: int = 0
    rounding: RoundingMode | None = None
    ties: AwardTies | None = None
    requires: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallField:
    """With fewer entrants than this only these awards are given."""

    below: int
    awards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AwardRule:
    """The award part of a rule set. `merit` is the award for everybody else within a top fraction (优胜奖).

    `share` is the percentage of the denominator that a `ratio` shares out; `medals` says how medal windows are drawn.
    """

    model: AwardModel
    awards: tuple[Award, ...]
    denominator: Denominator
    rounding: RoundingMode
    ties: AwardTies
    merit: Award | None
    ineligible: Ineligible = Ineligible.MOVE_UP
    field: tuple[SmallField, ...] = ()
    share: Fraction = Fraction(0)
    medals: MedalRule | None = None

    @property
    def every(self) -> tuple[Award, ...]:
        """All awards there are, highest first, with the award of merit and the medallion."""
        medallion = self.medals.medallion if self.medals else None
        last = () if medallion is None else (Award(medallion.id, medallion.title),)
        return (*self.awards, *((self.merit,) if self.merit else ()), *last)

    @property
    def titles(self) -> Mapping[str, Title]:
        """What each award is called, by its identifier."""
        return {award.id: award.title for award in self.every}

    def title_of(self, award: str) -> Title | None:
        return self.titles.get(award)

    def of_field(self, entrants: int) -> frozenset[str]:
        """The awards that are given with so many entrants."""
        rows = [row for row in self.field if entrants < row.below]
        if rows:
            return frozenset(min(rows, key=lambda row: row.below).awards)
        return frozenset(award.id for award in self.every)


@dataclass(frozen=True, slots=True)
class AwardLine:
    """What the awards need to know of an entrant: the place, if any, and whether awards are open to them.

    `values` are the exact values of the nodes, `scaled` those of the scales; they are asked only where a rule names one.
    """

    entrant: str
    place: int | None
    eligible: bool
    is_present: bool
    is_complete: bool
    values: Mapping[str, Fraction | None] = field(default_factory=lambda: _NO_VALUES)
    scaled: Mapping[str, Fraction | None] = field(default_factory=lambda: _NO_VALUES)


_NO_VALUES: Mapping[str, Fraction | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Awarded:
    """The place among those to whom awards are open, the award, if one is reached, and the awards of that place whose
    requirement is not reached."""

    award_place: int
    award: str | None
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AwardDecision:
    """What people decided about the award of one entrant, whatever the places give: an award, or None for none.

    It changes no place and no award of anybody else; who has no place receives nothing by a decision either.
    """

    entrant: str
    award: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Reach:
    """An award with the award places that it reaches. `is_line`: everybody above `last` who has nothing better has it."""

    award: Award
    first: int
    last: int
    is_line: bool
    is_after_gap: bool = False


@dataclass(slots=True)
class _Group:
    """Those who share an award place; only `members` are open to awards. `at` is where they stand among numbers of awards,
    further down than `first` once an award above has stayed empty."""

    first: int
    size: int
    members: tuple[AwardLine, ...]
    at: int

    def decisive(self, reach: Reach, ties: AwardTies) -> int:
        """The award place that decides for all who share it whether they are above a line."""
        start = self.first if reach.is_line else self.at
        return start if ties is AwardTies.ALL else start + self.size - 1


_Given = tuple[str | None, tuple[str, ...]]


def awards(lines: Iterable[AwardLine], rule: AwardRule) -> Mapping[str, Awarded]:
    """The awards by entrant. Who has no place, or may not receive an award, is not among them.

    Whoever competes without award eligibility keeps their place; the award ranking moves up, shared places staying
    shared (1, 2, 2, 4), or their award place stays vacant, as `ineligible` says.
    """
    everybody = tuple(lines)
    groups = tuple(_groups(everybody, rule.ineligible))
    entrants = entrants_counted(everybody, rule.denominator)
    open_places = [(group.first, group.members) for group in groups]
    windows = _medals(everybody, rule, entrants) if rule.medals else {}
    below = _from_the_top(groups, reaches(rule, entrants), rule.ties)
    nothing: _Given = (None, ())
    return MappingProxyType(
        {
            line.entrant: Awarded(
                first, *_better(windows.get(line.entrant, nothing), below.get(line.entrant, nothing))
            )
            for first, members in open_places
            for line in members
        }
    )


def _better(window: _Given, line: _Given) -> _Given:
    """A medal or medallion comes before the award of merit."""
    return window if window[0] is not None else (line[0], (*window[1], *line[1]))


def entrants_counted(lines: Iterable[AwardLine], denominator: Denominator) -> int:
    """How many entrants a share is taken of."""
    match denominator:
        case Denominator.REGISTERED:
            return sum(1 for _ in lines)
        case Denominator.PRESENT:
            return sum(line.is_present for line in lines)
        case Denominator.COMPLETED:
            return sum(line.is_present and line.is_complete for line in lines)


def reaches(rule: AwardRule, denominator: int) -> tuple[Reach, ...]:
    """The award places of each award for so many entrants, highest award first; of medals only the award of merit."""
    given, last = rule.of_field(denominator), 0
    found: list[Reach] = []
    for award, line, number in _lines(rule, denominator):
        if award.id not in given:
            continue
        if number is None:
            first = award.first if rule.model is AwardModel.BANDS else last + 1
            found.append(Reach(award, first, line, is_line=True, is_after_gap=first > last + 1))
            last = max(last, line)
        else:
            found.append(Reach(award, last + 1, last + number, is_line=False))
            last += number
    if rule.merit is not None and rule.merit.id in given:
        line = whole_number(rule.merit.amount * denominator, rule.merit.rounding or rule.rounding)
        found.append(Reach(rule.merit, last + 1, line, is_line=True))
    return tuple(found)


def explained(
    awarded: Awarded, rule: AwardRule, entrants: int, titles: Mapping[str, Title] = MappingProxyType({})
) -> tuple[Sentence, ...]:
    """Why this award, or none: the award place, the line it lies above, what was not reached. `titles` name the nodes;
    of a node without one is only said that something is not reached."""
    said = [
        _missed(award, requirement, titles)
        for award in rule.every
        if award.id in awarded.missed
        for requirement in award.requires
    ]
    reach = next((each for each in reaches(rule, entrants) if each.award.id == awarded.award), None)
    title = rule.title_of(awarded.award) if awarded.award else None
    if reach is not None:
        said.append(
            sentence(
                "Award place %(place)s: “%(award)s” goes down to award place %(last)s of %(entrants)s entrants.",
                place=awarded.award_place,
                award=reach.award.title,
                last=reach.last,
                entrants=entrants,
            )
        )
    elif title is not None:
        said.append(sentence("Award place %(place)s: “%(award)s”.", place=awarded.award_place, award=title))
    else:
        said.append(
            sentence("Award place %(place)s is below every award.", place=awarded.award_place)
            if not awarded.missed
            else sentence("Award place %(place)s receives no award.", place=awarded.award_place)
        )
    return tuple(said)


def decision_said(given: Title | str | None, computed: Title | str | None, reason: str) -> Sentence:
    """What was decided about an award and why, beside what the rules give; both by their titles, None for no award."""
    if given is None and computed is None:
        return sentence("No award, by decision of the organisers: %(reason)s", reason=reason)
    if given is None:
        return sentence(
            "By decision of the organisers “%(computed)s” is not awarded: %(reason)s",
            computed=computed,
            reason=reason,
        )
    if computed is None:
        return sentence(
            "“%(given)s” by decision of the organisers; by the rules there would be no award: %(reason)s",
            given=given,
            reason=reason,
        )
    return sentence(
        "“%(given)s” by decision of the organisers; by the rules it would be “%(computed)s”: %(reason)s",
        given=given,
        computed=computed,
        reason=reason,
    )


def _missed(award: Award, requirement: Requirement, titles: Mapping[str, Title]) -> Sentence:
    if requirement.node not in titles:
        return sentence(
            "Something that “%(award)s” requires is not reached, so this award stays empty.",
            award=award.title,
        )
    return sentence(
        "For “%(award)s” at least %(least)s is needed in %(node)s; that is not reached, so this award stays empty.",
        award=award.title,
        least=spelled(requirement.at_least),
        node=titles[requirement.node],
    )


def _groups(lines: Iterable[AwardLine], ineligible: Ineligible) -> Iterator[_Group]:
    """Who shares an award place, best first. Vacant award places are counted where the rule leaves them vacant."""
    ranked = sorted(
        (line for line in lines if line.place is not None), key=lambda line: (line.place or 0, line.entrant)
    )
    open_so_far = 0
    for place, group in groupby(ranked, key=lambda line: line.place or 0):
        sharers = tuple(group)
        members = tuple(line for line in sharers if line.eligible)
        if ineligible is Ineligible.LEAVE_VACANT:
            yield _Group(place, len(sharers), members, place)
        elif members:
            yield _Group(open_so_far + 1, len(members), members, open_so_far + 1)
            open_so_far += len(members)


def _lines(rule: AwardRule, entrants: int) -> Iterator[tuple[Award, int, int | None]]:
    """Each award with the award place where it ends and, where it is a number of awards, that number."""
    if rule.model is AwardModel.MEDALS:
        return
    parts = sum((award.amount for award in rule.awards), Fraction(0))
    total = whole_number(rule.share * entrants / 100, rule.rounding)
    before, so_far = 0, Fraction(0)
    for award in rule.awards:
        mode = award.rounding or rule.rounding
        match rule.model:
            case AwardModel.COUNTS:
                number = int(award.amount)
            case AwardModel.PERCENT:
                number = whole_number(award.amount * entrants / 100, mode)
            case AwardModel.RATIO:
                so_far += award.amount
                number = max(0, min(total, whole_number(total * so_far / parts, mode)) - before)
            case AwardModel.BANDS:
                yield award, award.last, None
                continue
            case _:
                yield award, whole_number(award.amount * entrants, mode), None
                continue
        before += number
        yield award, before, number


def _from_the_top(groups: Sequence[_Group], reaches: Sequence[Reach], ties: AwardTies) -> dict[str, _Given]:
    """Award after award, from the highest: who stands above its line and reaches what it requires has it."""
    waiting = deque(groups)
    given: dict[str, _Given] = {}
    missed: dict[str, tuple[str, ...]] = {}
    for reach in reaches:
        passed: list[_Group] = []
        failed = 0
        policy = reach.award.ties or ties
        while waiting and waiting[0].decisive(reach, policy) <= reach.last:
            group = waiting.popleft()
            if reach.is_after_gap and group.decisive(reach, policy) < reach.first:
                passed.append(group)
                continue
            short = tuple(line for line in group.members if not _has_what(reach.award, line))
            for line in group.members:
                given[line.entrant] = (reach.award.id, missed.get(line.entrant, ()))
            for line in short:
                missed[line.entrant] = (*missed.get(line.entrant, ()), reach.award.id)
                given[line.entrant] = (None, missed[line.entrant])
            if short:
                passed.append(replace(group, members=short, size=len(short)))
                failed += len(short)
        if failed and not reach.is_line:
            _move_down(passed, waiting, reach.last + 1, failed)
        waiting.extendleft(reversed(passed))
    return given


def _move_down(failed: Sequence[_Group], behind: Iterable[_Group], free: int, empty: int) -> None:
    """Who left an award empty takes the first places of the next one; those behind stand so much further down."""
    for group in failed:
        group.at, free = free, free + group.size
    for group in behind:
        group.at = max(group.at + empty, free)
        free = group.at + group.size


def _has_what(award: Award, line: AwardLine) -> bool:
    """Whether the entrant reaches everything that this award requires; what is not recorded is not reached."""
    return all(
        (value := line.values.get(requirement.node)) is not None and value >= requirement.at_least
        for requirement in award.requires
    )


def _medals(lines: Sequence[AwardLine], rule: AwardRule, entrants: int) -> dict[str, _Given]:
    """Medals by windows of scores; then the medallion and the award of merit for those without a medal."""
    assert rule.medals is not None  # the reader asks for it
    in_the_windows = [
        line
        for line in lines
        if line.place is not None and (line.eligible or rule.ineligible is Ineligible.LEAVE_VACANT)
    ]
    scores = {line.entrant: rule.medals.score(line.values, line.scaled) for line in in_the_windows}
    reached = medals.in_windows(
        {name: score for name, score in scores.items() if score is not None}, rule.medals.window
    )
    open_awards = rule.of_field(entrants)
    given: dict[str, _Given] = {}
    for line in in_the_windows:
        medal = reached.get(line.entrant)
        award = None if medal is None else rule.awards[medal]
        if award is None or award.id not in open_awards:
            given[line.entrant] = (rule.medals.medallion_for(scores[line.entrant], open_awards), ())
        elif _has_what(award, line):
            given[line.entrant] = (award.id, ())
        else:
            given[line.entrant] = (rule.medals.medallion_for(scores[line.entrant], open_awards), (award.id,))
    return given
