"""The contest document of an event: everything a result is computed from, and nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select

from competition import vault
from competition.competitions.models import Event
from competition.competitions.queries import rule_document, rule_set_of
from competition.database import session
from competition.draws import queries as draws
from competition.draws.models import DrawnPlace
from competition.orm import CanonicalText, canonical_json, read_json
from competition.panels.models import Judge, Seat, SeatKind
from competition.registration.models import Entrant, EntrantState
from competition.registration.queries import delegations_of, entrant_traits
from competition.rules import contest
from competition.rules.honours import PrizeFor
from competition.rules.teams import Unit
from competition.scoring.queries.marks import marks_of
from competition.scoring.queries.recorded import Recorded
from competition.scoring.queries.taking_part import status_of


def contest_document(event: Event, *, decisions: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The contest document of an event as plain JSON values; see `contest_text`."""
    plain: dict[str, Any] = read_json(contest_text(event, decisions=decisions))
    return plain


def contest_text(
    event: Event,
    *,
    decisions: Sequence[dict[str, Any]] = (),
    award_decisions: Sequence[dict[str, Any]] = (),
    recorded: Recorded | None = None,
) -> CanonicalText:
    """Rule set, judges, entrants and marks of an event as they stand now (format skillsladder.contest/1), as stored.

    Everybody who was drawn or is approved is in it; entrants go by their id, judges by module and seat, so that the
    document names nobody. `decisions` are the documented orders of those whom no comparison tells apart;
    `award_decisions` what people decided about single awards; those about people who are gone are left out. Equal contents give equal documents, byte for byte.
    """
    marks = marks_of(event, recorded)
    title = {"zh": event.name, **({"en": event.name_en} if event.name_en else {})}
    document: dict[str, Any] = {
        "format": contest.FORMAT,
        "title": title,
        "ruleset": rule_document(event),
        "judges": _judges(event, {str(mark["judge"]) for mark in marks if mark.get("judge")}),
        "entrants": _entrants(event),
        "marks": sorted(marks, key=canonical_json),
        "decisions": [],
    }
    here = {entrant["id"] for entrant in document["entrants"]}
    document["decisions"] = [decision for decision in decisions if here.issuperset(decision["order"])]
    if kept := [decision for decision in award_decisions if decision["entrant"] in here]:
        document["award_decisions"] = kept
    return CanonicalText(canonical_json(document))


def _entrants(event: Event) -> list[dict[str, Any]]:
    draw = draws.current_draw(event)
    drawn = select(DrawnPlace.entrant_id).where(DrawnPlace.draw_id == (draw.id if draw else None))
    rows = session.execute(
        select(
            Entrant.id,
            Entrant.state,
            Entrant.present,
            Entrant.award_eligible,
            Entrant.delegation_id,
            Entrant.coach,
            Entrant.team,
            Entrant.team_order,
        )
        .where(
            Entrant.event_id == event.id,
            or_(Entrant.state.in_((EntrantState.APPROVED, EntrantState.DISQUALIFIED)), Entrant.id.in_(drawn)),
        )
        .order_by(Entrant.id)
    )
    rules = rule_set_of(event)
    with_coaches = any(prize.to is PrizeFor.COACH for prize in rules.prizes)
    by_team = rules.teams is not None and rules.teams.by is Unit.TEAM
    traits = entrant_traits(event, rules.categories_asked, with_sizes=bool(rules.honours))
    return [
        {
            "id": str(entrant_id),
            "status": status_of(state, present).value,
            "award_eligible": award_eligible,
            "delegation": str(delegation_id),
            **traits.get(entrant_id, {}),
            **({"coach": coach_key(event, coach)} if with_coaches and coach else {}),
            **({"team": team} if by_team and team else {}),
            **({"order": order} if by_team and team and order else {}),
        }
        for entrant_id, state, present, award_eligible, delegation_id, coach, team, order in rows
    ]


def coach_key(event: Event, coach: str) -> str:
    """What a contest document calls a coach: the same for the same name in one event of one installation.

    Keyed with the installation's secret, so that nobody finds the name by trying a list of names.
    """
    return vault.blind_index(f"{event.id}\x00{coach}", place="contest.coach").hex()


def _judges(event: Event, named: set[str]) -> list[dict[str, str]]:
    """The seats that gave marks or may give them, with the delegation their judge belongs to; never a name."""
    seats = session.execute(
        select(Seat, Judge)
        .join(Judge, Judge.id == Seat.judge_id)
        .where(Seat.event_id == event.id, Seat.kind != SeatKind.SHADOW)
        .order_by(Seat.released_at.is_(None).desc(), Seat.assigned_at.desc(), Seat.id)
    )
    paths = sorted(
        ((each.organisation.path, str(each.id)) for each in delegations_of(event.competition)), reverse=True
    )
    found: dict[str, str] = {}
    for seat, judge in seats:
        name = f"{seat.module}.{seat.label}"
        if seat.released_at is None or name in named:
            found.setdefault(name, _delegation(judge, paths))
    found |= {name: "" for name in named if name not in found}
    return [
        {"id": name, **({"delegation": delegation} if delegation else {})}
        for name, delegation in sorted(found.items())
    ]


def _delegation(judge: Judge, paths: Iterable[tuple[str, str]]) -> str:
    """The delegation whose organisation is the judge's own or stands above it, the nearest one."""
    if judge.organisation is None:
        return ""
    own = judge.organisation.path
    return next((delegation for path, delegation in paths if own.startswith(path)), "")
