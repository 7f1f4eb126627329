"""A backup is whole, or it is not there."""

import os
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import create_engine

from competition.audit.witness import Witness, file_for
from competition.backups import back_up
from competition.database import db
from competition.errors import RuleBroken
from competition.transactions import transaction
from tests.builders.accounts import administrator


@pytest.fixture
def database_kind() -> str:
    """PostgreSQL brings a program of its own for this."""
    return "sqlite"


@pytest.fixture
def database_url(database_to_break: str) -> str:
    return database_to_break


@pytest.fixture
def file(tmp_path):
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept" / "monday.sqlite3"


@pytest.fixture
def heads(app, tmp_path):
    """The heads file of the installation, after a fact or two."""
    with transaction():
        administrator("zhang")
    noted = Witness(file_for(tmp_path, db.engine))
    noted.note("installation", 1, "a" * 64)
    return noted.file


def refused(file, heads, words: str) -> None:
    there = sorted(file.parent.iterdir())
    with pytest.raises(RuleBroken, match=words) as problem:
        back_up(db.engine, file, heads=heads)
    assert problem.value.next_step is not None
    assert sorted(file.parent.iterdir()) == there


def test_a_backup_is_one_checked_file_with_the_heads_beside_it_for_the_owner_only(heads, file):
    made = back_up(db.engine, file, heads=heads)
    assert (made.chains, made.entries, made.breaks, made.is_beside) == (1, 2, (), True)
    assert sorted(each.name for each in file.parent.iterdir()) == [file.name, f"{file.name}.{heads.name}"]
    assert made.heads.read_bytes() == heads.read_bytes()
    assert file.stat().st_mode & 0o077 == 0 and file.stat().st_size == made.size
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as copy:
        assert copy.execute("SELECT username FROM account").fetchall() == [("zhang",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_backup_never_replaces_a_file(heads, file):
    file.write_text("yesterday's")
    refused(file, heads, "never replaces")
    assert file.read_text() == "yesterday's"


def test_a_name_that_was_taken_meanwhile_is_not_replaced_either(heads, file):
    with pytest.raises(RuleBroken, match="never replaces"):
        back_up(db.engine, file, heads=heads, told=lambda _left, _of: file.write_text("somebody else's"))
    assert file.read_text() == "somebody else's" and len(list(file.parent.iterdir())) <= 2


def test_two_backups_do_not_write_one_file(heads, file):
    file.with_name(f"{file.name}.partial").write_text("another one, or what was left of it")
    refused(file, heads, "another backup is being written")


def test_a_folder_that_is_not_there_is_said_in_words(heads, file):
    with pytest.raises(RuleBroken, match="could not be made"):
        back_up(db.engine, file.parent / "nowhere" / "x.sqlite3", heads=heads)


def test_a_damaged_database_makes_no_backup(heads, file, database_url):
    name = database_url.partition("///")[2]
    db.session.remove()
    db.engine.dispose()
    with sqlite3.connect(name) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_audit_entry_at'"
        (page,) = connection.execute(query).fetchone()
    connection.close()
    with open(name, "r+b") as content:
        content.seek((page - 1) * 4096)
        content.write(b"\xff" * 64)
    refused(file, heads, "damaged")


def test_a_reference_into_nothing_makes_no_backup(heads, file, database_url):
    with sqlite3.connect(database_url.partition("///")[2]) as connection:
        connection.execute("DELETE FROM account")
    refused(file, heads, "damaged")


def test_a_record_that_does_not_hold_is_kept_and_told(heads, file, database_url):
    with sqlite3.connect(database_url.partition("///")[2]) as connection:
        connection.execute("UPDATE audit_chain SET length = 7")
    made = back_up(db.engine, file, heads=heads)
    assert [each.number for each in made.breaks] == [2] and file.exists()


def test_a_database_without_tables_is_somebody_elses_address(app, file, tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with pytest.raises(RuleBroken, match="no tables"):
        back_up(engine, file, heads=tmp_path / "none")


def test_postgresql_is_told_its_own_program(file, own_postgresql, tmp_path):
    engine = create_engine(own_postgresql)
    with pytest.raises(RuleBroken, match="PostgreSQL") as problem:
        back_up(engine, file, heads=tmp_path / "none")
    assert "pg_dump" in str(problem.value.next_step)


def test_the_command_keeps_a_backup_once_and_says_what_else_must_be_kept(heads, file, tmp_path, database_url):
    about = {
        "COMPETITION_INSTANCE": str(tmp_path),
        "DATABASE_URL": database_url,
        "COMPETITION_BOOTSTRAPPED": "yes",
    }

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "competition", "database", "backup", str(file)]
        return subprocess.run(
            command, env={**os.environ, **about}, capture_output=True, text=True, check=False
        )

    first, second = run(), run()
    assert first.returncode == 0, first.stderr
    assert all(each in first.stdout for each in ("is whole", heads.name, "keys.json", "another disk"))
    assert second.returncode == 1 and "never replaces" in second.stderr and "Name another" in second.stderr
