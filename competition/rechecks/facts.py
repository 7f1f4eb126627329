"""Facts about re-checks. Sheets go by module, code and seat; nobody is named but who acted."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class ScopeDrawn(Fact):
    kind = "rechecks.scope_drawn"
    number: int
    seed: str
    entrants: int
    top: int
    sample: int
    system_seed: str = ""

    def sentence(self) -> Sentence:
        if not self.system_seed:
            return sentence(
                "drew the scope of the re-check, number %(number)s, with the seed %(seed)s: of %(entrants)s codes the"
                " first %(top)s and a sample of %(sample)s",
                number=self.number,
                seed=self.seed,
                entrants=self.entrants,
                top=self.top,
                sample=self.sample,
            )
        return sentence(
            "drew the scope of the re-check, number %(number)s, with the public seed “%(seed)s” and %(system)s of the"
            " system: of %(entrants)s codes the first %(top)s and a sample of %(sample)s",
            number=self.number,
            seed=self.seed or "–",
            system=self.system_seed,
            entrants=self.entrants,
            top=self.top,
            sample=self.sample,
        )


@dataclass(frozen=True)
class ScopeWidened(Fact):
    kind = "rechecks.scope_widened"
    errors: int
    sheets: int
    reason: str

    def sentence(self) -> Sentence:
        if self.reason:
            return sentence("had every sheet checked again: %(reason)s", reason=self.reason)
        return sentence(
            "accepted an error after which every sheet is checked again: %(errors)s wrong sheets of %(sheets)s are more"
            " than the rules allow",
            errors=self.errors,
            sheets=self.sheets,
        )


@dataclass(frozen=True)
class SheetFoundRight(Fact):
    kind = "rechecks.sheet_found_right"
    sheet: str
    content_hash: str

    def sentence(self) -> Sentence:
        return sentence("checked the sheet %(sheet)s again and found it right", sheet=self.sheet)


@dataclass(frozen=True)
class ErrorReported(Fact):
    kind = "rechecks.error_reported"
    sheet: str
    aspect: str
    found: str
    should_be: str

    def sentence(self) -> Sentence:
        if not self.aspect:
            return sentence(
                "reported an error on the sheet %(sheet)s as a whole to the chief judge: it is %(found)s and should be"
                " %(should_be)s",
                sheet=self.sheet,
                found=self.found,
                should_be=self.should_be,
            )
        return sentence(
            "reported an error on the sheet %(sheet)s to the chief judge: %(aspect)s is %(found)s and should be"
            " %(should_be)s",
            sheet=self.sheet,
            aspect=self.aspect,
            found=self.found,
            should_be=self.should_be,
        )


@dataclass(frozen=True)
class ErrorAccepted(Fact):
    kind = "rechecks.error_accepted"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "accepted the error reported on the sheet %(sheet)s: %(reason)s",
            sheet=self.sheet,
            reason=self.reason,
        )


@dataclass(frozen=True)
class ErrorRejected(Fact):
    kind = "rechecks.error_rejected"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "rejected the error reported on the sheet %(sheet)s: %(reason)s",
            sheet=self.sheet,
            reason=self.reason,
        )


@dataclass(frozen=True)
class RecheckSigned(Fact):
    kind = "rechecks.recheck_signed"
    number: int
    role: str
    checked: int
    errors: int

    def sentence(self) -> Sentence:
        return sentence(
            "signed the re-check number %(number)s: %(checked)s sheets checked, %(errors)s of them wrong",
            number=self.number,
            checked=self.checked,
            errors=self.errors,
        )
