"""Home pages and the funnel."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from competition import clock
from competition.accounts.queries import is_new_installation
from competition.certificates.queries import certificates_of
from competition.competitions.holds import is_public
from competition.competitions.models import Event
from competition.drills.queries import drills_open_to
from competition.errors import NotFound
from competition.insights import presenters, queries
from competition.promotions.queries import cases_of
from competition.registration.queries import entries_of_worker
from competition.rules.access import Permission
from competition.rules.sentences import sentence
from competition.web.access import actor, public, requires
from competition.web.templating import menu_entry, page
from competition.workers.queries import worker_of

blueprint = Blueprint("insights", __name__)

menu_entry(sentence("Home"), "insights.home", None, 0)
menu_entry(sentence("Funnel"), "insights.show_funnel", Permission.INSIGHTS_FUNNEL_READ, 90)


@blueprint.get("/")
@public
def home() -> Response:
    """Everybody's first page, with the next step first."""
    if is_new_installation():
        return redirect(url_for("accounts.set_up"), 303)
    person = actor()
    if person.account_id is None:
        return page(
            "insights/public_home.html",
            figures=queries.figures(),
            funnel=_funnel(queries.widest_public_chain()),
            publications=queries.newest_publications(),
            open_events=queries.events_open_for_entry(),
            event_name=presenters.event_name,
        )
    worker = worker_of(person)
    tops = queries.chain_tops(person)
    return page(
        "insights/home.html",
        waiting=presenters.waiting_for(person),
        blocked=presenters.blocked_publications(person),
        funnel=_funnel(tops[0] if tops else None),
        judging=queries.judging_of(person) if person.may_ever(Permission.SCORING_SHEET_MARK) else None,
        worker=worker,
        entries=entries_of_worker(worker) if worker else [],
        drills=drills_open_to(worker, at=clock.now()) if worker else [],
        certificates=certificates_of(worker) if worker else [],
        cases=cases_of(worker) if worker else [],
        open_events=queries.events_for_worker(worker) if worker else [],
        publications=queries.newest_publications(),
        event_name=presenters.event_name,
        is_public=is_public,
    )


@blueprint.get("/funnel")
@requires(Permission.INSIGHTS_FUNNEL_READ)
def show_funnel() -> Response:
    """How many people stand on each step of a chain."""
    tops = queries.chain_tops(actor())
    chosen = request.args.get("event", "")
    found = next((top for top in tops if str(top.id) == chosen), None)
    if chosen and found is None:
        raise NotFound()
    found = found or (tops[0] if tops else None)
    return page(
        "insights/funnel.html",
        tops=tops,
        chosen=found,
        funnel=_funnel(found),
        event_name=presenters.event_name,
    )


def _funnel(top: Event | None) -> dict[str, object] | None:
    if top is None:
        return None
    counted = queries.funnel_of(top)
    return {"title": presenters.funnel_title(counted), "rows": presenters.funnel_rows(counted)}
