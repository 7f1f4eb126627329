"""Facts about promotion tables and cases. People appear by their case, never by name."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.grades import Grade
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class TablePublished(Fact):
    kind = "promotions.table_published"
    title: str
    authority: str
    valid_from: str
    hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "published the promotion table “%(title)s” of %(authority)s, valid from %(day)s (SHA-256 %(hash)s)",
            title=self.title,
            authority=self.authority,
            day=self.valid_from,
            hash=self.hash,
        )


@dataclass(frozen=True)
class CaseOpened(Fact):
    kind = "promotions.case_opened"
    certificate: str
    target: str
    table: str
    row: int

    def sentence(self) -> Sentence:
        return sentence(
            "opened a promotion case to “%(target)s” on certificate %(certificate)s by row %(row)s of “%(table)s”",
            target=Grade(self.target).label,
            certificate=self.certificate,
            row=self.row,
            table=self.table,
        )


@dataclass(frozen=True)
class CaseDecidedAgain(Fact):
    kind = "promotions.case_decided_again"
    certificate: str
    target: str

    def sentence(self) -> Sentence:
        return sentence(
            "decided a promotion case again on certificate %(certificate)s: it may lead to “%(target)s”",
            certificate=self.certificate,
            target=Grade(self.target).label,
        )


@dataclass(frozen=True)
class CaseApplied(Fact):
    kind = "promotions.case_applied"
    target: str

    def sentence(self) -> Sentence:
        return sentence("applied for the promotion to “%(target)s”", target=Grade(self.target).label)


@dataclass(frozen=True)
class CaseApproved(Fact):
    kind = "promotions.case_approved"
    target: str
    document_number: str

    def sentence(self) -> Sentence:
        return sentence(
            "approved the promotion to “%(target)s” with document %(number)s",
            target=Grade(self.target).label,
            number=self.document_number,
        )


@dataclass(frozen=True)
class CaseIssued(Fact):
    kind = "promotions.case_issued"
    document_number: str

    def sentence(self) -> Sentence:
        return sentence("handed out the grade document %(number)s", number=self.document_number)


@dataclass(frozen=True)
class CaseRejected(Fact):
    kind = "promotions.case_rejected"
    target: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "rejected the promotion to “%(target)s”: %(reason)s",
            target=Grade(self.target).label,
            reason=self.reason,
        )
