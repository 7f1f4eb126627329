"""Re-checks for tests, made by the services. Time moves: what happens after the draw happens later than it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.panels.queries import chiefs_of
from competition.rechecks import queries, services
from competition.rechecks.models import SheetCheck, SigningRole
from competition.rules.access import Actor
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet
from competition.scoring.services import close_scoring, confirm_sheet, sign_sheet
from tests.builders import results
from tests.builders.once import built_once
from tests.conftest import NOON

RULE = {"top": {"count": 2}, "sample_percent": 20, "error_threshold_percent": 40}
SEED = "3-1-4-1-5-9"


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


@built_once
def scored_event(totals: Sequence[str], *, recheck: dict[str, Any] | None = None, **details: Any) -> Event:
    """An event whose marking is closed and whose rules ask for a re-check."""
    rules = results.one_mark_rules(recheck=recheck or RULE)
    return results.scored_event(totals, rules=rules, **details)


@built_once
def drawn_event(totals: Sequence[str], **details: Any) -> tuple[Event, Account]:
    """The same with a drawn scope, and the supervisor who drew it."""
    event = scored_event(totals, **details)
    supervisor = results.supervisor(event)
    services.draw_scope(event, seed=SEED, by=actor_of(supervisor), at=later(1))
    return event, supervisor


def chief(event: Event) -> Actor:
    return actor_of(chiefs_of(event)[0])


def sheet_in(event: Event, position: int = 0) -> Sheet:
    """A sheet of the scope that waits."""
    standing = queries.standing_of(event)
    assert standing is not None
    waiting = [item.sheet.id for item in standing.items if item.state == "waiting"]
    return queries.sheets_at(event, [waiting[position]])[0]


def hash_of(sheet: Sheet) -> str:
    return scoring.content_hash(sheet, scoring.marks_of_sheet(sheet))


def right(sheet: Sheet, by: Account, minute: int = 2) -> SheetCheck:
    return services.find_sheet_right(sheet, content_hash=hash_of(sheet), by=actor_of(by), at=later(minute))


def wrong(sheet: Sheet, by: Account, minute: int = 2) -> SheetCheck:
    """An error in writing on the one value of the sheet."""
    return services.report_error(
        sheet, content_hash=hash_of(sheet), aspect="piece", found="80", should_be="90", note="纸质评分表为90",
        by=actor_of(by), at=later(minute),
    )  # fmt: skip


def all_right(event: Event, by: Account, minute: int = 2) -> None:
    """Everything that waits is found right."""
    standing = queries.standing_of(event)
    assert standing is not None
    waiting = [item.sheet.id for item in standing.items if item.state == "waiting"]
    for sheet in queries.sheets_at(event, waiting):
        right(sheet, by, minute)


def correct(event: Event, sheet: Sheet, value: str, minute: int) -> None:
    """The judge of an open sheet corrects it and signs, the chief judge confirms."""
    results.fill(event, sheet, lambda _aspect, _seat: value)
    sign_sheet(sheet, by=actor_of(sheet.judge.account), at=later(minute))
    confirm_sheet(sheet, by=chief(event), at=later(minute))


def close(event: Event, minute: int) -> None:
    close_scoring(event, by=system_actor(), at=later(minute))


def sign(event: Event, supervisor: Account, minute: int = 3) -> None:
    """Supervisor and chief judge stand for it."""
    services.sign_recheck(event, role=SigningRole.SUPERVISOR, by=actor_of(supervisor), at=later(minute))
    services.sign_recheck(event, role=SigningRole.CHIEF, by=chief(event), at=later(minute))


def finished(event: Event) -> None:
    """A whole re-check without an error, drawn, done and signed."""
    supervisor = results.supervisor(event)
    services.draw_scope(event, seed=SEED, by=actor_of(supervisor), at=later(1))
    all_right(event, supervisor)
    sign(event, supervisor)
