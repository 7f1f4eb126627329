"""Write tablets: register a device, note that it is there, turn it off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competition import tokens
from competition.accounts.models import Account
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import session
from competition.rules.access import Actor
from competition.tablets import facts, queries
from competition.tablets.models import Device, DeviceKind


@dataclass(frozen=True)
class Known:
    """What a browser remembers of an earlier registration: the id it had, and the last number it used before its oldest copy."""

    device_id: UUID
    after: int = 0


def register_device(
    event: Event,
    account: Account,
    *,
    label: str,
    by: Actor,
    at: datetime,
    public_key: str | None = None,
    known: Known | None = None,
    build: str = "",
    card_id: UUID | None = None,
    kind: DeviceKind = DeviceKind.TABLET,
) -> Device:
    """Let a browser send operations for one account in one event, under a running sequence of its own.

    Who asks again with the same key, or with the id it had, gets the same device. An id that is not here any more (an older
    backup was restored) is taken over with its running number, so that what the browser still holds can be sent again.
    Raises Refused for the device of another account, for another key than before, and for a revoked device.
    """
    found = queries.device_by_id(event.id, known.device_id) if known else None
    if found is None and public_key is not None:
        found = queries.device_with_key(by, event, public_key)
    if found is not None:
        return _again(found, account, public_key, build)
    device = Device(
        event_id=event.id,
        id=known.device_id if known else tokens.new_id(),
        account_id=account.id,
        kind=kind,
        label=label.strip()[:100] or "–",
        public_key=public_key,
        card_id=card_id,
        build=build,
        last_sequence=known.after if known else 0,
        registered_at=at,
        last_seen_at=at,
    )
    session.add(device)
    session.flush()
    fact = facts.DeviceRegistered(event_id=event.id, subject_id=device.id, label=device.label)
    record(fact, by=by, at=at)
    return device


def _again(device: Device, account: Account, public_key: str | None, build: str) -> Device:
    if device.account_id != account.id or device.public_key not in (None, public_key):
        raise queries.not_yours()
    if device.revoked_at is not None:
        raise queries.revoked()
    device.public_key = public_key
    device.build = build or device.build
    return device


def note_presence(
    device: Device, *, queue: int, battery: int | None, build: str, by: Actor, at: datetime
) -> None:
    """The device is there: how much waits on it, how full its battery is, which build it runs. No fact: it says it all day."""
    assert by.account_id == device.account_id, "only the own device"
    device.queue_length, device.battery = queue, battery
    device.build = build or device.build
    device.last_seen_at = at
