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
