"""The live board of a large event: nothing changes, and ten sheets a second are confirmed meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from benchmarks.figures import Measurement
from benchmarks.house import House
from benchmarks.rivals import GET, VISITORS, Bench, compared
from benchmarks.servers import Server, real_server
from benchmarks.visitors import Connection, Crowd, Errand, get, send
from competition.accounts.queries import account_by_username, actor_of
from competition.boards.services import switch_board
from competition.clock import now
from competition.competitions.queries import event_by_id
from competition.database import db, session
from competition.scoring.models import Sheet, SheetState
from competition.scoring.services import confirm_sheet
from competition.transactions import transaction

A_SECOND = 10
"""Sheets that are confirmed while visitors look."""


def measure(bench: Bench) -> list[Measurement]:
    """Four visitors who ask again as soon as they are answered, as browsers do: with the tag of what they have."""
    house = bench.house
    house.scoring()
    waiting = _signed(house, bench)
    page = f"/events/{house.event_id}/board"
    theirs = bench.plain_get()
    found = []
    with real_server(house.environment) as server:
        began = time.perf_counter()
        body = Connection(server.port).ask(get(page)).body
        first = round(time.perf_counter() - began, 3)
        for name, path in (("page", page), ("projector", f"{page}/screen"), ("programs", f"{page}.json")):
            found.append(
                compared(f"board, quiet, {name} (304)", "requests/s", _poll(bench, server, path), GET, theirs)
            )
        full = bench.visit(server, [get(page)])
        found.append(compared("board, quiet, page in full", "requests/s", full, GET, theirs))
        with _confirming(house, waiting) as confirmed:
            busy = _poll(bench, server, page)
        found.append(compared("board, page, ten sheets a second arriving", "requests/s", busy, GET, theirs))
    found[0].figures.update(first_answer_seconds=first, first_page_kb=round(len(body) / 1000, 1))
    found[-1].figures["sheets_confirmed"] = len(confirmed)
    return found


def _poll(bench: Bench, server: Server, path: str) -> Crowd:
    errand = Errand(server.port, (), seconds=bench.seconds, polls=path)
    return send(server, [errand] * VISITORS)


def _signed(house: House, bench: Bench) -> list[UUID]:
    """Every mark written and every sheet confirmed in bulk, but those that are confirmed while visitors look."""
    enough = int(A_SECOND * bench.seconds * 3)
    with house.app.app_context():
        with transaction():
            house.write_marks()
            open_ = list(
                session.scalars(
                    select(Sheet.id)
                    .where(Sheet.event_id == house.event_id)
                    .order_by(Sheet.start_order.desc())
                    .limit(enough)
                )
            )
            session.execute(
                update(Sheet)
                .where(Sheet.event_id == house.event_id, Sheet.id.in_(open_))
                .values(state=SheetState.SIGNED)
                .execution_options(synchronize_session=False)
            )
            assert house.event_id is not None
            switch_board(event_by_id(house.event_id), on=True, by=_actor("organiser"), at=now())
        db.session.remove()
    return open_


@contextmanager
def _confirming(house: House, waiting: list[UUID]) -> Iterator[list[UUID]]:
    """The chief judge confirms ten sheets a second through the service, in a thread of this process."""
    stop, confirmed = threading.Event(), list[UUID]()

    def work() -> None:
        with house.app.app_context():
            due = time.monotonic()
            for sheet_id in waiting:
                if stop.wait(max(0.0, due - time.monotonic())):
                    break
                with transaction():
                    sheet = session.get_one(Sheet, (house.event_id, sheet_id))
                    confirm_sheet(sheet, by=_actor("chief"), at=now())
                confirmed.append(sheet_id)
                due += 1 / A_SECOND
            db.session.remove()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield confirmed
    finally:
        stop.set()
        worker.join()


def _actor(username: str) -> Any:
    account = account_by_username(username)
    assert account is not None
    return actor_of(account)
