"""Facts about certificates. They name the number, never the person."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class CertificateIssued(Fact):
    kind = "certificates.issued"
    number: str

    def sentence(self) -> Sentence:
        return sentence("issued the certificate %(number)s", number=self.number)


@dataclass(frozen=True)
class CertificateRevoked(Fact):
    kind = "certificates.revoked"
    number: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "revoked the certificate %(number)s; reason: %(reason)s", number=self.number, reason=self.reason
        )


@dataclass(frozen=True)
class CertificateReplaced(Fact):
    kind = "certificates.replaced"
    former: str
    number: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "replaced the certificate %(former)s by %(number)s; reason: %(reason)s",
            former=self.former,
            number=self.number,
            reason=self.reason,
        )
