"""Read appeals and objections: who may file until when, how each stands, who may see it, and what is still open."""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition import vault
from competition.appeals.models import Appeal, AppealStep, Evidence
from competition.competitions.models import Event
from competition.competitions.queries import (
    modules_of,
    moves_of,
    rule_set_of,
    scope_of_event,
    visible_event,
)
from competition.database import session
from competition.errors import NotFound
from competition.orm import fingerprint
from competition.panels.queries import chiefs_of, seats_of
from competition.registration.models import Delegation, Entrant, EntrantState
from competition.registration.queries import delegations_of
from competition.results.queries import newest_publication, notice_of
from competition.rules.access import Actor, Permission, Scope
from competition.rules.appeals import (
    STATE_TITLES,
    TRANSITIONS,
    AppealKind,
    AppealMove,
    AppealState,
    Effect,
    Rerun,
    Ruling,
    Window,
)
from competition.rules.appeals import rerun_problems as problems_of
from competition.rules.lifecycle import EventState, Move
from competition.rules.procedure import AppealRule, DeadlineBase, Procedure
from competition.rules.ruleset import RuleSetInvalid
from competition.rules.sentences import Sentence, sentence
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet, SheetState, Signature
from competition.scoring.queries.sheets import REOPENED

SEAL = "evidence.content"
FILE, READ = Permission.APPEALS_APPEAL_FILE, Permission.APPEALS_APPEAL_READ
RECEIVE, RULE = Permission.APPEALS_APPEAL_RECEIVE, Permission.APPEALS_APPEAL_RULE
_MOMENT = timedelta(microseconds=1)


# --- the windows ----------------------------------------------------------------------------------


def procedure_of(event: Event) -> Procedure:
    """The procedure of the event's rule set; of a draft with problems, one that asks for nothing."""
    try:
        return rule_set_of(event).procedure
    except RuleSetInvalid:
        return Procedure()


def rule_of(event: Event) -> AppealRule | None:
    """The rule of appeals; None where the rules know none by form."""
    return procedure_of(event).appeals


def applies(event: Event) -> bool:
    """Whether the rules of the event know appeals or a notice period."""
    procedure = procedure_of(event)
    return procedure.appeals is not None or procedure.publication.notice_days > 0


def appeal_window(event: Event) -> Window | None:
    """When the leaders may file: from the base of the rules, the newest one there was; None before it came.

    A corrected result that is published anew opens a new window, and so does a marking that is closed once more
    where that is the base. A result that is held back is not published for this: the window opens when it can be seen.
    """
    rule = rule_of(event)
    base = None if rule is None else _base(event, rule.base)
    return None if rule is None or base is None else Window(base, rule.deadline(base))


def _base(event: Event, base: DeadlineBase) -> datetime | None:
    if base is DeadlineBase.PUBLISHED:
        publication = newest_publication(event.id)
        return notice_of(publication).begins if publication else None
    closed = [move.at for move in moves_of(event) if move.move == Move.CLOSE_SCORING]
    return closed[-1] if closed else None


def notice_window(event: Event) -> Window | None:
    """When anybody may object: from the moment the result can be seen to the end of its notice period; None without one."""
    publication = newest_publication(event.id)
    notice = notice_of(publication) if publication else None
    if notice is None or notice.begins is None or notice.until is None:
        return None
    return Window(notice.begins, notice.until - _MOMENT)


# --- who may file ---------------------------------------------------------------------------------


def delegations_led(actor: Actor, event: Event) -> list[Delegation]:
    """The delegations with people in the event for which this person may file, by name."""
    if actor.account_id is None:
        return []
    sent = set(
        session.scalars(
            select(Entrant.delegation_id)
            .where(
                Entrant.event_id == event.id,
                Entrant.state.in_((EntrantState.APPROVED, EntrantState.DISQUALIFIED)),
            )
            .distinct()
        )
    )
    return [each for each in delegations_of(event.competition) if each.id in sent and speaks_for(actor, each)]


def speaks_for(actor: Actor, delegation: Delegation) -> bool:
    """Whether this person leads the delegation: named as its leader, or with that role for its organisation."""
    if delegation.leader_account_id is not None and delegation.leader_account_id == actor.account_id:
        return True
    return actor.may(FILE, Scope(organisation_path=delegation.organisation.path))


# --- how they stand -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """An appeal or objection with everything that was done with it, the first step first."""

    appeal: Appeal
    steps: tuple[AppealStep, ...]

    @property
    def state(self) -> AppealState:
        if not self.steps:
            return AppealState.FILED
        return TRANSITIONS[AppealMove(self.steps[-1].move)].after

    @property
    def tier(self) -> int:
        """The tier it is in: 2 once the first ruling was taken further."""
        return 1 + sum(step.move == AppealMove.TAKE_FURTHER for step in self.steps)

    @property
    def rulings(self) -> tuple[AppealStep, ...]:
        return tuple(step for step in self.steps if step.move == AppealMove.RULE)

    @property
    def ruling(self) -> AppealStep | None:
        """The ruling that counts: the newest, while it was not taken further."""
        return next((step for step in reversed(self.rulings) if step.tier == self.tier), None)

    def may_go_further(self, at: datetime) -> bool:
        """Whether the ruling may still be taken to the second tier: not when everything was granted."""
        ruling = self.ruling
        if self.state is not AppealState.RULED or ruling is None or ruling.further_until is None:
            return False
        return ruling.ruling != Ruling.UPHELD and at <= ruling.further_until

    def is_settled(self, at: datetime) -> bool:
        """Whether nothing has to be waited for: withdrawn, forfeited, carried out, or ruled for good without effect."""
        if self.state is not AppealState.RULED:
            return self.state in (AppealState.CARRIED_OUT, AppealState.WITHDRAWN, AppealState.FORFEITED)
        ruling = self.ruling
        return ruling is not None and ruling.effect == Effect.NONE and not self.may_go_further(at)


def cases_of(event: Event) -> list[Case]:
    """Every appeal and objection of an event, by number."""
    appeals = session.scalars(
        select(Appeal)
        .where(Appeal.event_id == event.id)
        .options(joinedload(Appeal.delegation).joinedload(Delegation.organisation))
        .order_by(Appeal.number)
    )
    return _cases(event.id, list(appeals))


def _cases(event_id: UUID, appeals: Sequence[Appeal]) -> list[Case]:
    ids = [appeal.id for appeal in appeals]
    steps = session.scalars(
        select(AppealStep)
        .where(AppealStep.event_id == event_id, AppealStep.appeal_id.in_(ids))
        .order_by(AppealStep.appeal_id, AppealStep.number)
    )
    found: dict[UUID, list[AppealStep]] = {appeal_id: [] for appeal_id in ids}
    for step in steps:
        found[step.appeal_id].append(step)
    return [Case(appeal, tuple(found[appeal.id])) for appeal in appeals]


def case_of(appeal: Appeal) -> Case:
    """The appeal with its steps as they are now."""
    return _cases(appeal.event_id, [appeal])[0]


def is_party(actor: Actor, appeal: Appeal) -> bool:
    """Whether it is this person's own: who filed it, or who leads its delegation."""
    if actor.account_id is None:
        return False
    if appeal.filed_by == actor.account_id:
        return True
    return appeal.delegation is not None and speaks_for(actor, appeal.delegation)


def cases_seen_by(actor: Actor, event: Event) -> list[Case]:
    """All of them for those who deal with them; for anybody else the own ones."""
    every = actor.may(READ, scope_of_event(event))
    return [case for case in cases_of(event) if every or is_party(actor, case.appeal)]


def case_for(actor: Actor, event_id: UUID, appeal_id: UUID) -> Case:
    """One appeal, for its parties and for those who deal with it; else NotFound."""
    event = visible_event(actor, event_id)
    appeal: Appeal | None = session.get(Appeal, (event.id, appeal_id))
    if appeal is None or not (actor.may(READ, scope_of_event(event)) or is_party(actor, appeal)):
        raise NotFound()
    return case_of(appeal)


def may_see_name(actor: Actor, appeal: Appeal) -> bool:
    """Whether this person may know who filed: of an objection, only its author and the organisers."""
    if appeal.kind is AppealKind.APPEAL or appeal.filed_by == actor.account_id:
        return True
    return actor.may(Permission.COMPETITIONS_EVENT_MANAGE, scope_of_event(appeal.event))


# --- evidence -------------------------------------------------------------------------------------


def evidence_of(appeal: Appeal) -> list[Evidence]:
    """The files handed in, without their contents."""
    return list(
        session.scalars(
            select(Evidence)
            .where(Evidence.event_id == appeal.event_id, Evidence.appeal_id == appeal.id)
            .order_by(Evidence.position)
        )
    )


def content_of(evidence: Evidence) -> bytes:
    """A file as it is given out."""
    return b64decode(vault.unseal(evidence.content, place=SEAL))


def receipt_hash(appeal: Appeal, files: Iterable[str]) -> str:
    """What stands on the receipt: the SHA-256 of everything that was handed in, and of when."""
    return fingerprint(
        {
            "event": appeal.event_id,
            "number": appeal.number,
            "kind": appeal.kind,
            "delegation": appeal.delegation_id,
            "grounds": appeal.grounds,
            "concerns": appeal.concerns,
            "text": appeal.text,
            "filed_at": appeal.filed_at,
            "files": list(files),
        }
    )


# --- what a ruling names, and whether it is carried out --------------------------------------------


def sheets_named(event: Event, codes: Iterable[str], module: str) -> tuple[list[Sheet], list[str]]:
    """The sheets of these codes, in one module or ("") in all, and the codes of which there is no sheet."""
    wanted = list(dict.fromkeys(codes))
    found = [
        sheet
        for sheet in scoring.sheets_of(event, module or None)
        if sheet.code in wanted and sheet.state != SheetState.VOID
    ]
    known = {sheet.code for sheet in found}
    return found, [code for code in wanted if code not in known]


def sheets_at(event: Event, ids: Iterable[str]) -> list[Sheet]:
    """The sheets with these ids, as steps keep them, by start, module and seat."""
    wanted = [UUID(each) for each in dict.fromkeys(ids)]
    if not wanted:
        return []
    return list(
        session.scalars(
            select(Sheet)
            .where(Sheet.event_id == event.id, Sheet.id.in_(wanted))
            .order_by(Sheet.start_order, Sheet.module, Sheet.seat_label)
        )
    )


def sheets_of(event: Event, step: AppealStep) -> list[Sheet]:
    """The sheets a ruling has opened again, by start, module and seat."""
    return sheets_at(event, step.sheets)


def unfinished(event: Event, ruling: AppealStep) -> tuple[Sentence, ...]:
    """What a ruling still waits for; () when it asks for nothing more than to be recorded as carried out.

    New marks: every sheet was given back, signed and confirmed anew, and where a result was public when the ruling was
    made, a newer one is. A repetition waits for its record: `rerun_problems` says what that needs.
    """
    if ruling.effect == Effect.NEW_MARKS:
        return (*_unmarked(event, ruling, sheets_of(event, ruling)), *_unpublished(event, ruling))
    if ruling.effect == Effect.RERUN:
        return (sentence("It is not recorded yet which module was held again, when, and what came of it."),)
    return ()


def rerun_problems(
    event: Event, ruling: AppealStep, rerun: Rerun, at: datetime
) -> tuple[tuple[Sentence, ...], list[Sheet]]:
    """Everything that keeps a repetition from being recorded, and the sheets that were marked anew.

    Those go the way every sheet goes: declared void or not, opened again after the ruling, marked, signed, confirmed.
    """
    modules = [module.id for module in modules_of(rule_set_of(event))]
    problems = list(problems_of(rerun, modules=modules, ruled_at=ruling.at, at=at))
    sheets, unknown = sheets_named(event, rerun.codes, rerun.module) if rerun.codes else ([], [])
    if unknown:
        problems.append(sentence("There is no sheet of the code %(codes)s here.", codes=", ".join(unknown)))
    problems += _unmarked(event, ruling, sheets)
    if sheets:
        problems += _unpublished(event, ruling)
    elif event.state == EventState.SCORING:
        problems.append(sentence("The marking is still open."))
    return tuple(problems), sheets


def _unmarked(event: Event, ruling: AppealStep, sheets: Sequence[Sheet]) -> list[Sentence]:
    """Which of these sheets were not given back after the ruling, and which were and are not confirmed anew."""
    given_back = set(
        session.scalars(
            select(Signature.sheet_id)
            .where(
                Signature.event_id == event.id,
                Signature.sheet_id.in_([sheet.id for sheet in sheets]),
                Signature.act == REOPENED,
                Signature.at >= ruling.at,
            )
            .distinct()
        )
    )
    untouched = sum(sheet.id not in given_back for sheet in sheets)
    ended = (SheetState.CONFIRMED, SheetState.VOID)
    waiting = sum(sheet.id in given_back and sheet.state not in ended for sheet in sheets)
    found = []
    if untouched:
        found.append(sentence("Sheets not opened again yet: %(count)s.", count=untouched))
    if waiting:
        found.append(sentence("Sheets not signed and confirmed anew yet: %(count)s.", count=waiting))
    return found


def _unpublished(event: Event, ruling: AppealStep) -> list[Sentence]:
    """Where a result was public at the ruling, a newer one has to be; where none was, the marking has to be closed."""
    publication = newest_publication(event.id)
    if publication is not None and (publication.at <= ruling.at or event.state != EventState.PUBLISHED):
        return [sentence("The corrected result is not published yet.")]
    if publication is None and event.state == EventState.SCORING:
        return [sentence("The marking is still open.")]
    return []


def arbiter_refusal(event: Event, case: Case, actor: Actor) -> Sentence | None:
    """Why this person may not hear or rule here; None when they may: no party, no judge of the event, no second time."""
    if is_party(actor, case.appeal):
        return sentence("You are a party to this, so another person must deal with it.")
    if actor.account_id in {chief.id for chief in chiefs_of(event)}:
        return sentence("The chief judge cannot rule on appeals about the own judging.")
    if actor.account_id in {seat.judge.account_id for seat in seats_of(event)}:
        return sentence("You judged in this event, so another person must deal with it.")
    if case.tier > 1 and any(step.by_id == actor.account_id for step in case.rulings):
        return sentence("You ruled in the first tier; the second tier is another person's.")
    return None


# --- what is open ---------------------------------------------------------------------------------


def open_cases(event: Event, at: datetime) -> list[Case]:
    """The appeals and objections that are not settled at this moment."""
    return [case for case in cases_of(event) if not case.is_settled(at)]


def open_matters(event: Event, at: datetime) -> tuple[Sentence, ...]:
    """What keeps a published result from becoming final: a window that still runs, and whatever is not settled."""
    found = []
    window = appeal_window(event)
    if window is not None and window.is_open(at):
        found.append(sentence("Appeals may be filed until %(until)s.", until=window.closes_at))
    if waiting := open_cases(event, at):
        numbers = ", ".join(str(case.appeal.number) for case in waiting)
        found.append(sentence("Appeals or objections are not settled: number %(numbers)s.", numbers=numbers))
    return tuple(found)


def is_over(event: Event, at: datetime) -> bool:
    """Whether nothing can be filed any more and nothing is open: every window of the rules began and ended."""
    procedure = procedure_of(event)
    windows = []
    if procedure.appeals is not None:
        windows.append(appeal_window(event))
    if procedure.publication.notice_days:
        windows.append(notice_window(event))
    ended = [window is not None and window.is_over(at) for window in windows]
    return bool(ended) and all(ended) and not open_cases(event, at)


def matter(event: Event, actor: Actor) -> Sentence | None:
    """What waits for this person, for the page of the event: how the own appeals stand, or how many are under way."""
    if actor.account_id is None:
        return None
    cases = cases_seen_by(actor, event)
    if actor.may(READ, scope_of_event(event)):
        waiting = sum(case.state in _UNDER_WAY for case in cases)
        return sentence("%(count)s under way", count=waiting) if waiting else None
    if not cases:
        return None
    last = cases[-1]
    return sentence(
        "Your number %(number)s: %(state)s", number=last.appeal.number, state=STATE_TITLES[last.state]
    )


_UNDER_WAY = (AppealState.FILED, AppealState.RECEIVED, AppealState.HEARD)
