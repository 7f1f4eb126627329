"""The turnstile before the marks: one batch at a time, and nobody waits for a body that is still on its way."""

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest

from competition.scoring.turnstile import MOST_BYTES, Turnstile

BATCHES = f"/api/scoring/events/{uuid4()}/operations"


class Inside:
    """An application that says who is in it, and stays there until it is let go."""

    def __init__(self) -> None:
        self.within: list[str] = []
        self.arrived, self.go = Event(), Event()

    def __call__(self, environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        self.within.append(environ["wsgi.input"].read().decode())
        self.arrived.set()
        assert self.go.wait(120)
        return [self.within[-1].encode()]


def request(body: BytesIO, length: int, path: str = BATCHES) -> dict[str, Any]:
    return {"PATH_INFO": path, "CONTENT_LENGTH": str(length), "wsgi.input": body}


def asked(turnstile: Turnstile, made: dict[str, Any]) -> Thread:
    thread = Thread(target=turnstile, args=(made, None), daemon=True)
    thread.start()
    return thread


def batch(turnstile: Turnstile, body: bytes) -> Thread:
    return asked(turnstile, request(BytesIO(body), len(body)))


def test_of_two_batches_the_second_goes_in_when_the_first_has_come_out() -> None:
    inside = Inside()
    turnstile = Turnstile(inside)  # type: ignore[arg-type]
    first = batch(turnstile, b"first")
    assert inside.arrived.wait(120)
    second = batch(turnstile, b"second")
    second.join(0.2)
    assert inside.within == ["first"]
    inside.go.set()
    for thread in (first, second):
        thread.join(120)
    assert inside.within == ["first", "second"]


def test_a_page_does_not_wait_for_a_batch_and_a_huge_body_is_left_to_the_application() -> None:
    inside = Inside()
    turnstile = Turnstile(inside)  # type: ignore[arg-type]
    threads = [batch(turnstile, b"a batch")]
    assert inside.arrived.wait(120)
    page, huge = request(BytesIO(b"a page"), 6, "/events"), request(BytesIO(b"huge"), MOST_BYTES + 1)
    threads += [asked(turnstile, page), asked(turnstile, huge)]
    for _ in range(2000):
        if len(inside.within) == 3:
            break
        threads[0].join(0.05)
    assert sorted(inside.within) == ["a batch", "a page", "huge"]
    inside.go.set()


def test_a_body_that_is_still_on_its_way_holds_up_nobody() -> None:
    class SlowLine(BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            assert inside.go.wait(120)
            return b"late"

    inside = Inside()
    turnstile = Turnstile(inside)  # type: ignore[arg-type]
    late = asked(turnstile, request(SlowLine(), 4))
    quick = batch(turnstile, b"quick")
    assert inside.arrived.wait(120)
    assert inside.within == ["quick"]
    inside.go.set()
    for thread in (late, quick):
        thread.join(120)
    assert inside.within == ["quick", "late"]


def test_a_batch_that_fails_inside_lets_the_next_one_in() -> None:
    class Failing(Inside):
        def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            list(super().__call__(environ, start))
            raise RuntimeError("a batch that fails")

    inside = Failing()
    inside.go.set()
    turnstile = Turnstile(inside)  # type: ignore[arg-type]
    for body in (b"one", b"two"):
        with pytest.raises(RuntimeError):
            turnstile(request(BytesIO(body), len(body)), None)  # type: ignore[arg-type]
    assert inside.within == ["one", "two"]
