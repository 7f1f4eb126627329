"""Read draws, and repeat them."""

import hashlib
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from competition.competitions.holds import is_public
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, scope_of_event
from competition.database import session
from competition.draws.models import Draw, DrawnPlace
from competition.errors import NotFound
from competition.registration.models import Delegation, Entrant, EntrantMember
from competition.rules.access import Actor, Permission
from competition.rules.draw import DrawKind, DrawRecord, verify_draw
from competition.rules.sentences import Sentence, sentence


def current_draw(event: Event) -> Draw | None:
    """The draw that counts, if there is one."""
    found: Draw | None = session.scalar(
        select(Draw).where(Draw.event_id == event.id, Draw.superseded_at.is_(None))
    )
    return found


def draws_of(event: Event) -> list[Draw]:
    """Every draw of the event, the latest first; the superseded ones are history."""
    return list(
        session.scalars(
            select(Draw)
            .where(Draw.event_id == event.id)
            .options(selectinload(Draw.places))
            .order_by(Draw.number.desc())
        )
    )


def draw_by_id(draw_id: UUID) -> Draw:
    """The draw, or NotFound."""
    found: Draw | None = session.get(Draw, draw_id)
    if found is None:
        raise NotFound()
    return found


def draw_for(actor: Actor, draw_id: UUID, permission: Permission) -> Draw:
    """The draw, when the actor has the permission for its event; else NotFound."""
    draw = draw_by_id(draw_id)
    if not actor.may(permission, scope_of_event(event_by_id(draw.event_id))):
        raise NotFound()
    return draw


def visible_draw(actor: Actor, draw_id: UUID) -> Draw:
    """A draw with its seed: for code keepers at once, for everybody once the result is public; else NotFound.

    Whoever holds the seed and the entrants can undo the codes, so nobody else gets it while marks may change, nor while
    the published result is held back: who reveals a code would reveal a person.
    """
    draw = draw_by_id(draw_id)
    event = event_by_id(draw.event_id)
    if is_public(event) or may_identify(actor, event):
        return draw
    raise NotFound()


def may_identify(actor: Actor, event: Event) -> bool:
    """Whether the person may join codes to people."""
    return actor.may(Permission.DRAWS_IDENTITY_READ, scope_of_event(event))


def places_of(draw: Draw) -> list[DrawnPlace]:
    """The places of a draw in the order of start, with their entrants."""
    return list(
        session.scalars(
            select(DrawnPlace)
            .where(DrawnPlace.draw_id == draw.id, DrawnPlace.event_id == draw.event_id)
            .options(
                joinedload(DrawnPlace.entrant)
                .joinedload(Entrant.delegation)
                .joinedload(Delegation.organisation),
                joinedload(DrawnPlace.entrant).selectinload(Entrant.members).joinedload(EntrantMember.worker),
            )
            .order_by(DrawnPlace.start_order)
        )
    )


def place_of_code(event: Event, code: str) -> DrawnPlace | None:
    """The place of a code in the draw that counts."""
    draw = current_draw(event)
    if draw is None:
        return None
    found: DrawnPlace | None = session.scalar(
        select(DrawnPlace).where(
            DrawnPlace.event_id == event.id, DrawnPlace.draw_id == draw.id, DrawnPlace.code == code
        )
    )
    return found


def code_of(entrant: Entrant) -> str | None:
    """The code of an entrant in the draw that counts; None for who was not drawn."""
    found: str | None = session.scalar(
        select(DrawnPlace.code)
        .join(Draw, Draw.id == DrawnPlace.draw_id)
        .where(
            DrawnPlace.event_id == entrant.event_id,
            DrawnPlace.entrant_id == entrant.id,
            Draw.superseded_at.is_(None),
        )
    )
    return found


# --- repeating a draw -----------------------------------------------------------------------------


def order_purpose(event_id: UUID, number: int) -> str:
    """What the order of one draw of one event is drawn for; part of every digest."""
    return f"order:{event_id}:{number}"


def codes_purpose(event_id: UUID, number: int) -> str:
    """What the blind codes of one draw of one event are drawn for; never the purpose of an order."""
    return f"codes:{event_id}:{number}"


def plain_codes(order: tuple[str, ...]) -> dict[str, str]:
    """Without a blind layer the code is the number of the start, all of one width: 01 … 12."""
    width = max(2, len(str(len(order))))
    return {entrant: str(number).zfill(width) for number, entrant in enumerate(order, 1)}


def seed_hash(draw: Draw) -> str:
    """SHA-256 of the seed: shows later that the seed was the one used, and tells nothing about it now."""
    return hashlib.sha256(draw.seed.encode()).hexdigest()


def order_record_of(draw: Draw) -> DrawRecord:
    """The order as the rules repeat it."""
    return DrawRecord(
        draw.method,
        DrawKind.ORDER,
        order_purpose(draw.event_id, draw.number),
        draw.seed,
        draw.entrants_hash,
        order=tuple(str(place.entrant_id) for place in draw.places),
    )


def codes_record_of(draw: Draw) -> DrawRecord:
    """The blind codes as the rules repeat them."""
    return DrawRecord(
        draw.method,
        DrawKind.CODES,
        codes_purpose(draw.event_id, draw.number),
        draw.seed,
        draw.entrants_hash,
        codes={str(place.entrant_id): place.code for place in draw.places},
    )


def verify(draw: Draw) -> Sentence | None:
    """Repeat the draw from its seed: None when order and codes agree with what is kept, else what does not."""
    order = order_record_of(draw)
    if sorted(order.order) != sorted(draw.entrants):
        return sentence("The list of entrants that was drawn differs from the places that are kept.")
    if problem := verify_draw(order):
        return problem
    codes = codes_record_of(draw)
    if draw.blind_layers:
        return verify_draw(codes)
    if dict(codes.codes) != plain_codes(order.order):
        return sentence("The codes are not the numbers of the start.")
    return None
