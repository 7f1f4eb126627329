"""Nothing of a result leaks before it is released: not in a body, not in a size, not in an ETag, to nobody.

The result of one event is exchanged for another one, directly in the tables, while it is not public. Whoever may not see
it asks for every page, file and address before and after; both answers must be the same, byte for byte and header for
header. The exchange is the only difference, so whatever differs was told by the result.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, text, update

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.boards import shelf
from competition.boards.models import RevealOrder
from competition.boards.queries import board, holding_freeze
from competition.boards.queries.teams import released_teams
from competition.boards.services import end_ceremony, freeze_board, lift_freeze, open_ceremony, switch_board
from competition.clock import now
from competition.competitions.models import Competition, Event
from competition.competitions.queries import event_by_id
from competition.database import db
from competition.draws.models import Draw
from competition.draws.queries import current_draw
from competition.orm import fingerprint
from competition.registration.models import EntrantState
from competition.registration.queries import entrants_of
from competition.registration.services import mark_presence
from competition.results import queries, services
from competition.results.models import ResultLine, ResultRevision, ResultTeam
from competition.rules.lifecycle import EventState
from competition.scoring.models import Mark, Sheet, SheetState
from competition.scoring.queries import sheets_of
from competition.scoring.services import close_scoring, reopen_scoring
from competition.transactions import transaction
from tests.conftest import opened_house
from tests.demonstration import TODAY
from tests.house import Visitor, address, examples, open_elsewhere, routes

HIDDEN_FROM = ("stranger", "admin", "elsewhere", "judge", "codes", "leader", "worker", "promotion")
"""Of the cast, those who may not read a result before it is released (tests/architecture/access_table.py)."""

ASKED_IN = dict.fromkeys(("off", "frozen", "prepared"), ("stranger", "judge", "leader"))
"""In states that other states include, three of them ask."""

OWN_SHEETS = {"judge": ("scoring.", "scoring_api.")}
"""A judge sees the marks on the own sheets; that is no result."""

AS_BEFORE = {
    "draws.verify_current",
    "draws.verify_draw",
    "competitions.list_competitions",
    "competitions.show_competition",
    "competitions.show_event",
    "insights.home",
    "results.list_results",
    "results.show_results",
    "results.show_awards",
}
"""Pages that look to a visitor as they did before the publication, as long as a ceremony holds the result back."""

PASSING_WORDS = re.compile(rb"[\w-]{10,}\.[\w-]{6}\.[\w-]{27}|\d\d:\d\d(:\d\d(\.\d+)?)?")
"""The token of a form, and the moment of the answer: they change from request to request."""

PASSING = {"Date", "Set-Cookie", "Server-Timing", "Content-Security-Policy"}


@pytest.fixture
def house(demonstration_database, tmp_path):
    """Each state in a house of its own: which test ran before says nothing."""
    with opened_house(demonstration_database, tmp_path) as made:
        open_elsewhere()
        with db.engine.begin() as connection:
            for table in ("result_revision", "result_line", "result_team", "signed_sheets"):
                for moment in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER keep_{table}_{moment}"))
        yield made


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    """No hour and no day ends between the first answer and the second."""
    with time_machine.travel(now(), tick=False):
        yield


def account(username: str):
    return actor_of(db.session.scalars(select(Account).where(Account.username == username)).one())


def the_final() -> Event:
    """The national final of the demonstration: the one whose marking is under way."""
    query = select(Event).join(Competition).where(Competition.code == "CN-2026", Event.code == "W")
    return db.session.scalars(query).one()


def finish_marking(event: Event) -> None:
    """Whoever was not marked did not come; the marking is closed."""
    open_codes = {sheet.code for sheet in sheets_of(event) if sheet.state == SheetState.OPEN}
    codes = queries.codes_of(event)
    for entrant in entrants_of(event, [EntrantState.APPROVED]):
        if codes.get(str(entrant.id)) in open_codes:
            mark_presence(entrant, present=False, by=system_actor(), at=TODAY)
    close_scoring(event, by=system_actor(), at=TODAY)


def bring_to(state: str, event: Event) -> None:
    """The states in which there is a result that is not released, one after the other; `held` is published under a
    ceremony that was opened before, and a correction follows a publication."""
    if state in ("off", "frozen"):
        switch(state, event)
        return
    if event.state == EventState.SCORING:
        if holding_freeze(event.id):
            lift_freeze(event, by=system_actor(), at=TODAY)
        if (found := board(event.id)) is not None and found.is_on:
            switch_board(event, on=False, by=system_actor(), at=TODAY)  # a live board may show what is marked
        finish_marking(event)
    if state == "held":
        open_ceremony(event, order=RevealOrder.PLACES, by=system_actor(), at=now())
        publish(event)
    if state == "corrected" and event.state == EventState.PUBLISHED:
        end_ceremony(event, by=system_actor(), at=now())
        reopen_scoring(event, reason="抄写错误", by=system_actor(), at=TODAY)
        close_scoring(event, by=system_actor(), at=TODAY)
    if state == "prepared":
        services.prepare_revision(event, by=account("organiser"), at=TODAY)
    if state == "corrected":
        publish(event)
        reopen_scoring(event, reason="抄写错误", by=system_actor(), at=TODAY)
        exchange_marks(event)
        close_scoring(event, by=system_actor(), at=TODAY)
        services.prepare_revision(event, reason="抄写错误", by=account("organiser"), at=TODAY)


def publish(event: Event) -> None:
    reason = "抄写错误" if queries.newest_publication(event.id) else ""
    revision = services.prepare_revision(event, reason=reason, by=account("organiser"), at=TODAY)
    services.approve_publication(revision, by=account("supervisor"), at=TODAY)


def switch(state: str, event: Event) -> None:
    """The board off, or on and frozen, while marks are coming."""
    found = board(event.id)
    is_on = found is not None and found.is_on
    if is_on == (state == "off"):
        switch_board(event, on=not is_on, by=system_actor(), at=TODAY)
    if state == "frozen":
        freeze_board(event, by=system_actor(), at=TODAY)


def exchange_marks(event: Event) -> None:
    """Turn round who has which marks: of every seat and aspect, the first entrant's go to the last, and so on."""
    groups: dict[tuple[str, ...], list[Mark]] = defaultdict(list)
    query = (
        select(Mark, Sheet)
        .join(Sheet, (Sheet.event_id == Mark.event_id) & (Sheet.id == Mark.sheet_id))
        .where(Mark.event_id == event.id)
        .order_by(Sheet.start_order)
    )
    for mark, sheet in db.session.execute(query):
        groups[sheet.module, sheet.seat_label, mark.aspect, mark.kind].append(mark)
    for marks in groups.values():
        for mark, (value, state) in zip(marks, [(m.value, m.state) for m in reversed(marks)], strict=True):
            mark.value, mark.state = value, state
    db.session.flush()


def exchange_result(event: Event) -> None:
    """Another result in the place of the unreleased one: other marks, other lines, another document and hash."""
    exchange_marks(event)
    revision = queries.newest_revision(event)
    if revision is None or queries.released_revision(event) is revision:
        return
    lines = queries.lines_of(revision)
    told = [(line.place, line.total, line.award, line.status, line.entrant_id) for line in reversed(lines)]
    for line, (place, total, award, status, _) in zip(lines, told, strict=True):
        db.session.execute(
            update(ResultLine)
            .where(ResultLine.revision_id == revision.id, ResultLine.entrant_id == line.entrant_id)
            .values(place=place, total=total, award=award, status=status)
        )
    teams = list(db.session.scalars(select(ResultTeam).where(ResultTeam.revision_id == revision.id)))
    ranked = [(team.value, team.award, team.display_name, team.delegation_name) for team in reversed(teams)]
    for team, (value, award, name, sent_by) in zip(teams, ranked, strict=True):
        team.value, team.award, team.display_name, team.delegation_name = value, award, name, sent_by
    db.session.flush()
    db.session.execute(
        update(ResultRevision)
        .where(ResultRevision.id == revision.id)
        .values(hash=fingerprint("another"), contest=with_other_marks(revision.contest))
    )


def with_other_marks(contest: dict[str, Any]) -> dict[str, Any]:
    """The document with the marks of everybody who was marked turned round: other places, and other teams ahead."""
    marked = list(dict.fromkeys(mark["entrant"] for mark in contest["marks"]))
    whose = dict(zip(marked, reversed(marked), strict=True))
    return {**contest, "marks": [{**mark, "entrant": whose[mark["entrant"]]} for mark in contest["marks"]]}


def addresses(app, event: Event) -> Iterator[tuple[str, str]]:
    """Every address that can be asked for, with this event and what belongs to it wherever an address names one."""
    revision = queries.newest_revision(event)
    released = queries.released_revision(event)
    entrant = next(iter(entrants_of(event, [EntrantState.APPROVED])))
    sheet = sheets_of(event)[0]
    known: dict[str, Any] = {
        **examples(),
        "event_id": event.id,
        "competition_id": event.competition_id,
        "entrant_id": entrant.id,
        "worker_id": entrant.members[0].worker_id,
        "sheet_id": sheet.id,
        "judge_id": sheet.judge_id,
        "draw_id": known_draw(event).id,
    }
    if revision is not None and revision is not released:
        known["revision_id"] = revision.id
    for method, rule in routes(app):
        if method == "GET":
            yield rule.endpoint, address(app, rule, known)


def newest_of(event: Event) -> ResultRevision:
    revision = queries.newest_revision(event)
    assert revision is not None
    return revision


def known_draw(event: Event) -> Draw:
    draw = current_draw(event)
    assert draw is not None
    return draw


def answers(
    app, asked: list[tuple[str, str]], people: tuple[str, ...] = HIDDEN_FROM
) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """What everybody is told: status, headers and body, without what changes from request to request."""
    found = {}
    for who in people:
        visitor = Visitor(app, who)
        for endpoint, path in asked:
            if endpoint.startswith(OWN_SHEETS.get(who, ("-",))):
                continue
            response = visitor.ask(path)
            headers = sorted((k, v) for k, v in response.headers if k not in PASSING)
            body = PASSING_WORDS.sub(b"", response.get_data())
            found[who, endpoint, path] = (response.status_code, headers, len(body), body)
    return found


def before_publication(app) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """What a visitor sees of the event's draw, of its page and of every list on which it stands."""
    asked = [(endpoint, path) for endpoint, path in addresses(app, the_final()) if endpoint in AS_BEFORE]
    assert {endpoint for endpoint, _ in asked} == AS_BEFORE
    return answers(app, asked, ("stranger",))


def links_to_result(event_id: UUID, body: object) -> bool:
    """Whether a page leads to an address at which there is no result yet."""
    return any(
        f'href="/events/{event_id}/{end}'.encode() in body for end in ("results", "awards", "draw/check")
    )


@pytest.mark.parametrize("state", ["off", "frozen", "scored", "prepared", "held", "corrected"])
def test_nobody_is_told_anything_of_a_result_that_is_not_released(house, state):
    looked = None
    if state == "held":
        with transaction():
            bring_to("scored", the_final())
        looked = before_publication(house)
    with transaction():
        bring_to(state, the_final())
    assert looked in (None, before_publication(house))
    teams = released_teams(newest_of(the_final())) if state == "held" else ()
    asked = list(addresses(house, the_final()))
    people = ASKED_IN.get(state, HIDDEN_FROM)
    before = answers(house, asked, people)
    event_id = the_final().id
    if state == "held":
        staff = answers(
            house, [each for each in asked if str(event_id) in each[1]], ("organiser", "supervisor")
        )
        assert [key for key, said in (before | staff).items() if links_to_result(event_id, said[-1])] == []
    with transaction():
        exchange_result(event_by_id(event_id))
    if state == "held":
        assert teams != released_teams(newest_of(the_final())), "there are other teams to hold back"
    house.extensions.pop(shelf.EXTENSION, None)
    after = answers(house, asked, people)
    assert [key for key in before if before[key] != after[key]] == []


def test_the_exchange_is_seen_by_those_who_may_see_it(house):
    event_id = the_final().id
    with transaction():
        bring_to("prepared", the_final())
    path = f"/events/{event_id}/result-revisions/{queries.newest_revision(the_final()).id}"
    before = Visitor(house, "organiser").ask(path).get_data()
    with transaction():
        exchange_result(event_by_id(event_id))
    assert Visitor(house, "organiser").ask(path).get_data() != before
