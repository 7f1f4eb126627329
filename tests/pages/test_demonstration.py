"""The demonstration is told once, however often its command is given."""

from competition.audit.queries import chain_breaks, length_of_record
from competition.cli.demo import build
from competition.database import db


def test_a_second_start_adds_nothing(full_house, capsys):
    before = length_of_record()
    db.session.remove()
    build(full_house)
    assert length_of_record() == before
    assert list(chain_breaks()) == []
