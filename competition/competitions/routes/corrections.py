"""Pages of corrections of frozen rules: one person proposes, another one accepts, both with the own password."""

from typing import Any
from uuid import UUID

from flask import flash
from werkzeug.wrappers import Response

from competition.accounts.reauthentication import knows_password
from competition.clock import now
from competition.competitions import event_links, presenters, queries, services
from competition.competitions.forms import CorrectionForm
from competition.competitions.models import Event, RuleCorrection
from competition.competitions.routes.blueprint import MANAGE_EVENT, blueprint
from competition.competitions.routes.rule_sets import decoded, indented, read
from competition.competitions.rule_set_difference import differences
from competition.errors import Conflict, NotFound
from competition.orm import fingerprint
from competition.rules import corrections
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.transactions import transaction
from competition.web.access import actor, requires
from competition.web.errors import constraint_says
from competition.web.forms import AcceptForm, EmptyForm, reporting
from competition.web.language import say
from competition.web.templating import page, see_other

READ = queries.READ
APPROVE = Permission.RESULTS_PUBLICATION_APPROVE

event_links.offer(
    sentence("Correction of the rules"),
    "competitions.show_correction",
    READ,
    order=6,
    applies=lambda event: queries.standing_correction(event) is not None,
    matter=queries.waits_for_second_person,
)
constraint_says(
    "uq_rule_correction_event_id",
    sentence("Somebody else proposed a correction a moment ago. Look at theirs first."),
)


@blueprint.get("/events/<uuid:event_id>/rule-set/correction")
@requires(READ)
def show_correction(event_id: UUID) -> Response:
    """What waits for a second person, what it changes, and what was decided before."""
    return _correction_page(_frozen_event(event_id, READ))


@blueprint.route("/events/<uuid:event_id>/rule-set/correction/proposal", methods=["GET", "POST"])
@requires(MANAGE_EVENT)
def propose_correction(event_id: UUID) -> Response:
    """The first person writes what the rules should say, sees what that changes, and proposes it with the own password."""
    event = _frozen_event(event_id, MANAGE_EVENT)
    form = CorrectionForm(
        data={"text": indented(queries.rule_document(event)), "seen": queries.rule_hash(event)}
    )
    document = None
    if form.validate_on_submit():
        with reporting(form):
            document = read(decoded(form.file.data.read()) if form.file.data else form.text.data or "")
            if form.shown.data != fingerprint(document):
                return _shown(event, form, document)
            if knows_password(form, actor().account_id):
                try:
                    with transaction():
                        services.propose_correction(
                            event,
                            document=document,
                            reason=form.reason.data or "",
                            seen=form.seen.data,
                            by=actor(),
                            at=now(),
                        )
                        flash(say(sentence("Proposed. A second person must accept it.")), "success")
                        return see_other("competitions.show_correction", event_id=event_id)
                except Conflict as conflict:
                    form.refuse(conflict.sentence)
                    return _shown(_frozen_event(event_id, MANAGE_EVENT), form, document, status=409)
    return _proposal_page(event, form, document)


@blueprint.post("/events/<uuid:event_id>/rule-set/correction/acceptance")
@requires(APPROVE)
def accept_correction(event_id: UUID) -> Response:
    """The second person accepts, with the own password: the corrected rules count from now on."""
    event, form = _frozen_event(event_id, APPROVE), AcceptForm()
    if form.validate_on_submit() and knows_password(form, actor().account_id):
        with reporting(form), transaction():
            proposal = queries.proposal_by_id(RuleCorrection, event_id, UUID(form.proposal.data))
            version = services.accept_correction(proposal, event, by=actor(), at=now())
            words = sentence("Accepted. Version %(number)s of the rules counts now.", number=version.number)
            flash(say(words), "success")
            return see_other("competitions.show_rule_set", event_id=event_id)
    return _correction_page(event, form)


@blueprint.post("/events/<uuid:event_id>/rule-set/correction/withdrawal")
@requires(APPROVE)
def withdraw_correction(event_id: UUID) -> Response:
    """Take back what waits, or do not accept it: the rules stay as they are."""
    event, form = _frozen_event(event_id, APPROVE), EmptyForm()
    proposal = queries.standing_correction(event)
    if form.validate_on_submit() and proposal is not None:
        with transaction():
            services.withdraw_correction(proposal, event, by=actor(), at=now())
            flash(say(sentence("Withdrawn. The rules stay as they are.")), "success")
    return see_other("competitions.show_correction", event_id=event_id)


def _frozen_event(event_id: UUID, permission: Permission) -> Event:
    """The event, when the actor has the permission for it and its rules are frozen; a draft is edited instead."""
    event = queries.event_for(actor(), event_id, permission)
    if event.frozen_id is None:
        raise NotFound(corrections.refusal(EventState.DRAFT))
    return event


def _shown(event: Event, form: CorrectionForm, document: dict[str, Any], status: int = 200) -> Response:
    """What a document changes in the version that counts now; when nothing is against it, it can be proposed next."""
    reasons = queries.correction_reasons(event, document)
    form.refuse(*reasons)
    form.text.data, form.seen.data = indented(document), queries.rule_hash(event)
    form.shown.data = "" if reasons else fingerprint(document)
    return _proposal_page(event, form, document, status=422 if reasons else status)


def _proposal_page(
    event: Event, form: CorrectionForm, document: dict[str, Any] | None, status: int | None = None
) -> Response:
    found = None if document is None else differences(queries.rule_document(event), document)
    return page(
        "competitions/propose_correction.html",
        form=form,
        event=event,
        refusal=corrections.refusal(EventState(event.state)),
        groups=None if found is None else presenters.grouped_differences(found),
        editor=presenters.editor_data(),
        standing=queries.standing_correction(event),
        status=status,
    )


def _correction_page(event: Event, form: AcceptForm | None = None) -> Response:
    view = presenters.correction_view(event, actor())
    return page(
        "competitions/show_correction.html",
        form=form,
        event=event,
        accept=form or AcceptForm(),
        **view,
    )
