"""Pages of judge statistics, for the chief judge and whoever oversees the judging."""

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from competition.competitions import event_links
from competition.competitions.event_links import Step
from competition.competitions.queries import event_for
from competition.errors import NotFound
from competition.judge_statistics import presenters, queries
from competition.rules.access import Permission
from competition.rules.lifecycle import EventState
from competition.rules.sentences import sentence
from competition.web.access import actor, requires
from competition.web.paging import page_number
from competition.web.templating import page

blueprint = Blueprint("judge_statistics", __name__)

READ = Permission.RESULTS_REVISION_READ

event_links.offer(
    sentence("Judge statistics"),
    "judge_statistics.show_statistics",
    READ,
    {EventState.SCORING, EventState.SCORED, EventState.PUBLISHED},
    step=Step.SCORING,
    order=45,
)


@blueprint.get("/events/<uuid:event_id>/judge-statistics")
@requires(READ)
def show_statistics(event_id: UUID) -> Response:
    """What the marks so far say about the judges."""
    event = event_for(actor(), event_id, READ)
    marked = queries.marked(event)
    shown = presenters.statistics_of(marked, page=page_number())
    return page("judge_statistics/show.html", event=event, statistics=shown)


@blueprint.get("/events/<uuid:event_id>/judge-statistics/<seat>")
@requires(READ)
def show_influence(event_id: UUID, seat: str) -> Response:
    """Whose place one judge decides: the result as it is, and as it would be without this judge."""
    event = event_for(actor(), event_id, READ)
    marked = queries.marked(event)
    if all(judge.id != seat for judge in marked.contest.judges):
        raise NotFound()
    moved = queries.moved_by(marked, seat)
    return page(
        "judge_statistics/influence.html",
        event=event,
        seat=seat,
        called=presenters.called(seat, marked),
        moved=[(marked.codes.get(each.entrant, "–"), each) for each in moved],
        awards=presenters.award_titles(marked),
    )
