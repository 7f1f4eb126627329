"""Facts about entries, delegations and imported lists. People appear by their entry, never by name or number."""

from dataclasses import dataclass

from competition.audit.facts import Fact
from competition.registration.models import SOURCE_LABELS
from competition.rules.sentences import Sentence, sentence

_SOURCES: dict[str, Sentence] = {source.value: label for source, label in SOURCE_LABELS.items()}


@dataclass(frozen=True)
class DelegationOpened(Fact):
    kind = "registration.delegation_opened"
    organisation: str

    def sentence(self) -> Sentence:
        return sentence("opened the delegation of %(organisation)s", organisation=self.organisation)


@dataclass(frozen=True)
class LeaderAppointed(Fact):
    kind = "registration.leader_appointed"
    organisation: str
    username: str

    def sentence(self) -> Sentence:
        return sentence(
            "made %(username)s the leader of the delegation of %(organisation)s",
            username=self.username,
            organisation=self.organisation,
        )


@dataclass(frozen=True)
class EntrantEntered(Fact):
    kind = "registration.entrant_entered"
    delegation: str
    source: str
    eligible: bool
    reserve_order: int | None

    def sentence(self) -> Sentence:
        values: dict[str, object] = {
            "delegation": self.delegation,
            "source": _SOURCES.get(self.source, self.source),
        }
        if self.reserve_order is not None:
            return sentence(
                "entered an entrant of %(delegation)s as reserve %(order)s (%(source)s)",
                order=self.reserve_order,
                **values,
            )
        if not self.eligible:
            return sentence(
                "entered an entrant of %(delegation)s (%(source)s); the eligibility check did not pass",
                **values,
            )
        return sentence("entered an entrant of %(delegation)s (%(source)s)", **values)


@dataclass(frozen=True)
class EntrantApproved(Fact):
    kind = "registration.entrant_approved"
    entry_number: int

    def sentence(self) -> Sentence:
        return sentence("approved the entry with number %(number)s", number=self.entry_number)


@dataclass(frozen=True)
class EntrantsApproved(Fact):
    kind = "registration.entrants_approved"
    count: int
    first_number: int
    last_number: int

    def sentence(self) -> Sentence:
        return sentence(
            "approved %(count)s entries, with numbers from %(first)s to %(last)s",
            count=self.count,
            first=self.first_number,
            last=self.last_number,
        )


@dataclass(frozen=True)
class ApprovalTakenBack(Fact):
    kind = "registration.approval_taken_back"
    count: int

    def sentence(self) -> Sentence:
        return sentence("took back the approval of %(count)s entries", count=self.count)


@dataclass(frozen=True)
class EntrantRejected(Fact):
    kind = "registration.entrant_rejected"
    reason: str

    def sentence(self) -> Sentence:
        return sentence("rejected an entry: %(reason)s", reason=self.reason)


@dataclass(frozen=True)
class EntrantWithdrawn(Fact):
    kind = "registration.entrant_withdrawn"
    reason: str

    def sentence(self) -> Sentence:
        return sentence("withdrew an entry: %(reason)s", reason=self.reason)


@dataclass(frozen=True)
class EntrantDisqualified(Fact):
    kind = "registration.entrant_disqualified"
    reason: str

    def sentence(self) -> Sentence:
        return sentence("disqualified an entrant: %(reason)s", reason=self.reason)


@dataclass(frozen=True)
class DisqualificationLifted(Fact):
    kind = "registration.disqualification_lifted"
    reason: str

    def sentence(self) -> Sentence:
        return sentence("lifted the disqualification of an entrant: %(reason)s", reason=self.reason)


@dataclass(frozen=True)
class PutOutsideAwards(Fact):
    kind = "registration.put_outside_awards"
    reason: str

    def sentence(self) -> Sentence:
        return sentence("let an entrant compete outside the awards: %(reason)s", reason=self.reason)


@dataclass(frozen=True)
class ReturnedToAwards(Fact):
    kind = "registration.returned_to_awards"
    reason: str

    def sentence(self) -> Sentence:
        return sentence("let an entrant take part in the awards again: %(reason)s", reason=self.reason)


@dataclass(frozen=True)
class ReserveMovedUp(Fact):
    kind = "registration.reserve_moved_up"
    reserve_order: int

    def sentence(self) -> Sentence:
        return sentence("moved reserve %(order)s up", order=self.reserve_order)


@dataclass(frozen=True)
class PresenceMarked(Fact):
    kind = "registration.presence_marked"
    present: bool

    def sentence(self) -> Sentence:
        if self.present:
            return sentence("marked an entrant as present")
        return sentence("marked an entrant as absent")


@dataclass(frozen=True)
class CoachNamed(Fact):
    kind = "registration.coach_named"

    def sentence(self) -> Sentence:
        return sentence("changed the coach of an entrant")


@dataclass(frozen=True)
class TeamNamed(Fact):
    kind = "registration.team_named"
    team: str
    order: int | None

    def sentence(self) -> Sentence:
        if not self.team:
            return sentence("took an entrant out of their team")
        if self.order is None:
            return sentence("put an entrant into the team %(team)s", team=self.team)
        return sentence(
            "put an entrant into the team %(team)s as number %(order)s", team=self.team, order=self.order
        )


@dataclass(frozen=True)
class ListUploaded(Fact):
    kind = "registration.list_uploaded"
    rows: int
    errors: int
    file_hash: str

    def sentence(self) -> Sentence:
        return sentence(
            "uploaded a list of entries with %(rows)s rows, of which %(errors)s places must be corrected",
            rows=self.rows,
            errors=self.errors,
        )


@dataclass(frozen=True)
class ListTakenOver(Fact):
    kind = "registration.list_taken_over"
    entrants: int
    new_workers: int

    def sentence(self) -> Sentence:
        return sentence(
            "took over a list: %(entrants)s entries, %(workers)s workers newly registered",
            entrants=self.entrants,
            workers=self.new_workers,
        )
