"""Results: computed from the marks, kept for good, released by two people; on both databases."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.competitions.queries import event_by_id
from competition.competitions.services import move_event
from competition.database import session
from competition.errors import NotFound, RuleBroken
from competition.orm import fingerprint
from competition.registration.services import mark_presence
from competition.results import queries, services
from competition.results.models import Publication, PublicationApproval, ResultLine, ResultRevision
from competition.rules import contest
from competition.rules.access import NOBODY
from competition.rules.contest import explain_place
from competition.rules.lifecycle import EventState, Move
from competition.scoring.queries import contest_document
from competition.transactions import transaction
from tests.builders import competitions
from tests.builders import results as a
from tests.conftest import NOON


def places(revision: ResultRevision) -> list[tuple[int | None, int]]:
    """(place, entry number) in the order of the list."""
    numbers = a.numbers(event_by_id(revision.event_id))
    return [(line.place, numbers[line.entrant_id]) for line in queries.lines_of(revision)]


def kinds(event) -> list[str]:
    return list(session.scalars(select(AuditEntry.kind).where(AuditEntry.chain == str(event.id))))


# --- what a result is computed from ---------------------------------------------------------------


def test_the_contest_document_names_nobody_and_is_the_same_twice(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
    document = contest_document(event)
    assert {each["id"] for each in document["judges"]} == {"total.J1"}
    assert [each["status"] for each in document["entrants"]] == ["present", "present"]
    assert "王建国" not in str(document)
    assert contest_document(event) == document


def test_an_absent_entrant_is_in_the_document_and_has_no_place(app: Flask) -> None:
    with transaction():
        event = a.marking_event(2)
        mark_presence(a.entrant(event, 2), present=False, by=system_actor(), at=NOON)
        sheets = [each for each in a.scoring.sheets_of(event) if each.code == _code(event, 1)]
        a.fill(event, sheets[0], lambda _aspect, _seat: "77")
        a.sign_and_confirm(event, sheets[0])
        a.close(event)
        revision = a.prepared(event)
    assert [(line.place, line.status) for line in queries.lines_of(revision)] == [
        (1, "present"),
        (None, "absent"),
    ]


def _code(event, number: int) -> str:
    from competition.draws.queries import code_of

    return code_of(a.entrant(event, number)) or ""


# --- preparing ------------------------------------------------------------------------------------


def test_a_revision_keeps_its_document_its_count_of_sheets_and_their_hash(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90.5"])
        revision = a.prepared(event)
    assert revision.number == 1
    assert revision.reconciliation == {"expected": 2, "received": 2, "void": 0, "missing": 0}
    lines = queries.line_key(contest.evaluate(revision.contest))
    lines.sort(key=lambda line: line["entrant"])
    hashed = {"contest": revision.contest, "lines": lines, "sheets": queries.sheets_behind(revision)}
    assert revision.hash == fingerprint(hashed)
    assert [approval.by_name for approval in queries.approvals_of(revision)] == ["何组委"]
    assert places(revision) == [(1, 2), (2, 1)]
    assert "results.revision_prepared" in kinds(event)


def test_equal_totals_share_a_place_and_the_next_one_is_left_out(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "95", "90", "90"])
        revision = a.prepared(event)
    assert [place for place, _ in places(revision)] == [1, 2, 2, 4]
    assert queries.shared_places(revision, [1, 2, 4]) == {2}


def test_nothing_is_prepared_while_the_marking_is_open(app: Flask) -> None:
    with transaction():
        event = a.marking_event(1)
        with pytest.raises(RuleBroken) as refused:
            a.prepared(event)
    assert "not possible while the event is in the state" in str(refused.value)


def test_the_system_alone_prepares_nothing(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        with pytest.raises(RuleBroken) as refused:
            a.prepared(event, by=system_actor())
    assert "by a person" in str(refused.value)


def test_preparing_again_without_a_change_is_refused(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        a.prepared(event)
    with transaction(), pytest.raises(RuleBroken) as refused:
        a.prepared(event)
    assert "Nothing has changed since revision 1" in str(refused.value)


def test_a_change_makes_the_next_number(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        a.prepared(event)
        a.correct(event, a.entrant(event, 1), "95")
        second = a.prepared(event, reason="抄写错误")
    assert second.number == 2
    changes = queries.changes_between(queries.revisions_of(event)[1], second)
    said = [str(change.sentence) for change in changes]
    assert said[:2] == ["Place 2 becomes 1.", "The total 80 becomes 95."]


def test_rules_that_share_no_place_wait_for_a_documented_order(app: Flask) -> None:
    rules = a.one_mark_rules(ranking={"by": [{"node": "total"}], "ties": "manual"})
    with transaction():
        event = a.scored_event(["90", "90"], rules=rules)
        found = queries.preparation(event)
        assert [len(tie) for tie in found.ties] == [2]
        assert "the order must be decided" in str(found.problems[0])
        assert str(a.entrant(event, 1).id) not in str(found.problems[0])
        order = [a.entrant(event, 2).id, a.entrant(event, 1).id]
        by = actor_of(a.organiser(event))
        revision = services.decide_tie(event, order=order, reason="抽签决定", by=by, at=NOON)
    assert places(revision) == [(1, 2), (2, 1)]
    said = " ".join(map(str, queries.explanation(revision, order[0])))
    assert "抽签决定" in said


# --- publishing -----------------------------------------------------------------------------------


def test_two_people_publish_and_the_event_moves_on(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        assert queries.released_revision(event) is None
        publication = a.published(event)
    assert event.state == EventState.PUBLISHED
    assert queries.released_revision(event) is publication.revision
    assert [each.by_name for each in queries.approvals_of(publication.revision)] == ["何组委", "邓监督"]
    assert "results.result_published" in kinds(event)


def test_who_prepared_cannot_be_the_second_person(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        preparer = actor_of(a.organiser(event))
        revision = a.prepared(event, by=preparer)
    with transaction(), pytest.raises(RuleBroken) as refused:
        services.approve_publication(revision, by=preparer, at=NOON)
    assert "somebody else must approve" in str(refused.value)
    assert queries.released_revision(event) is None


def test_the_second_of_two_approvers_is_told_that_it_is_done(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        publication = a.published(event)
        late = actor_of(a.supervisor(event, "彭监督"))
    with transaction(), pytest.raises(RuleBroken) as refused:
        services.approve_publication(publication.revision, by=late, at=NOON)
    assert "already published" in str(refused.value)


def test_an_older_revision_cannot_be_published(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        first = a.prepared(event)
        a.correct(event, a.entrant(event, 1), "95")
        a.prepared(event)
    with transaction(), pytest.raises(RuleBroken) as refused:
        services.approve_publication(first, by=actor_of(a.supervisor(event)), at=NOON)
    assert "is not the newest any more" in str(refused.value)


def test_marks_that_changed_after_preparing_stop_the_publication(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80", "90"])
        revision = a.prepared(event)
        a.correct(event, a.entrant(event, 1), "95")
    with transaction(), pytest.raises(RuleBroken) as refused:
        services.approve_publication(revision, by=actor_of(a.supervisor(event)), at=NOON)
    assert "Marks have changed since revision 1" in str(refused.value)
    assert event.state == EventState.SCORED


def test_no_event_is_published_past_the_two_people(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        a.prepared(event)
    with transaction(), pytest.raises(RuleBroken) as refused:
        move_event(event, Move.PUBLISH, by=system_actor(), at=NOON)
    assert "waits for the approval of a second person" in str(refused.value)


def test_a_refused_publication_leaves_nothing_behind(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        preparer = actor_of(a.organiser(event))
        revision = a.prepared(event, by=preparer)
    with pytest.raises(RuleBroken), transaction():
        services.approve_publication(revision, by=preparer, at=NOON)
    assert session.scalar(select(func.count()).select_from(Publication)) == 0
    assert session.scalar(select(func.count()).select_from(PublicationApproval)) == 1


def test_a_correction_is_a_new_number_and_the_old_one_stays_as_it_was(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90"])
        first = queries.released_revision(event)
        before = (first.hash, places(first))
        a.correct(event, a.entrant(event, 1), "95")
        assert queries.released_revision(event) is first
        a.published(event, reason="抄写错误")
    second = queries.released_revision(event)
    assert (second.number, places(second)) == (2, [(1, 1), (2, 2)])
    assert (first.hash, places(first)) == before


@pytest.mark.parametrize("table", [ResultRevision, ResultLine, PublicationApproval, Publication])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_published_never_changes(app: Flask, table: type, change: str) -> None:
    with transaction():
        event = a.published_event(["80"])
    statement = (
        update(table).values(event_id=event.id) if change == "update" else delete(table)
    ).execution_options(synchronize_session=False)
    with pytest.raises(DatabaseError) as refused, transaction():
        session.execute(statement)
    assert "is kept as it was written" in str(refused.value)


# --- reading --------------------------------------------------------------------------------------


def test_a_result_that_is_not_released_is_not_there(app: Flask) -> None:
    with transaction():
        event = a.scored_event(["80"])
        revision = a.prepared(event)
    with pytest.raises(NotFound):
        queries.public_result(event.id)
    with pytest.raises(NotFound):
        queries.revision_for(NOBODY, event.id, revision.id)


def test_a_page_has_only_its_lines(app: Flask) -> None:
    with transaction():
        event = a.published_event([str(number) for number in range(50, 57)])
    revision = queries.released_revision(event)
    rows, total = queries.lines_page(revision, page=2, size=3)
    assert ([row.place for row in rows], total) == ([4, 5, 6], 7)


def test_names_are_found_by_a_part_of_them(app: Flask) -> None:
    with transaction():
        event = a.published_event(["80", "90", "70"])
    rows, total = queries.lines_page(queries.released_revision(event), page=1, size=50, text="秀英")
    assert ([row.display_name for row in rows], total) == (["李秀英"], 1)
    assert queries.lines_page(queries.released_revision(event), page=1, size=50, text="%") == ([], 0)


def marks_of_trade(entry: int, aspect: str, seat: str) -> str | None:
    """Two entrants with the same total and practice, whom the time tells apart; the first has a deduction."""
    table = {"paper": "80", "time": str(10000 - entry), "safety": None}
    seam = {"J1": "88", "J2": "90", "J3": "91", "J4": "85", "J5": "95"}[seat] if aspect == "seam" else None
    return seam or table[aspect]


def test_why_this_place_is_what_the_whole_field_would_say(app: Flask) -> None:
    with transaction():
        event = a.published_event(marks_of_trade, number=4, rules=a.trade_rules())
    revision = queries.released_revision(event)
    whole = contest.evaluate(revision.contest)
    names = {str(line.entrant_id): line.display_name for line in queries.lines_of(revision)}
    for line in queries.lines_of(revision):
        said = [str(queries.with_names(each, names)) for each in explain_place(whole, str(line.entrant_id))]
        assert [str(each) for each in queries.explanation(revision, line.entrant_id)] == said


def test_why_this_place_says_with_whom_it_is_shared(app: Flask) -> None:
    with transaction():
        event = a.published_event(["90", "90", "90"])
    said = queries.explanation(queries.released_revision(event), a.entrant(event, 2).id)
    assert "in place 1 of 3" in str(said[0])
    assert "王建国" in str(said[1]) and "张伟" in str(said[1])


def test_the_working_adds_up_to_the_published_total(app: Flask) -> None:
    with transaction():
        event = a.published_event(marks_of_trade, number=2, rules=a.trade_rules())
    revision = queries.released_revision(event)
    for line in queries.lines_of(revision):
        working = queries.working(revision, line.entrant_id)
        theory, practice = working.children
        assert working.value == line.total
        assert round(theory.exact * 30 / 100 + practice.exact * 70 / 100, 2) == working.exact


def test_an_event_nobody_marks_has_a_revision_only_with_entrants(app: Flask) -> None:
    with transaction():
        event = competitions.event()
    assert queries.preparation(event).problems
    assert queries.newest_revision(event) is None
