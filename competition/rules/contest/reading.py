"""Reads a contest document: every problem with its path and a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from competition.rules import ruleset as rulesets
from competition.rules.awards import AwardDecision
from competition.rules.contest.document import (
    FORMAT,
    Contest,
    ContestInvalid,
    Entrant,
    EntrantStatus,
    Judge,
)
from competition.rules.marking import Given, MarkKind, MarkState, mark_refusal, record, state_refusal
from competition.rules.numbers import NumberRefused, read_number
from competition.rules.ranking import TieDecision
from competition.rules.reading import Notebook, Problem, Reader, object_at
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Judgement, Panel
from competition.rules.sentences import Sentence, sentence

MOST_ENTRANTS = 1_000_000
MOST_MARKS = 100_000_000
MOST_JUDGES = 10_000
MOST_CATEGORIES = 50
MOST_ROUNDS = 99
MOST_TRIES = 1_000
MOST_MEMBERS = 1_000
REASON_LENGTH = 2_000
CATEGORY_LENGTH = 80

_MARK_KEYS = frozenset({"entrant", "aspect", "judge", "value", "state", "kind", "note", "attempt", "round"})
_KINDS = frozenset(MarkKind)
_STATES = frozenset(MarkState)


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
    reader.only("format", "title", "ruleset", "judges", "entrants", "marks", "decisions", "award_decisions")
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
    awarded = tuple(_award_decisions(reader, {entrant.id for entrant in entrants}, ruleset))
    return Contest(title, ruleset, judges, entrants, marks, decisions, awarded)


def _judges(reader: Reader) -> Iterator[Judge]:
    seen: set[str] = set()
    for judge in reader.objects("judges", most=MOST_JUDGES):
        judge.only("id", "delegation", "shadow")
        yield Judge(_new_identifier(judge, seen), judge.text("delegation"), judge.yes("shadow"))


def _entrants(reader: Reader) -> Iterator[Entrant]:
    seen: set[str] = set()
    for entrant in reader.objects("entrants", most=MOST_ENTRANTS, required=True):
        entrant.only(
            "id",
            "status",
            "award_eligible",
            "delegation",
            "team",
            "order",
            "categories",
            "team_size",
            "coach",
        )
        yield Entrant(
            _new_identifier(entrant, seen),
            entrant.choice("status", EntrantStatus, EntrantStatus.PRESENT) or EntrantStatus.PRESENT,
            entrant.yes("award_eligible", default=True),
            entrant.text("delegation"),
            entrant.text("team"),
            entrant.whole("order", low=0, high=MOST_MEMBERS),
            _categories(entrant),
            entrant.whole("team_size", low=1, high=MOST_MEMBERS, default=1) or 1,
            entrant.text("coach"),
        )


def _categories(entrant: Reader) -> frozenset[str]:
    if not entrant.has("categories"):
        return frozenset()
    found: set[str] = set()
    for path, raw in entrant.items("categories", most=MOST_CATEGORIES):
        if isinstance(raw, str) and 1 <= len(raw) <= CATEGORY_LENGTH and raw.isprintable():
            found.add(raw)
        else:
            entrant.notebook.note(
                path,
                sentence("The name of a category has 1 to %(most)s characters.", most=CATEGORY_LENGTH),
            )
    return frozenset(found)


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


def _award_decisions(reader: Reader, entrants: set[str], ruleset: RuleSet) -> Iterator[AwardDecision]:
    """What people decided about single awards: each entrant once, an award of the rule set or null for none."""
    titles, seen = ruleset.awards.titles if ruleset.awards else {}, set()
    for decision in reader.objects("award_decisions", most=MOST_ENTRANTS):
        decision.only("entrant", "award", "reason")
        name = decision.identifier("entrant")
        if name and (name not in entrants or name in seen):
            decision.note("entrant", sentence("This names an entrant of this contest, each of them once."))
        seen.add(name)
        award = decision.members.get("award")
        decision.require("award")
        if award is not None and (not isinstance(award, str) or award not in titles):
            decision.note("award", sentence("This names an award of the rule set, or is null for none."))
        reason = decision.text("reason", most=REASON_LENGTH, least=1, required=True)
        yield AwardDecision(name, award if isinstance(award, str) else None, reason)


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
        self._is_shadow = {judge.id: judge.shadow for judge in judges}
        self._marks: dict[str, dict[str, Given]] = {entrant.id: {} for entrant in entrants}
        self._accepted: dict[tuple[str, MarkKind, str], Fraction] = {}

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
        if judge is not None and not (isinstance(judge, str) and judge in self._is_shadow):
            return sentence("“judge” names nobody of the judges of this contest.")
        given = aspects.get(aspect.id)
        if given is None:
            given = aspects[aspect.id] = Given()
        return self._read_recorded(raw, aspect, judge, given)

    def _read_recorded(
        self, raw: Mapping[object, object], aspect: Aspect, judge: str | None, given: Given
    ) -> Sentence | None:
        kind = raw.get("kind", MarkKind.MARK)
        if not (isinstance(kind, str) and kind in _KINDS):
            return sentence("“kind” is one of these words: %(known)s.", known=", ".join(MarkKind))
        kind = MarkKind(kind)
        attempt, round_ = raw.get("attempt"), raw.get("round", 1)
        if "attempt" in raw and not _is_whole(attempt, MOST_TRIES):
            return sentence("“attempt” is the number of a try, from 1 on.")
        if "round" in raw and not _is_whole(round_, MOST_ROUNDS):
            return sentence(
                "“round” is the number of a round of judging, from 1 to %(most)s.", most=MOST_ROUNDS
            )
        value = self._value_or_state(raw, aspect, kind)
        if isinstance(value, Sentence):
            return value
        shadow = judge is not None and self._is_shadow[judge]
        if shadow and not (kind is MarkKind.MARK and isinstance(aspect.method, Panel | Judgement)):
            return sentence("A shadow judge marks beside a panel and records nothing else.")
        return record(
            given,
            aspect,
            value,
            kind=kind,
            judge=judge,
            attempt=attempt if isinstance(attempt, int) else None,
            round_=round_ if isinstance(round_, int) else 1,
            shadow=shadow,
            note=note if isinstance(note := raw.get("note"), str) else "",
        )

    def _value_or_state(
        self, raw: Mapping[object, object], aspect: Aspect, kind: MarkKind
    ) -> Fraction | MarkState | Sentence:
        if "state" in raw:
            state, attempt = raw["state"], raw.get("attempt")
            is_state = isinstance(state, str) and state in _STATES
            if not is_state or "value" in raw or kind is not MarkKind.MARK:
                return sentence(
                    "A mark has either a value or the state “not_attempted”, “dnf”, “dns” or “dsq”."
                )
            state = MarkState(str(state))
            refusal = state_refusal(aspect, state, attempt=attempt if isinstance(attempt, int) else None)
            return refusal or state
        return self._value(aspect, kind, raw.get("value"))

    def _value(self, aspect: Aspect, kind: MarkKind, raw: object) -> Fraction | Sentence:
        """The number, or why it cannot be recorded here. Marks repeat; checking each spelling once is enough."""
        key = (aspect.id, kind, raw) if isinstance(raw, str) else None
        if key is not None and (known := self._accepted.get(key)) is not None:
            return known
        try:
            value = read_number(raw)
        except NumberRefused as refused:
            return refused.sentence
        refusal = mark_refusal(aspect, kind, value)
        if refusal is not None:
            return refusal
        if key is not None:
            self._accepted[key] = value
        return value


def _is_whole(raw: object, most: int) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= most
