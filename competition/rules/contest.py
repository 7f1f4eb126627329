"""A contest document (rule set, entrants, marks) and its outcome: totals, places, awards, what is missing, the working.

Format "skillsladder.contest/1". `evaluate` is the one way from marks to places: the results pages, the command line, the
replay of published archives and the recomputation of an old result all go through it. Whoever is incomplete has no total
and no place; whoever is absent, has withdrawn or was disqualified keeps the record and has no place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from competition.rules import ruleset as rulesets
from competition.rules.awards import Awarded, AwardLine, awards
from competition.rules.marking import Given, MarkKind, MarkState, Reckoning, Working, mark_refusal
from competition.rules.numbers import (
    NumberRefused,
    as_decimal,
    fixed,
    read_number,
    spelled,
)
from competition.rules.ranking import (
    Direction,
    Placing,
    RankRow,
    TieDecision,
    Ties,
    places,
    separates,
)
from competition.rules.reading import (
    DocumentInvalid,
    Notebook,
    Problem,
    Reader,
    object_at,
)
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Judgement, Panel
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

FORMAT = "skillsladder.contest/1"
OUTCOME_FORMAT = "skillsladder.outcome/1"
NOT_ATTEMPTED = "not_attempted"
MOST_ENTRANTS = 1_000_000
MOST_MARKS = 100_000_000
MOST_JUDGES = 10_000
REASON_LENGTH = 2_000

_MARK_KEYS = frozenset({"entrant", "aspect", "judge", "value", "state", "kind", "note"})


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
    """A judge, by identifier, and the delegation they belong to."""

    id: str
    delegation: str = ""


@dataclass(frozen=True, slots=True)
class Entrant:
    """An entrant, by identifier; without award eligibility they keep their place and the awards move up."""

    id: str
    status: EntrantStatus = EntrantStatus.PRESENT
    award_eligible: bool = True
    delegation: str = ""


@dataclass(frozen=True)
class Contest:
    """A contest document without problems: marks are kept per entrant and aspect."""

    title: Title
    ruleset: RuleSet
    judges: tuple[Judge, ...]
    entrants: tuple[Entrant, ...]
    marks: Mapping[str, Mapping[str, Given]]
    decisions: tuple[TieDecision, ...]


@dataclass(frozen=True)
class Line:
    """The result of one entrant. Values are None while marks are missing.

    `total` is exact where it ends within 8 decimal places; `shown` has the places that the rule set shows to people.
    `not_passed` names the nodes whose pass mark is not reached. `values` holds every node's exact value.
    """

    entrant: str
    status: EntrantStatus
    award_eligible: bool
    complete: bool
    total: Decimal | None
    shown: Decimal | None
    place: int | None
    shared: bool
    award: str | None
    award_place: int | None
    not_passed: tuple[str, ...]
    blockers: tuple[Sentence, ...]
    values: Mapping[str, Fraction | None]

    def value(self, node: str) -> Decimal | None:
        """The value of a node for people: exact where it ends within 8 decimal places."""
        value = self.values.get(node)
        return None if value is None else as_decimal(value)


@dataclass(frozen=True)
class Outcome:
    """What a contest came to: one line per entrant, the ranked ones first, best first."""

    contest: Contest
    lines: tuple[Line, ...]
    placings: Mapping[str, Placing]

    @property
    def ruleset(self) -> RuleSet:
        return self.contest.ruleset

    @cached_property
    def _order(self) -> tuple[Placing, ...]:
        return tuple(self.placings.values())

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {entrant: index for index, entrant in enumerate(self.placings)}

    def neighbours(self, entrant: str) -> tuple[str | None, str | None]:
        """Who stands next above and next below a ranked entrant, those who share the place left out."""
        index, place = self._position[entrant], self.placings[entrant].place
        above = next((each for each in reversed(self._order[:index]) if each.place < place), None)
        below = next((each for each in self._order[index:] if each.place > place), None)
        return above.entrant if above else None, below.entrant if below else None

    @property
    def complete(self) -> bool:
        """Whether nothing stands between these results and their publication."""
        return not self.blockers

    @cached_property
    def blockers(self) -> tuple[Sentence, ...]:
        return tuple(reason for line in self.lines for reason in line.blockers)

    @cached_property
    def _by_entrant(self) -> Mapping[str, Line]:
        return {line.entrant: line for line in self.lines}

    def line(self, entrant: str) -> Line:
        """The line of an entrant; KeyError for anybody else."""
        return self._by_entrant[entrant]

    def working(self, entrant: str) -> Working:
        """How this entrant's total came about, from the marks up; reckoned anew from the marks by the same rules."""
        self.line(entrant)
        scheme = self.ruleset.scheme
        return _reckoning(self.contest, entrant).working(scheme)

    def as_json(self, *, with_working: bool = True) -> dict[str, object]:
        """The outcome as plain JSON values; numbers are texts, so that nothing is lost."""
        return {
            "format": OUTCOME_FORMAT,
            "title": dict(self.contest.title.as_json()),
            "complete": self.complete,
            "lines": [self._line_json(line, with_working) for line in self.lines],
        }

    def _line_json(self, line: Line, with_working: bool) -> dict[str, object]:
        plain: dict[str, object] = {
            "entrant": line.entrant,
            "status": line.status.value,
            "award_eligible": line.award_eligible,
            "complete": line.complete,
            "total": _text(line.total),
            "exact": _exact(line.values.get(self.ruleset.scheme.id)) if line.complete else None,
            "place": line.place,
            "shared": line.shared,
            "award": line.award,
            "award_place": line.award_place,
            "not_passed": list(line.not_passed),
            "blockers": [str(reason) for reason in line.blockers],
            "values": {node: _exact(value) for node, value in line.values.items()},
            "why": [str(said) for said in explain_place(self, line.entrant)],
        }
        if with_working:
            plain["working"] = self.working(line.entrant).as_json()
        return plain


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _exact(value: Fraction | None) -> str | None:
    """A decimal number where the value ends within 8 places, otherwise a fraction such as 7/3."""
    if value is None:
        return None
    shown = as_decimal(value)
    return f"{shown:f}" if Fraction(shown) == value else str(value)


# From the document to the contest.


def problems(document: object) -> tuple[Problem, ...]:
    """Everything that is wrong with this contest document, its rule set included. Never raises."""
    return _read(document)[1]


def parse(document: object) -> Contest:
    """The contest of a sound document. Raises ContestInvalid with all problems of any other."""
    contest, found = _read(document)
    if contest is None:
        raise ContestInvalid(found)
    return contest


def _read(document: object) -> tuple[Contest | None, tuple[Problem, ...]]:
    notebook = Notebook()
    reader = object_at(document, "", notebook)
    contest = None if reader is None else _read_contest(reader)
    found = tuple(notebook.problems)
    return (None if found else contest), found


def _read_contest(reader: Reader) -> Contest | None:
    reader.only("format", "title", "ruleset", "judges", "entrants", "marks", "decisions")
    if reader.require("format") and reader.members["format"] != FORMAT:
        reader.note("format", sentence("The format must be “%(format)s”.", format=FORMAT))
    title = reader.title()
    judges, entrants = tuple(_judges(reader)), tuple(_entrants(reader))
    decisions = tuple(_decisions(reader, {entrant.id for entrant in entrants}))
    if not reader.require("ruleset"):
        return None
    ruleset, found = rulesets.read(reader.members["ruleset"], "/ruleset")
    reader.notebook.problems.extend(found)
    if ruleset is None:
        return None
    marks = _MarkReader(reader, ruleset, judges, entrants).read()
    return Contest(title, ruleset, judges, entrants, marks, decisions)


def _judges(reader: Reader) -> Iterator[Judge]:
    seen: set[str] = set()
    for judge in reader.objects("judges", most=MOST_JUDGES):
        judge.only("id", "delegation")
        yield Judge(_new_identifier(judge, seen), judge.text("delegation"))


def _entrants(reader: Reader) -> Iterator[Entrant]:
    seen: set[str] = set()
    for entrant in reader.objects("entrants", most=MOST_ENTRANTS, required=True):
        entrant.only("id", "status", "award_eligible", "delegation")
        yield Entrant(
            _new_identifier(entrant, seen),
            entrant.choice("status", EntrantStatus, EntrantStatus.PRESENT) or EntrantStatus.PRESENT,
            entrant.yes("award_eligible", default=True),
            entrant.text("delegation"),
        )


def _new_identifier(reader: Reader, seen: set[str]) -> str:
    name = reader.identifier("id")
    if name and name in seen:
        reader.note("id", sentence("The identifier “%(id)s” is used twice.", id=name))
    seen.add(name)
    return name


def _decisions(reader: Reader, entrants: set[str]) -> Iterator[TieDecision]:
    for decision in reader.objects("decisions", most=MOST_ENTRANTS):
        decision.only("order", "reason")
        order = [item for _, item in decision.items("order", most=MOST_ENTRANTS, least=2, required=True)]
        names = [name for name in order if isinstance(name, str) and name in entrants]
        if len(names) < len(order) or len(set(names)) < len(names):
            decision.note(
                "order",
                sentence("The order names entrants of this contest, each of them once."),
            )
        yield TieDecision(
            tuple(names),
            decision.text("reason", most=REASON_LENGTH, least=1, required=True),
        )


class _MarkReader:
    """Reads the marks of a contest, many of them: straight for a sound mark, with a sentence for any other."""

    def __init__(
        self,
        reader: Reader,
        ruleset: RuleSet,
        judges: Iterable[Judge],
        entrants: Iterable[Entrant],
    ) -> None:
        self._reader = reader
        self._aspects = {aspect.id: aspect for aspect in ruleset.aspects}
        self._judges = {judge.id for judge in judges}
        self._marks: dict[str, dict[str, Given]] = {entrant.id: {} for entrant in entrants}
        self._numbers: dict[str, Fraction] = {}
        self._accepted: set[tuple[str, str, Fraction]] = set()

    def read(self) -> Mapping[str, Mapping[str, Given]]:
        for path, raw in self._reader.items("marks", most=MOST_MARKS, required=True):
            refusal = self._read_mark(raw)
            if refusal is not None:
                self._reader.notebook.note(path, refusal)
        return MappingProxyType(self._marks)

    def _read_mark(self, raw: object) -> Sentence | None:
        if not isinstance(raw, Mapping):
            return sentence("An object with named members is expected here.")
        if not _MARK_KEYS.issuperset(raw):
            return sentence(
                "A mark has only these members: %(known)s.",
                known=", ".join(sorted(_MARK_KEYS)),
            )
        aspects = self._marks.get(entrant) if isinstance(entrant := raw.get("entrant"), str) else None
        if aspects is None:
            return sentence("“entrant” names nobody of this contest.")
        aspect = self._aspects.get(name) if isinstance(name := raw.get("aspect"), str) else None
        if aspect is None:
            return sentence("“aspect” names no aspect of the marking scheme.")
        judge = raw.get("judge")
        if judge is not None and not (isinstance(judge, str) and judge in self._judges):
            return sentence("“judge” names nobody of the judges of this contest.")
        given = aspects.get(aspect.id)
        if given is None:
            given = aspects[aspect.id] = Given()
        if "state" in raw:
            return self._read_state(raw, aspect, judge, given)
        return self._read_value(raw, aspect, judge, given)

    def _read_state(
        self,
        raw: Mapping[object, object],
        aspect: Aspect,
        judge: str | None,
        given: Given,
    ) -> Sentence | None:
        if raw["state"] != NOT_ATTEMPTED or "value" in raw or raw.get("kind", "mark") != "mark":
            return sentence("A mark has either a value or the state “not_attempted”.")
        if judge is not None and isinstance(aspect.method, Panel | Judgement):
            if judge in given.scores:
                return _TWICE
            given.scores[judge] = None
            return None
        if given.state is not None:
            return _TWICE
        given.state = MarkState.NOT_ATTEMPTED
        return None

    def _read_value(
        self,
        raw: Mapping[object, object],
        aspect: Aspect,
        judge: str | None,
        given: Given,
    ) -> Sentence | None:
        kind = raw.get("kind", "mark")
        if kind not in _KINDS:
            return sentence("“kind” is one of these words: %(known)s.", known=", ".join(MarkKind))
        try:
            value = self._number(raw.get("value"))
        except NumberRefused as refused:
            return refused.sentence
        refusal = self._refusal(aspect, str(kind), value)
        return refusal or _record(aspect, MarkKind(str(kind)), judge, value, given)

    def _number(self, raw: object) -> Fraction:
        """Marks repeat; reading each spelling once is enough."""
        if not isinstance(raw, str):
            return read_number(raw)
        value = self._numbers.get(raw)
        if value is None:
            value = self._numbers[raw] = read_number(raw)
        return value

    def _refusal(self, aspect: Aspect, kind: str, value: Fraction) -> Sentence | None:
        key = (aspect.id, kind, value)
        if key in self._accepted:
            return None
        refusal = mark_refusal(aspect, MarkKind(kind), value)
        if refusal is None:
            self._accepted.add(key)
        return refusal


_KINDS = frozenset(MarkKind)
_TWICE = sentence("This mark is there twice; which one counts must be decided first.")


def _record(
    aspect: Aspect, kind: MarkKind, judge: str | None, value: Fraction, given: Given
) -> Sentence | None:
    match kind:
        case MarkKind.ENTRY:
            given.entries.append((judge, value))
            return None
        case MarkKind.DECLARED:
            twice, given.declared = given.declared is not None, value
        case MarkKind.AGREED:
            twice, given.agreed = given.agreed is not None, value
        case MarkKind.MARK if isinstance(aspect.method, Panel | Judgement):
            if judge is None:
                return sentence("This mark needs its judge.")
            twice = judge in given.scores
            given.scores[judge] = value
        case _:
            twice, given.measured = given.measured is not None, value
    return _TWICE if twice else None


# From the contest to the outcome.


def evaluate(document: object) -> Outcome:
    """The outcome of a contest document. Raises ContestInvalid, with every problem, if it is not a sound one."""
    return outcome_of(parse(document))


def outcome_of(contest: Contest) -> Outcome:
    """The outcome of a contest: totals, places, awards and what is missing."""
    reckonings = {entrant.id: _reckoned(contest, entrant) for entrant in contest.entrants}
    rows = [
        RankRow(entrant.id, reckonings[entrant.id].values)
        for entrant in contest.entrants
        if entrant.status is EntrantStatus.PRESENT and _is_complete(contest, reckonings[entrant.id])
    ]
    placed = places(rows, contest.ruleset.ranking, contest.decisions)
    placings = MappingProxyType({placing.entrant: placing for placing in placed})
    awarded = _awarded(contest, reckonings, placings)
    entrants = {entrant.id: entrant for entrant in contest.entrants}
    order = [*placings, *(name for name in entrants if name not in placings)]
    lines = (
        _line(
            contest,
            entrants[name],
            reckonings[name],
            placings.get(name),
            awarded.get(name),
        )
        for name in order
    )
    return Outcome(contest, tuple(lines), placings)


def _reckoning(contest: Contest, entrant: str) -> Reckoning:
    return Reckoning(entrant, contest.marks.get(entrant, {}), contest.ruleset.ranked_by)


def _reckoned(contest: Contest, entrant: Entrant) -> Reckoning:
    reckoning = _reckoning(contest, entrant.id)
    reckoning.value(contest.ruleset.scheme)
    return reckoning


def _is_complete(contest: Contest, reckoning: Reckoning) -> bool:
    return not reckoning.blockers and reckoning.values[contest.ruleset.scheme.id] is not None


def _not_passed(contest: Contest, reckoning: Reckoning) -> tuple[str, ...]:
    """The nodes whose pass mark is known not to be reached, top down."""
    return tuple(
        node.id
        for node in contest.ruleset.pass_marked
        if (value := reckoning.values[node.id]) is not None
        and node.pass_mark is not None
        and value < node.pass_mark
    )


def _awarded(
    contest: Contest,
    reckonings: Mapping[str, Reckoning],
    placings: Mapping[str, Placing],
) -> Mapping[str, Awarded]:
    """The awards; whoever does not reach a pass mark receives none, and the award ranking moves up."""
    rule = contest.ruleset.awards
    if rule is None:
        return {}
    lines = (
        AwardLine(
            entrant=entrant.id,
            place=placings[entrant.id].place if entrant.id in placings else None,
            eligible=entrant.award_eligible and not _not_passed(contest, reckonings[entrant.id]),
            is_present=entrant.status in _CAME,
            is_complete=_is_complete(contest, reckonings[entrant.id]),
        )
        for entrant in contest.entrants
    )
    return awards(lines, rule)


_CAME = frozenset({EntrantStatus.PRESENT, EntrantStatus.DISQUALIFIED})


def _line(
    contest: Contest,
    entrant: Entrant,
    reckoning: Reckoning,
    placing: Placing | None,
    awarded: Awarded | None,
) -> Line:
    complete = _is_complete(contest, reckoning)
    total = reckoning.values[contest.ruleset.scheme.id] if complete else None
    return Line(
        entrant=entrant.id,
        status=entrant.status,
        award_eligible=entrant.award_eligible,
        complete=complete,
        total=None if total is None else as_decimal(total),
        shown=None if total is None else fixed(total, contest.ruleset.display_digits),
        place=None if placing is None else placing.place,
        shared=placing is not None and placing.is_shared,
        award=None if awarded is None else awarded.award,
        award_place=None if awarded is None else awarded.award_place,
        not_passed=_not_passed(contest, reckoning),
        blockers=_blockers(contest, entrant, reckoning, placing),
        values=MappingProxyType(reckoning.values),
    )


def _blockers(
    contest: Contest, entrant: Entrant, reckoning: Reckoning, placing: Placing | None
) -> tuple[Sentence, ...]:
    """What stands between this entrant and a final place; nothing for those who are not ranked anyway."""
    if entrant.status is not EntrantStatus.PRESENT:
        return ()
    if placing is not None and placing.is_shared and contest.ruleset.ties is Ties.MANUAL:
        tie = sentence(
            "%(entrant)s is tied with %(others)s; these rules share no place, so the order must be decided and the"
            " reason written down.",
            entrant=entrant.id,
            others=_names(placing.others),
        )
        return (*reckoning.blockers, tie)
    return tuple(reckoning.blockers)


def _names(entrants: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(entrants[:_MOST_NAMES])
    return shown if len(entrants) <= _MOST_NAMES else f"{shown} (+{len(entrants) - _MOST_NAMES})"


_MOST_NAMES = 10


# Why this place.


def explain_place(outcome: Outcome, entrant: str) -> tuple[Sentence, ...]:
    """Why this entrant has this place: who stands next above and below, and which comparison told them apart."""
    line = outcome.line(entrant)
    placing = outcome.placings.get(entrant)
    if placing is None:
        return _why_not_ranked(line)
    said = [
        sentence(
            "%(entrant)s is in place %(place)s of %(count)s ranked entrants.",
            entrant=entrant,
            place=placing.place,
            count=len(outcome.placings),
        )
    ]
    if placing.is_shared:
        said.append(
            sentence(
                "The place is shared with %(others)s: no comparison of the rules tells them apart.",
                others=_names(placing.others),
            )
        )
    if placing.decision is not None:
        said.append(
            sentence(
                "No comparison of the rules told %(others)s apart; the order was decided by people: %(reason)s",
                others=_names(placing.decision.order),
                reason=placing.decision.reason,
            )
        )
    for neighbour in outcome.neighbours(entrant):
        if neighbour is not None:
            said.extend(_comparison(outcome, line, outcome.line(neighbour)))
    return tuple(said)


def _why_not_ranked(line: Line) -> tuple[Sentence, ...]:
    match line.status:
        case EntrantStatus.ABSENT:
            return (sentence("%(entrant)s has no place: did not come.", entrant=line.entrant),)
        case EntrantStatus.WITHDRAWN:
            return (
                sentence(
                    "%(entrant)s has no place: withdrew. The marks stay on record.",
                    entrant=line.entrant,
                ),
            )
        case EntrantStatus.DISQUALIFIED:
            return (
                sentence(
                    "%(entrant)s has no place: was disqualified. The marks stay on record.",
                    entrant=line.entrant,
                ),
            )
        case EntrantStatus.PRESENT:
            return (
                sentence(
                    "%(entrant)s has no place yet: marks are missing.",
                    entrant=line.entrant,
                ),
                *line.blockers,
            )


def _comparison(outcome: Outcome, own: Line, other: Line) -> Iterator[Sentence]:
    """The comparisons of two entrants up to the one that separates them."""
    nodes = outcome.ruleset.nodes
    for comparator in outcome.ruleset.ranking:
        ours, theirs = (
            own.values.get(comparator.node),
            other.values.get(comparator.node),
        )
        named = {
            "other": other.entrant,
            "node": nodes[comparator.node].title,
            "own": _said(ours),
            "theirs": _said(theirs),
        }
        if not separates(comparator, RankRow(own.entrant, own.values), RankRow(other.entrant, other.values)):
            yield sentence("Against %(other)s, %(node)s is equal: %(own)s.", **named)
            continue
        if comparator.direction is Direction.DESC:
            yield sentence(
                "Against %(other)s, %(node)s decides, the higher first: %(own)s against %(theirs)s.",
                **named,
            )
        else:
            yield sentence(
                "Against %(other)s, %(node)s decides, the lower first: %(own)s against %(theirs)s.",
                **named,
            )
        return


def _said(value: Fraction | None) -> str | Sentence:
    return sentence("not recorded") if value is None else spelled(value)
