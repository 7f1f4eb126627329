"""Delegations and entrants for tests, made by the services."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from competition.accounts.services import system_actor
from competition.competitions.models import Event
from competition.competitions.services import move_event
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.queries import sibling_named
from competition.registration import services
from competition.registration.models import Delegation, Entrant, EntrySource
from competition.rules.lifecycle import Move
from competition.workers.models import Worker
from tests.builders import competitions, organisations, workers
from tests.builders.once import built_once
from tests.conftest import NOON

NAMES = ("王建国", "李秀英", "张伟", "刘洋", "陈静", "杨帆", "赵磊", "黄丽", "周杰", "吴敏")


def delegation(of: Event, organisation: Organisation, **details: Any) -> Delegation:
    """The delegation an organisation sends to the competition of an event."""
    return services.open_delegation(of.competition, organisation, by=system_actor(), at=NOON, **details)


def workshop_of(host: Organisation) -> Organisation:
    """The assembly workshop of a host, opened when there is none yet; a host without room below is its own."""
    if host.kind == OrganisationKind.WORKSHOP:
        return host
    return sibling_named("装配车间", host) or organisations.workshop(host, name="装配车间")


def people(of: Event, number: int = 1, employer: Organisation | None = None) -> list[Worker]:
    """Workers of one employer; of a workshop of the event's host when none is given."""
    employer = employer or workshop_of(of.competition.host)
    return [workers.worker(NAMES[i % len(NAMES)], employer=employer) for i in range(number)]


def entrant(
    of: Event,
    *members: Worker,
    source: EntrySource = EntrySource.SELF,
    **details: Any,
) -> Entrant:
    """An entry that waits for a decision; its people are made when none are given."""
    chosen: Sequence[Worker] = members or people(of, of.team_size)
    return services.enter(of, workers=chosen, source=source, by=system_actor(), at=NOON, **details)


def approved(of: Event, *members: Worker, **details: Any) -> Entrant:
    """An entrant with an entry number."""
    return services.approve_entrant(entrant(of, *members, **details), by=system_actor(), at=NOON)


def approved_entrants(of: Event, number: int, employer: Organisation | None = None) -> list[Entrant]:
    """So many approved entrants of one employer."""
    return [approved(of, *people(of, of.team_size, employer)) for _ in range(number)]


@built_once
def closed_event(number: int = 3, **details: Any) -> Event:
    """An event with so many approved entrants, registration closed."""
    made = competitions.open_event(**details)
    approved_entrants(made, number)
    move_event(made, Move.CLOSE_REGISTRATION, by=system_actor(), at=NOON)
    return made


HEADINGS = ("姓名", "证件类型", "证件号码", "手机", "单位", "职业代码", "技能等级", "从业起始", "组合序号")


def workbook(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """An Excel workbook with headings and rows, as somebody typed it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate([headings, *rows]):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, datetime.combine(value, time()), day)
            else:
                sheet.write(number, column, value)
    book.close()
    return content.getvalue()


def row(name: str, number: str, employer: str, **more: Any) -> list[Any]:
    """A row of a list, under HEADINGS."""
    return [
        name,
        more.get("id_type", ""),
        number,
        more.get("phone", ""),
        employer,
        more.get("occupation", ""),
        more.get("grade", ""),
        more.get("since", ""),
        more.get("team", ""),
    ]
