"""Boards: what is shown follows from rows, and a freeze holds in the query; on both databases."""

from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from competition.accounts.services import system_actor
from competition.appeals.queries import appeal_window, notice_window
from competition.audit.models import AuditEntry
from competition.boards import queries, services
from competition.boards.models import BoardFreeze, CeremonyStep, RevealOrder
from competition.boards.queries import BoardState, LiveTable
from competition.clock import now
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.competitions.services import accept_correction, propose_correction
from competition.database import session
from competition.draws.queries import code_of, current_draw, visible_draw
from competition.errors import Conflict, NotFound, RuleBroken
from competition.organisations.queries import sibling_named
from competition.registration.services import mark_presence
from competition.results import queries as results_queries
from competition.results.services.publications import VENUE
from competition.rules.access import NOBODY, Actor
from competition.transactions import transaction
from tests.builders import boards as a
from tests.builders import competitions, organisations, registration, results, workers
from tests.conftest import NOON


def kinds(event) -> list[str]:
    own = select(AuditEntry.kind).where(AuditEntry.chain == str(event.id))
    found = session.scalars(own.order_by(AuditEntry.number))
    return [kind for kind in found if kind.startswith("boards.")]


# --- live -----------------------------------------------------------------------------------------


def test_a_live_board_ranks_those_whose_sheets_are_confirmed(app: Flask) -> None:
    with transaction():
        event = a.live_event(3)
        a.confirm(event, 1, "80")
        a.confirm(event, 2, "90.5")
        sheet = a.sheet_of(event, 3)
        results.fill(event, sheet, lambda _aspect, _seat: "99")
    assert a.totals(event) == [(1, "90.50"), (2, "80.00")]
    assert (a.shown(event).state, a.shown(event).expected) == (BoardState.LIVE, 3)


def test_a_blind_event_is_shown_by_code(app: Flask) -> None:
    with transaction():
        event = a.live_event(1, draw={"blind_layers": 1})
        a.confirm(event, 1, "80")
    (line,) = a.shown(event).lines
    assert line.name == code_of(results.entrant(event, 1))
    assert line.delegation == ""


def test_an_open_event_is_shown_by_name(app: Flask) -> None:
    with transaction():
        event = a.live_event(1)
        a.confirm(event, 1, "80")
    (line,) = a.shown(event).lines
    assert line.name == "王建国" and line.delegation


def test_rules_without_live_standings_show_nothing_before_the_publication(app: Flask) -> None:
    with transaction():
        event = results.marking_event(1)
        with pytest.raises(RuleBroken, match="allows no live standings"):
            services.switch_board(event, on=True, by=a.announcer(event), at=NOON)
        a.confirm(event, 1, "80")
    assert a.shown(event) == queries.Shown(BoardState.OFF)


def test_a_board_that_nobody_switched_on_shows_nothing(app: Flask) -> None:
    with transaction():
        event = a.live_event(1, on=False)
        a.confirm(event, 1, "80")
    assert a.shown(event).lines == ()


def test_standings_read_before_follow_every_sheet(app: Flask) -> None:
    with transaction():
        event = a.live_event(3)
        a.confirm(event, 1, "80")
    live = LiveTable(event)
    assert a.totals(event, live) == [(1, "80.00")]
    with transaction():
        a.confirm(event_by_id(event.id), 2, "90")
    assert a.totals(event, live) == [(1, "90.00"), (2, "80.00")]
    with transaction():
        again = event_by_id(event.id)
        chief = results.actor_of(results.chiefs_of(again)[0])
        results.reopen_sheet(a.sheet_of(again, 2), reason="抄写错误", by=chief, at=NOON)
    assert a.totals(event, live) == [(1, "80.00")]
    assert a.totals(event, live) == a.totals(event)


def test_standings_read_before_follow_the_corrected_rules(app: Flask) -> None:
    with transaction():
        event = a.live_event(1)
        a.confirm(event, 1, "80")
    live = LiveTable(event)
    with transaction():
        again = event_by_id(event.id)
        document = deepcopy(again.rule_set)
        document["scheme"]["children"][0]["factor"] = "0.5"
        people = [results.actor_of(make(again)) for make in (results.organiser, results.supervisor)]
        proposal = propose_correction(again, document=document, reason="系数有误", by=people[0], at=NOON)
        accept_correction(proposal, again, by=people[1], at=NOON)
    live.refresh(event_by_id(event.id), thorough=False)
    assert [line.total for line in live.lines()] == ["40.00"]


def test_the_live_board_shows_what_the_result_will_be(app: Flask) -> None:
    """Panels without their highest and lowest mark, a deduction, a time: read in columns, then as a result."""

    def value(entry: int, aspect: str, seat: str) -> str | None:
        marks = {"paper": 70 + entry, "seam": 80 + entry * int(seat[1:]) % 7, "time": 600 - entry}
        return ("2" if entry == 2 else None) if aspect == "safety" else str(marks[aspect])

    with transaction():
        event = results.scored_event(value, number=4, rules=results.trade_rules(**a.LIVE))
        services.switch_board(event, on=True, by=a.announcer(event), at=NOON)
    live = a.totals(event)
    with transaction():
        results.published(event)
    assert live == a.totals(event) and len(live) == 4


def test_whoever_is_absent_leaves_the_live_board(app: Flask) -> None:
    with transaction():
        event = a.live_event(2)
        a.confirm(event, 1, "80")
        a.confirm(event, 2, "90")
    live = LiveTable(event)
    with transaction():
        mark_presence(results.entrant(event, 2), present=False, by=system_actor(), at=NOON)
    assert a.totals(event, live) == [(1, "80.00")]


def test_after_the_marking_the_standings_are_provisional(app: Flask) -> None:
    with transaction():
        event = a.live_event(1)
        a.confirm(event, 1, "80")
        results.close(event)
    assert a.shown(event).state is BoardState.PROVISIONAL


# --- frozen ---------------------------------------------------------------------------------------


def test_a_freeze_keeps_what_was_shown_whatever_comes_later(app: Flask) -> None:
    with transaction():
        event = a.live_event(2)
        a.confirm(event, 1, "80")
        services.freeze_board(event, by=a.announcer(event), at=NOON)
    before = a.shown(event)
    with transaction():
        a.confirm(event_by_id(event.id), 2, "90")
    assert a.shown(event) == before
    assert (before.state, [line.total for line in before.lines]) == (BoardState.FROZEN, ["80.00"])


def test_a_freeze_holds_beyond_the_publication_until_it_is_lifted(app: Flask) -> None:
    with transaction():
        event = a.live_event(2)
        by = a.announcer(event)
        services.freeze_board(event, by=by, at=NOON)
        a.confirm(event, 1, "80")
        a.confirm(event, 2, "90")
        results.close(event)
        results.published(event)
    assert a.shown(event).lines == ()
    with transaction():
        services.lift_freeze(event, by=by, at=NOON)
    assert [line.place for line in a.shown(event).lines] == [1, 2]
    assert kinds(event) == ["boards.board_switched_on", "boards.board_frozen", "boards.freeze_lifted"]


def test_only_a_live_board_can_be_frozen(app: Flask) -> None:
    with transaction():
        event = a.live_event(1, on=False)
        with pytest.raises(RuleBroken, match="Only live standings"):
            services.freeze_board(event, by=a.announcer(event), at=NOON)
        with pytest.raises(RuleBroken, match="not frozen"):
            services.lift_freeze(event, by=a.announcer(event), at=NOON)


def test_a_snapshot_cannot_be_changed(app: Flask) -> None:
    with transaction():
        event = a.live_event(1)
        services.freeze_board(event, by=a.announcer(event), at=NOON)
    with transaction(), pytest.raises(DatabaseError):
        session.execute(update(BoardFreeze).values(snapshot={"lines": []}))
    with transaction(), pytest.raises(DatabaseError):
        session.execute(delete(BoardFreeze))


# --- revealed -------------------------------------------------------------------------------------


def test_a_ceremony_shows_nothing_but_what_was_revealed(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "95", "90"])
        by = a.ceremony(event)
    assert (a.shown(event).state, a.shown(event).lines) == (BoardState.CEREMONY, ())
    with transaction():
        a.reveal(event, by, 1, 2)
    shown = a.shown(event)
    assert [line.place for line in shown.lines] == [2, 3]
    assert shown.newest == shown.lines[0].key and shown.expected == 3


def test_awards_are_revealed_from_the_lowest_to_the_highest(app: Flask) -> None:
    with transaction():
        event = results.published_event(["70", "80", "95", "90"])
        by = a.ceremony(event, RevealOrder.AWARDS)
        a.reveal(event, by, 1, 2, 3)
        with pytest.raises(RuleBroken, match="Every line is revealed"):
            a.reveal(event, by, 4)
    told = [
        step.shown["award"]["en"]
        for step in session.scalars(select(CeremonyStep).order_by(CeremonyStep.number))
    ]
    assert told == ["Second prize", "Second prize", "First prize"]


def test_a_curtain_drawn_before_the_publication_keeps_the_result_from_the_board(app: Flask) -> None:
    with transaction():
        event = results.scored_event(["80", "90"])
        by = a.ceremony(event)
        with pytest.raises(RuleBroken, match="not published yet"):
            a.reveal(event, by, 1)
        results.published(event)
    assert a.shown(event).lines == ()
    with transaction():
        services.end_ceremony(event, by=by, at=NOON)
    assert len(a.shown(event).lines) == 2


def is_released(event) -> bool:
    return results_queries.released_revision(event) is not None


def test_a_ceremony_opened_first_holds_the_result_back_until_the_last_line(app: Flask) -> None:
    with transaction():
        event = results.scored_event(["80", "90"])
        by = a.ceremony(event)
        results.published(event)
        a.reveal(event, by, 1)
    assert not is_released(event) and results_queries.published_revision(event) is not None
    with pytest.raises(NotFound):
        results_queries.public_result(event.id)
    assert results_queries.published_page(results_queries.PublishedFilter(), page=1, size=9) == ([], 0)
    with transaction():
        a.reveal(event, by, 2)
    assert is_released(event) and a.shown(event).state is BoardState.CEREMONY
    with transaction(), pytest.raises(RuleBroken, match="became public"):
        services.take_back(event, note="念错了", by=by, at=NOON)


def test_the_seed_of_the_draw_stays_closed_while_the_result_is_held_back(app: Flask) -> None:
    with transaction():
        event = results.scored_event(["80", "90"])
        by = a.ceremony(event)
        results.published(event)
    draw = current_draw(event)
    assert draw is not None
    with pytest.raises(NotFound):
        visible_draw(NOBODY, draw.id)
    with transaction():
        services.end_ceremony(event, by=by, at=NOON)
    assert visible_draw(NOBODY, draw.id) is draw


def held_with_deadlines(opened: datetime) -> tuple[Event, Actor]:
    """A result published at NOON while a ceremony is open, by rules with a week of notice and two hours for appeals."""
    rules = results.one_mark_rules(
        publication={"notice_days": 7}, appeals={"base": "published", "minutes": 120}
    )
    event = results.scored_event(["80", "90"], rules=rules)
    by = a.ceremony(event, at=opened)
    results.published(event)
    return event, by


def begins(event: Event) -> datetime:
    """When the windows open; the end of each is counted from there, in the calendar of the venue."""
    appeal, notice = appeal_window(event), notice_window(event)
    assert appeal is not None and notice is not None
    assert appeal.closes_at == appeal.opens_at + timedelta(hours=2)
    last_day = notice.closes_at.astimezone(VENUE).date()
    assert last_day == notice.opens_at.astimezone(VENUE).date() + timedelta(days=7)
    assert results_queries.standing_of(event).until == notice.closes_at + timedelta(microseconds=1)
    assert appeal.opens_at == notice.opens_at
    return appeal.opens_at


def test_nobody_has_to_object_to_what_is_held_back(app: Flask) -> None:
    with transaction():
        event, _ = held_with_deadlines(now())
    assert (appeal_window(event), notice_window(event)) == (None, None)
    assert "The notice period begins when the result is no longer held back." in map(
        str, results_queries.obstacles(event, at=now() + timedelta(days=30))
    )


def test_deadlines_count_from_the_end_of_the_ceremony(app: Flask) -> None:
    with transaction():
        event, by = held_with_deadlines(now())
        end = now() + timedelta(hours=1)
        services.end_ceremony(event, by=by, at=end)
    assert begins(event) == end
    runs = results_queries.obstacles(event, at=NOON + timedelta(days=8))
    assert any("The notice period runs until" in str(each) for each in runs)


def test_deadlines_count_from_the_last_line_though_the_ceremony_goes_on(app: Flask) -> None:
    with transaction():
        event, by = held_with_deadlines(now())
        last = now() + timedelta(minutes=20)
        services.reveal_next(event, number=1, by=by, at=NOON)
        services.reveal_next(event, number=2, by=by, at=last)
    assert begins(event) == last
    with transaction():
        services.end_ceremony(event, by=by, at=last + timedelta(hours=1))
    assert begins(event) == last


def test_deadlines_count_from_the_end_of_the_longest_hold(app: Flask) -> None:
    opened = now() - queries.LONGEST_HOLD - timedelta(hours=3)
    with transaction():
        event, by = held_with_deadlines(opened)
        services.end_ceremony(event, by=by, at=now())
    assert begins(event) == opened + queries.LONGEST_HOLD


def test_a_ceremony_that_ended_before_the_publication_moves_no_deadline(app: Flask) -> None:
    with transaction():
        event, by = held_with_deadlines(now())
        services.end_ceremony(event, by=by, at=NOON - timedelta(hours=1))
    assert begins(event) == NOON


def test_whoever_ends_the_ceremony_lets_the_result_go(app: Flask) -> None:
    with transaction():
        event = results.scored_event(["80", "90"])
        by = a.ceremony(event)
        results.published(event)
        services.end_ceremony(event, by=by, at=NOON)
    assert is_released(event)


def test_a_forgotten_ceremony_holds_nothing_back_after_twelve_hours(app: Flask) -> None:
    with transaction():
        event = results.scored_event(["80", "90"])
        a.ceremony(event, at=now() - queries.LONGEST_HOLD)
        results.published(event)
    assert is_released(event)


def test_what_was_public_before_the_ceremony_stays_public(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "90"])
        a.ceremony(event)
    assert is_released(event)


def test_a_result_that_is_held_back_does_not_become_final(app: Flask) -> None:
    with transaction():
        event = results.scored_event(["80", "90"])
        by = a.ceremony(event)
        results.published(event)
    assert results_queries.final_revision(event) is None
    assert [str(each) for each in results_queries.obstacles(event, at=now())] == [
        "The award ceremony is open and holds the result back. End the ceremony first."
    ]
    with transaction():
        services.end_ceremony(event, by=by, at=NOON)
    assert results_queries.obstacles(event, at=now()) == []


def test_a_key_pressed_twice_reveals_one_line(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "90"])
        by = a.ceremony(event)
        a.reveal(event, by, 1)
        with pytest.raises(Conflict):
            a.reveal(event, by, 1)
    assert len(a.shown(event).lines) == 1


def test_a_line_is_taken_back_with_a_note_and_comes_again(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "90"])
        by = a.ceremony(event)
        a.reveal(event, by, 1)
        with pytest.raises(RuleBroken, match="Write down why"):
            services.take_back(event, note=" ", by=by, at=NOON)
        services.take_back(event, note="念错了", by=by, at=NOON)
    assert a.shown(event).lines == ()
    with transaction():
        a.reveal(event, by, 2)
    assert [line.place for line in a.shown(event).lines] == [2]
    assert kinds(event)[-2:] == ["boards.line_taken_back", "boards.line_revealed"]


def test_a_correction_after_the_reveal_is_flagged_for_everybody(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "90"])
        by = a.ceremony(event)
        a.reveal(event, by, 1, 2)
        results.correct(event, results.entrant(event, 1), "95")
        results.published(event, reason="抄写错误")
    during = a.shown(event)
    assert during.is_corrected and [str(line.late) for line in during.lines] == [
        "Corrected after it was announced: place 2 became 1.",
        "Corrected after it was announced: place 1 became 2.",
    ]
    with transaction():
        services.end_ceremony(event, by=by, at=NOON)
    after = a.shown(event)
    assert (after.is_corrected, after.revision, after.reason) == (True, 2, "抄写错误")


def test_what_was_announced_cannot_be_changed(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "90"])
        a.reveal(event, a.ceremony(event), 1)
    with transaction(), pytest.raises(DatabaseError):
        session.execute(update(CeremonyStep).values(shown={}))


def test_there_is_one_ceremony_at_a_time_and_none_before_the_marking(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80"])
        a.ceremony(event)
        with pytest.raises(RuleBroken, match="open already"):
            a.ceremony(event)
        draft = competitions.event()
        with pytest.raises(RuleBroken, match="draft"):
            services.open_ceremony(draft, order=RevealOrder.PLACES, by=system_actor(), at=NOON)


# --- released, and a whole competition ------------------------------------------------------------


def test_a_published_result_is_shown_without_being_switched_on(app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "95", "95"])
    shown = a.shown(event)
    assert shown.state in (BoardState.NOTICE, BoardState.FINAL)
    assert [(line.place, line.shared) for line in shown.lines] == [(1, True), (1, True), (3, False)]


def test_the_competition_counts_awards_of_published_events_only(app: Flask) -> None:
    with transaction():
        event = results.published_event(["70", "80", "95", "90"])
    board = queries.competition_board(event.competition_id)
    assert [(row.place, row.counts) for row in board.medals] == [(1, (1, 2, 0, 0))]
    with transaction():
        a.ceremony(event)
    board = queries.competition_board(event.competition_id)
    assert (board.medals, board.counted) == ((), 0)
    assert [each.state for each in board.events] == [BoardState.CEREMONY]


DELEGATIONS = {"by": "delegation", "value": {"points_by_place": [8, 4, 2, 1]}}


def two_workshops(first: str, second: str, **details):
    """A published event that ranks delegations, with somebody of one workshop and of another."""
    event = competitions.event(rule_set=results.one_mark_rules(teams=DELEGATIONS), **details)
    results.move(event, "open_registration")
    host = event.competition.host
    for name in ("装配车间", "热处理车间"):
        workshop = sibling_named(name, host) or organisations.workshop(host, name=name)
        registration.approved(event, workers.worker(employer=workshop))
    results.mark(results.begin_marking(event), lambda entry, _aspect, _seat: (first, second)[entry - 1])
    results.close(event)
    results.published(event)
    return event


def test_delegations_are_ranked_by_their_points_of_all_published_events(app: Flask) -> None:
    with transaction():
        event = two_workshops("90", "80")
        two_workshops("70", "60", of=event.competition, code="W02")
        results.published_event(["70"], of=event.competition, code="W03")
    board = queries.competition_board(event.competition_id)
    assert [(row.place, row.delegation, row.total, row.events) for row in board.points] == [
        (1, "装配车间", "16", 2),
        (2, "热处理车间", "8", 2),
    ]
    assert board.pointed == 2


def test_delegations_with_equal_totals_share_a_place(app: Flask) -> None:
    with transaction():
        event = two_workshops("90", "80")
        two_workshops("60", "70", of=event.competition, code="W02")
    board = queries.competition_board(event.competition_id)
    assert [(row.place, row.shared, row.total) for row in board.points] == [(1, True, "12")] * 2


def test_no_rules_that_rank_delegations_no_totals(app: Flask) -> None:
    with transaction():
        event = results.published_event(["90", "80"])
    assert queries.competition_board(event.competition_id).points == ()
