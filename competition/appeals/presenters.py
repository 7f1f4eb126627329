"""Frozen data for the pages of appeals: deadlines with the time left in words, cases, and who may do what with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competition.appeals import queries
from competition.appeals.models import AppealStep, Evidence
from competition.appeals.queries import READ, RECEIVE, RULE, Case
from competition.competitions.models import Event
from competition.competitions.queries import modules_of, rule_set_of, scope_of_event
from competition.results.queries import newest_publication, notice_of
from competition.rules.access import Actor
from competition.rules.appeals import (
    BASE_TITLES,
    EFFECT_TITLES,
    GROUND_TITLES,
    KIND_TITLES,
    RERUN_TITLES,
    RULING_TITLES,
    STATE_TITLES,
    TRANSITIONS,
    AppealMove,
    AppealState,
    Effect,
    Ground,
    RerunOutcome,
    Ruling,
    Window,
    moves_from,
)
from competition.rules.procedure import DeadlineBase
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Sheet
from competition.web.language import language, name_of, say

TONES: dict[AppealState, str] = {
    AppealState.FILED: "warning",
    AppealState.RECEIVED: "info",
    AppealState.HEARD: "info",
    AppealState.RULED: "success",
    AppealState.CARRIED_OUT: "success",
    AppealState.WITHDRAWN: "neutral",
    AppealState.FORFEITED: "neutral",
}
HIDDEN = sentence("name withheld")


# --- deadlines ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deadline:
    """A window as a person sees it, at the moment the page was made."""

    opens_at: datetime
    closes_at: datetime
    now: datetime
    is_open: bool
    left: Sentence
    because: Sentence | None = None


def deadline_of(window: Window | None, at: datetime, because: Sentence | None = None) -> Deadline | None:
    """`because` says from what the window is counted, where that is not plain."""
    if window is None:
        return None
    left = time_left(window.closes_at, at)
    return Deadline(window.opens_at, window.closes_at, at, window.is_open(at), left, because)


def appeal_deadline(event: Event, at: datetime) -> Deadline | None:
    """The window for appeals; where a ceremony held the result back, why it begins when it does."""
    rule = queries.rule_of(event)
    from_publication = rule is not None and rule.base is DeadlineBase.PUBLISHED
    return deadline_of(queries.appeal_window(event), at, _visible_later(event) if from_publication else None)


def notice_deadline(event: Event, at: datetime) -> Deadline | None:
    """The window for objections; where a ceremony held the result back, why it begins when it does."""
    return deadline_of(queries.notice_window(event), at, _visible_later(event))


def _visible_later(event: Event) -> Sentence | None:
    publication = newest_publication(event.id)
    notice = notice_of(publication) if publication else None
    if publication is None or notice is None or notice.begins is None or not notice.was_held:
        return None
    return sentence(
        "The result was published at %(published)s and held back until the award ceremony let it go at %(visible)s. The"
        " time counts from then: nobody has to object to what cannot be seen.",
        published=publication.at,
        visible=notice.begins,
    )


def time_left(until: datetime, at: datetime) -> Sentence:
    """How long it still is, in words, whole seconds cut: what is shown is never more than there is."""
    seconds = int((until - at).total_seconds())
    if at > until:
        return sentence("The time is over.")
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return sentence(
            "%(days)s d %(hours)s h %(minutes)s min left", days=days, hours=hours, minutes=minutes
        )
    if hours:
        return sentence("%(hours)s h %(minutes)s min left", hours=hours, minutes=minutes)
    return sentence("%(minutes)s min %(seconds)s s left", minutes=minutes, seconds=seconds % 60)


def span_of(minutes: int) -> Sentence:
    """A length of time in the largest unit that is exact."""
    if minutes % 1440 == 0:
        return sentence("%(count)s days", count=minutes // 1440)
    if minutes % 60 == 0:
        return sentence("%(count)s hours", count=minutes // 60)
    return sentence("%(count)s minutes", count=minutes)


def rule_sentences(event: Event) -> tuple[Sentence, ...]:
    """What the rules of the event say about appeals and objections."""
    procedure = queries.procedure_of(event)
    found = []
    if (rule := procedure.appeals) is not None:
        found.append(
            sentence(
                "Appeals: by the leader of a delegation, in writing, within %(span)s of %(base)s.",
                span=span_of(rule.minutes),
                base=BASE_TITLES[rule.base],
            )
        )
        if rule.tiers > 1:
            found.append(
                sentence(
                    "Who is not satisfied takes the ruling to the second tier within %(span)s; another person rules"
                    " there, for good.",
                    span=span_of(rule.second_minutes),
                )
            )
        else:
            found.append(sentence("The ruling is final."))
        found.append(sentence("Stopping the contest or disturbing it over a ruling forfeits the appeal."))
    if procedure.publication.notice_days:
        found.append(
            sentence(
                "Objections: by anybody with an account, during the notice period after the publication. Only the"
                " organisers see who objected."
            )
        )
    return tuple(found)


# --- cases ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A case in a list."""

    appeal_id: UUID
    number: int
    kind: Sentence
    of: str
    filed_at: datetime
    state: Sentence
    tone: str
    outcome: Sentence | None


def rows_of(cases: Sequence[Case]) -> list[Row]:
    return [
        Row(
            appeal_id=case.appeal.id,
            number=case.appeal.number,
            kind=KIND_TITLES[case.appeal.kind],
            of=name_of(case.appeal.delegation.organisation) if case.appeal.delegation else "–",
            filed_at=case.appeal.filed_at,
            state=STATE_TITLES[case.state],
            tone=TONES[case.state],
            outcome=RULING_TITLES[Ruling(case.ruling.ruling)] if case.ruling and case.ruling.ruling else None,
        )
        for case in cases
    ]


@dataclass(frozen=True)
class RerunLine:
    """What was held again, when, and what came of it."""

    module: str
    held_at: datetime
    outcome: Sentence


@dataclass(frozen=True)
class StepLine:
    """A step as it is read: what was done, by whom (if that may be known), and what was said."""

    title: Sentence
    at: datetime
    by: Sentence | str
    tier: int
    reason: str
    ruling: Sentence | None
    effect: Sentence | None
    sheets: tuple[Sheet, ...]
    rerun: RerunLine | None
    further_until: datetime | None


@dataclass(frozen=True)
class CaseView:
    """One appeal with everything its page shows and offers to this person, at this moment."""

    case: Case
    kind: Sentence
    state: Sentence
    tone: str
    filed_by: Sentence | str
    grounds: tuple[Sentence, ...]
    evidence: tuple[Evidence, ...]
    steps: tuple[StepLine, ...]
    offers: frozenset[AppealMove]
    refusal: Sentence | None
    further: Deadline | None
    unfinished: tuple[Sentence, ...]
    ruling_sheets: tuple[Sheet, ...]
    asks_for_rerun: bool


def case_view(event: Event, case: Case, actor: Actor, at: datetime) -> CaseView:
    """A case for this person."""
    appeal, scope = case.appeal, scope_of_event(event)
    named = queries.may_see_name(actor, appeal)
    ruling = case.ruling
    further = ruling.further_until if ruling is not None and case.may_go_further(at) else None
    sheets = queries.sheets_at(event, [sheet for step in case.steps for sheet in step.sheets])
    return CaseView(
        case=case,
        kind=KIND_TITLES[appeal.kind],
        state=STATE_TITLES[case.state],
        tone=TONES[case.state],
        filed_by=appeal.filed_by_name if named else HIDDEN,
        grounds=tuple(GROUND_TITLES[Ground(ground)] for ground in appeal.grounds),
        evidence=tuple(queries.evidence_of(appeal)),
        steps=tuple(_step_line(event, case, step, named, sheets) for step in case.steps),
        offers=_offers(case, actor, event, at),
        refusal=queries.arbiter_refusal(event, case, actor) if actor.may(RULE, scope) else None,
        further=deadline_of(Window(ruling.at, further), at) if ruling is not None and further else None,
        unfinished=queries.unfinished(event, ruling)
        if ruling is not None and case.state is AppealState.RULED
        else (),
        ruling_sheets=_named_in(ruling, sheets) if ruling is not None else (),
        asks_for_rerun=ruling is not None and ruling.effect == Effect.RERUN,
    )


def _named_in(step: AppealStep, sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if str(sheet.id) in step.sheets)


def _rerun_line(event: Event, step: AppealStep) -> RerunLine | None:
    kept = step.rerun
    if kept is None:
        return None
    titles = dict(modules_named(event))
    return RerunLine(
        module=titles.get(kept["module"], kept["module"]),
        held_at=datetime.fromisoformat(kept["held_at"]),
        outcome=RERUN_TITLES[RerunOutcome(kept["outcome"])],
    )


def _step_line(event: Event, case: Case, step: AppealStep, named: bool, sheets: Sequence[Sheet]) -> StepLine:
    own = step.by_id == case.appeal.filed_by
    return StepLine(
        title=TRANSITIONS[AppealMove(step.move)].title
        if step.move == AppealMove.TAKE_FURTHER
        else STATE_TITLES[TRANSITIONS[AppealMove(step.move)].after],
        at=step.at,
        by=step.by_name if named or not own else HIDDEN,
        tier=step.tier,
        reason=step.reason,
        ruling=RULING_TITLES[Ruling(step.ruling)] if step.ruling else None,
        effect=EFFECT_TITLES[Effect(step.effect)] if step.effect else None,
        sheets=_named_in(step, sheets),
        rerun=_rerun_line(event, step),
        further_until=step.further_until,
    )


def _offers(case: Case, actor: Actor, event: Event, at: datetime) -> frozenset[AppealMove]:
    """The moves this person can make now."""
    scope, party = scope_of_event(event), queries.is_party(actor, case.appeal)
    may_rule = actor.may(RULE, scope) and queries.arbiter_refusal(event, case, actor) is None
    ruling = case.ruling
    has_effect = ruling is not None and ruling.effect != Effect.NONE
    allowed = {
        AppealMove.RECEIVE: actor.may(RECEIVE, scope) and not party,
        AppealMove.HEAR: may_rule,
        AppealMove.RULE: may_rule,
        AppealMove.FORFEIT: may_rule,
        AppealMove.WITHDRAW: party,
        AppealMove.TAKE_FURTHER: party and case.may_go_further(at),
        AppealMove.CARRY_OUT: actor.may(RECEIVE, scope) and has_effect,
    }
    return frozenset(move for move in moves_from(case.state) if allowed[move])


def module_choices(event: Event) -> list[tuple[str, str]]:
    """All modules, or one of them."""
    return [("", say(sentence("every module"))), *modules_named(event)]


def modules_named(event: Event) -> list[tuple[str, str]]:
    """The modules of the event with their names for the reader."""
    return [(each.id, each.title.in_language(language())) for each in modules_of(rule_set_of(event))]


def deals_with_all(actor: Actor, event: Event) -> bool:
    """Whether this person sees everybody's papers."""
    return actor.may(READ, scope_of_event(event))
