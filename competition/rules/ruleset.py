"""The rule set of an event: one JSON document that says how marks become totals, places, awards and advancement.

Format "skillsladder.ruleset/1"; additions keep the number, a change of meaning gets a new one. `problems` finds
everything that is wrong with a document, `parse` turns a sound one into frozen values. Source of the model: docs/sources.md, judging
§1 and §4, domain §5 and §7; the published JSON Schema is `SCHEMA`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from competition.rules import (
    advancement_reading,
    awards_reading,
    floor,
    honours_reading,
    procedure,
    ranking_reading,
    scales_reading,
    teams_reading,
)
from competition.rules.advancement import AdvancementRule
from competition.rules.awards import AwardRule
from competition.rules.eligibility import condition_problems
from competition.rules.floor import FloorRule
from competition.rules.honours import BalanceRule, Honour, Prize
from competition.rules.procedure import Procedure
from competition.rules.ranking import By, Comparator, Direction, Guests, Ties
from competition.rules.reading import (
    DocumentInvalid,
    Notebook,
    Problem,
    Reader,
    object_at,
)
from competition.rules.ruleset_schema import FORMAT, MOST_CONDITIONS, SCHEMA, SOURCE_LENGTH
from competition.rules.scales import ScaleRule
from competition.rules.scheme import Aspect, Branch, Group, Part, walk
from competition.rules.scheme_reading import SchemeReader
from competition.rules.sentences import sentence
from competition.rules.teams import TeamRule, Unit
from competition.rules.titles import Title

__all__ = [
    "FORMAT",
    "SCHEMA",
    "Problem",
    "RuleSet",
    "RuleSetInvalid",
    "parse",
    "problems",
]

_DISPLAY_DIGITS = 2


class RuleSetInvalid(DocumentInvalid):
    """A rule set that cannot be used; `problems` names everything that is wrong with it."""


class OwnDelegation(StrEnum):
    """Whether a judge may mark an entrant of the own delegation (judging §1.4: a switch, shipped as forbidden)."""

    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"


@dataclass(frozen=True)
class RuleSet:
    """A rule set without problems."""

    title: Title
    source: str
    scheme: Group
    ranking: tuple[Comparator, ...]
    ties: Ties
    awards: AwardRule | None
    advancement: AdvancementRule
    blind_layers: int
    own_delegation: OwnDelegation
    eligibility: tuple[Mapping[str, object], ...]
    display_digits: int
    procedure: Procedure
    guests: Guests = Guests.RANKED
    teams: TeamRule | None = None
    scales: tuple[ScaleRule, ...] = ()
    honours: tuple[Honour, ...] = ()
    prizes: tuple[Prize, ...] = ()
    balances: tuple[BalanceRule, ...] = ()
    floor_work: FloorRule = field(default_factory=FloorRule)

    @cached_property
    def nodes(self) -> Mapping[str, Branch]:
        """Every group and aspect by identifier, top down."""
        return MappingProxyType({branch.id: branch for branch in walk(self.scheme)})

    @cached_property
    def titles(self) -> Mapping[str, Title]:
        """What the groups and aspects are called."""
        return MappingProxyType({name: branch.title for name, branch in self.nodes.items()})

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """What is marked, in the order of the document."""
        return tuple(branch for branch in walk(self.scheme) if isinstance(branch, Aspect))

    @cached_property
    def pass_marked(self) -> tuple[Branch, ...]:
        """The nodes that must be passed."""
        return tuple(branch for branch in self.nodes.values() if branch.pass_mark is not None)

    @cached_property
    def ranked_by(self) -> frozenset[str]:
        """The nodes that places are decided by; without a record that is among them there is no place."""
        found: set[str] = set()
        for comparator in self.ranking:
            for name in (comparator.node, *comparator.parts):
                found.add(name)
                if self.nodes[name].part is Part.RECORD:
                    found.update(branch.id for branch in walk(self.nodes[name]))
        return frozenset(found)

    @cached_property
    def asked_beside(self) -> tuple[Comparator, ...]:
        """The comparators that look at something that is no node's value."""
        return tuple(each for each in self.ranking if each.by in (By.ATTEMPT, By.UNTRIMMED))

    @cached_property
    def categories_asked(self) -> frozenset[str]:
        """The categories of entrants that honours, balances and advancement name."""
        by_honours = (name for each in self.honours for name in (*each.categories, *each.not_categories))
        by_balances = (name for each in self.balances for name in each.categories)
        by_places = (name for each in self.advancement.categories for name in each.categories)
        by_quotas = (row.category for row in self.advancement.quotas if row.category is not None)
        return frozenset((*by_honours, *by_balances, *by_places, *by_quotas))

    @cached_property
    def direction(self) -> Direction:
        """Which end of the values of the whole comes first."""
        return direction_of(self.ranking, self.scheme.id)

    @cached_property
    def needs_everybody(self) -> bool:
        """Whether two entrants cannot be compared without the others: stages with a line, or head to head."""
        has_line = any(stage.qualify is not None for stage in self.scheme.stages)
        return has_line or any(comparator.by is By.HEAD_TO_HEAD for comparator in self.ranking)


def direction_of(ranking: Sequence[Comparator], node: str) -> Direction:
    """Which end of this node's values comes first where it is compared; the higher where it is not."""
    asked = (each.direction for each in ranking if each.by is By.VALUE and each.node == node)
    return next(asked, Direction.DESC)


def problems(document: object) -> tuple[Problem, ...]:
    """Everything that is wrong with this rule set, in document order; empty means it can be used. Never raises."""
    return _noted(document, "")[1]


def parse(document: object) -> RuleSet:
    """The rule set of a document that can be read. Raises RuleSetInvalid with all problems of any other."""
    ruleset, found = read(document, "")
    if ruleset is None:
        raise RuleSetInvalid(found)
    return ruleset


def read(document: object, path: str) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    """The rule set at this place of a document, or None, and the problems that stand against reading it.

    What was frozen while nobody noticed that a part of it is idle stays readable: see `Problem.is_idle`.
    """
    ruleset, noted = _noted(document, path)
    found = tuple(problem for problem in noted if not problem.is_idle)
    return (None if found else ruleset), found


def _noted(document: object, path: str) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    notebook = Notebook()
    reader = object_at(document, path, notebook)
    ruleset = _read(reader) if reader is not None else None
    return ruleset, tuple(notebook.problems)


def _read(reader: Reader) -> RuleSet | None:
    reader.only(
        "format",
        "title",
        "source",
        "scheme",
        "ranking",
        "teams",
        "scales",
        "awards",
        *honours_reading.KEYS,
        "advancement",
        "draw",
        "panel",
        "eligibility",
        "display",
        *procedure.KEYS,
        *floor.KEYS,
    )
    if reader.require("format") and reader.members["format"] != FORMAT:
        reader.note("format", sentence("The format must be “%(format)s”.", format=FORMAT))
    title, source = reader.title(), reader.text("source", most=SOURCE_LENGTH)
    scheme = _scheme(reader)
    nodes = None if scheme is None else {branch.id: branch for branch in walk(scheme)}
    ranking = ranking_reading.read(reader, scheme)
    scales = scales_reading.read(reader, nodes)
    digits = _whole_of(reader, "display", "digits", high=8, default=_DISPLAY_DIGITS)
    awards = awards_reading.read(reader, nodes, {scale.id: scale.digits for scale in scales}, digits)
    direction = direction_of(ranking.comparators, "" if scheme is None else scheme.id)
    teams = teams_reading.read(reader, nodes, _award_ids(awards), direction)
    honours = honours_reading.read_honours(reader, awards)
    ranks_delegations = teams is not None and teams.by is Unit.DELEGATION
    prizes = honours_reading.read_prizes(reader, awards, ranks_delegations=ranks_delegations)
    balances = honours_reading.read_balances(reader, awards, honours)
    advancement = advancement_reading.read(reader, nodes)
    blind_layers = _whole_of(reader, "draw", "blind_layers", high=1, default=0)
    own_delegation = _own_delegation(reader)
    eligibility = _eligibility(reader)
    rules_of_procedure = procedure.read(reader)
    rules_of_floor = floor.read(reader)
    if scheme is None:
        return None
    return RuleSet(
        title=title,
        source=source,
        scheme=scheme,
        ranking=ranking.comparators,
        ties=ranking.ties,
        awards=awards,
        advancement=advancement,
        blind_layers=blind_layers,
        own_delegation=own_delegation,
        eligibility=eligibility,
        display_digits=digits,
        procedure=rules_of_procedure,
        guests=ranking.guests,
        teams=teams,
        scales=scales,
        honours=honours,
        prizes=prizes,
        balances=balances,
        floor_work=rules_of_floor,
    )


def _award_ids(rule: AwardRule | None) -> frozenset[str]:
    return frozenset(award.id for award in rule.every) if rule else frozenset()


def _scheme(reader: Reader) -> Group | None:
    root = reader.inside("scheme", required=True)
    if root is None:
        return None
    scheme_reader = SchemeReader()
    before = len(reader.notebook.problems)
    tree = scheme_reader.read(root)
    if tree is not None and len(reader.notebook.problems) == before:
        scheme_reader.check(root, tree)
    return tree


def _whole_of(reader: Reader, part: str, key: str, *, high: int, default: int) -> int:
    inner = reader.inside(part)
    if inner is None:
        return default
    inner.only(key)
    value = inner.whole(key, low=0, high=high, default=default)
    return default if value is None else value


def _own_delegation(reader: Reader) -> OwnDelegation:
    inner = reader.inside("panel")
    if inner is None:
        return OwnDelegation.FORBIDDEN
    inner.only("own_delegation")
    return inner.choice("own_delegation", OwnDelegation, OwnDelegation.FORBIDDEN) or OwnDelegation.FORBIDDEN


def _eligibility(reader: Reader) -> tuple[Mapping[str, object], ...]:
    """The conditions of eligibility as they stand; `rules.eligibility` knows what their kinds mean."""
    conditions = reader.items("eligibility", most=MOST_CONDITIONS)
    for path, problem in condition_problems([condition for _, condition in conditions]):
        reader.notebook.note(f"{reader.at('eligibility')}{path}", problem)
    return tuple(condition for _, condition in conditions if isinstance(condition, Mapping))
