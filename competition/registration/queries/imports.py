"""Read uploaded lists of entries."""

import json
from typing import Any
from uuid import UUID

from competition import vault
from competition.competitions.models import Event
from competition.competitions.queries import scope_of_event
from competition.database import session
from competition.errors import NotFound
from competition.registration.models import EntrantImport
from competition.rules.access import Actor, Permission

SEAL = "entrant_import.sealed_rows"


def import_for(actor: Actor, import_id: UUID) -> EntrantImport:
    """The uploaded list, when the actor may import into its event; else NotFound."""
    found: EntrantImport | None = session.get(EntrantImport, import_id)
    if found is None or not actor.may(Permission.REGISTRATION_ENTRY_IMPORT, scope_of_event(event_of(found))):
        raise NotFound()
    return found


def event_of(uploaded: EntrantImport) -> Event:
    event: Event | None = session.get(Event, uploaded.event_id)
    assert event is not None  # a foreign key
    return event


def sealed_document(uploaded: EntrantImport) -> dict[str, Any]:
    """The list as it was read: its rows, and how many entries and new workers they make.

    After the take-over the rows are gone; the numbers stay.
    """
    document: dict[str, Any] = json.loads(vault.unseal(uploaded.sealed_rows, place=SEAL))
    return document
