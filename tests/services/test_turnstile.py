"""The turnstile before the marks: one batch at a time, and nobody waits for a body that is still on its way."""

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Event, Thread
from typing import Any
from uuid import uuid4

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
        assert self.go.wait(20)
        return [self.within[-1].encode()]


def asked(turnstile: Turnstile, body: bytes, path: str = BATCHES, length: int | None = None) -> Thread:
    size = str(len(body) if length is None else length)
    environ = {"PATH_INFO": path, "CONTENT_LENGTH": size, "wsgi.input": BytesIO(body)}
    thread = Thread(target=turnstile, args=(environ, None), daemon=True)
    thread.start()
    return thread


def test_of_two_batches_the_second_goes_in_when_the_first_has_come_out() -> None:
    inside = Inside()
    turnstile = Turnstile(inside)  # type: ignore[arg-type]
    first = asked(turnstile, b"first")
    assert inside.arrived.wait(20)
    second = asked(turnstile, b"second")
    second.join(0.2)
    assert inside.within == ["first"]
    inside.go.set()
    for thread in (first, second):
        thread.join(20)
    assert inside.within == ["first", "second"]


def test_a_page_does_not_wait_for_a_batch_and_a_huge_body_is_left_to_the_application() -> None:
    inside = Inside()
    turnstile = Turnstile(inside)  # type: ignore[arg-type]
    threads = [asked(turnstile, b"a batch")]
    assert inside.arrived.wait(20)
    threads += [asked(turnstile, b"a page", "/events"), asked(turnstile, b"huge", length=MOST_BYTES + 1)]
    for _ in range(200):
        if len(inside.within) == 3:
            break
        threads[0].join(0.05)
    assert sorted(inside.within) == ["a batch", "a page", "huge"]
    inside.go.set()


def test_a_body_that_is_still_on_its_way_holds_up_nobody() -> None:
    class SlowLine(BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            assert inside.go.wait(20)
            return b"late"

    inside = Inside()
    turnstile = Turnstile(inside)  # type: ignore[arg-type]
    environ = {"PATH_INFO": BATCHES, "CONTENT_LENGTH": "4", "wsgi.input": SlowLine()}
    late = Thread(target=turnstile, args=(environ, None), daemon=True)
    late.start()
    quick = asked(turnstile, b"quick")
    assert inside.arrived.wait(20)
    assert inside.within == ["quick"]
    inside.go.set()
    for thread in (late, quick):
        thread.join(20)
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
        environ = {"PATH_INFO": BATCHES, "CONTENT_LENGTH": "3", "wsgi.input": BytesIO(body)}
        try:
            turnstile(environ, None)  # type: ignore[arg-type]
        except RuntimeError:
            continue
    assert inside.within == ["one", "two"]
