"""Pages of registration: entries, decisions, entering, nominating, lists, delegations."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, flash, request
from werkzeug.wrappers import Response as Redirect

from competition.accounts.queries import account_by_id, account_by_username
from competition.clock import now
from competition.competitions import event_links
from competition.competitions.models import Event
from competition.competitions.queries import (
    competition_for,
    event_for,
    public_event,
    scope_of,
    scope_of_event,
)
from competition.errors import Conflict, NotFound, RuleBroken
from competition.organisations.queries import children_of
from competition.orm import fingerprint
from competition.registration import documents, presenters, queries, services
from competition.registration.forms import (
    ApprovalForm,
    CoachForm,
    EnterForm,
    LeaderForm,
    NominationForm,
    PresenceForm,
    TakeBackForm,
    TeamNameForm,
    UploadForm,
    team_form,
)
from competition.registration.models import STATE_LABELS, UNDER_WAY, Entrant, EntrantState, EntrySource
from competition.registration.queries import EntrantFilter
from competition.registration.queries.entrants import leads
from competition.registration.queries.imports import event_of
from competition.rules.access import Permission, ScopeKind
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, requires, signed_in
from competition.web.errors import constraint_says
from competition.web.forms import EmptyForm, Form, ReasonForm, reporting
from competition.web.language import say
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page, see_other
from competition.workers.models import Worker
from competition.workers.queries import worker_of

blueprint = Blueprint("registration", __name__)

P = Permission
SIZE = 50
TEAM_SIZE = 500
"""From so many people the places of a team are chosen on one page."""
FIRST_NAMES = 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

menu_entry(sentence("Nominate"), "registration.list_open_events", P.REGISTRATION_ENTRY_NOMINATE, 30)
event_links.offer(
    sentence("Entries"),
    "registration.list_entries",
    P.REGISTRATION_ENTRY_READ,
    step=event_links.Step.ENTRIES,
    order=10,
)
event_links.offer(
    sentence("Enter this event"),
    "registration.enter_event",
    P.REGISTRATION_ENTRY_SUBMIT,
    {EventState.REGISTRATION},
    order=5,
)
event_links.offer(
    sentence("Nominate"),
    "registration.nominate",
    P.REGISTRATION_ENTRY_NOMINATE,
    {EventState.REGISTRATION},
    order=12,
)
constraint_says(
    "uq_entrant_member_event_id_worker_id",
    sentence("This person was entered for the event a moment ago. Look at the list of entries."),
)
constraint_says(
    "uq_entrant_event_id_entry_number",
    sentence("Another entry was approved at the same moment. Try again."),
)
constraint_says(
    "uq_delegation_competition_id_organisation_id",
    sentence("The delegation was opened a moment ago. Try again."),
)


# --- the list of entries --------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/entries")
@requires(P.REGISTRATION_ENTRY_READ)
def list_entries(event_id: UUID) -> Response:
    """The entries of an event, to be filtered and decided."""
    event = event_for(actor(), event_id, P.REGISTRATION_ENTRY_READ)
    wanted = _wanted()
    rows, total = queries.entrants_page(event, wanted, page=page_number(), size=SIZE)
    return page(
        "registration/list_entries.html",
        event=event,
        entries=Page([presenters.entrant_row(e) for e in rows], page_number(), SIZE, total),
        wanted=wanted,
        counts=queries.counts_of(event),
        state_labels=STATE_LABELS,
        delegations=queries.delegations_of(event.competition),
        may_decide=_may(event, P.REGISTRATION_ENTRY_APPROVE),
        may_import=_may(event, P.REGISTRATION_ENTRY_IMPORT) and event.state == EventState.REGISTRATION,
        eligible=len(queries.undecided_eligible(event)),
    )


@blueprint.get("/events/<uuid:event_id>/entries.xlsx")
@requires(P.REGISTRATION_ENTRY_READ)
def export_entries(event_id: UUID) -> Response:
    """The filtered list as an Excel workbook."""
    event = event_for(actor(), event_id, P.REGISTRATION_ENTRY_READ)
    rows, _ = queries.entrants_page(event, _wanted(), page=1, size=None)
    return _download(documents.entries_workbook(rows, say), f"entries-{event.code}.xlsx")


def _wanted() -> EntrantFilter:
    """What the address asks for; what makes no sense asks for everything."""
    state, delegation = request.args.get("state", ""), request.args.get("delegation", "")
    try:
        delegation_id = UUID(delegation) if delegation else None
    except ValueError:
        delegation_id = None
    return EntrantFilter(
        state=EntrantState(state) if state in set(EntrantState) else None,
        delegation_id=delegation_id,
        text=request.args.get("text", "")[:100].strip(),
    )


# --- one entry ------------------------------------------------------------------------------------


@blueprint.get("/entries/<uuid:entrant_id>")
@signed_in
def show_entrant(entrant_id: UUID) -> Response:
    """One entry: who, from where, the answers, what was decided."""
    return _entrant_page(queries.entrant_seen_by(actor(), entrant_id), ReasonForm(formdata=None))


@blueprint.get("/entries/<uuid:entrant_id>/receipt")
@signed_in
def show_receipt(entrant_id: UUID) -> Response:
    """What a person keeps after entering: the reference, and what happens next."""
    entrant = queries.entrant_seen_by(actor(), entrant_id)
    return page(
        "registration/receipt.html",
        entrant=entrant,
        name=queries.display_name(entrant),
        reference=presenters.reference_of(entrant),
    )


@blueprint.post("/entries/<uuid:entrant_id>/approval")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def approve_entrant(entrant_id: UUID) -> Response | Redirect:
    return _decide(_to_decide(entrant_id), EmptyForm(), services.approve_entrant)


@blueprint.post("/entries/<uuid:entrant_id>/rejection")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def reject_entrant(entrant_id: UUID) -> Response | Redirect:
    return _decide_with_reason(_to_decide(entrant_id), services.reject_entrant)


@blueprint.post("/entries/<uuid:entrant_id>/withdrawal")
@signed_in
def withdraw_entrant(entrant_id: UUID) -> Response | Redirect:
    """By the organiser, by the leader, or by a person who entered alone; once the marking runs, by the organiser."""
    entrant = queries.entrant_seen_by(actor(), entrant_id)
    decides = _may(entrant.event, P.REGISTRATION_ENTRY_APPROVE)
    if not (decides or (_speaks_for(entrant) and entrant.event.state != EventState.SCORING)):
        raise NotFound()
    return _decide_with_reason(entrant, services.withdraw_entrant)


@blueprint.post("/entries/<uuid:entrant_id>/move-up")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def move_up_reserve(entrant_id: UUID) -> Response | Redirect:
    return _decide(_to_decide(entrant_id), EmptyForm(), services.move_up_reserve)


@blueprint.post("/entries/<uuid:entrant_id>/presence")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def mark_presence(entrant_id: UUID) -> Response | Redirect:
    entrant, form = _to_decide(entrant_id), PresenceForm()
    return _decide(entrant, form, partial(services.mark_presence, present=form.present.data == "yes"))


@blueprint.post("/entries/<uuid:entrant_id>/coach")
@signed_in
def name_coach(entrant_id: UUID) -> Response | Redirect:
    """By the organiser, by the leader, or by a person who entered alone."""
    entrant = queries.entrant_seen_by(actor(), entrant_id)
    if not _speaks_for(entrant):
        raise NotFound()
    form = CoachForm()
    return _decide(entrant, form, partial(services.name_coach, coach=form.coach.data or ""))


@blueprint.post("/entries/<uuid:entrant_id>/team")
@signed_in
def name_team(entrant_id: UUID) -> Response | Redirect:
    """By the organiser or by the leader; a person who entered alone does not choose a team."""
    entrant = queries.entrant_seen_by(actor(), entrant_id)
    if not _speaks_for_delegation(entrant):
        raise NotFound()
    form = TeamNameForm()
    team, order = form.team.data or "", None if form.order.data is None else int(form.order.data)
    return _decide(entrant, form, partial(services.name_team, team=team, order=order))


@blueprint.post("/entries/<uuid:entrant_id>/disqualification")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def disqualify_entrant(entrant_id: UUID) -> Response | Redirect:
    return _decide_with_reason(_to_decide(entrant_id), services.disqualify_entrant)


@blueprint.post("/entries/<uuid:entrant_id>/disqualification/lifted")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def lift_disqualification(entrant_id: UUID) -> Response | Redirect:
    return _decide_with_reason(_to_decide(entrant_id), services.lift_disqualification)


@blueprint.post("/entries/<uuid:entrant_id>/outside-awards")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def compete_outside_awards(entrant_id: UUID) -> Response | Redirect:
    return _decide_with_reason(_to_decide(entrant_id), services.compete_outside_awards)


@blueprint.post("/entries/<uuid:entrant_id>/outside-awards/lifted")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def return_to_awards(entrant_id: UUID) -> Response | Redirect:
    return _decide_with_reason(_to_decide(entrant_id), services.return_to_awards)


def _to_decide(entrant_id: UUID) -> Entrant:
    return queries.entrant_for(actor(), entrant_id, P.REGISTRATION_ENTRY_APPROVE)


def _decide_with_reason(entrant: Entrant, decide: Callable[..., object]) -> Response | Redirect:
    form = ReasonForm()
    return _decide(entrant, form, partial(decide, reason=form.reason.data))


def _decide(entrant: Entrant, form: Form, decide: Callable[..., object]) -> Response | Redirect:
    """Decide about one entry and show it again; what stands against that is said on its page."""
    if form.validate_on_submit():
        with reporting(form), transaction():
            decide(entrant, by=actor(), at=now())
            return see_other("registration.show_entrant", entrant_id=entrant.id)
    return _entrant_page(entrant, form)


def _entrant_page(entrant: Entrant, form: Form) -> Response:
    event = entrant.event
    decides = _may(event, P.REGISTRATION_ENTRY_APPROVE)
    before_draw = event.state in (EventState.DRAFT, EventState.REGISTRATION, EventState.ENTRIES_CLOSED)
    left = entrant.state in (EntrantState.WITHDRAWN, EntrantState.REJECTED)
    reserve = queries.next_reserve(entrant) if decides and left and before_draw else None
    source = queries.source_of(entrant)
    is_outside = bool(queries.put_outside_awards([entrant]))
    decides_awards = (
        decides and entrant.state == EntrantState.APPROVED and event.state in services.AWARD_STATES
    )
    return page(
        "registration/show_entrant.html",
        form=form,
        entrant=entrant,
        row=presenters.entrant_row(entrant),
        reference=presenters.reference_of(entrant),
        members=presenters.member_views(entrant),
        decisions=presenters.decision_lines(entrant),
        award=presenters.award_words(entrant),
        may_put_outside=decides_awards and entrant.award_eligible,
        may_return=decides_awards and is_outside,
        source=source if source and _may(source.event, P.REGISTRATION_ENTRY_READ) else None,
        source_event=source.event if source else None,
        reads_list=_may(event, P.REGISTRATION_ENTRY_READ),
        may_approve=decides
        and entrant.state == EntrantState.SUBMITTED
        and event.state in (EventState.REGISTRATION, EventState.ENTRIES_CLOSED),
        may_reject=decides
        and before_draw
        and entrant.state in (EntrantState.SUBMITTED, EntrantState.RESERVE),
        may_withdraw=entrant.state in UNDER_WAY
        and ((before_draw and _speaks_for(entrant)) or (decides and event.state == EventState.SCORING)),
        may_disqualify=decides
        and entrant.state == EntrantState.APPROVED
        and event.state in services.BEFORE_PUBLICATION,
        may_lift=decides
        and entrant.state == EntrantState.DISQUALIFIED
        and event.state in services.BEFORE_PUBLICATION,
        may_move_up=decides
        and before_draw
        and entrant.state == EntrantState.RESERVE
        and queries.vacancies_before(entrant) > 0
        and queries.next_reserve(entrant) == entrant,
        may_mark=decides
        and entrant.state == EntrantState.APPROVED
        and event.state in (EventState.ENTRIES_CLOSED, EventState.DRAWN, EventState.SCORING),
        reserve=reserve if reserve and queries.vacancies_before(reserve) else None,
        display_name=queries.display_name,
        coach=form
        if isinstance(form, CoachForm)
        else CoachForm(formdata=None, data={"coach": entrant.coach}),
        team=form
        if isinstance(form, TeamNameForm)
        else TeamNameForm(formdata=None, data={"team": entrant.team, "order": entrant.team_order}),
        may_name_team=_speaks_for_delegation(entrant) and not left and event.state in services.COACH_STATES,
        may_name_coach=_speaks_for(entrant) and not left and event.state in services.COACH_STATES,
    )


def _speaks_for(entrant: Entrant) -> bool:
    """Whether the reader decides about this entry: the organiser, the leader, a person who entered alone."""
    if _speaks_for_delegation(entrant):
        return True
    people = entrant.members
    return len(people) == 1 and people[0].worker.account_id == actor().account_id is not None


def _speaks_for_delegation(entrant: Entrant) -> bool:
    """Whether the reader is the organiser of the event or leads the entrant's delegation."""
    return _may(entrant.event, P.REGISTRATION_ENTRY_APPROVE) or leads(actor(), entrant)


# --- many decisions at once -----------------------------------------------------------------------


@blueprint.route("/events/<uuid:event_id>/approvals", methods=["GET", "POST"])
@requires(P.REGISTRATION_ENTRY_APPROVE)
def approve_entries(event_id: UUID) -> Response | Redirect:
    """Approve those ticked in the list, or all who are eligible: first how many and who, then the button."""
    event = event_for(actor(), event_id, P.REGISTRATION_ENTRY_APPROVE)
    form = ApprovalForm(formdata=request.form if request.method == "POST" else request.args)
    chosen = _chosen(event, form)
    if form.validate_on_submit():
        if form.seen.data != _seen(chosen):
            raise Conflict(sentence("The list of entries has changed since you looked. Nobody was approved."))
        with reporting(form), transaction():
            done = services.approve_entrants(_chosen(event, form), by=actor(), at=now())
            flash(say(sentence("%(count)s entries were approved.", count=len(done))), "success")
            return see_other("registration.approve_entries", event_id=event_id)
    return page(
        "registration/approve_entries.html",
        form=form,
        event=event,
        chosen=chosen,
        ticked=form.ids(),
        seen=_seen(chosen),
        names=[queries.display_name(entrant) for entrant in chosen[:FIRST_NAMES]],
        recent=queries.recent_approvals(event, now()) if event.state == EventState.REGISTRATION else [],
        display_name=queries.display_name,
    )


@blueprint.post("/events/<uuid:event_id>/approvals/taken-back")
@requires(P.REGISTRATION_ENTRY_APPROVE)
def take_back_approvals(event_id: UUID) -> Redirect:
    """Undo the approvals of one moment, within ten minutes."""
    event = event_for(actor(), event_id, P.REGISTRATION_ENTRY_APPROVE)
    form = TakeBackForm()
    groups = {moment.isoformat(): group for moment, group in queries.recent_approvals(event, now())}
    if not form.validate_on_submit() or form.at.data not in groups:
        raise RuleBroken(
            sentence("These approvals can no longer be taken back: ten minutes have passed."),
            next_step=sentence("Withdraw single entries instead."),
        )
    with transaction():
        moment = datetime.fromisoformat(form.at.data)
        group = dict(queries.recent_approvals(event, now())).get(moment, [])
        done = services.take_back_approvals(group, by=actor(), at=now())
    flash(say(sentence("%(count)s entries wait for a decision again.", count=len(done))), "success")
    return see_other("registration.list_entries", event_id=event_id)


def _chosen(event: Event, form: ApprovalForm) -> list[Entrant]:
    ticked = set(form.ids())
    if not ticked:
        return queries.undecided_eligible(event)
    waiting = queries.entrants_of(event, [EntrantState.SUBMITTED])
    return [entrant for entrant in waiting if entrant.id in ticked]


def _seen(chosen: list[Entrant]) -> str:
    return fingerprint([entrant.id for entrant in chosen])


# --- entering oneself -----------------------------------------------------------------------------


@blueprint.route("/events/<uuid:event_id>/enter", methods=["GET", "POST"])
@requires(P.REGISTRATION_ENTRY_SUBMIT)
def enter_event(event_id: UUID) -> Response | Redirect:
    """A worker enters: details and answers to check, one button, a receipt."""
    event, worker = public_event(event_id), _own_record()
    form = EnterForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            made = services.enter(event, workers=[worker], source=EntrySource.SELF, by=actor(), at=now())
            return see_other("registration.show_receipt", entrant_id=made.id)
    check = queries.check_entry(event, [worker], at=now())
    try:
        sender = queries.sending_organisation(event.competition, worker)
        reasons: tuple[object, ...] = ()
    except RuleBroken as problem:
        sender, reasons = None, (*problem.sentences, problem.next_step)
    return page(
        "registration/enter_event.html",
        form=form,
        event=event,
        sender=sender,
        reasons=reasons,
        person=presenters.checked_view(check.members[0]),
        eligible=check.eligible,
        award_eligible=check.award_eligible,
        entered=queries.entrant_of_worker(event, worker),
        is_open=event.state == EventState.REGISTRATION,
    )


def _own_record() -> Worker:
    worker = worker_of(actor())
    if worker is None:
        raise NotFound(
            sentence("Your account is not joined with a worker's record."),
            next_step=sentence("Ask your unit to register you and to give you an account of your own."),
        )
    return worker


# --- nominating -----------------------------------------------------------------------------------


@blueprint.get("/nominations")
@requires(P.REGISTRATION_ENTRY_NOMINATE)
def list_open_events() -> Response:
    """The events for which the person may put workers forward now."""
    return page("registration/list_open_events.html", events=queries.events_to_nominate_for(_paths()))


@blueprint.route("/events/<uuid:event_id>/nominate", methods=["GET", "POST"])
@requires(P.REGISTRATION_ENTRY_NOMINATE)
def nominate(event_id: UUID) -> Response | Redirect:
    """A leader puts workers of the own unit forward; a team is named in its order."""
    event = public_event(event_id)
    text = request.args.get("text", "")[:100].strip()
    size = SIZE if event.team_size == 1 else TEAM_SIZE
    people, total = queries.nominees_page(actor(), event, text, page=page_number(), size=size)
    form = team_form(event.team_size)() if event.team_size > 1 else NominationForm()
    form.offer(people)
    if form.validate_on_submit():
        with reporting(form), transaction():
            done = services.nominate(event, entries=_nominated(event, form.entries()), by=actor(), at=now())
            flash(say(sentence("%(count)s entries were made.", count=len(done))), "success")
            return see_other("registration.nominate", event_id=event_id)
    checks = queries.check_entries(event, [[worker] for worker in people], at=now())
    return page(
        "registration/nominate.html",
        form=form,
        event=event,
        text=text,
        people=Page(people, page_number(), size, total),
        checks={str(w.id): check for w, check in zip(people, checks, strict=True)},
        entries=[presenters.entrant_row(e) for e in queries.entries_of_delegations(event, _paths())],
        is_open=event.state == EventState.REGISTRATION,
    )


def _nominated(event: Event, chosen: list[list[UUID]]) -> list[list[Worker]]:
    if not chosen:
        raise RuleBroken(sentence("Nobody is ticked. Tick the workers to be entered."))
    return [[queries.nominee_for(actor(), event, each) for each in entry] for entry in chosen]


def _paths() -> list[str]:
    grants = actor().grants_with(P.REGISTRATION_ENTRY_NOMINATE)
    return [grant.path for grant in grants if grant.scope_kind == ScopeKind.ORGANISATION and grant.path]


# --- lists from Excel -----------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/imports/template.xlsx")
@requires(P.REGISTRATION_ENTRY_IMPORT)
def download_template(event_id: UUID) -> Response:
    event = event_for(actor(), event_id, P.REGISTRATION_ENTRY_IMPORT)
    return _download(documents.template_workbook(say), f"entries-template-{event.code}.xlsx")


@blueprint.route("/events/<uuid:event_id>/imports/new", methods=["GET", "POST"])
@requires(P.REGISTRATION_ENTRY_IMPORT)
def upload_list(event_id: UUID) -> Response | Redirect:
    """Upload a list; it is read and shown, nobody is entered yet."""
    event = event_for(actor(), event_id, P.REGISTRATION_ENTRY_IMPORT)
    form = UploadForm()
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or ""
        with reporting(form, "file"), transaction():
            uploaded = services.read_import(event, content=content, filename=name, by=actor(), at=now())
            return see_other("registration.show_import", import_id=uploaded.id)
    return page("registration/upload_list.html", form=form, event=event)


@blueprint.get("/imports/<uuid:import_id>")
@requires(P.REGISTRATION_ENTRY_IMPORT)
def show_import(import_id: UUID) -> Response:
    """What an uploaded list would do, or did."""
    uploaded = queries.import_for(actor(), import_id)
    return page(
        "registration/show_import.html",
        form=EmptyForm(formdata=None),
        uploaded=uploaded,
        event=event_of(uploaded),
        view=presenters.import_view(uploaded),
    )


@blueprint.post("/imports/<uuid:import_id>/entries")
@requires(P.REGISTRATION_ENTRY_IMPORT)
def take_over_list(import_id: UUID) -> Response | Redirect:
    """Enter everybody on the list; a second time changes nothing."""
    uploaded = queries.import_for(actor(), import_id)
    form = EmptyForm()
    if form.validate_on_submit():
        with reporting(form), transaction():
            services.take_over_import(uploaded, by=actor(), at=now())
            return see_other("registration.show_import", import_id=import_id)
    return page(
        "registration/show_import.html",
        form=form,
        uploaded=uploaded,
        event=event_of(uploaded),
        view=presenters.import_view(uploaded),
    )


# --- delegations ----------------------------------------------------------------------------------


@blueprint.route("/competitions/<uuid:competition_id>/delegations", methods=["GET", "POST"])
@requires(P.REGISTRATION_ENTRY_READ)
def list_delegations(competition_id: UUID) -> Response | Redirect:
    """The delegations of a competition and who leads them; the organiser opens one and appoints its leader."""
    competition = competition_for(actor(), competition_id, P.REGISTRATION_ENTRY_READ)
    may_appoint = actor().may(P.REGISTRATION_ENTRY_APPROVE, scope_of(competition))
    form = LeaderForm()
    senders = children_of(competition.host) or [competition.host]
    form.offer(senders)
    if request.method == "POST" and not may_appoint:
        raise NotFound()
    if form.validate_on_submit():
        with reporting(form), transaction():
            organisation = next(one for one in senders if str(one.id) == form.organisation.data)
            leader = account_by_username(form.username.data) if form.username.data else None
            if form.username.data and (leader is None or leader.disabled_at is not None):
                raise RuleBroken(sentence("There is no account with this user name. Ask the administrator."))
            services.open_delegation(competition, organisation, leader=leader, by=actor(), at=now())
            return see_other("registration.list_delegations", competition_id=competition_id)
    listed = queries.delegations_of(competition)
    return page(
        "registration/list_delegations.html",
        form=form,
        competition=competition,
        delegations=listed,
        counts=queries.entrants_by_delegation(competition),
        leaders={d.id: account_by_id(d.leader_account_id) if d.leader_account_id else None for d in listed},
        may_appoint=may_appoint,
    )


def _may(event: Event, permission: Permission) -> bool:
    return actor().may(permission, scope_of_event(event))


def _download(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=_XLSX, headers=headers)
