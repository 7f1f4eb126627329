"""Pages of long work: how far it is, how it ended, try again."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.wrappers import Response as Answer

from competition import clock
from competition.jobs import queries, services
from competition.jobs.models import Operation, OperationState
from competition.jobs.presenters import view_of
from competition.transactions import transaction
from competition.web.access import actor, signed_in
from competition.web.language import say
from competition.web.paging import Page, page_number
from competition.web.templating import page, see_other

blueprint = Blueprint("jobs", __name__)
PAGE_SIZE = 50


@blueprint.get("/operations")
@signed_in
def list_operations() -> Response:
    """The work I asked for; with ?whose=all everybody's, for who may read it."""
    may_see_all = queries.may_see_all(actor())
    everybody = may_see_all and request.args.get("whose") == "all"
    rows, total = queries.operations_page(actor(), everybody=everybody, page=page_number(), size=PAGE_SIZE)
    return page(
        "jobs/list.html",
        operations=Page([(row, view_of(row)) for row in rows], page_number(), PAGE_SIZE, total),
        everybody=everybody,
        may_see_all=may_see_all,
    )


@blueprint.get("/operations/<uuid:operation_id>")
@signed_in
def show_operation(operation_id: UUID) -> Response:
    operation = queries.operation_for(actor(), operation_id)
    return page(
        "jobs/operation.html",
        operation=operation,
        view=view_of(operation),
        result_href=_result_href(operation),
    )


@blueprint.get("/operations/<uuid:operation_id>/state")
@signed_in
def operation_state(operation_id: UUID) -> Answer:
    """What the page's script asks every second."""
    operation = queries.operation_for(actor(), operation_id)
    view = view_of(operation)
    answer = jsonify(
        state=view.state,
        done=view.done,
        total=view.total,
        sentence=say(view.sentence),
        result_href=_result_href(operation),
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.post("/operations/<uuid:operation_id>/attempts")
@signed_in
def retry_operation(operation_id: UUID) -> Answer:
    with transaction():
        operation = queries.operation_for(actor(), operation_id)
        services.retry_operation(operation, by=actor(), at=clock.now())
        return see_other("jobs.show_operation", operation_id=operation.id)


@blueprint.post("/operations/<uuid:operation_id>/cancellation")
@signed_in
def cancel_operation(operation_id: UUID) -> Answer:
    with transaction():
        operation = queries.operation_for(actor(), operation_id)
        services.cancel_operation(operation, by=actor(), at=clock.now())
        return see_other("jobs.show_operation", operation_id=operation.id)


def _result_href(operation: Operation) -> str | None:
    view = view_of(operation)
    if view.state is not OperationState.DONE or view.leads_to is None:
        return None
    return url_for(view.leads_to, event_id=operation.event_id)
