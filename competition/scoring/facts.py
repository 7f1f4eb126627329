"""Facts about sheets and what devices sent. Old and new values of every mark stand in its operations, attributed there."""

from dataclasses import dataclass
from typing import Any

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class SheetsMade(Fact):
    kind = "scoring.sheets_made"
    count: int

    def sentence(self) -> Sentence:
        return sentence("had %(count)s sheets made", count=self.count)


@dataclass(frozen=True)
class SheetSignedOnPaper(Fact):
    """A sheet that its judge signed on paper was counted as these people read it."""

    kind = "scoring.sheet_signed_on_paper"
    sheet: str
    readers: str
    content_hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "had the sheet %(sheet)s counted as it was signed on paper, typed by %(readers)s",
            sheet=self.sheet,
            readers=self.readers,
        )


@dataclass(frozen=True)
class SheetHandedOver(Fact):
    kind = "scoring.sheet_handed_over"
    sheet: str
    before: str
    after: str

    def sentence(self) -> Sentence:
        return sentence(
            "handed the sheet %(sheet)s over from %(before)s to %(after)s",
            sheet=self.sheet,
            before=self.before,
            after=self.after,
        )


@dataclass(frozen=True)
class MarksReceived(Fact):
    """What one batch brought for one sheet."""

    kind = "scoring.marks_received"
    sheet: str
    device: str
    applied: int
    conflicts: int
    rejected: int

    def sentence(self) -> Sentence:
        return sentence(
            "sent marks for the sheet %(sheet)s from the device %(device)s: %(applied)s recorded, %(conflicts)s in"
            " conflict, %(rejected)s refused",
            sheet=self.sheet,
            device=self.device,
            applied=self.applied,
            conflicts=self.conflicts,
            rejected=self.rejected,
        )


@dataclass(frozen=True)
class MarksRefused(Fact):
    """Marks for a sheet that is not the sender's, or for none there is."""

    kind = "scoring.marks_refused"
    device: str
    count: int

    def sentence(self) -> Sentence:
        return sentence(
            "sent %(count)s marks from the device %(device)s for a sheet of somebody else; they were refused",
            count=self.count,
            device=self.device,
        )


@dataclass(frozen=True)
class OperationIdReused(Fact):
    """An alert: the same operation id came with another content."""

    kind = "scoring.operation_id_reused"
    device: str
    op_id: str
    first_hash: str
    second_hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "ALERT: sent the operation %(op_id)s a second time with another content, from the device %(device)s",
            op_id=self.op_id,
            device=self.device,
        )


@dataclass(frozen=True)
class SheetSigned(Fact):
    kind = "scoring.sheet_signed"
    sheet: str
    content_hash: str

    def sentence(self) -> Sentence:
        return sentence("signed the sheet %(sheet)s", sheet=self.sheet)


@dataclass(frozen=True)
class SheetConfirmed(Fact):
    kind = "scoring.sheet_confirmed"
    sheet: str
    content_hash: str

    def sentence(self) -> Sentence:
        return sentence("confirmed the sheet %(sheet)s", sheet=self.sheet)


@dataclass(frozen=True)
class ReopeningAsked(Fact):
    kind = "scoring.reopening_asked"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "asked to have the sheet %(sheet)s reopened: %(reason)s", sheet=self.sheet, reason=self.reason
        )


@dataclass(frozen=True)
class ReopeningDeclined(Fact):
    kind = "scoring.reopening_declined"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "did not reopen the sheet %(sheet)s as its judge had asked: %(reason)s",
            sheet=self.sheet,
            reason=self.reason,
        )


@dataclass(frozen=True)
class ContestantSigned(Fact):
    """The contestant stood for what the sheet says, on the judge's tablet."""

    kind = "scoring.contestant_signed"
    sheet: str
    content_hash: str

    def sentence(self) -> Sentence:
        return sentence("had the contestant sign the sheet %(sheet)s", sheet=self.sheet)


@dataclass(frozen=True)
class ContestantRefused(Fact):
    kind = "scoring.contestant_refused"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "noted that the contestant did not sign the sheet %(sheet)s: %(reason)s",
            sheet=self.sheet,
            reason=self.reason,
        )


@dataclass(frozen=True)
class SheetRemarked(Fact):
    kind = "scoring.sheet_remarked"
    sheet: str
    aspect: str
    remark: str

    def sentence(self) -> Sentence:
        if self.remark == "exposed":
            return sentence(
                "reported that the work on the sheet %(sheet)s shows whose it is", sheet=self.sheet
            )
        if self.remark == "photo":
            return sentence(
                "added a photo to %(aspect)s on the sheet %(sheet)s", aspect=self.aspect, sheet=self.sheet
            )
        return sentence(
            "added a note to %(aspect)s on the sheet %(sheet)s", aspect=self.aspect, sheet=self.sheet
        )


@dataclass(frozen=True)
class SheetReopened(Fact):
    kind = "scoring.sheet_reopened"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence("reopened the sheet %(sheet)s: %(reason)s", sheet=self.sheet, reason=self.reason)


@dataclass(frozen=True)
class SheetVoided(Fact):
    kind = "scoring.sheet_voided"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence("declared the sheet %(sheet)s void: %(reason)s", sheet=self.sheet, reason=self.reason)


@dataclass(frozen=True)
class OperationsQuarantined(Fact):
    """A device that may not send any more handed over what it still held."""

    kind = "scoring.operations_quarantined"
    device: str
    count: int

    def sentence(self) -> Sentence:
        return sentence(
            "handed over %(count)s entries from the device %(device)s, which may not send any more; none of them counts",
            count=self.count,
            device=self.device,
        )


@dataclass(frozen=True)
class OperationDealtWith(Fact):
    kind = "scoring.operation_dealt_with"
    op_id: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "dealt with the entry %(op_id)s that was set aside: %(reason)s",
            op_id=self.op_id,
            reason=self.reason,
        )


@dataclass(frozen=True)
class EmergencyFileImported(Fact):
    kind = "scoring.emergency_file_imported"
    device: str
    count: int
    applied: int
    known: int
    is_signed: bool
    reason: str = ""
    """Why a file was believed that no key could sign; facts from before it was asked for have none."""

    def sentence(self) -> Sentence:
        if self.is_signed:
            return sentence(
                "imported the emergency file of the device %(device)s: %(count)s entries, %(known)s of them known before,"
                " %(applied)s recorded",
                device=self.device,
                count=self.count,
                known=self.known,
                applied=self.applied,
            )
        return sentence(
            "imported the emergency file of the device %(device)s, which no key of the device had signed: %(count)s"
            " entries, %(known)s of them known before, %(applied)s recorded; why it was believed: %(reason)s",
            device=self.device,
            count=self.count,
            known=self.known,
            applied=self.applied,
            reason=self.reason or "–",
        )


@dataclass(frozen=True)
class MarksLacking(Fact):
    """A tablet holds marks that the server had acknowledged and does not have any more: an older state was put back. The subject is
    the tablet.

    `acknowledged` counts the entries that were acknowledged and are not here, `again` those that the tablet has sent once more.
    `marks` is what its sheets say of the rest: [sheet, aspect, kind, value or null, state, version, the tablet's time or ""].
    """

    kind = "scoring.marks_lacking"
    device: str
    acknowledged: int
    again: int
    marks: list[list[Any]]

    def sentence(self) -> Sentence:
        return sentence(
            "told from the device %(device)s that %(count)s marks on its sheets had been acknowledged and are not here",
            device=self.device,
            count=len(self.marks),
        )


@dataclass(frozen=True)
class MissingProposed(Fact):
    """The first of two people asks to go ahead without the sheets of this hash. The subject is the proposal."""

    kind = "scoring.missing_proposed"
    count: int
    sheets: str
    hash: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "proposed to go ahead without %(count)s missing sheets (%(sheets)s): %(reason)s",
            count=self.count,
            sheets=self.sheets,
            reason=self.reason,
        )


@dataclass(frozen=True)
class MissingAccepted(Fact):
    """The second of two people. The subject is the proposal."""

    kind = "scoring.missing_accepted"
    count: int
    hash: str
    proposed_by: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "accepted what %(proposed_by)s proposed: to go ahead without %(count)s missing sheets (SHA-256 %(hash)s): %(reason)s",
            proposed_by=self.proposed_by,
            count=self.count,
            hash=self.hash,
            reason=self.reason,
        )


@dataclass(frozen=True)
class MissingWithdrawn(Fact):
    """Neither proposal nor acceptance stands any more. The subject is the proposal."""

    kind = "scoring.missing_withdrawn"
    count: int
    hash: str
    was_accepted: bool

    def sentence(self) -> Sentence:
        if self.was_accepted:
            return sentence(
                "withdrew the acceptance of %(count)s missing sheets (SHA-256 %(hash)s)",
                count=self.count,
                hash=self.hash,
            )
        return sentence(
            "withdrew the proposal to go ahead without %(count)s missing sheets (SHA-256 %(hash)s)",
            count=self.count,
            hash=self.hash,
        )


@dataclass(frozen=True)
class DeductionRuled(Fact):
    kind = "scoring.deduction_ruled"
    sheet: str
    aspect: str
    value: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "ruled a deduction on the sheet %(sheet)s, %(aspect)s: %(value)s, because: %(reason)s",
            sheet=self.sheet,
            aspect=self.aspect,
            value=self.value,
            reason=self.reason,
        )


@dataclass(frozen=True)
class DeductionStruck(Fact):
    kind = "scoring.deduction_struck"
    sheet: str
    aspect: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "took a ruled deduction off the sheet %(sheet)s, %(aspect)s: %(reason)s",
            sheet=self.sheet,
            aspect=self.aspect,
            reason=self.reason,
        )


@dataclass(frozen=True)
class SheetReassigned(Fact):
    kind = "scoring.sheet_reassigned"
    sheet: str
    before: str
    after: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "gave the sheet %(sheet)s of %(before)s to %(after)s: %(reason)s",
            sheet=self.sheet,
            before=self.before,
            after=self.after,
            reason=self.reason,
        )
