"""The kinds of long work. The rooms register theirs in their `jobs.py`; this room knows none of them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from competition.rules.access import INSTALLATION, Scope
from competition.rules.sentences import Sentence

Handler = Callable[[Any], None]
"""Takes the `jobs.run.Run` of one attempt. (Not named here: pages ask for kinds, and pages do not run them.)"""


def _no_words(_result: dict[str, Any]) -> Sentence | None:
    return None


def _whole_installation(_event_id: UUID | None) -> Scope:
    return INSTALLATION


@dataclass(frozen=True)
class Kind:
    """A kind of work: its title, the longest one attempt may take, and what its end means to a person.

    `outcome` says the result in one sentence; `leads_to` is the endpoint (taking `event_id`) where the fruit of
    the work is seen; `scope` tells where work on an event stands, for people who may read what others queued.
    """

    name: str
    title: Sentence
    seconds: int
    handler: Handler
    outcome: Callable[[dict[str, Any]], Sentence | None]
    leads_to: str | None
    scope: Callable[[UUID | None], Scope]


_kinds: dict[str, Kind] = {}


def operation_kind(
    name: str,
    *,
    title: Sentence,
    seconds: int,
    outcome: Callable[[dict[str, Any]], Sentence | None] = _no_words,
    leads_to: str | None = None,
    scope: Callable[[UUID | None], Scope] = _whole_installation,
) -> Callable[[Handler], Handler]:
    """Register a handler. It must look at what is already done: it may be stopped anywhere and started again."""

    def register(handler: Handler) -> Handler:
        if name in _kinds:
            raise ValueError(f"two kinds of operation are called {name}")
        _kinds[name] = Kind(name, title, seconds, handler, outcome, leads_to, scope)
        return handler

    return register


def kind_of(name: str) -> Kind | None:
    """The kind, or None when this release does not know it (a row left by another one)."""
    return _kinds.get(name)
