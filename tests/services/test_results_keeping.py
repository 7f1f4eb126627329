"""What is kept in the process: made once for many who ask at the same time, and never more than the room allows."""

import threading

import pytest

from competition.results.keeping import Shelf


def shelf(most=3, room=10):
    return Shelf(most=most, room=room, size=len)


def test_many_who_ask_at_once_wait_for_one_that_is_made():
    made, going, found = [], threading.Event(), []
    kept = shelf()

    def make():
        made.append(1)
        going.wait(5)
        return b"list"

    askers = [threading.Thread(target=lambda: found.append(kept.of("key", make))) for _ in range(6)]
    for asker in askers:
        asker.start()
    going.set()
    for asker in askers:
        asker.join()
    assert found == [b"list"] * 6 and made == [1]


def test_the_oldest_makes_room_for_the_newest():
    kept, made = shelf(most=2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.of(key, lambda key=key: made.append(key) or b"-")
    assert made == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_room_pushes_nothing_out():
    kept, made = shelf(room=10), []
    kept.of("small", lambda: b"-")
    for _ in range(2):
        kept.of("huge", lambda: made.append("huge") or b"-" * 11)
    kept.of("small", lambda: made.append("small") or b"-")
    assert made == ["huge", "huge"]


def test_after_a_failure_the_next_one_tries():
    kept = shelf()
    with pytest.raises(ZeroDivisionError):
        kept.of("key", lambda: bytes(1 // 0))
    assert kept.of("key", lambda: b"made") == b"made"
