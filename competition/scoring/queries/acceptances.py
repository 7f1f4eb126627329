"""Whether a result may go ahead although sheets are missing: two people accepted exactly these.

Source: docs/sources.md, reliability I11 (missing sheets block the publication unless two people override, with a reason). An
acceptance names its sheets and holds for these and no others: with one more or one fewer, two people decide anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select

from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of, scope_of_event
from competition.database import session
from competition.orm import canonical_json, fingerprint, read_json
from competition.rules.access import Actor, Permission
from competition.rules.sentences import Sentence, sentence
from competition.rules.titles import Title
from competition.scoring.models import MissingAcceptance
from competition.scoring.queries.missing import MissingSheet, SheetName, missing_names, missing_sheets
from competition.scoring.queries.recorded import Recorded

MOST_NAMED = 10
"""How many sheets one sentence names before it counts the others."""
FEW = 12
"""So many missing sheets are named beside the figures; more are on their own page."""


def hash_of_names(names: Iterable[SheetName]) -> str:
    """What a set of sheets is known by: the SHA-256 of their names in order."""
    return fingerprint([list(name) for name in sorted(names)])


def acceptance_of(event: Event) -> MissingAcceptance | None:
    """The proposal or acceptance that stands for an event: not withdrawn, for whatever sheets."""
    found: MissingAcceptance | None = session.scalar(
        select(MissingAcceptance).where(
            MissingAcceptance.event_id == event.id, MissingAcceptance.withdrawn_at.is_(None)
        )
    )
    return found


@dataclass(frozen=True)
class MissingStanding:
    """The sheets that are missing now, and the acceptance that stands, which may be for others."""

    names: tuple[SheetName, ...]
    acceptance: MissingAcceptance | None

    @cached_property
    def is_of_these(self) -> bool:
        """Whether what was proposed names exactly these sheets."""
        return self.acceptance is not None and self.acceptance.hash == hash_of_names(self.names)

    @property
    def is_accepted(self) -> bool:
        """Whether two people accepted exactly these sheets, and there are some."""
        accepted = self.acceptance is not None and self.acceptance.accepted_at is not None
        return bool(self.names) and accepted and self.is_of_these

    @property
    def codes(self) -> frozenset[str]:
        """The codes of those of whom a sheet is missing."""
        return frozenset(code for _, code, _ in self.names)

    @property
    def refusal(self) -> Sentence | None:
        """Why nothing goes ahead, or None when no sheet is missing or two people accepted that."""
        if not self.names or self.is_accepted:
            return None
        if self.acceptance is None:
            return sentence(
                "%(count)s sheets are still missing. Find them, or void them with a reason, or let two people accept that they are missing.",
                count=len(self.names),
            )
        if self.is_of_these:
            return sentence(
                "%(count)s sheets are missing. %(name)s proposed to go ahead without them; a second person has not accepted that.",
                count=len(self.names),
                name=self.acceptance.proposed_by_name,
            )
        return self._difference(self.acceptance)

    def _difference(self, acceptance: MissingAcceptance) -> Sentence:
        now, before = set(self.names), {(module, code, seat) for module, code, seat in acceptance.sheets}
        more, fewer = listed(sorted(now - before)), listed(sorted(before - now))
        if not now - before:
            return sentence(
                "Fewer sheets are missing than were accepted: not missing any more are %(fewer)s. Propose the list again.",
                fewer=fewer,
            )
        if not before - now:
            return sentence(
                "More sheets are missing than were accepted: missing now are also %(more)s. Propose the list again.",
                more=more,
            )
        return sentence(
            "Other sheets are missing than were accepted: missing now are also %(more)s, not missing any more are %(fewer)s. Propose the list again.",
            more=more,
            fewer=fewer,
        )


def missing_standing(event: Event, recorded: Recorded | None = None) -> MissingStanding:
    """What is missing now and what was accepted; the one question that every gate asks."""
    return MissingStanding(tuple(missing_names(event, recorded)), acceptance_of(event))


@dataclass(frozen=True)
class FewMissing:
    """The missing sheets beside the figures of a reconciliation: by name where they are few; `count` says how many."""

    count: int
    sheets: Sequence[MissingSheet]
    titles: Mapping[str, Title]
    may_review: bool
    is_accepted: bool


def few_missing(event: Event, person: Actor, recorded: Recorded | None = None) -> FewMissing:
    """What stands beside the figures for this person."""
    recorded = recorded or Recorded(event)
    standing = missing_standing(event, recorded)
    count = len(standing.names)
    few = missing_sheets(event, recorded) if 0 < count <= FEW else ()
    titles = {module.id: module.title for module in modules_of(rule_set_of(event))}
    may_review = person.may(Permission.SCORING_SHEET_CONFIRM, scope_of_event(event))
    return FewMissing(count, few, titles, may_review, standing.is_accepted)


def waits_for_acceptance(event: Event, person: Actor) -> Sentence | None:
    """What waits for this person, for the page of the event: the proposal of somebody else, to be accepted or not."""
    proposal = acceptance_of(event)
    if proposal is None or proposal.accepted_at is not None or proposal.proposed_by == person.account_id:
        return None
    if not person.may(Permission.RESULTS_PUBLICATION_APPROVE, scope_of_event(event)):
        return None
    return sentence("Waits for a second person")


def listed(names: Sequence[SheetName]) -> str:
    """A few sheets by module, code and seat, and how many more there are."""
    shown = ", ".join(" · ".join(name) for name in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} (+{len(names) - MOST_NAMED})"


def accepted_part(event: Event, recorded: Recorded) -> dict[str, Any] | None:
    """What a result keeps of the acceptance it rests on, as plain JSON without names of people; None when no sheet is missing.

    `by` says who proposed and who approved as A1 and A2, so that everybody sees whether these are two people.
    """
    acceptance = acceptance_of(event)
    if acceptance is None:
        return None
    standing = MissingStanding(tuple(missing_names(event, recorded)), acceptance)
    if not standing.is_accepted:
        return None
    entrants = {one.code: one.entrant_id for one in recorded.drawn}
    people = {acceptance.proposed_by: "A1"}
    second = people.setdefault(acceptance.accepted_by, "A2") if acceptance.accepted_by else ""
    found = {
        "id": acceptance.id,
        "reason": acceptance.reason,
        "by": [
            {"by": "A1", "at": acceptance.proposed_at},
            {"by": second, "at": acceptance.accepted_at},
        ],
        "sheets": [
            {"module": module, "code": code, "entrant": entrants[code], "judge": f"{module}.{seat}"}
            for module, code, seat in standing.names
        ],
    }
    plain: dict[str, Any] = read_json(canonical_json(found))
    return plain
