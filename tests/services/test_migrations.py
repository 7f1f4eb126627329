"""Migrations, on both databases, with rows in the tables."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from competition.accounts.queries import actor_of
from competition.audit.queries import chain_breaks
from competition.boards.models import Announced
from competition.boards.services import end_ceremony, reveal_next
from competition.clock import now
from competition.competitions.queries import event_by_id
from competition.competitions.services import accept_correction, propose_correction
from competition.database import db
from competition.demonstration import story
from competition.migrations.schema import FOLDER, SchemaBehind, configuration, head, refuse_old_schema
from competition.results.queries import newest_publication, notice_of, teams_of
from competition.results.services import approve_publication, decide_award
from competition.scoring import queries as scoring
from competition.transactions import transaction
from competition.workers.models import Worker
from tests.builders import boards, organisations, paper, results, workers
from tests.conftest import NOON
from tests.demonstration import TODAY

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "widen"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("organisation") as table:
        table.alter_column("name_en", type_=sa.String(300), existing_nullable=False)
        table.add_column(sa.Column("motto", sa.String(50), server_default="", nullable=False))


def downgrade():
    with op.batch_alter_table("organisation") as table:
        table.drop_column("motto")
"""


@pytest.fixture
def database_url(database_to_break: str) -> str:
    """These tests take tables and triggers apart."""
    return database_to_break


@pytest.fixture
def with_next_migration(app, tmp_path: Path):
    """The migrations of the house and one more that rebuilds a parent table."""
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "widen.py").write_text(NEXT.format(head=head()))
    config = configuration(db.engine)
    config.set_main_option("version_locations", f"{FOLDER / 'versions'}:{folder}")
    config.set_main_option("path_separator", ":")
    return config


def rows_of(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_models_and_migrations_agree(app):
    command.check(configuration(db.engine))


def test_an_altered_parent_keeps_its_children(with_next_migration):
    with transaction():
        workers.worker(employer=organisations.enterprise())
    db.session.remove()
    before = {
        table: rows_of(db.engine, table)
        for table in ("organisation", "worker", "grade_record", "audit_entry")
    }
    command.upgrade(with_next_migration, "head")
    assert {table: rows_of(db.engine, table) for table in before} == before
    assert "motto" in {column["name"] for column in inspect(db.engine).get_columns("organisation")}
    command.downgrade(with_next_migration, "-1")
    assert {table: rows_of(db.engine, table) for table in before} == before


def test_a_notice_announced_before_its_calendar_was_kept_stands_as_it_was_announced(app):
    """Up and down with a published result that a ceremony held back."""
    with transaction():
        rules = results.one_mark_rules(publication={"notice_days": 7})
        event_id = results.scored_event(["80"], rules=rules).id
        by = boards.ceremony(event_by_id(event_id))
        results.published(event_by_id(event_id))
    announced = newest_publication(event_id).notice_until
    db.session.remove()
    command.downgrade(configuration(db.engine), "0004")
    command.upgrade(configuration(db.engine), "head")
    with transaction():
        end_ceremony(event_by_id(event_id), by=by, at=now())
    notice = notice_of(newest_publication(event_id))
    assert notice.was_held and notice.until == announced


def test_marks_that_came_from_paper_stay_when_the_room_of_paper_is_taken_down_and_built_again(app):
    with transaction():
        event = results.marking_event(1)
        sheet = scoring.sheets_of(event)[0]
        for number in (1, 2):
            paper.typed(sheet, paper.clerk(event, f"clerk{number}"), piece="80")
    db.session.remove()
    before = {table: rows_of(db.engine, table) for table in ("mark", "mark_operation", "signature")}
    command.downgrade(configuration(db.engine), "0005")
    command.upgrade(configuration(db.engine), "head")
    assert {table: rows_of(db.engine, table) for table in before} == before
    assert rows_of(db.engine, "paper_entry") == 0


def test_the_versions_of_the_rules_stay_when_their_corrections_are_taken_down_and_built_again(app):
    with transaction():
        event = results.scored_event(["80"], rules=results.one_mark_rules(publication={"notice_days": 7}))
        people = actor_of(results.organiser(event)), actor_of(results.supervisor(event))
        proposal = propose_correction(
            event, document=results.one_mark_rules(), reason="公示期有误", by=people[0], at=NOON
        )
        accept_correction(proposal, event, by=people[1], at=NOON)
        event_id = event.id
    db.session.remove()
    command.downgrade(configuration(db.engine), "0008")
    command.upgrade(configuration(db.engine), "head")
    assert rows_of(db.engine, "rule_correction") == 0 and rows_of(db.engine, "rule_set_version") == 2
    assert event_by_id(event_id).frozen.number == 2


def test_what_was_announced_of_entrants_stays_when_teams_on_boards_are_taken_down_and_built_again(app):
    with transaction():
        event = boards.teams_published(("80", "90", "70", "95"))
        by = boards.ceremony(event)
        reveal_next(event, number=1, by=by, at=NOON)
        reveal_next(event, number=2, of=Announced.TEAM, by=by, at=NOON)
    db.session.remove()
    command.downgrade(configuration(db.engine), "0009")
    command.upgrade(configuration(db.engine), "head")
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT number, team FROM ceremony_step")).all()
    assert [tuple(row) for row in rows] == [(1, None)]
    for change in ("UPDATE ceremony_step SET team = 'other'", "DELETE FROM ceremony_step"):
        with pytest.raises(DatabaseError, match="kept as it was written"), db.engine.begin() as connection:
            connection.execute(text(change))


def test_a_published_result_stays_when_its_teams_and_award_decisions_are_taken_down_and_built_again(app):
    with transaction():
        event = boards.teams_scored(("80", "90", "70", "95"))
        by = actor_of(results.organiser(event))
        revision = decide_award(event, results.entrant(event, 4), award=None, reason="纪要", by=by, at=NOON)
        approve_publication(revision, by=actor_of(results.supervisor(event)), at=NOON)
        event_id = event.id
    db.session.remove()
    assert (rows_of(db.engine, "result_team"), rows_of(db.engine, "result_award_decision")) == (2, 1)
    command.downgrade(configuration(db.engine), "0009")
    command.upgrade(configuration(db.engine), "head")
    revision = newest_publication(event_id).revision
    assert [(each.place, each.name) for each in teams_of(revision)] == [(1, "甲队"), (2, "乙队")]
    assert rows_of(db.engine, "result_line") == 4


def test_a_database_that_is_behind_is_refused(with_next_migration):
    command.downgrade(configuration(db.engine), "base")
    with pytest.raises(SchemaBehind, match="competition database migrate"):
        refuse_old_schema(db.engine)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=False)
def test_the_whole_story_is_told_on_postgresql(app):
    with transaction():
        story.tell(today=TODAY.date(), say=lambda _words: None)
    _is_whole()


def test_the_whole_story_is_told_on_sqlite(full_house):
    """As it was told for all who look at a full house."""
    _is_whole()


def _is_whole():
    assert story.is_told()
    assert list(chain_breaks()) == []
    assert db.session.query(Worker).count() > 200
