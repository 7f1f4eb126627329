"""Facts about login cards and devices. What a device sends is on the record of scoring."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class DeviceRegistered(Fact):
    """Its kind is older than this room: devices were registered with the sheets."""

    kind = "scoring.device_registered"
    label: str

    def sentence(self) -> Sentence:
        return sentence("began to mark on the device %(label)s", label=self.label)


@dataclass(frozen=True)
class DeviceRevoked(Fact):
    kind = "tablets.device_revoked"
    label: str
    judge: str

    def sentence(self) -> Sentence:
        return sentence("turned off the device %(label)s of %(judge)s", label=self.label, judge=self.judge)


@dataclass(frozen=True)
class DeviceAllowedAgain(Fact):
    kind = "tablets.device_allowed_again"
    label: str
    judge: str

    def sentence(self) -> Sentence:
        return sentence(
            "let the device %(label)s of %(judge)s send marks again", label=self.label, judge=self.judge
        )


@dataclass(frozen=True)
class HandedOver(Fact):
    """The name was typed on the tablet and checked by nobody; `left_at` is by the tablet's clock."""

    kind = "tablets.handed_over"
    label: str
    supervisor: str
    reason: str
    left_at: str

    def sentence(self) -> Sentence:
        return sentence(
            "came back to the device %(label)s, left with unsent entries; let go by %(supervisor)s (as typed on the"
            " tablet, not checked): %(reason)s",
            label=self.label,
            supervisor=self.supervisor,
            reason=self.reason,
        )


@dataclass(frozen=True)
class CardIssued(Fact):
    kind = "tablets.card_issued"
    judge: str

    def sentence(self) -> Sentence:
        return sentence(
            "printed a login card for %(judge)s; earlier ones open nothing any more", judge=self.judge
        )


@dataclass(frozen=True)
class CardUsed(Fact):
    kind = "tablets.card_used"

    def sentence(self) -> Sentence:
        return sentence("signed in with the login card")


@dataclass(frozen=True)
class CardLocked(Fact):
    kind = "tablets.card_locked"
    judge: str
    minutes: int

    def sentence(self) -> Sentence:
        return sentence(
            "typed a wrong PIN for the login card of %(judge)s too often; it is locked for %(minutes)s minutes",
            judge=self.judge,
            minutes=self.minutes,
        )


@dataclass(frozen=True)
class CardRevoked(Fact):
    kind = "tablets.card_revoked"
    judge: str

    def sentence(self) -> Sentence:
        return sentence("revoked the login card of %(judge)s", judge=self.judge)
