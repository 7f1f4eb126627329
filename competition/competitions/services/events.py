"""Write competitions: open and change competitions and events, link tiers, keep the rule set, move an event on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from competition import tokens
from competition.audit.services import record
from competition.competitions import blockers, facts, queries
from competition.competitions.models import (
    Competition,
    CompetitionClass,
    Event,
    EventMove,
    Group,
    RuleSetVersion,
    Tier,
)
from competition.competitions.words import TITLES
from competition.database import session
from competition.errors import Conflict, RuleBroken
from competition.organisations.models import Organisation
from competition.orm import fingerprint
from competition.rules import lifecycle
from competition.rules.access import Actor
from competition.rules.lifecycle import EventState, Move
from competition.rules.sentences import Sentence, sentence
from competition.workers.models import Occupation

OWN_MOVES = (Move.OPEN_REGISTRATION, Move.CLOSE_REGISTRATION, Move.REOPEN_REGISTRATION, Move.CANCEL)
"""The moves that are nothing but a move; the others are made by the rooms that do the work (draw, scoring, results)."""

RELOAD = sentence("Load the page again, look at what stands now, and change it again if need be.")


# --- competitions ---------------------------------------------------------------------------------


def open_competition(
    *,
    code: str,
    name: str,
    tier: Tier,
    competition_class: CompetitionClass,
    host: Organisation,
    edition: int,
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    name_en: str = "",
) -> Competition:
    """Open one edition of a competition for its host. The code is unique in the installation.

    Raises RuleBroken when the code is taken, the days are the wrong way round, or class and tier do not fit
    (domain §1.1: 一类 and 二类 exist above the enterprise only).
    """
    reasons = [*_competition_problems(tier, competition_class, starts_on, ends_on)]
    if queries.competition_by_code(code):
        reasons.append(sentence("The code %(code)s is taken. Choose another one.", code=code))
    if reasons:
        raise RuleBroken(*reasons)
    competition = Competition(
        id=tokens.new_id(),
        code=code,
        name=name,
        name_en=name_en,
        tier=tier,
        competition_class=competition_class,
        host=host,
        edition=edition,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=at,
    )
    session.add(competition)
    session.flush()
    fact = facts.CompetitionOpened(event_id=None, subject_id=competition.id, code=code, name=name)
    record(fact, by=by, at=at)
    return competition


def change_competition(
    competition: Competition,
    *,
    name: str,
    name_en: str,
    tier: Tier,
    competition_class: CompetitionClass,
    edition: int,
    starts_on: date,
    ends_on: date,
    version: int,
    by: Actor,
    at: datetime,
) -> Competition:
    """Change what a competition says of itself; code and host stay. `version` is what the person saw."""
    sent: dict[str, Any] = {
        "name": name,
        "name_en": name_en,
        "tier": tier,
        "competition_class": competition_class,
        "edition": edition,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    _refuse_stale(competition, version, sent, COMPETITION_FIELDS)
    changed = [field for field, value in sent.items() if getattr(competition, field) != value]
    reasons = [*_competition_problems(tier, competition_class, starts_on, ends_on)]
    if "tier" in changed and _is_linked(competition):
        reasons.append(
            sentence(
                "The tier cannot change while events of this competition are linked to events of other tiers. "
                "Undo the links first."
            )
        )
    if reasons:
        raise RuleBroken(*reasons)
    if not changed:
        return competition
    for field, value in sent.items():
        setattr(competition, field, value)
    session.flush()
    fact = facts.CompetitionChanged(
        event_id=None,
        subject_id=competition.id,
        code=competition.code,
        name=competition.name,
        fields=changed,
    )
    record(fact, by=by, at=at)
    return competition


def _competition_problems(
    tier: Tier, competition_class: CompetitionClass, starts_on: date, ends_on: date
) -> list[Sentence]:
    found = []
    if starts_on > ends_on:
        found.append(sentence("The last day lies before the first day. Exchange them."))
    if (tier == Tier.ENTERPRISE) != (competition_class == CompetitionClass.NONE):
        found.append(
            sentence(
                "A competition inside an enterprise has no class; every other one is of class I or class II."
            )
        )
    return found


def _is_linked(competition: Competition) -> bool:
    return any(event.parent_id is not None or queries.feeders_of(event) for event in competition.events)


# --- events ---------------------------------------------------------------------------------------


def open_event(
    competition: Competition,
    *,
    code: str,
    name: str,
    occupation: Occupation,
    group: Group,
    team_size: int,
    rule_set: dict[str, Any],
    by: Actor,
    at: datetime,
    name_en: str = "",
    parent: Event | None = None,
    parent_quota: int = 0,
    parent_reserves: int = 0,
) -> Event:
    """Open an event as a draft. Its code is unique in the competition; its rule set must be sound.

    Raises RuleBroken with everything that is wrong, the problems of the rule set with their places.
    """
    reasons = [*queries.rule_set_reasons(rule_set)]
    if queries.event_by_code(competition, code):
        reasons.append(
            sentence(
                "The code %(code)s is taken in this competition. Choose another one.",
                code=code,
            )
        )
    if reasons:
        raise RuleBroken(*reasons)
    event = Event(
        id=tokens.new_id(),
        competition=competition,
        code=code,
        name=name,
        name_en=name_en,
        occupation=occupation,
        group=group,
        team_size=team_size,
        parent_quota=0,
        parent_reserves=0,
        state=EventState.DRAFT,
        rule_set=rule_set,
        created_at=at,
    )
    session.add(event)
    session.flush()
    fact = facts.EventOpened(event_id=event.id, subject_id=event.id, code=code, name=name)
    record(fact, by=by, at=at)
    if parent is not None:
        link_parent(
            event,
            parent=parent,
            quota=parent_quota,
            reserves=parent_reserves,
            by=by,
            at=at,
        )
    return event


def change_event(
    event: Event,
    *,
    name: str,
    name_en: str,
    occupation: Occupation,
    group: Group,
    team_size: int,
    version: int,
    by: Actor,
    at: datetime,
) -> Event:
    """Change what an event says of itself. After the draft only the names can change: people entered the rest."""
    sent: dict[str, Any] = {
        "name": name,
        "name_en": name_en,
        "occupation": occupation,
        "group": group,
        "team_size": team_size,
    }
    _refuse_stale(event, version, sent, EVENT_FIELDS)
    changed = [field for field, value in sent.items() if getattr(event, field) != value]
    fixed = {"occupation", "group", "team_size"}.intersection(changed)
    if fixed and event.state != EventState.DRAFT:
        raise RuleBroken(
            sentence(
                "Occupation, group and team size are fixed once registration was opened; only the names can change."
            )
        )
    if fixed and (event.parent_id is not None or queries.feeders_of(event)):
        raise RuleBroken(
            sentence(
                "Occupation, group and team size must stay those of the linked events. Undo the links first."
            )
        )
    if not changed:
        return event
    for field, value in sent.items():
        setattr(event, field, value)
    session.flush()
    fact = facts.EventChanged(
        event_id=event.id,
        subject_id=event.id,
        code=event.code,
        name=event.name,
        fields=changed,
    )
    record(fact, by=by, at=at)
    return event


def link_parent(
    event: Event,
    *,
    parent: Event | None,
    quota: int,
    reserves: int,
    by: Actor,
    at: datetime,
) -> Event:
    """Let the best `quota` of the event enter `parent`, with `reserves` named behind them; None undoes the link.

    Raises RuleBroken with every reason why winners of this event cannot enter that one.
    """
    if reasons := _link_problems(event, parent, quota, reserves):
        raise RuleBroken(*reasons)
    event.parent = parent
    event.parent_quota = quota if parent else 0
    event.parent_reserves = reserves if parent else 0
    session.flush()
    fact = (
        facts.ParentUnlinked(event_id=event.id, subject_id=event.id)
        if parent is None
        else facts.ParentLinked(
            event_id=event.id,
            subject_id=event.id,
            parent=f"{parent.competition.name} {parent.name}",
            quota=quota,
            reserves=reserves,
        )
    )
    record(fact, by=by, at=at)
    return event


def _link_problems(event: Event, parent: Event | None, quota: int, reserves: int) -> list[Sentence]:
    found = []
    if event.state in (EventState.PUBLISHED, EventState.CANCELLED):
        found.append(sentence("The event is over: its winners have advanced already, or there will be none."))
    if parent is None:
        return found
    if quota < 1:
        found.append(sentence("Say how many may enter the event above: at least one."))
    if reserves < 0:
        found.append(sentence("The number of reserves cannot be negative."))
    if not queries.stands_above(parent.competition, event.competition):
        found.append(
            sentence(
                "“%(parent)s” is not of a higher tier. Winners climb: from the enterprise to the city, the province "
                "or industry, and the nation; inside an enterprise, to a unit above.",
                parent=parent.competition.name,
            )
        )
    if parent.occupation_code != event.occupation_code:
        found.append(sentence("The event above is for another occupation."))
    if parent.group != event.group:
        found.append(sentence("The event above is for another group."))
    if parent.team_size != event.team_size:
        found.append(sentence("The event above has another team size."))
    if parent.state not in queries.TAKES_ENTRIES and event.parent_id != parent.id:
        found.append(
            sentence(
                "The event above takes no more entries: it is in the state “%(state)s”.",
                state=lifecycle.STATE_TITLES[parent.state],
            )
        )
    return found


# --- rule sets ------------------------------------------------------------------------------------


def change_rule_set(
    event: Event,
    *,
    document: dict[str, Any],
    version: int,
    by: Actor,
    at: datetime,
) -> Event:
    """Replace the draft of the rule set. Only in the draft state, only by a sound document.

    Raises RuleBroken with every problem and its place, Conflict when somebody else changed the event meanwhile.
    """
    if event.state != EventState.DRAFT:
        raise RuleBroken(
            sentence(
                "The rule set was frozen when registration opened. Only two people together can correct it."
            )
        )
    if event.version != version:
        raise Conflict(
            sentence("Somebody else has changed this event since you opened the page."),
            next_step=RELOAD,
            theirs=sentence("Rule set with the SHA-256 %(hash)s", hash=fingerprint(event.rule_set)),
            yours=sentence("Rule set with the SHA-256 %(hash)s", hash=fingerprint(document)),
        )
    if reasons := queries.rule_set_reasons(document):
        raise RuleBroken(*reasons)
    event.rule_set = document
    session.flush()
    fact = facts.RuleSetChanged(event_id=event.id, subject_id=event.id, hash=fingerprint(document))
    record(fact, by=by, at=at)
    return event


# --- the life of an event -------------------------------------------------------------------------


def move_event(event: Event, move: Move, *, by: Actor, at: datetime, reason: str = "") -> EventMove:
    """Move an event on along the table of rules/lifecycle.py, or raise RuleBroken with every reason at once.

    Opening registration freezes the rule set as a version; cancelling needs a reason.
    """
    if refused := lifecycle.refusal(event.state, move):
        raise RuleBroken(refused)
    reasons = [*blockers.blockers_of(event, move)]
    if move is Move.CANCEL and not reason.strip():
        reasons.append(sentence("Say why the event is cancelled; the people who entered will ask."))
    if reasons:
        raise RuleBroken(*reasons)
    if move is Move.OPEN_REGISTRATION:
        freeze_rule_set(event, by=by, at=at)
    before, after = event.state, lifecycle.TRANSITIONS[move].after
    event.state = after
    made = EventMove(
        id=tokens.new_id(),
        event_id=event.id,
        move=move,
        before=before,
        after=after,
        at=at,
        by_id=by.account_id,
        reason=reason.strip(),
    )
    session.add(made)
    session.flush()
    fact = facts.EventMoved(
        event_id=event.id,
        subject_id=event.id,
        move=move.value,
        before=str(before),
        after=after.value,
        reason=made.reason,
    )
    record(fact, by=by, at=at)
    return made


def freeze_rule_set(event: Event, *, by: Actor, at: datetime) -> RuleSetVersion:
    """Make what the event's rule set says now its next frozen version: the one that counts."""
    frozen = RuleSetVersion(
        id=tokens.new_id(),
        event_id=event.id,
        number=len(queries.versions_of(event)) + 1,
        document=event.rule_set,
        hash=fingerprint(event.rule_set),
        frozen_at=at,
        frozen_by=by.account_id,
    )
    session.add(frozen)
    session.flush()
    event.frozen_id = frozen.id
    session.flush()
    session.expire(event, ["frozen"])
    fact = facts.RuleSetFrozen(
        event_id=event.id,
        subject_id=frozen.id,
        number=frozen.number,
        hash=frozen.hash,
    )
    record(fact, by=by, at=at)
    return frozen


def _rule_set_blockers(event: Event) -> tuple[Sentence, ...]:
    return tuple(queries.rule_set_reasons(event.rule_set))


blockers.register(Move.OPEN_REGISTRATION, _rule_set_blockers)


# --- two people at once ---------------------------------------------------------------------------

COMPETITION_FIELDS = {
    "name": sentence("Name"),
    "name_en": sentence("English name"),
    "tier": sentence("Tier"),
    "competition_class": sentence("Class"),
    "edition": sentence("Edition"),
    "starts_on": sentence("First day"),
    "ends_on": sentence("Last day"),
}
EVENT_FIELDS = {
    "name": sentence("Name"),
    "name_en": sentence("English name"),
    "occupation": sentence("Occupation"),
    "group": sentence("Group"),
    "team_size": sentence("Team size"),
}


def _refuse_stale(
    thing: Competition | Event,
    version: int,
    sent: dict[str, Any],
    titles: dict[str, Sentence],
) -> None:
    """Raise Conflict, with what stands and what was sent, when the thing changed after the person saw it."""
    if thing.version == version:
        return
    differing = [field for field in titles if getattr(thing, field) != sent[field]]
    raise Conflict(
        sentence("Somebody else has changed this since you opened the page."),
        next_step=RELOAD,
        theirs={titles[field]: _shown(_as_sent(getattr(thing, field), sent[field])) for field in differing},
        yours={titles[field]: _shown(sent[field]) for field in differing},
    )


def _as_sent(stored: object, sent: object) -> object:
    """A stored word as the member of the enumeration that was sent for the same field."""
    return type(sent)(str(stored)) if isinstance(sent, StrEnum) else stored


def _shown(value: object) -> object:
    if isinstance(value, Occupation):
        return value.name
    return TITLES.get(value, value) if isinstance(value, StrEnum) else value
