"""Drills: taking, scoring, closing, feeding an event; on both databases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts.services import system_actor
from competition.audit.models import AuditEntry
from competition.database import session
from competition.drills import queries, services
from competition.drills.models import Drill, DrillState, QuestionKind
from competition.errors import NotFound, RuleBroken
from competition.registration.models import EntrantState, EntrySource
from competition.registration.queries import entrant_by_id
from competition.rules.access import Actor, Permission
from competition.transactions import transaction
from competition.workers.models import Worker
from tests.builders import competitions, organisations, workers
from tests.builders import drills as a
from tests.conftest import NOON

BY = system_actor()


def payload(kind: str) -> dict[str, object]:
    found = session.scalars(select(AuditEntry).where(AuditEntry.kind == kind).order_by(AuditEntry.at.desc()))
    return dict(found.first().payload)


def drill_and_workers(number: int, **details: object) -> tuple[Drill, list[Worker]]:
    plant = organisations.enterprise()
    shop = organisations.workshop(plant)
    return a.drill(plant, **details), [
        workers.worker(f"王小{'一二三四五六'[i]}", employer=shop) for i in range(number)
    ]


def fed_drill(quota: int, people: int) -> tuple[Drill, list[Worker]]:
    plant = organisations.enterprise()
    event = competitions.open_event(competitions.competition(plant))
    shop = organisations.workshop(plant)
    made = a.drill(plant, event=event, feed_quota=quota)
    return made, [workers.worker(f"王小{'一二三四五六'[i]}", employer=shop) for i in range(people)]


def test_all_reasons_against_a_question_come_at_once(app: Flask) -> None:
    with transaction():
        made = a.draft()
        with pytest.raises(RuleBroken) as refused:
            services.add_question(
                made, kind=QuestionKind.SINGLE, stem=" ", options=["甲", "甲"], correct=[0, 1], points=Decimal(0), by=BY, at=NOON
            )  # fmt: skip
    assert len(refused.value.sentences) == 4


def test_a_released_drill_takes_no_more_questions(app: Flask) -> None:
    with transaction(), pytest.raises(RuleBroken, match="released"):
        a.question(a.drill(), QuestionKind.SINGLE, ["甲", "乙"], [0], "1")


def test_a_removed_question_leaves_no_gap(app: Flask) -> None:
    with transaction():
        made = a.draft()
        services.remove_question(queries.questions_of(made)[0], by=BY, at=NOON)
    assert [question.number for question in queries.questions_of(made)] == [1, 2]


def test_a_drill_without_questions_is_not_released(app: Flask) -> None:
    with transaction():
        made = a.draft()
        for question in queries.questions_of(made):
            services.remove_question(question, by=BY, at=NOON)
        with pytest.raises(RuleBroken, match="no questions"):
            services.release_drill(made, by=BY, at=NOON)


def test_the_seed_gives_the_same_paper_again_and_another_seed_another(app: Flask) -> None:
    with transaction():
        plant = organisations.enterprise()
        made, people = a.draft(plant), [workers.worker(employer=plant) for _ in range(3)]
        for _ in range(9):  # two seeds order three questions and their options alike once in 864 runs
            a.question(made, QuestionKind.SINGLE, ["甲", "乙", "丙", "丁"], [0], "1")
        services.release_drill(made, by=BY, at=NOON)
        first, second, third = people
        papers = [
            a.attempt(made, w, seed=s * 64).paper for w, s in ((first, "a"), (second, "a"), (third, "c"))
        ]
    assert papers[0] == papers[1] != papers[2]


def test_only_people_of_the_organisation_may_take_it(app: Flask) -> None:
    with transaction(), pytest.raises(RuleBroken, match="for the people of"):
        a.attempt(a.drill(), workers.worker())


@pytest.mark.parametrize(("hours", "words"), [(-1, "not opened yet"), (24, "closed")])
def test_nobody_begins_before_the_opening_or_after_the_end(app: Flask, hours: int, words: str) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        with pytest.raises(RuleBroken) as refused:
            a.attempt(made, worker, at=NOON + timedelta(hours=hours))
    assert words in str(refused.value.sentence)


def test_exactly_right_answers_give_their_points_and_half_right_ones_none(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        single, multiple, true_false = made.questions
        answers = {single.id: [0], multiple.id: [0, 1], true_false.id: [0]}
        done = services.submit_attempt(
            a.attempt(made, worker), answers=answers, by=BY, at=NOON + timedelta(seconds=60)
        )
    assert done.score == 7


def test_an_answer_that_is_not_on_the_paper_is_refused(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        with pytest.raises(RuleBroken, match="does not belong to this paper"):
            services.save_answers(
                a.attempt(made, worker), answers={made.questions[0].id: [7]}, by=BY, at=NOON
            )


def test_handing_in_twice_changes_nothing(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        done = a.answered(made, worker, right=1, seconds=60)
        answers = {question.id: question.correct for question in made.questions}
        again = services.submit_attempt(done, answers=answers, by=BY, at=NOON + timedelta(seconds=90))
    assert (again.score, again.submitted_at) == (2, NOON + timedelta(seconds=60))


def test_within_the_grace_answers_count_and_after_it_the_saved_ones_do(app: Flask) -> None:
    with transaction():
        made, (prompt, late) = drill_and_workers(2)
        all_right = {question.id: question.correct for question in made.questions}
        for worker, seconds, expected in ((prompt, 629, 10), (late, 631, 2)):
            begun = a.attempt(made, worker)
            services.save_answers(begun, answers={made.questions[0].id: [0]}, by=BY, at=NOON)
            done = services.submit_attempt(
                begun, answers=all_right, by=BY, at=NOON + timedelta(seconds=seconds)
            )
            assert (done.score, done.submitted_at) == (expected, begun.due_at)
    assert payload("drills.attempt_submitted")["late"] is True


def test_saving_after_the_time_is_refused_with_the_next_step(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        with pytest.raises(RuleBroken, match="Hand in"):
            services.save_answers(a.attempt(made, worker), answers={}, by=BY, at=NOON + timedelta(minutes=11))


def test_an_attempt_under_way_is_gone_on_with_and_the_number_is_limited(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        begun = a.attempt(made, worker)
        assert a.attempt(made, worker, at=NOON + timedelta(minutes=5)) is begun
        with pytest.raises(RuleBroken, match="used all"):
            a.attempt(made, worker, at=NOON + timedelta(minutes=20))


def test_a_run_out_attempt_is_handed_in_before_the_next_begins(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1, attempts_allowed=2)
        first = a.attempt(made, worker)
        second = a.attempt(made, worker, at=NOON + timedelta(minutes=20))
    assert (first.submitted_at, second.number) == (first.due_at, 2)


def test_the_time_of_an_attempt_ends_with_the_drill(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        begun = a.attempt(made, worker, at=made.closes_at - timedelta(minutes=3))
    assert begun.due_at == made.closes_at


def test_answers_faster_than_anybody_reads_are_kept_and_flagged(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        done = a.answered(made, worker, right=3, seconds=2)
    assert done.score == 10
    assert payload("drills.attempt_submitted")["hasty"] is True


def test_closing_ranks_by_score_then_time_and_shares_places(app: Flask) -> None:
    with transaction():
        made, people = drill_and_workers(5)
        for worker, right, seconds in zip(people, (3, 3, 3, 1, 2), (90, 60, 90, 60, 60), strict=True):
            a.answered(made, worker, right=right, seconds=seconds)
        closing = services.close_drill(made, by=BY, at=made.closes_at)
    places = {rank.worker.name[-1]: rank.place for rank in closing.ranks}
    assert places == {"二": 1, "一": 2, "三": 2, "五": 4, "四": 5}
    assert made.state is DrillState.CLOSED


def test_the_best_attempt_counts(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1, attempts_allowed=3)
        for right, seconds in ((3, 90), (3, 60), (1, 10)):
            a.answered(made, worker, right=right, seconds=seconds)
        (rank,) = services.close_drill(made, by=BY, at=made.closes_at).ranks
    assert (rank.score, rank.seconds) == (10, 60)


def test_closing_hands_in_what_is_still_open(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        services.save_answers(a.attempt(made, worker), answers={made.questions[2].id: [0]}, by=BY, at=NOON)
        (rank,) = services.close_drill(made, by=BY, at=made.closes_at).ranks
    assert (rank.score, rank.seconds) == (5, 600)


def test_the_best_enter_the_event_and_all_who_tie_on_the_line(app: Flask) -> None:
    with transaction():
        made, people = fed_drill(quota=2, people=4)
        for worker, seconds in zip(people, (60, 70, 70, 80), strict=True):
            a.answered(made, worker, right=3, seconds=seconds)
        feeding = services.close_drill(made, by=BY, at=made.closes_at).feeding
    entrants = [entrant_by_id(rank.entrant_id) for rank in feeding.entered if rank.entrant_id]
    assert [rank.place for rank in feeding.entered] == [1, 2, 2]
    assert {(e.state, e.source, e.source_id) for e in entrants} == {
        (EntrantState.SUBMITTED, EntrySource.DRILL, made.id)
    }


def test_who_may_not_enter_is_passed_over_with_the_reason_and_the_next_moves_up(app: Flask) -> None:
    with transaction():
        made, people = fed_drill(quota=1, people=2)
        for worker, seconds in zip(people, (60, 70), strict=True):
            a.answered(made, worker, right=3, seconds=seconds)
        from tests.builders import registration

        registration.entrant(made.event, people[0])
        feeding = services.close_drill(made, by=BY, at=made.closes_at).feeding
    assert [rank.worker for rank in feeding.entered] == [people[1]]
    assert "already entered" in str(feeding.passed_over[0].reasons[0])


def test_the_best_wait_for_an_event_without_open_registration(app: Flask) -> None:
    with transaction():
        plant = organisations.enterprise()
        event = competitions.event(competitions.competition(plant))
        made = a.drill(plant, event=event, feed_quota=1)
        a.answered(made, workers.worker(employer=plant), right=3, seconds=60)
        feeding = services.close_drill(made, by=BY, at=made.closes_at).feeding
    assert (feeding.entered, "registration is open" in str(feeding.waits)) == ((), True)


def test_entering_the_best_again_enters_nobody_twice(app: Flask) -> None:
    with transaction():
        made, people = fed_drill(quota=1, people=2)
        for worker, seconds in zip(people, (60, 70), strict=True):
            a.answered(made, worker, right=3, seconds=seconds)
        services.close_drill(made, by=BY, at=made.closes_at)
        assert services.enter_best(made, by=BY, at=made.closes_at).entered == ()


def test_a_drill_feeds_only_events_for_single_people_of_its_host(app: Flask) -> None:
    with transaction(), pytest.raises(RuleBroken) as refused:
        a.draft(event=competitions.event(team_size=2), feed_quota=0)
    assert len(refused.value.sentences) == 3


def test_a_worker_sees_the_drills_that_are_open_and_not_used_up(app: Flask) -> None:
    with transaction():
        made, (worker,) = drill_and_workers(1)
        assert queries.drills_open_to(worker, at=NOON) == [made]
        assert queries.drills_open_to(worker, at=made.closes_at) == []
        a.answered(made, worker, right=1, seconds=60)
        assert queries.drills_open_to(worker, at=NOON) == []


def test_a_stranger_does_not_learn_of_a_drill(app: Flask) -> None:
    with transaction():
        made = a.drill()
    with pytest.raises(NotFound):
        queries.drill_for(Actor(None, "陌生人"), made.id, Permission.DRILLS_DRILL_TAKE)
