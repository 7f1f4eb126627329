"""Read competitions, events and their rule sets."""

from collections import OrderedDict
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from competition.competitions import correction_checks, holds
from competition.competitions.models import (
    Competition,
    Event,
    EventMove,
    Proposal,
    RuleCorrection,
    RuleSetVersion,
    Tier,
)
from competition.database import session
from competition.errors import NotFound
from competition.organisations.models import Organisation
from competition.orm import fingerprint, read_json
from competition.rules import corrections, eligibility, ruleset
from competition.rules.access import INSTALLATION, Actor, Permission, Scope, ScopeKind
from competition.rules.lifecycle import PUBLIC_STATES, EventState
from competition.rules.reading import Problem
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import Aspect, Branch, Group, Role, walk
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title

READ = Permission.COMPETITIONS_COMPETITION_READ
Proposed = TypeVar("Proposed", bound=Proposal)

TIER_ORDER = {
    Tier.ENTERPRISE: 0,
    Tier.CITY: 1,
    Tier.PROVINCE: 2,
    Tier.INDUSTRY: 2,
    Tier.NATION: 3,
}
"""How high a tier stands; an industry's own competition stands beside the provinces."""


# --- competitions ---------------------------------------------------------------------------------


def competition_by_id(competition_id: UUID) -> Competition:
    """The competition, or NotFound."""
    found: Competition | None = session.get(Competition, competition_id)
    if found is None:
        raise NotFound()
    return found


def competition_by_code(code: str) -> Competition | None:
    found: Competition | None = session.scalar(select(Competition).where(Competition.code == code))
    return found


def scope_of(competition: Competition) -> Scope:
    """Where a competition stands: below its host."""
    return Scope(organisation_path=competition.host.path, competition_id=competition.id)


def competition_for(actor: Actor, competition_id: UUID, permission: Permission) -> Competition:
    """The competition, when the actor has the permission for it; else NotFound."""
    competition = competition_by_id(competition_id)
    if not actor.may(permission, scope_of(competition)):
        raise NotFound()
    return competition


def visible_competition(actor: Actor, competition_id: UUID) -> Competition:
    """The competition, when it has an event this person may see or the person may read it; else NotFound."""
    competition = competition_by_id(competition_id)
    if not visible_events(actor, competition) and not actor.may(READ, scope_of(competition)):
        raise NotFound()
    return competition


def visible_events(actor: Actor, competition: Competition) -> list[Event]:
    """The events of a competition that this person may know of, by code."""
    return [event for event in competition.events if is_visible(actor, event)]


@dataclass(frozen=True)
class Wanted:
    """What a list of competitions is narrowed to; None is everything."""

    text: str = ""
    tier: Tier | None = None
    edition: int | None = None
    state: EventState | None = None


def public_competitions(
    wanted: Wanted | None = None, *, page: int = 1, size: int = 20
) -> tuple[list[Competition], int]:
    """Competitions with at least one event past its draft, latest first, and how many there are."""
    public = exists().where(Event.competition_id == Competition.id, Event.state.in_(sorted(PUBLIC_STATES)))
    return _list(select(Competition).where(public), wanted or Wanted(), page, size)


def competitions_page(
    actor: Actor,
    wanted: Wanted | None = None,
    *,
    page: int = 1,
    size: int = 20,
    permission: Permission = READ,
) -> tuple[list[Competition], int]:
    """Competitions the actor's roles reach with this permission, latest first, and how many there are."""
    query = select(Competition).join(Competition.host).where(_reach(actor, permission))
    return _list(query, wanted or Wanted(), page, size)


def every_competition() -> list[Competition]:
    """All competitions with their events, the latest first."""
    return list(
        session.scalars(
            select(Competition)
            .options(selectinload(Competition.events))
            .order_by(Competition.starts_on.desc(), Competition.code)
        )
    )


def editions() -> list[int]:
    """The editions there are, latest first."""
    return list(session.scalars(select(Competition.edition).distinct().order_by(Competition.edition.desc())))


def _shown_as(state: EventState) -> ColumnElement[bool]:
    """Events in this state as the public is told it (see `holds.shown_state`)."""
    held = Event.id.in_(holds.held_events()) & (Event.state == EventState.PUBLISHED)
    if state is EventState.SCORED:
        return or_(Event.state == state, held)
    return and_(Event.state == state, ~held)


def _list(query: Select[Competition], wanted: Wanted, page: int, size: int) -> tuple[list[Competition], int]:
    if wanted.text:
        like = f"%{_literal(wanted.text.lower())}%"
        query = query.where(
            or_(
                *(
                    func.lower(column).like(like, escape="\\")
                    for column in (
                        Competition.name,
                        Competition.name_en,
                        Competition.code,
                    )
                )
            )
        )
    if wanted.tier is not None:
        query = query.where(Competition.tier == wanted.tier)
    if wanted.edition is not None:
        query = query.where(Competition.edition == wanted.edition)
    if wanted.state is not None:
        query = query.where(exists().where(Event.competition_id == Competition.id, _shown_as(wanted.state)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.options(
            joinedload(Competition.host),
            selectinload(Competition.events).joinedload(Event.occupation),
        )
        .order_by(Competition.starts_on.desc(), Competition.code)
        .limit(size)
        .offset((page - 1) * size)
    )
    return list(rows), total


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The competitions that the actor's grants cover, as a filter on Competition joined with its host."""
    parts: list[ColumnElement[bool]] = []
    for grant in actor.grants_with(permission):
        match grant.scope_kind:
            case ScopeKind.INSTALLATION:
                return true()
            case ScopeKind.ORGANISATION if grant.path:
                parts.append(Organisation.path.startswith(grant.path, autoescape=True))
            case ScopeKind.COMPETITION:
                parts.append(Competition.id == grant.scope_id)
            case ScopeKind.EVENT:
                parts.append(
                    exists().where(
                        Event.competition_id == Competition.id,
                        Event.id == grant.scope_id,
                    )
                )
    return or_(false(), *parts)


# --- events ---------------------------------------------------------------------------------------


def event_by_id(event_id: UUID) -> Event:
    """The event, or NotFound."""
    found: Event | None = session.get(Event, event_id)
    if found is None:
        raise NotFound()
    return found


def scope_of_event(event: Event) -> Scope:
    """Where an event stands: below its competition's host, in its competition."""
    return Scope(
        organisation_path=event.competition.host.path,
        competition_id=event.competition_id,
        event_id=event.id,
    )


def scope_of_work(event_id: UUID | None) -> Scope:
    """Where long work stands: at its event, or at the installation when it belongs to none."""
    return scope_of_event(event_by_id(event_id)) if event_id else INSTALLATION


def event_for(actor: Actor, event_id: UUID, permission: Permission) -> Event:
    """The event, when the actor has the permission for it; else NotFound."""
    event = event_by_id(event_id)
    if not actor.may(permission, scope_of_event(event)):
        raise NotFound()
    return event


def public_event(event_id: UUID) -> Event:
    """The event, when anybody may know of it; else NotFound."""
    event = event_by_id(event_id)
    if event.state not in PUBLIC_STATES:
        raise NotFound()
    return event


def visible_event(actor: Actor, event_id: UUID) -> Event:
    """The event, when it is public or this person may read it; else NotFound."""
    event = event_by_id(event_id)
    if not is_visible(actor, event):
        raise NotFound()
    return event


def is_visible(actor: Actor, event: Event) -> bool:
    """Whether this person may know of the event: it is past its draft, or the person works on it."""
    return event.state in PUBLIC_STATES or actor.may(READ, scope_of_event(event))


def event_by_code(competition: Competition, code: str) -> Event | None:
    return session.scalar(select(Event).where(Event.competition_id == competition.id, Event.code == code))


def moves_of(event: Event) -> list[EventMove]:
    """Every move of the event, oldest first."""
    return list(
        session.scalars(
            select(EventMove).where(EventMove.event_id == event.id).order_by(EventMove.at, EventMove.id)
        )
    )


def feeders_of(event: Event) -> list[Event]:
    """The events whose winners enter this one, by competition and code."""
    return list(
        session.scalars(
            select(Event)
            .where(Event.parent_id == event.id)
            .join(Event.competition)
            .order_by(Competition.code, Event.code)
        )
    )


def ladder_of(event: Event) -> list[Event]:
    """The event, the one its winners enter, and so on to the top."""
    ladder = [event]
    while (above := ladder[-1].parent) is not None and above not in ladder:
        ladder.append(above)
    return ladder


def possible_parents(event: Event, actor: Actor) -> list[Event]:
    """The events this one's winners could enter, of those the actor may know of.

    Same occupation, group and team size, higher up, not yet drawn.
    """
    found = session.scalars(
        select(Event)
        .join(Event.competition)
        .where(
            Event.occupation_code == event.occupation_code,
            Event.group == event.group,
            Event.team_size == event.team_size,
            Event.id != event.id,
            Event.state.in_(sorted(TAKES_ENTRIES)),
        )
        .options(joinedload(Event.competition).joinedload(Competition.host))
        .order_by(Competition.starts_on.desc(), Competition.code, Event.code)
    )
    return [
        parent
        for parent in found
        if stands_above(parent.competition, event.competition) and is_visible(actor, parent)
    ]


TAKES_ENTRIES = frozenset({EventState.DRAFT, EventState.REGISTRATION, EventState.ENTRIES_CLOSED})
"""The states in which winners of the tier below can still come in."""


def stands_above(upper: Competition, lower: Competition) -> bool:
    """Whether winners of `lower` may enter `upper`: a higher tier, or, inside an enterprise, a unit above.

    Both are strict orders, so a chain of events never comes back to where it started.
    """
    if TIER_ORDER[Tier(upper.tier)] != TIER_ORDER[Tier(lower.tier)]:
        return TIER_ORDER[Tier(upper.tier)] > TIER_ORDER[Tier(lower.tier)]
    inside = upper.tier == lower.tier == Tier.ENTERPRISE
    return inside and _strictly_below(lower.host.path, upper.host.path)


def _strictly_below(path: str, above: str) -> bool:
    return path.startswith(above) and path != above


# --- rule sets ------------------------------------------------------------------------------------


def rule_document(event: Event) -> dict[str, Any]:
    """The rule set as JSON: the frozen version once there is one, before that the draft."""
    return event.rule_set if event.frozen is None else event.frozen.document


def rule_hash(event: Event) -> str:
    """SHA-256 of the canonical rule set that counts now."""
    return fingerprint(event.rule_set) if event.frozen is None else event.frozen.hash


_parsed: OrderedDict[str, RuleSet] = OrderedDict()
_MOST_PARSED = 128


def rule_set_of(event: Event) -> RuleSet:
    """The rule set that counts now, parsed; a document is parsed once, whoever asks. Raises RuleSetInvalid."""
    return _parsed_once(rule_hash(event), rule_document(event))


def rule_set_of_version(version: RuleSetVersion) -> RuleSet:
    """A frozen rule set, parsed."""
    return _parsed_once(version.hash, version.document)


def _parsed_once(key: str, document: dict[str, Any]) -> RuleSet:
    known = _parsed.get(key)
    if known is None:
        known = _parsed[key] = ruleset.parse(document)
        while len(_parsed) > _MOST_PARSED:
            _parsed.popitem(last=False)
    return known


def frozen_rule_set(version_id: UUID) -> RuleSet:
    """A frozen rule set, parsed. A version never changes, so that asking again reads nothing."""
    known = _frozen.get(version_id)
    if known is None:
        version = session.get(RuleSetVersion, version_id)
        assert version is not None, "an event names a version that is there"
        known = _frozen[version_id] = rule_set_of_version(version)
        while len(_frozen) > _MOST_PARSED:
            _frozen.popitem(last=False)
    return known


_frozen: OrderedDict[UUID, RuleSet] = OrderedDict()


def versions_of(event: Event) -> list[RuleSetVersion]:
    """The frozen versions of an event's rule set, first to last."""
    return list(
        session.scalars(
            select(RuleSetVersion).where(RuleSetVersion.event_id == event.id).order_by(RuleSetVersion.number)
        )
    )


def rule_set_problems(document: object) -> tuple[Problem, ...]:
    """Everything that must be put right before an event can use this rule set; () when it is sound.

    Beside the rules' own check: what the conditions of eligibility say, and that every aspect is on a sheet.
    """
    found = list(ruleset.problems(document))
    if isinstance(document, dict) and "eligibility" in document:
        said = {problem.path for problem in found}
        found += [
            Problem("/eligibility" + path, why)
            for path, why in eligibility.condition_problems(document["eligibility"])
            if "/eligibility" + path not in said
        ]
    return tuple(found) or _sheetless(ruleset.parse(document))


def rule_set_reasons(document: object) -> list[Sentence]:
    """Why this rule set cannot be used, each reason with its place; [] when it is sound."""
    return [
        sentence(
            "Rule set, %(path)s: %(problem)s",
            path=problem.path or "/",
            problem=problem.sentence,
        )
        for problem in rule_set_problems(document)
    ]


# --- corrections of frozen rules ------------------------------------------------------------------


def correction_reasons(event: Event, document: dict[str, Any]) -> list[Sentence]:
    """Why the frozen rules of an event cannot be corrected to say this, every reason at once; [] when they can."""
    if refused := corrections.refusal(EventState(event.state)):
        return [refused]
    if reasons := rule_set_reasons(document):
        return reasons
    if fingerprint(document) == rule_hash(event):
        return [sentence("This says the same as the frozen rules. Change what is wrong in them first.")]
    corrected = ruleset.parse(document)
    return [
        *corrections.obstacles(rule_set_of(event), corrected, EventState(event.state)),
        *correction_checks.reasons_against(event, corrected),
    ]


def standing_correction(event: Event) -> RuleCorrection | None:
    """The correction that waits for a second person, or None."""
    found: RuleCorrection | None = session.scalar(
        select(RuleCorrection).where(
            RuleCorrection.event_id == event.id,
            RuleCorrection.accepted_at.is_(None),
            RuleCorrection.withdrawn_at.is_(None),
        )
    )
    return found


def proposal_by_id(kind: type[Proposed], event_id: UUID, proposal_id: UUID) -> Proposed:
    """What was proposed for this event, whether or not it still stands; else NotFound."""
    found: Proposed | None = session.get(kind, (event_id, proposal_id))
    if found is None:
        raise NotFound()
    return found


def proposals_of(kind: type[Proposed], event: Event) -> list[Proposed]:
    """Everything of this kind that was ever proposed for an event, the latest first."""
    newest_first = select(kind).order_by(kind.proposed_at.desc(), kind.id.desc())
    return list(session.scalars(newest_first.where(kind.event_id == event.id)))


def waits_for_second_person(event: Event, _actor: Actor) -> Sentence | None:
    """What waits on the page of the correction: somebody else has to accept what one person proposed."""
    proposal = standing_correction(event)
    if proposal is None:
        return None
    return sentence(
        "%(name)s proposed to correct the frozen rules; it waits for a second person.",
        name=proposal.proposed_by_name,
    )


# --- sheets and starters --------------------------------------------------------------------------


def _sheetless(rule_set: RuleSet) -> tuple[Problem, ...]:
    on_sheets = {aspect.id for module in modules_of(rule_set) for aspect in aspects_of(module)}
    return tuple(
        Problem(
            "/scheme",
            sentence(
                "“%(id)s” stands beside modules and would be on no sheet. Put it into a module.",
                id=aspect.id,
            ),
        )
        for aspect in rule_set.aspects
        if aspect.id not in on_sheets
    )


def modules_of(rule_set: RuleSet) -> tuple[Group, ...]:
    """The parts of the scheme that are marked on a sheet of their own, in the order of the document.

    A sheet is made for every top-most group with the role “module”, and for every group beside or above them that
    holds no module (a theory stage, say); for the whole scheme when there is no module at all. Stages always have sheets
    of their own: who does not reach a stage has none of it.
    """
    return tuple(_sheet_groups(rule_set.scheme))


def aspects_of(module: Group) -> tuple[Aspect, ...]:
    """What is marked on the sheet of a module, in the order of the document."""
    return tuple(branch for branch in walk(module) if isinstance(branch, Aspect))


def _sheet_groups(branch: Branch) -> Iterable[Group]:
    if not isinstance(branch, Group):
        return
    below = (part for part in walk(branch) if isinstance(part, Group))
    has_modules = any(part.role is Role.MODULE for part in below)
    if branch.role is Role.MODULE or not (has_modules or branch.stages):
        yield branch
        return
    for child in branch.children:
        yield from _sheet_groups(child)


@dataclass(frozen=True)
class Starter:
    """A rule set to begin with."""

    name: str
    title: Title
    document: dict[str, Any]


@cache
def starters() -> tuple[Starter, ...]:
    """The rule sets that come with the house, by name."""
    folder = files("competition.competitions").joinpath("rule_sets")
    found = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".json"):
            document = read_json(file.read_text(encoding="utf-8"))
            title = Title(document["title"]["zh"], document["title"]["en"])
            found.append(Starter(file.name.removesuffix(".json"), title, document))
    return tuple(found)


def starter(name: str) -> dict[str, Any]:
    """A copy of the starter's document. Raises KeyError for a name there is none of."""
    for known in starters():
        if known.name == name:
            return deepcopy(known.document)
    raise KeyError(name)


@dataclass(frozen=True)
class Comparable:
    """A document that can be compared with others."""

    name: str
    title: Sentence
    document: dict[str, Any]


def comparable_documents(event: Event, *, with_draft: bool) -> tuple[Comparable, ...]:
    """What an event's rule set can be compared with: its draft, its frozen versions (latest first), the starters."""
    found = [Comparable("draft", sentence("The draft"), event.rule_set)] if with_draft else []
    for version in reversed(versions_of(event)):
        title = sentence("Frozen version %(number)s", number=version.number)
        found.append(Comparable(str(version.number), title, version.document))
    for each in starters():
        found.append(
            Comparable(
                f"starter-{each.name}", sentence("Starter: %(title)s", title=each.title), each.document
            )
        )
    return tuple(found)
