"""Wakes the embedded runner of this process as soon as new work is kept, instead of at its next look."""

import threading

_bell = threading.Event()


def ring() -> None:
    _bell.set()


def wait(seconds: float) -> None:
    """Sleep until the bell rings, at most so long."""
    _bell.wait(seconds)
    _bell.clear()
