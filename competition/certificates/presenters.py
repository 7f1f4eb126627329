"""What pages say about a certificate."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from competition.certificates import queries
from competition.certificates.models import Certificate, CertificateStatus
from competition.certificates.wording import LEGAL_TIME
from competition.competitions.words import TITLES
from competition.rules.names import mask_name
from competition.rules.sentences import Sentence, sentence
from competition.web.language import language

STATUS_TITLES: dict[CertificateStatus, Sentence] = {
    CertificateStatus.VALID: sentence("Valid"),
    CertificateStatus.REVOKED: sentence("Revoked"),
    CertificateStatus.REPLACED: sentence("Replaced"),
}
STATUS_TONES = {
    CertificateStatus.VALID: "success",
    CertificateStatus.REVOKED: "danger",
    CertificateStatus.REPLACED: "warning",
}


class Verdict(StrEnum):
    """The five answers to somebody who verifies a certificate."""

    VALID = "valid"
    REVOKED = "revoked"
    CORRECTED = "corrected"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Words:
    """`short` is the verdict in one word, `title` the same as a sentence."""

    short: Sentence
    title: Sentence
    icon: str
    tone: str
    status: int


WORDS: dict[Verdict, Words] = {
    Verdict.VALID: Words(
        sentence("Valid"), sentence("This certificate is valid"), "circle-check", "success", 200
    ),
    Verdict.REVOKED: Words(
        sentence("Revoked"), sentence("This certificate was revoked"), "ban", "danger", 200
    ),
    Verdict.CORRECTED: Words(
        sentence("Corrected"), sentence("This certificate was corrected"), "history", "warning", 200
    ),
    Verdict.UNKNOWN: Words(
        sentence("Not found"), sentence("No such certificate was found"), "circle-x", "danger", 404
    ),
    Verdict.MALFORMED: Words(
        sentence("Number mistyped"),
        sentence("This number is not complete or mistyped"),
        "octagon-alert",
        "warning",
        404,
    ),
}


@dataclass(frozen=True)
class Shown:
    """What anybody may see of a certificate; `name` is masked unless the visitor knew it."""

    name: str
    award: str
    place: int | None
    event: str
    competition: str
    tier: Sentence
    issuers: str
    issued_on: date
    number: str
    notes: tuple[Sentence, ...]


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    because: Sentence
    shown: Shown | None
    at: str

    @property
    def words(self) -> Words:
        return WORDS[self.verdict]


def answer_for(certificate: Certificate, *, at: datetime, knows_the_name: bool) -> Answer:
    """The answer for a certificate that was found. An altered snapshot is not shown: it is unknown to us."""
    if not queries.is_intact(certificate):
        return no_such(at, by_scan=True)
    standing = queries.standing_of(certificate)
    verdict, because = _verdict(certificate, standing)
    return Answer(verdict, because, _shown(certificate, standing, knows_the_name), clock_time(at))


def no_such(at: datetime, *, by_scan: bool) -> Answer:
    because = (
        sentence("This address belongs to no certificate of ours. A QR code that leads here may be forged.")
        if by_scan
        else sentence(
            "No certificate has this number together with this name. Compare both with the paper, letter by letter."
        )
    )
    return Answer(Verdict.UNKNOWN, because, None, clock_time(at))


def malformed(at: datetime, *, by_scan: bool) -> Answer:
    because = (
        sentence("The address of a certificate ends in twelve letters and digits. Scan the code again.")
        if by_scan
        else sentence(
            "The check character does not fit the number. Compare it with the paper, letter by letter."
        )
    )
    return Answer(Verdict.MALFORMED, because, None, clock_time(at))


def clock_time(at: datetime) -> str:
    """The moment of the answer with its seconds, in legal time, so that a screenshot shows its age."""
    return f"{at.astimezone(LEGAL_TIME):%Y-%m-%d %H:%M:%S}"


def _verdict(certificate: Certificate, standing: queries.Standing) -> tuple[Verdict, Sentence]:
    change = queries.last_change(certificate)
    day = f"{change.at.astimezone(LEGAL_TIME):%Y-%m-%d}"
    if certificate.status == CertificateStatus.REVOKED:
        return Verdict.REVOKED, sentence("It was revoked on %(day)s and proves nothing any more.", day=day)
    if certificate.status == CertificateStatus.REPLACED:
        number = certificate.replaced_by.number if certificate.replaced_by else "–"
        return Verdict.CORRECTED, sentence(
            "It was replaced on %(day)s by the certificate %(number)s. Ask the holder for that one.",
            day=day,
            number=number,
        )
    if standing.is_contradicted:
        return Verdict.CORRECTED, sentence(
            "The result was corrected after it was issued: it rests on revision %(earlier)s, "
            "and revision %(released)s says otherwise. Ask the issuer.",
            earlier=standing.revision,
            released=standing.released,
        )
    return Verdict.VALID, sentence(
        "It was issued by this system and stands unchanged. Compare the paper with this page."
    )


def _shown(certificate: Certificate, standing: queries.Standing, knows_the_name: bool) -> Shown:
    snapshot = certificate.snapshot
    notes = []
    if standing.is_earlier and not standing.is_contradicted:
        notes.append(
            sentence(
                "It rests on an earlier revision of the result (%(earlier)s); the released revision %(released)s says the same.",
                earlier=standing.revision,
                released=standing.released,
            )
        )
    if snapshot["replaces"]:
        notes.append(sentence("It replaces the certificate %(number)s.", number=snapshot["replaces"]))
    return Shown(
        name=snapshot["name"] if knows_the_name else mask_name(snapshot["name"]),
        award=in_words(snapshot["award"]),
        place=snapshot["place"],
        event=in_words(snapshot["event"]),
        competition=in_words(snapshot["competition"]),
        tier=TITLES[certificate.event.competition.tier],
        issuers="、".join(in_words(issuer) for issuer in snapshot["issuers"]),
        issued_on=date.fromisoformat(snapshot["issued_on"]),
        number=certificate.number,
        notes=tuple(notes),
    )


def in_words(title: dict[str, Any]) -> str:
    """A title of the snapshot in the reader's language."""
    return str(title["en"]) if language() == "en" and title["en"] else str(title["zh"])


@dataclass(frozen=True)
class Row:
    """A certificate in a list of the organiser or of its holder."""

    id: UUID
    number: str
    name: str
    award: str
    place: int | None
    event: str
    competition: str
    issued_on: date
    status: CertificateStatus
    notes: tuple[Sentence, ...]


def row_of(certificate: Certificate) -> Row:
    snapshot = certificate.snapshot
    standing = queries.standing_of(certificate)
    notes = []
    if certificate.replaced_by is not None:
        notes.append(sentence("Replaced by %(number)s.", number=certificate.replaced_by.number))
    if certificate.status == CertificateStatus.VALID and standing.is_contradicted:
        notes.append(
            sentence("The result was corrected since; this certificate still says what it said before.")
        )
    return Row(
        id=certificate.id,
        number=certificate.number,
        name=snapshot["name"],
        award=in_words(snapshot["award"]),
        place=snapshot["place"],
        event=in_words(snapshot["event"]),
        competition=in_words(snapshot["competition"]),
        issued_on=date.fromisoformat(snapshot["issued_on"]),
        status=CertificateStatus(certificate.status),
        notes=tuple(notes),
    )
