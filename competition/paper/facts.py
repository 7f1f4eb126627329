"""Facts about sheets on paper. Sheets go by module, code and seat; the values stand in the entries, which are kept for good."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.rules.sentences import Sentence, sentence


@dataclass(frozen=True)
class SheetsPrinted(Fact):
    kind = "paper.sheets_printed"
    count: int
    with_marks: bool

    def sentence(self) -> Sentence:
        if self.with_marks:
            return sentence("printed %(count)s sheets with the marks so far", count=self.count)
        return sentence("printed %(count)s blank sheets", count=self.count)


@dataclass(frozen=True)
class SheetTyped(Fact):
    """The first or the second person has typed a sheet from paper."""

    kind = "paper.sheet_typed"
    sheet: str
    ordinal: int
    mode: str
    verdict: str

    def sentence(self) -> Sentence:
        if self.ordinal == 1:
            return sentence("typed the sheet %(sheet)s from paper, first entry", sheet=self.sheet)
        if self.mode == "confirmed" and self.verdict == "equal":
            return sentence("confirmed the first entry of the sheet %(sheet)s item by item", sheet=self.sheet)
        if self.verdict == "equal":
            return sentence(
                "typed the sheet %(sheet)s from paper, second entry: the same as the first", sheet=self.sheet
            )
        return sentence(
            "typed the sheet %(sheet)s from paper, second entry: different from the first", sheet=self.sheet
        )


@dataclass(frozen=True)
class EntryWithdrawn(Fact):
    kind = "paper.entry_withdrawn"
    sheet: str

    def sentence(self) -> Sentence:
        return sentence("withdrew the own first entry of the sheet %(sheet)s", sheet=self.sheet)


@dataclass(frozen=True)
class DifferencesDecided(Fact):
    kind = "paper.differences_decided"
    sheet: str
    count: int

    def sentence(self) -> Sentence:
        return sentence(
            "took the third look at the sheet %(sheet)s and decided on %(count)s differences",
            sheet=self.sheet,
            count=self.count,
        )


@dataclass(frozen=True)
class PaperPreferred(Fact):
    kind = "paper.paper_preferred"
    sheet: str
    count: int
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "decided that the paper of the sheet %(sheet)s counts instead of %(count)s marks of a tablet: %(reason)s",
            sheet=self.sheet,
            count=self.count,
            reason=self.reason,
        )


@dataclass(frozen=True)
class EntriesSetAside(Fact):
    kind = "paper.entries_set_aside"
    sheet: str
    reason: str

    def sentence(self) -> Sentence:
        return sentence(
            "set aside what was typed from the paper of the sheet %(sheet)s: %(reason)s",
            sheet=self.sheet,
            reason=self.reason,
        )


@dataclass(frozen=True)
class PaperPhotographed(Fact):
    kind = "paper.paper_photographed"
    sheet: str
    sha256: str

    def sentence(self) -> Sentence:
        return sentence("attached a photo of the paper to the sheet %(sheet)s", sheet=self.sheet)
