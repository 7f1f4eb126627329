"""Pages of the record: reading it, and scanning its chains. Both only read."""

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from competition.audit import queries
from competition.audit.presenters import AREAS
from competition.audit.reach import chains_for
from competition.clock import now
from competition.errors import NotFound
from competition.rules.access import Permission
from competition.rules.sentences import sentence
from competition.web.access import actor, requires
from competition.web.paging import Page, page_number
from competition.web.templating import menu_entry, page

blueprint = Blueprint("audit", __name__)

menu_entry(sentence("Record"), "audit.list_entries", Permission.AUDIT_ENTRY_READ, 95)


@blueprint.get("/record")
@requires(Permission.AUDIT_ENTRY_READ)
def list_entries() -> Response:
    """Who did what, when; newest first."""
    chains, number = chains_for(actor()), page_number()
    wanted = queries.Wanted(
        chains=chains,
        event_id=_id("event"),
        subject_id=_id("subject"),
        by_id=_id("by"),
        area=_area(),
    )
    rows, total = queries.record_page(wanted, page=number)
    return page(
        "audit/list.html",
        entries=Page(rows, number, 50, total),
        wanted=wanted,
        areas={area: AREAS[area] for area in AREAS if area in queries.areas()},
        length=queries.length_of_record(chains),
    )


@blueprint.get("/record/scan")
@requires(Permission.AUDIT_ENTRY_READ)
def scan_chains() -> Response:
    """Recompute every hash the reader may see and say whether the chains hold."""
    chains = chains_for(actor())
    return page(
        "audit/scan.html",
        breaks=list(queries.chain_breaks(chains)),
        heads=queries.heads(chains),
        length=queries.length_of_record(chains),
        at=now(),
    )


def _id(name: str) -> UUID | None:
    text = request.args.get(name, "").strip()
    try:
        return UUID(text) if text else None
    except ValueError as problem:
        raise NotFound(
            sentence("This is not the number of anything in the record."),
            next_step=sentence("Follow a link of the record instead of typing a number."),
        ) from problem


def _area() -> str | None:
    area = request.args.get("area", "")
    return area if area in AREAS else None
