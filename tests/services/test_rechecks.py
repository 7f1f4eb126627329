"""Re-checks: the scope is drawn by rule and can be drawn again, errors go to the chief judge, and nothing is prepared before."""

from hashlib import sha256

import pytest
from sqlalchemy.event import listen as listen_to
from sqlalchemy.event import remove

from competition.accounts.queries import actor_of
from competition.audit.queries import entries_for, sentence_of
from competition.database import session
from competition.errors import Conflict, RuleBroken
from competition.rechecks import queries, services
from competition.rechecks.models import Recheck, SigningRole
from competition.rechecks.queries import ItemState, Why
from competition.results.services import prepare_revision
from competition.scoring import queries as scoring
from competition.scoring.services import confirm_sheet, reopen_scoring, reopen_sheet, sign_sheet
from competition.transactions import transaction
from tests.builders import rechecks, results
from tests.builders.rechecks import later

TOTALS = [str(100 - number) for number in range(10)]


@pytest.fixture(autouse=True)
def _writing(app):
    with transaction():
        yield


def said(event):
    """What is in the way; whoever counts in the database and whoever reads every sheet come to the same."""
    if (standing := queries.standing_of(event)) is not None:
        assert queries.counts_of(event, queries.rechecks_of(event)) == standing.counts
    return [str(reason) for reason in queries.blockers(event)]


def refused(service, *args, **kwargs) -> str:
    with pytest.raises(RuleBroken) as problem:
        service(*args, **kwargs)
    return " ".join(str(each) for each in problem.value.sentences)


def test_the_scope_is_the_top_group_and_a_sample_and_can_be_drawn_again():
    event, _supervisor = rechecks.drawn_event(TOTALS)
    (recheck,) = queries.rechecks_of(event)
    best = queries.provisional_order(event)[:2]
    scope = queries.scope_of(recheck)
    assert scope.top == tuple(best)
    assert len(scope.sample) == 2  # 20 % of the other eight, rounded up
    assert queries.drawn_again(recheck, queries.rule_of(event)) == scope


def test_the_provisional_order_is_that_of_the_places():
    event = rechecks.scored_event(["70", "90", "80"])
    codes = queries.provisional_order(event)
    entrants = {place.code: place.entrant.entry_number for place in scoring.places_marked(event)}
    assert [entrants[code] for code in codes] == [2, 3, 1]


def test_rules_without_a_re_check_ask_for_none():
    event = results.scored_event(["70", "90"])
    assert said(event) == []
    supervisor = actor_of(results.supervisor(event))
    assert "no re-check" in refused(services.draw_scope, event, by=supervisor, at=later(1))


def test_the_chief_judge_cannot_re_check():
    event = rechecks.scored_event(TOTALS)
    assert "chief judge cannot" in refused(services.draw_scope, event, by=rechecks.chief(event), at=later(1))


def test_nobody_checks_a_sheet_they_signed():
    event, _supervisor = rechecks.drawn_event(TOTALS)
    sheet = rechecks.sheet_in(event)
    assert "signed or confirmed" in refused(rechecks.right, sheet, sheet.judge.account)


def test_no_result_is_prepared_before_the_re_check_is_drawn_done_and_signed():
    event = rechecks.scored_event(TOTALS)
    organiser = actor_of(results.organiser(event))
    assert "draw its scope" in refused(prepare_revision, event, by=organiser, at=later(1))
    rechecks.finished(event)
    assert said(event) == []
    assert prepare_revision(event, by=organiser, at=later(4)).number == 1


def test_the_reasons_count_the_sheets_that_wait_and_then_the_signatures():
    event, supervisor = rechecks.drawn_event(TOTALS)
    assert said(event) == ["Sheets still to be checked again: 4."]
    rechecks.all_right(event, supervisor)
    assert len(said(event)) == 2
    rechecks.sign(event, supervisor)
    assert said(event) == []


def test_supervisor_and_chief_are_two_people():
    event, supervisor = rechecks.drawn_event(TOTALS)
    rechecks.all_right(event, supervisor)
    services.sign_recheck(event, role=SigningRole.SUPERVISOR, by=actor_of(supervisor), at=later(3))
    assert "another person" in refused(
        services.sign_recheck, event, role=SigningRole.CHIEF, by=actor_of(supervisor), at=later(3)
    )


def test_an_unfinished_re_check_is_not_signed():
    event, supervisor = rechecks.drawn_event(TOTALS)
    assert "still to be checked" in refused(
        services.sign_recheck, event, role=SigningRole.SUPERVISOR, by=actor_of(supervisor), at=later(3)
    )


def test_a_check_of_something_else_than_what_stands_there_is_refused():
    event, supervisor = rechecks.drawn_event(TOTALS)
    with pytest.raises(Conflict):
        services.find_sheet_right(
            rechecks.sheet_in(event), content_hash="0" * 64, by=actor_of(supervisor), at=later(2)
        )


def test_a_sheet_outside_the_scope_is_not_checked():
    event, supervisor = rechecks.drawn_event(TOTALS)
    inside = {item.sheet.id for item in queries.standing_of(event).items}
    outside = next(sheet for sheet in scoring.sheets_of(event) if sheet.id not in inside)
    assert "not in the scope" in refused(rechecks.right, outside, supervisor)


def test_an_accepted_error_opens_the_sheet_and_what_is_corrected_is_checked_again():
    event, supervisor = rechecks.drawn_event(TOTALS)
    check = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    sheet = queries.sheet_of(check)
    rechecks.all_right(event, supervisor)
    services.accept_error(check, reason="漏看一处", by=rechecks.chief(event), at=later(3))
    assert (event.state, sheet.state) == ("scoring", "open")
    rechecks.correct(event, sheet, "90", 4)
    rechecks.close(event, 5)
    assert "bring the scope up to date" in " ".join(said(event)).replace("\n", " ")
    services.draw_scope(event, by=actor_of(supervisor), at=later(6))
    standing = queries.standing_of(event)
    assert sheet.id in [item.sheet.id for item in standing.items if item.state is ItemState.WAITING]
    first, second = queries.rechecks_of(event)
    assert (second.seed, second.system_seed) == (rechecks.SEED, first.system_seed)
    assert standing.wrong == 1
    rechecks.all_right(event, supervisor, 7)
    rechecks.sign(event, supervisor, 8)
    assert queries.standing_of(event).is_done


def test_a_rejected_error_leaves_the_sheet_and_counts_as_checked():
    event, supervisor = rechecks.drawn_event(TOTALS)
    check = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    services.reject_error(check, reason="纸质表确为80", by=rechecks.chief(event), at=later(3))
    standing = queries.standing_of(event)
    assert (standing.wrong, standing.count(ItemState.REJECTED), event.state) == (0, 1, "scored")


def test_an_error_is_decided_once_with_a_reason_and_by_somebody_else():
    event, supervisor = rechecks.drawn_event(TOTALS)
    check = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    assert "Give the reason" in refused(
        services.accept_error, check, reason=" ", by=rechecks.chief(event), at=later(3)
    )
    assert "reported this error yourself" in refused(
        services.reject_error, check, reason="不成立", by=actor_of(supervisor), at=later(3)
    )
    services.reject_error(check, reason="不成立", by=rechecks.chief(event), at=later(3))
    assert "already" in refused(
        services.accept_error, check, reason="成立", by=rechecks.chief(event), at=later(4)
    )


def test_more_errors_than_the_rules_allow_make_it_everything_with_the_sentence_why():
    event, supervisor = rechecks.drawn_event(
        TOTALS
    )  # four sheets, 40 % allowed: the second error is one too many
    first = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    second = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    services.accept_error(first, reason="属实", by=rechecks.chief(event), at=later(3))
    assert queries.widening_of(event) is None
    services.accept_error(second, reason="属实", by=rechecks.chief(event), at=later(3))
    standing = queries.standing_of(event)
    assert (standing.widening.errors, standing.widening.sheets) == (2, 4)
    assert len(standing.items) == 10
    assert sum(item.why is Why.EVERYTHING for item in standing.items) == 6


def test_as_many_errors_as_the_rules_allow_are_no_reason():
    rule = {**rechecks.RULE, "error_threshold_percent": 50}
    event, supervisor = rechecks.drawn_event(TOTALS, recheck=rule)
    for _ in range(2):
        check = rechecks.wrong(rechecks.sheet_in(event), supervisor)
        services.accept_error(check, reason="属实", by=rechecks.chief(event), at=later(3))
    assert queries.widening_of(event) is None


def test_the_supervisor_may_have_everything_checked_with_a_reason():
    event, supervisor = rechecks.drawn_event(TOTALS)
    assert "Give the reason" in refused(
        services.widen_scope, event, reason="", by=actor_of(supervisor), at=later(2)
    )
    services.widen_scope(event, reason="人数少，全查", by=actor_of(supervisor), at=later(2))
    assert len(queries.standing_of(event).items) == 10


def test_a_sheet_changed_outside_the_scope_comes_into_it():
    event, supervisor = rechecks.drawn_event(TOTALS)
    inside = {item.sheet.id for item in queries.standing_of(event).items}
    outside = [sheet for sheet in scoring.sheets_of(event) if sheet.id not in inside][-1]
    rechecks.all_right(event, supervisor)
    reopen_scoring(event, reason="申诉", by=rechecks.chief(event), at=later(3))
    reopen_sheet(outside, reason="申诉", by=rechecks.chief(event), at=later(3))
    rechecks.correct(event, outside, "12", 4)
    rechecks.close(event, 5)
    services.draw_scope(event, by=actor_of(supervisor), at=later(6))
    waiting = [item for item in queries.standing_of(event).items if item.state is ItemState.WAITING]
    assert [(item.sheet.id, item.why) for item in waiting] == [(outside.id, Why.CHANGED)]
    assert said(event) == ["Sheets still to be checked again: 1."]


def test_drawing_twice_without_a_change_is_refused():
    event, supervisor = rechecks.drawn_event(TOTALS)
    assert "nothing has changed" in refused(services.draw_scope, event, by=actor_of(supervisor), at=later(2))


# --- the seed -------------------------------------------------------------------------------------


def test_nobody_can_choose_the_sample_by_choosing_the_seed():
    drawn = [rechecks.drawn_event(TOTALS, code=code)[0] for code in ("A", "B")]
    (first,), (second,) = (queries.rechecks_of(event) for event in drawn)
    assert first.seed == second.seed == rechecks.SEED
    assert first.effective_seed != second.effective_seed


def test_the_sample_is_drawn_with_both_seeds_and_anybody_can_do_it_again():
    event, _supervisor = rechecks.drawn_event(TOTALS)
    (recheck,) = queries.rechecks_of(event)
    mixed = sha256(f"{recheck.seed}\n{recheck.system_seed}".encode()).hexdigest()
    rest = recheck.ranked[recheck.top :]
    drawn = sorted(rest, key=lambda code: sha256(f"{mixed}\n{code}".encode()).digest())
    assert recheck.sample == drawn[:2]


def test_a_scope_from_before_the_second_seed_still_holds():
    event, _supervisor = rechecks.drawn_event(TOTALS)
    (recheck,) = queries.rechecks_of(event)
    old = Recheck(seed="1-2-3-4-5-6", system_seed=None, ranked=recheck.ranked)
    assert old.effective_seed == "1-2-3-4-5-6"
    assert queries.drawn_again(old, queries.rule_of(event)).top == tuple(recheck.ranked[:2])


def test_an_order_computed_before_something_changed_is_not_drawn_from():
    event = rechecks.scored_event(TOTALS)
    supervisor = actor_of(results.supervisor(event))
    order = queries.order_now(event)
    reopen_scoring(event, reason="漏录", by=rechecks.chief(event), at=later(1))
    rechecks.close(event, 2)
    assert "while the provisional order" in refused(
        services.draw_scope, event, order=order, by=supervisor, at=later(3)
    )
    fresh = queries.order_now(event)
    assert services.draw_scope(event, order=fresh, by=supervisor, at=later(3)).ranked == list(fresh.codes)


# --- one question, few queries --------------------------------------------------------------------


def statements(question) -> list[str]:
    """What the database is asked for one question."""
    session.flush()
    session.expire_all()
    asked: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    engine = session.get_bind()
    listen_to(engine, "before_cursor_execute", listen)
    try:
        question()
    finally:
        remove(engine, "before_cursor_execute", listen)
    return asked


def test_what_keeps_a_result_from_being_prepared_is_asked_without_a_mark_and_in_as_many_queries_for_any_event():
    def asked(totals, code):
        event, supervisor = rechecks.drawn_event(totals, code=code)
        rechecks.right(rechecks.sheet_in(event), supervisor)
        return statements(lambda: queries.blockers(event))

    few, many = asked(TOTALS[:5], "A"), asked(TOTALS, "B")
    assert len(few) == len(many)
    assert not [each for each in many if "FROM mark" in each]


def test_no_sheet_is_read_to_say_what_is_unfinished():
    event, supervisor = rechecks.drawn_event(TOTALS)
    rechecks.wrong(rechecks.sheet_in(event), supervisor)
    rechecks.right(rechecks.sheet_in(event), supervisor)
    asked = statements(lambda: queries.blockers(event))
    assert all("GROUP BY" in each for each in asked if "FROM sheet " in each)
    assert len(said(event)) == 2


def test_the_next_sheet_is_the_first_of_the_list_that_waits():
    event, supervisor = rechecks.drawn_event(TOTALS)
    services.widen_scope(event, reason="人数少，全查", by=actor_of(supervisor), at=later(2))
    wrong = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    rejected = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    services.reject_error(rejected, reason="不成立", by=rechecks.chief(event), at=later(3))
    while (found := queries.next_waiting(event, actor_of(supervisor))) is not None:
        assert found == rechecks.sheet_in(event).id
        rechecks.right(queries.sheets_at(event, [found])[0], supervisor, 4)
    assert said(event) == ["Errors found in the re-check that wait for the chief judge: 1."]
    assert queries.decision_on(wrong) is None


def test_a_sheet_signed_anew_as_it_was_is_the_next_once_more():
    event, supervisor = rechecks.drawn_event(TOTALS)
    check = rechecks.wrong(rechecks.sheet_in(event), supervisor)
    sheet = queries.sheet_of(check)
    rechecks.all_right(event, supervisor)
    services.accept_error(check, reason="属实", by=rechecks.chief(event), at=later(3))
    assert queries.next_waiting(event, actor_of(supervisor)) is None
    sign_sheet(sheet, by=actor_of(sheet.judge.account), at=later(4))
    confirm_sheet(sheet, by=rechecks.chief(event), at=later(4))
    assert queries.next_waiting(event, actor_of(supervisor)) == sheet.id == rechecks.sheet_in(event).id


def test_a_judge_is_not_led_to_the_own_sheet():
    event, _supervisor = rechecks.drawn_event(TOTALS)
    (judge,) = {sheet.judge.account for sheet in scoring.sheets_of(event)}
    assert queries.next_waiting(event, actor_of(judge)) is None


def test_an_error_of_a_whole_sheet_is_said_in_words_of_the_reader():
    event, supervisor = rechecks.drawn_event(TOTALS)
    check = services.report_error(
        rechecks.sheet_in(event), content_hash=rechecks.hash_of(rechecks.sheet_in(event)), aspect="",
        found="80", should_be="90", note="", by=actor_of(supervisor), at=later(2),
    )  # fmt: skip
    (entry, *_) = entries_for(subject_id=check.sheet_id)
    assert "as a whole" in str(sentence_of(entry))


def test_a_signed_re_check_is_believed_without_a_look_at_sheets_until_the_scope_grows():
    event, supervisor = rechecks.drawn_event(TOTALS)
    rechecks.all_right(event, supervisor)
    rechecks.sign(event, supervisor)
    assert not [each for each in statements(lambda: queries.blockers(event)) if "FROM sheet" in each]
    services.widen_scope(event, reason="全查", by=actor_of(supervisor), at=later(4))
    assert said(event) == ["Sheets still to be checked again: 6."]
