"""Prepare a revision: compute it from the marks, then keep it under the next number.

Computing reads a whole event and may take long, so it needs no lock: a page computes first and opens its transaction
then. Under the lock only the fingerprint of what the result was computed from is compared, and the rows are stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from competition import tokens
from competition.audit.services import record
from competition.competitions import blockers
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.orm import CanonicalText
from competition.rechecks import queries as rechecks
from competition.results import facts, queries
from competition.results.models import (
    PublicationApproval,
    ResultAwardDecision,
    ResultLine,
    ResultRevision,
    ResultTeam,
    SignedSheets,
)
from competition.results.queries import LineKey, Listed, RankedTeam, line_key
from competition.results.queries.contests import StoredTexts, hash_of_texts
from competition.results.queries.preparations import Preparation
from competition.results.services.heap import collector_paused
from competition.rules.access import Actor
from competition.rules.lifecycle import Move
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.queries.recorded import Recorded

Row = dict[str, Any]
"""A line as it is stored, without the revision it belongs to."""

CHANGED_MEANWHILE = sentence("Marks, sheets or entrants changed while the result was being computed.")
ONCE_MORE = sentence("Try again: it is then computed from what is there now.")


@dataclass(frozen=True)
class Computed:
    """A result that was computed and not stored, and the fingerprint of what it was computed from."""

    basis: str
    newest: UUID | None
    found: Preparation
    hash: str = ""
    rows: tuple[Row, ...] = ()
    teams: tuple[Row, ...] = ()
    sheets: CanonicalText | None = None
    reconciliation: Mapping[str, Any] | None = None
    advancement: dict[str, Any] | None = None


@collector_paused()
def compute(
    event: Event,
    *,
    decisions: Sequence[dict[str, Any]] | None = None,
    award_decisions: Sequence[dict[str, Any]] | None = None,
) -> Computed:
    """The result of the marks as they stand, not stored; reads only, and takes as long as the event is large.

    `decisions` are documented orders of entrants whom no comparison tells apart ({"order": [entrant id …], "reason"});
    `award_decisions` what people decided about single awards ({"entrant", "award", "reason"}); None keeps those of the
    newest revision. What stands in the way is in `found.problems`.
    """
    basis, newest = queries.basis_of(event), queries.newest_revision(event)
    recorded = Recorded(event)
    found = queries.preparation(
        event, decisions=decisions, award_decisions=award_decisions, recorded=recorded
    )
    before = newest.id if newest else None
    if found.outcome is None or found.problems:
        return Computed(basis, before, found)
    lines, counted = line_key(found.outcome), scoring.reconciliation(event, recorded)
    names = queries.listed(event)
    sheets, accepted = queries.signed_sheets(event, recorded), scoring.accepted_part(event, recorded)
    return Computed(
        basis=basis,
        newest=before,
        found=found,
        hash=hash_of_texts(StoredTexts(found.contest, sheets, accepted), lines),
        rows=tuple(_rows(event, lines, names)),
        teams=tuple(_team_rows(event, queries.ranked_teams(found.outcome, names))),
        sheets=sheets,
        reconciliation={
            "expected": counted.expected,
            "received": counted.received,
            "void": counted.void,
            "missing": counted.missing,
            **({} if accepted is None else {"accepted": accepted}),
        },
        advancement=queries.terms_of(event),
    )


def compute_decided(event: Event, *, order: Sequence[UUID], reason: str) -> Computed:
    """The result with the order in which people put entrants whom these rules let share no place, and why.

    `order` names exactly the entrants of one open tie, first to last. Raises RuleBroken when the order or the reason is
    missing; further ties are decided one after the other, in one preparation each.
    """
    before = queries.preparation(event)
    names = [str(each) for each in order]
    reasons = []
    if not any(sorted(names) == sorted(tie) for tie in before.ties):
        reasons.append(sentence("Give every one of those who are tied an order of their own: 1, 2, 3 …"))
    if not reason.strip():
        reasons.append(sentence("Say how the order was found, and where that is written down."))
    if reasons:
        raise RuleBroken(*reasons)
    kept = [each for each in before.document["decisions"] if sorted(each["order"]) != sorted(names)]
    return compute(event, decisions=[*kept, {"order": names, "reason": reason.strip()}])


def prepare_revision(
    event: Event,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    decisions: Sequence[dict[str, Any]] | None = None,
    computed: Computed | None = None,
) -> ResultRevision:
    """Keep the result of today's marks as the next numbered revision; whoever prepares it approves it too.

    `computed` is what `compute` found before the transaction; without it, it is computed here. Raises RuleBroken with
    every reason: scoring is not closed, sheets are missing, entrants are incomplete, something changed while it was
    computed, nothing changed since a revision that still waits.
    """
    lock(event)
    if computed is None:
        computed = compute(event, decisions=decisions)
    elif computed.basis != queries.basis_of(event):
        raise RuleBroken(CHANGED_MEANWHILE, next_step=ONCE_MORE)
    if computed.found.outcome is None or computed.found.problems:
        raise RuleBroken(*computed.found.problems)
    if open_checks := rechecks.blockers(event):
        raise RuleBroken(*open_checks)
    if by.account_id is None:
        raise RuleBroken(sentence("A result is prepared by a person who signs for it, not by the system."))
    newest = queries.newest_revision(event)
    if refused := _refused_beside(newest, computed):
        raise RuleBroken(refused)
    revision = _store(event, newest, computed, reason, by=by, at=at)
    approve(revision, by=by, at=at)
    record(
        facts.RevisionPrepared(
            event_id=event.id,
            subject_id=revision.id,
            number=revision.number,
            hash=revision.hash,
            ranked=sum(row["place"] is not None for row in computed.rows),
            entrants=len(computed.rows),
            reason=revision.reason,
        ),
        by=by,
        at=at,
    )
    return revision


def decide_tie(
    event: Event,
    *,
    order: Sequence[UUID],
    reason: str,
    by: Actor,
    at: datetime,
    computed: Computed | None = None,
) -> ResultRevision:
    """Prepare the result with a documented order; see `compute_decided` and `prepare_revision` for what is refused."""
    if computed is None:
        lock(event)
        computed = compute_decided(event, order=order, reason=reason)
    return prepare_revision(event, computed=computed, by=by, at=at)


def approve(revision: ResultRevision, *, by: Actor, at: datetime) -> None:
    """One of the two people stands for a revision."""
    session.add(
        PublicationApproval(
            event_id=revision.event_id,
            id=tokens.new_id(),
            revision_id=revision.id,
            by_id=by.account_id,
            by_name=by.name,
            at=at,
        )
    )
    session.flush()


def _refused_beside(newest: ResultRevision | None, computed: Computed) -> Sentence | None:
    """What the newest revision says against one more."""
    if newest is None:
        return None
    if _is_waiting_unchanged(newest, computed):
        return sentence(
            "Nothing has changed since revision %(number)s was prepared; it waits for a second person.",
            number=newest.number,
        )
    if newest.id != computed.newest:
        return sentence("Somebody else prepared a revision a moment ago. Look at theirs first.")
    return None


def _is_waiting_unchanged(newest: ResultRevision, computed: Computed) -> bool:
    if newest.hash != computed.hash or queries.publication_of(newest):
        return False
    stored = session.execute(
        select(ResultLine.entrant_id, ResultLine.display_name, ResultLine.delegation_name)
        .where(ResultLine.event_id == newest.event_id, ResultLine.revision_id == newest.id)
        .order_by(ResultLine.position)
    )
    fresh = [(row["entrant_id"], row["display_name"], row["delegation_name"]) for row in computed.rows]
    return newest.advancement == computed.advancement and stored.all() == fresh


def _store(
    event: Event, newest: ResultRevision | None, computed: Computed, reason: str, *, by: Actor, at: datetime
) -> ResultRevision:
    revision = ResultRevision(
        event_id=event.id,
        id=tokens.new_id(),
        number=newest.number + 1 if newest else 1,
        rule_set_version_id=event.frozen_id,
        contest=computed.found.contest,
        reconciliation=computed.reconciliation,
        advancement=computed.advancement,
        hash=computed.hash,
        reason=reason.strip(),
        prepared_at=at,
        prepared_by=by.account_id,
        prepared_by_name=by.name,
    )
    session.add(revision)
    session.flush()
    rows = [{**row, "revision_id": revision.id} for row in computed.rows]
    rows.sort(key=itemgetter("entrant_id"))  # as the table is keyed: a fifth faster while everybody waits
    session.execute(insert(ResultLine).execution_options(dml_strategy="raw"), rows)
    if computed.teams:
        teams = [{**row, "revision_id": revision.id} for row in computed.teams]
        session.execute(insert(ResultTeam).execution_options(dml_strategy="raw"), teams)
    _store_award_decisions(revision, newest, computed)
    sheets = SignedSheets(event_id=event.id, revision_id=revision.id, sheets=computed.sheets)
    session.add(sheets)
    session.flush()
    session.expire(revision, ["contest"])
    session.expire(sheets)
    return revision


def _store_award_decisions(
    revision: ResultRevision, newest: ResultRevision | None, computed: Computed
) -> None:
    """What was decided about awards; whatever stands as it did before stays with who decided it."""
    assert computed.found.outcome is not None
    decided = [line for line in computed.found.outcome.lines if line.award_decision is not None]
    if not decided:
        return
    before = {each.entrant_id: each for each, _ in queries.award_decisions_of(newest)} if newest else {}
    for line in decided:
        decision = line.award_decision
        assert decision is not None
        old = before.get(UUID(line.entrant))
        same = old is not None and (old.award, old.reason) == (decision.award, decision.reason)
        session.add(
            ResultAwardDecision(
                event_id=revision.event_id,
                revision_id=revision.id,
                entrant_id=UUID(line.entrant),
                award=decision.award,
                computed=line.computed_award,
                reason=decision.reason,
                by_name=old.by_name if same and old else revision.prepared_by_name,
                at=old.at if same and old else revision.prepared_at,
            )
        )
    session.flush()


def _rows(event: Event, lines: Sequence[LineKey], names: Mapping[str, Listed]) -> list[Row]:
    """The lines by place, then by name; those without a place last."""

    def in_order(line: LineKey) -> tuple[Any, ...]:
        return line["place"] is None, line["place"] or 0, names[line["entrant"]].sort_keys, line["entrant"]

    return [
        {
            "event_id": event.id,
            "entrant_id": UUID(line["entrant"]),
            "position": position,
            "place": line["place"],
            "total": None if line["total"] is None else Decimal(line["total"]),
            "award": line["award"],
            "status": line["status"],
            "display_name": names[line["entrant"]].name,
            "delegation_name": names[line["entrant"]].delegation,
        }
        for position, line in enumerate(sorted(lines, key=in_order), start=1)
    ]


def _team_rows(event: Event, teams: Iterable[RankedTeam]) -> list[Row]:
    """The ranked teams in the order of the table."""
    return [
        {
            "event_id": event.id,
            "team": each.team,
            "position": position,
            "place": each.place,
            "value": each.value,
            "award": each.award,
            "display_name": each.name,
            "delegation_name": each.delegation,
        }
        for position, each in enumerate(teams, start=1)
    ]


def _unapproved(event: Event) -> tuple[Sentence, ...]:
    """An event is published by publishing a revision for which two people stand, and in no other way."""
    newest = queries.newest_revision(event)
    if newest is None:
        return (sentence("No result has been prepared yet."),)
    if len(queries.approvals_of(newest)) < 2:
        return (
            sentence(
                "Revision %(number)s waits for the approval of a second person on the publication page.",
                number=newest.number,
            ),
        )
    return ()


blockers.register(Move.PUBLISH, _unapproved)
