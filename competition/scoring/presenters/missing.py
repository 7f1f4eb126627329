"""Missing sheets as a page shows them: by name, with what the reader may know and do."""

from typing import Any

from competition.competitions.models import Event
from competition.competitions.queries import proposals_of, scope_of_event
from competition.rules.access import Actor, Permission
from competition.scoring import queries
from competition.scoring.models import MissingAcceptance
from competition.scoring.presenters.pages import module_titles
from competition.scoring.queries.recorded import Recorded
from competition.scoring.services import WHILE_MISSING
from competition.web.paging import Page

PAGE_SIZE = 100


def view_of(event: Event, person: Actor, *, number: int) -> dict[str, Any]:
    """Everything the page of the missing sheets shows: the lists, what was decided, what the reader may do.

    The judges are named to those who assign the seats; the others see the seats.
    """
    scope, recorded = scope_of_event(event), Recorded(event)
    standing, sheets = queries.missing_standing(event, recorded), queries.missing_sheets(event, recorded)
    may_decide = event.state in WHILE_MISSING and bool(sheets)
    may_propose = may_decide and person.may(Permission.RESULTS_REVISION_PREPARE, scope)
    acceptance = standing.acceptance
    return {
        "reconciliation": queries.reconciliation(event, recorded),
        "standing": standing,
        "hash": queries.hash_of_names(standing.names),
        "shown": Page(sheets[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, PAGE_SIZE, len(sheets)),
        "void": queries.void_sheets(event, recorded),
        "titles": module_titles(event),
        "before": [each for each in proposals_of(MissingAcceptance, event) if each.withdrawn_at is not None],
        "may_know_judges": person.may(Permission.PANELS_SEAT_ASSIGN, scope),
        "may_review": person.may(Permission.SCORING_SHEET_CONFIRM, scope),
        "may_propose": may_propose and not standing.is_of_these,
        "may_accept": may_decide
        and standing.is_of_these
        and not standing.is_accepted
        and person.may(Permission.RESULTS_PUBLICATION_APPROVE, scope),
        "is_proposer": acceptance is not None and acceptance.proposed_by == person.account_id,
        "may_withdraw": acceptance is not None
        and event.state in WHILE_MISSING
        and person.may(Permission.RESULTS_REVISION_PREPARE, scope),
    }
