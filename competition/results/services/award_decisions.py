"""People decide about one award: it is withheld, or another one is given, with a reason and two signatures.

Source: domain §7 (an award may stay empty; the organising committee decides on awards), issue 3: the computed award stays
visible beside the decided one, and no rank changes. A decision is part of a revision: whoever records it prepares the
result with it and stands for it, and a second person approves that revision with the own password.
"""

from datetime import datetime

from competition.audit.facts import Fact
from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.database import lock
from competition.errors import RuleBroken
from competition.registration.models import Entrant
from competition.results import facts, queries
from competition.results.models import ResultRevision
from competition.results.services.revisions import Computed, compute, prepare_revision
from competition.rules.access import Actor
from competition.rules.sentences import sentence

KIND = "award_decisions"
AS_COMPUTED = object()
"""In the place of an award: what was decided is taken back, and the award is again what the rules give."""


def compute_with_award(event: Event, entrant: Entrant, *, award: object, reason: str) -> Computed:
    """The result with a decision about the award of one entrant: an award by its identifier, None for none, or
    AS_COMPUTED. Raises RuleBroken where the reason is missing, the rules know no such award, the entrant has no place, or
    nothing would be decided."""
    name, reason = str(entrant.id), reason.strip()
    kept = queries.kept_decisions(event, KIND)
    rest = [each for each in kept if each["entrant"] != name]
    if not reason:
        raise RuleBroken(sentence("Say why it is decided so: people will read it beside the award."))
    if award is AS_COMPUTED:
        if len(rest) == len(kept):
            raise RuleBroken(sentence("Nothing was decided about the award of this entrant."))
        return compute(event, award_decisions=rest)
    rule = rule_set_of(event).awards
    if rule is None or (award is not None and award not in rule.titles):
        raise RuleBroken(sentence("The rules of this event give no such award."))
    decision = {"entrant": name, "award": award, "reason": reason}
    computed = compute(event, award_decisions=[*rest, decision])
    _refuse_idle(computed, name)
    return computed


def decide_award(
    event: Event,
    entrant: Entrant,
    *,
    award: object,
    reason: str,
    by: Actor,
    at: datetime,
    computed: Computed | None = None,
) -> ResultRevision:
    """Prepare the result with the decision, which is what a correction of a published result corrects; see `compute_with_award` and `prepare_revision` for what is refused."""
    if computed is None:
        lock(event)
        computed = compute_with_award(event, entrant, award=award, reason=reason)
    corrects = reason if queries.newest_publication(event.id) else ""
    revision = prepare_revision(event, reason=corrects, computed=computed, by=by, at=at)
    record(_fact(entrant, revision, award, reason.strip()), by=by, at=at)
    return revision


def _fact(entrant: Entrant, revision: ResultRevision, award: object, reason: str) -> Fact:
    number = entrant.entry_number or 0
    if award is AS_COMPUTED:
        return facts.AwardDecisionTakenBack(
            event_id=revision.event_id,
            subject_id=entrant.id,
            entry_number=number,
            number=revision.number,
            reason=reason,
        )
    return facts.AwardDecided(
        event_id=revision.event_id,
        subject_id=entrant.id,
        entry_number=number,
        award=str(award or ""),
        number=revision.number,
        reason=reason,
    )


def _refuse_idle(computed: Computed, name: str) -> None:
    """A decision is about somebody with a place, and differs from what the rules give anyway."""
    if computed.found.outcome is None:
        return
    line = computed.found.outcome.line(name)
    if line.place is None:
        raise RuleBroken(sentence("Whoever has no place receives no award, by a decision neither."))
    if line.award == line.computed_award:
        raise RuleBroken(sentence("The rules give this award anyway, so there is nothing to decide."))
