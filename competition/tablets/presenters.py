"""What the page of tablets shows: every device as it stands now, every judge with the card."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from competition.competitions.models import Event
from competition.panels.models import Judge
from competition.rules.sentences import Sentence, sentence
from competition.tablets import queries
from competition.tablets.models import Device, LoginCard

ONLINE = timedelta(seconds=60)
"""A device says every 30 seconds that it is there."""
LOW_BATTERY = 20


@dataclass(frozen=True)
class TabletRow:
    """A device and what is to be said of it; `let_go` says who let its judge leave with unsent entries."""

    device: Device
    state: tuple[Sentence, str]
    is_low: bool
    let_go: Sentence | None

    @property
    def judge(self) -> str:
        return self.device.account.name


def tablets_of(event: Event, at: datetime) -> list[TabletRow]:
    """The devices of an event, the latest seen first."""
    left = queries.hand_overs_of(event.id)
    return [
        TabletRow(
            device,
            _state(device, at),
            device.battery is not None and device.battery < LOW_BATTERY,
            left[device.id].sentence() if device.id in left else None,
        )
        for device in queries.tablets_of(event)
    ]


def _state(device: Device, at: datetime) -> tuple[Sentence, str]:
    if device.revoked_at is not None:
        return sentence("turned off"), "danger"
    if at - device.last_seen_at < ONLINE:
        return sentence("online"), "success"
    return sentence("not connected"), "warning" if device.queue_length else "neutral"


@dataclass(frozen=True)
class CardRow:
    """A judge of the event, and the card in force."""

    judge: Judge
    card: LoginCard | None
    is_locked: bool


def cards_of(event: Event, at: datetime) -> list[CardRow]:
    """The judges who have seats in the event, by name, with their cards."""
    cards: dict[UUID, LoginCard] = queries.cards_of(event)
    return [
        CardRow(judge, card, card is not None and card.locked_until is not None and at < card.locked_until)
        for judge in queries.judges_of(event)
        for card in [cards.get(judge.id)]
    ]
