"""Everything that looks like chance in the demonstration comes from one seed, so that two demonstrations are the same."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

SEED = "skillsladder-demonstration-2026"
Choice = TypeVar("Choice")


def number(*about: object, below: int) -> int:
    """A whole number from 0 up to, not including, `below`, for this purpose."""
    digest = hashlib.sha256("|".join([SEED, *map(str, about)]).encode()).digest()
    return int.from_bytes(digest[:8]) % below


def share(*about: object) -> float:
    """A share from 0 to 1 for this purpose; never used for a mark itself, only to choose one."""
    return number(*about, below=1_000_000) / 1_000_000


def pick(options: Sequence[Choice], *about: object) -> Choice:
    return options[number(*about, below=len(options))]


def seed_for(*about: object) -> str:
    """The seed of a draw or a paper, as 64 hexadecimal digits."""
    return hashlib.sha256("|".join([SEED, "seed", *map(str, about)]).encode()).hexdigest()
