"""What a result and a provisional order are computed from, as a short fingerprint: has anything of it changed since?"""

from typing import Any

from sqlalchemy import func, select

from competition.competitions.models import Event
from competition.database import session
from competition.draws.models import Draw
from competition.orm import fingerprint
from competition.panels.models import Judge, Seat
from competition.registration.models import Delegation, Entrant
from competition.scoring.models import Mark, MissingAcceptance, Sheet, Signature


def basis_of(event: Event) -> str:
    """Changes with every change of the event, its rules, entrants, draw, judges, sheets, signatures, marks
    and of what two people decided about missing sheets.

    A result is computed before anybody else has to wait; under the lock only this is compared. Rows carry versions that
    only ever grow, so their number and the sum of their versions say enough, and 300,000 marks are counted in a moment.
    """
    counted: list[Any] = [
        [event.state, event.version, event.frozen_id, event.parent_id],
        [event.parent_quota, event.parent_reserves],
        _rows(select(Draw.id).where(Draw.event_id == event.id, Draw.superseded_at.is_(None))),
        _rows(
            select(
                Entrant.state,
                Entrant.present,
                Entrant.award_eligible,
                func.count(),
                func.sum(Entrant.version),
            )
            .where(Entrant.event_id == event.id)
            .group_by(Entrant.state, Entrant.present, Entrant.award_eligible)
        ),
        _rows(select(Delegation.id).where(Delegation.competition_id == event.competition_id)),
        _rows(
            select(Seat.id, Seat.released_at, Judge.organisation_id)
            .join(Judge, Judge.id == Seat.judge_id)
            .where(Seat.event_id == event.id)
        ),
        _rows(
            select(Sheet.state, func.count(), func.sum(Sheet.version))
            .where(Sheet.event_id == event.id)
            .group_by(Sheet.state)
        ),
        _rows(select(func.count(), func.sum(Mark.version)).where(Mark.event_id == event.id)),
        _rows(select(func.count()).select_from(Signature).where(Signature.event_id == event.id)),
        _rows(
            select(MissingAcceptance.id, MissingAcceptance.accepted_at, MissingAcceptance.withdrawn_at).where(
                MissingAcceptance.event_id == event.id
            )
        ),
    ]
    return fingerprint(counted)


def _rows(query: Any) -> list[list[Any]]:
    return sorted(([*row] for row in session.execute(query)), key=str)
